"""Show a deal in a terminal: sentences, the packages, and the chosen one by promise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backchannel.console.paragraphs import print_paragraphs
from backchannel.console.plain_table import plain_table
from backchannel.language.days import day
from backchannel.questions.deals.document import DealPackage, DealView
from backchannel.questions.deals.gain_sentences import gain_text
from backchannel.questions.deals.ranking import rank_packages
from backchannel.questions.deals.sentences import promise_condition, requirement_text
from backchannel.wording.chance import NONE_STANDS_OUT_BRIEF
from backchannel.wording.left_out import counted, percent_span
from backchannel.wording.percents import percent
from backchannel.wording.prose import listed

PACKAGE = "A package has one choice for each step of the deal; its number (no.) is its place among all of them."
"""What a package and its number are."""
MOST_PACKAGE_ROWS = 24
"""Most packages in a table; a larger family shows those of the range and the Pareto set first."""
MOST_CHOICE_COLUMNS = 4
"""Most alternatives that get a column each."""
PACKAGE_ROWS_IN_RUN = 8
"""Most packages in the table of a run."""


def show_deal(view: DealView, out: Console) -> None:
    """Print everything about one deal."""
    out.print(Text(f"{view.title}, {day(view.date)}", style="bold"))
    if view.about:
        out.print(view.about)
    out.print()
    print_paragraphs(view.sentences, out)
    out.print()
    show_packages([view], out, rows=MOST_PACKAGE_ROWS)
    _show_steps(view, out)
    _show_enforcement(view, out)
    _show_caption(view, out)


def show(answers: Any, out: Console) -> None:
    """Print every deal of the case, for a run."""
    show_packages(answers.deals, out)


def show_packages(
    deals: Sequence[DealView], out: Console, *, rows: int = PACKAGE_ROWS_IN_RUN
) -> None:
    """Print the packages of deals: gains over no deal, P(kept), and marks."""
    for view in deals:
        titles = list(view.parties.values())
        as_columns = 0 < len(view.alternatives) <= MOST_CHOICE_COLUMNS
        choices = view.alternatives if as_columns else ["package"]
        columns = ["no.", *choices, *titles, "all gain in", "kept", "marks"]
        table = _table(
            f"{view.title} (gains over no deal if all is kept)", columns, right={*titles}
        )
        shown = _ranked(view)[:rows]
        for package in shown:
            gains = [gain_text(g.on_paper.mean) for g in package.gains if g.is_party]
            table.add_row(
                str(package.number),
                *(package.choices if as_columns else [package.label]),
                *gains,
                percent(package.range_in),
                percent(package.kept),
                ", ".join(package.marks),
            )
        out.print(table)
        hidden = len(view.packages) - len(shown)
        note = (
            f"{PACKAGE} In range: all parties expect to gain. Pareto: no package is better for all."
        )
        if hidden:
            note += f" {hidden:,} more packages are in the answers document (--json)."
        out.print(Text(note, style="dim"))
        out.print()


def _ranked(view: DealView) -> list[DealPackage]:
    if len(view.packages) <= MOST_PACKAGE_ROWS:
        return view.packages
    return rank_packages(view)


def _show_steps(view: DealView, out: Console) -> None:
    chosen = next(p for p in view.packages if p.number == view.chosen)
    columns = ["promise", "by", "on", "can be kept", "is kept", "5–95%", "best reply in"]
    table = _table(
        f"Package {chosen.number} by promise ({promise_condition(chosen)})",
        columns,
        right={"can be kept", "is kept", "5–95%", "best reply in"},
    )
    for step in chosen.steps:
        numbers = ["—", "—", "", ""]
        if step.chance is not None and step.low is not None and step.high is not None:
            span = percent_span(step.low, step.high, step.bounds, short=True)
            able = percent(step.able or 0.0)
            numbers = [able, percent(step.chance), span, percent(step.best_reply or 0.0)]
        promise = ", ".join(filter(None, [f"{step.title}: {step.label}", step.together]))
        table.add_row(promise, step.player_title, day(step.date), *numbers)
    span = percent_span(chosen.kept_low, chosen.kept_high, chosen.kept_bounds, short=True)
    able, kept = percent(chosen.possible), percent(chosen.kept)
    table.add_row(Text("all promises", style="bold"), "", "", able, kept, span, "")
    out.print(table)
    out.print()
    columns = ["gains over no deal", "on paper", "5–95%", "as kept", "5–95%"]
    table = _table("", columns, right={*columns[1:]})
    for gain in chosen.gains:
        row = [gain.title]
        for spread in (gain.on_paper, gain.as_kept):
            row += [gain_text(spread.mean), f"{gain_text(spread.low)} to {gain_text(spread.high)}"]
        table.add_row(*row)
    out.print(table)
    out.print()


def _show_enforcement(view: DealView, out: Console) -> None:
    if not view.enforcement:
        return
    table = _table(
        f"What would make it hold ({requirement_text(view)})",
        ["instrument", "at least", "each promise then"],
        right={"at least"},
    )
    for instrument in view.enforcement:
        more = " more" if any(instrument.already) else ""
        size = (
            f"{instrument.size:.2f}{more}"
            if instrument.size is not None
            else f"over {instrument.most:.2f}{more}"
        )
        table.add_row(
            instrument.label, size, ", ".join(percent(chance) for chance in instrument.chances)
        )
    out.print(table)
    out.print()


def _show_caption(view: DealView, out: Console) -> None:
    caption = view.caption
    text = counted(caption.draws, caption.effective_draws, caption.left_out)
    out.print(Text(text + ".", style="dim"))
    for hinge in caption.would_change:
        labels = [
            f"{influence.label} ({percent(influence.share)}; a larger value "
            f"{'raises' if influence.direction > 0 else 'lowers'} it)"
            for influence in hinge.assumptions
        ]
        if labels:
            told = " ".join(listed(f"What moves {hinge.of} most", labels))
            out.print(Text(told, style="dim"))
        elif hinge.chance_level is not None:
            out.print(Text(f"What moves {hinge.of} most: {NONE_STANDS_OUT_BRIEF}.", style="dim"))


def _table(title: str, columns: Sequence[str], *, right: set[str]) -> Table:
    numeric = {*right, "no.", "all gain in", "kept"}
    return plain_table(*columns, title=title, right=numeric, whole={*numeric, "on", "by"})
