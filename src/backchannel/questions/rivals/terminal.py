"""Print rivals in a terminal: how well each structure expected the record, and what it forecasts."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.questions.rivals.document import RivalsView, RivalView
from backchannel.questions.rivals.sentences import factor_range, factor_text, marginal_text
from backchannel.wording.percents import percent

MOST_VALUES = 4
"""Most values of the outcome that have a column; the most likely in the case."""


def show(answers: Any, out: Console) -> None:
    """Print the rivals of a run."""
    if answers.rivals is not None:
        show_rivals(answers.rivals, out)


def show_rivals(view: RivalsView, out: Console) -> None:
    """Print sentences, the evidence and the forecasts, then what was left out and what changes nothing."""
    for sentence in view.sentences:
        out.print(sentence, markup=False)
    out.print()
    _show_evidence(view, out)
    _show_forecasts(view, out)
    for text in notes(view):
        out.print(text, markup=False)
    out.print()


def _show_evidence(view: RivalsView, out: Console) -> None:
    """How well each structure expected the record."""
    numbers = ["log likelihood", "Bayes factor", "±2 errors", "weight"]
    title = f"{view.title}: other structures, and how well each expected the record"
    table = plain_table(
        "if", *numbers, "evidence", title=title, right=numbers, whole={"log likelihood", "weight"}
    )
    for structure in view.structures:
        is_case = structure.kind == "case"
        table.add_row(
            _title(structure),
            marginal_text(structure),
            "1" if is_case else factor_text(structure.bayes_factor),
            "" if is_case else factor_range(structure),
            percent(structure.weight),
            structure.evidence,
        )
    out.print(table)
    note = "Log likelihood: the logarithm of the marginal likelihood of the record ± its standard error."
    if any(structure.stands_out for structure in view.structures):
        note += (
            " A star (*): it fits the record about as well as the case, and answers differently."
        )
    out.print(Text(note, style="dim"))
    out.print()


def _show_forecasts(view: RivalsView, out: Console) -> None:
    """What each structure forecasts, and what all of them do by their weights."""
    ranked = sorted(view.structures[0].values, key=lambda value: -value.probability)
    shown = {value.value for value in ranked[:MOST_VALUES]}
    labels = [value.label for value in view.structures[0].values if value.value in shown]
    numbers = ["weight", *labels]
    table = plain_table("if", *numbers, title=f"{view.title}: what each forecasts", right=numbers)
    for structure in view.structures:
        chances = [percent(v.probability) for v in structure.values if v.value in shown]
        table.add_row(_title(structure), percent(structure.weight), *chances)
    over = [percent(value.probability) for value in view.over_structures if value.value in shown]
    table.add_section()
    table.add_row("all structures, weighted", "", *over)
    out.print(table)


def notes(view: RivalsView) -> list[str]:
    """What changes nothing, what was left out and why, and what was not tried."""
    lines = []
    if view.unchanged:
        lines.append(f"These rivals change nothing: {'; '.join(view.unchanged)}.")
    lines += [f"Left out: if {missing.title}. {missing.reason}" for missing in view.left_out]
    if view.not_tried:
        lines.append(f"{view.not_tried} more rivals were not tried (--most).")
    return lines


def _title(structure: RivalView) -> str:
    return f"{structure.title} *" if structure.stands_out else structure.title
