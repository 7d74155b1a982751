"""Print a review in a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.questions.review.document import ReviewedChance, ReviewView
from backchannel.questions.review.lessons import LESSONS_NOTE, lesson_parts, lesson_title
from backchannel.questions.rivals.sentences import factor_text
from backchannel.wording.percents import percent

MOST_RIVALS_SHOWN = 10


def show(answers: Any, out: Console) -> None:
    """Print the review of a run."""
    if answers.review is not None:
        show_review(answers.review, out)


def show_review(view: ReviewView, out: Console) -> None:
    """Print sentences, the outcomes, what each teaches, which assumptions cost the score, and rivals."""
    for sentence in view.sentences:
        out.print(sentence, markup=False)
    out.print()
    has_rates = any(one.inside is not None or one.outside is not None for one in view.outcomes)
    numbers = (*(("inside", "outside") if has_rates else ()), "forecast", "bits")
    table = plain_table("outcome", "was", *numbers, title="What came about", right=numbers)
    for one in view.outcomes:
        bits = "infinite" if one.pooled.bits is None else f"{one.pooled.bits:.2f}"
        table.add_row(
            one.title,
            one.label,
            *((_said(one.inside), _said(one.outside)) if has_rates else ()),
            _said(one.pooled),
            bits,
        )
    out.print(table)
    if view.open:
        out.print(f"Still open: {'; '.join(view.open)}.", markup=False)
    out.print()
    _show_lessons(view, out)
    if view.faults:
        table = plain_table(
            "assumption", "bits", title="Which assumptions cost the score", right={"bits"}
        )
        for fault in view.faults:
            table.add_row(fault.label, f"{fault.bits:+.2f}".replace("-", "−"))
        table.add_row("all that could be gained", f"{view.could_gain:+.2f}".replace("-", "−"))
        out.print(table)
        out.print()
    if view.rivals:
        heads = ("by the record", "with the outcomes")
        table = plain_table(
            "if", *heads, title="Rivals: Bayes factors against the case", right=heads
        )
        for rival in view.rivals[:MOST_RIVALS_SHOWN]:
            table.add_row(
                rival.title, factor_text(rival.factor_before), _factor(rival.factor_after)
            )
        out.print(table)
    for missing in view.left_out:
        out.print(f"Left out: if {missing}", markup=False)


def _show_lessons(view: ReviewView, out: Console) -> None:
    """What each outcome alone teaches, then all together: what stands out."""
    numbers = ("by the record", "with it", "change")
    table = plain_table(
        "outcome", "teaches about", *numbers, title="What each outcome teaches", right=numbers
    )
    for part in lesson_parts(view):
        cells = [
            (lesson_title(row), row.before_text, row.after_text, row.change_text)
            for row in part.rows
        ]
        if part.rest or not cells:
            cells.append((f"({part.rest})" if part.rest else "nothing", "", "", ""))
        for number, row in enumerate(cells):
            table.add_row("" if number else part.title, *row)
        table.add_section()
    out.print(table)
    out.print(Text(LESSONS_NOTE, style="dim"))
    out.print()


def _factor(factor: float | None) -> str:
    return "undefined" if factor is None else factor_text(factor)


def _said(view: ReviewedChance | None) -> str:
    return "" if view is None else percent(view.chance)
