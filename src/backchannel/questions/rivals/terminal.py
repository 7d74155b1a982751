"""Print rivals in a terminal: a row for the case and for each rival."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from backchannel.console.plain_table import plain_table
from backchannel.questions.rivals.document import RivalsView, RivalView
from backchannel.questions.rivals.sentences import factor_text
from backchannel.wording.words import percent

MOST_VALUES = 4
"""Most values of the outcome that have a column; the most likely in the case."""


def show(answers: Any, out: Console) -> None:
    """Print the rivals of a run."""
    if answers.rivals is not None:
        show_rivals(answers.rivals, out)


def show_rivals(view: RivalsView, out: Console) -> None:
    """Print sentences, then the table, then what was left out and what changes nothing."""
    for sentence in view.sentences:
        out.print(sentence, markup=False)
    out.print()
    ranked = sorted(view.structures[0].values, key=lambda value: -value.probability)
    shown = {value.value for value in ranked[:MOST_VALUES]}
    labels = [value.label for value in view.structures[0].values if value.value in shown]
    numbers = ["Bayes factor", "±2 errors", "weight", *labels]
    table = plain_table("if", *numbers, title=f"{view.title}: other structures", right=numbers)
    for structure in view.structures:
        table.add_row(*_row(structure), *_chances(structure, shown))
    over = [percent(value.probability) for value in view.over_structures if value.value in shown]
    table.add_section()
    table.add_row("all structures, weighted", "", "", "", *over)
    out.print(table)
    for text in notes(view):
        out.print(text, markup=False)
    out.print()


def notes(view: RivalsView) -> list[str]:
    """What changes nothing, what was left out and why, and what was not tried."""
    lines = []
    if view.unchanged:
        lines.append(f"These rivals change nothing: {'; '.join(view.unchanged)}.")
    lines += [f"Left out: if {missing.title}. {missing.reason}" for missing in view.left_out]
    if view.not_tried:
        lines.append(f"{view.not_tried} more rivals were not tried (--most).")
    return lines


def _row(structure: RivalView) -> list[str]:
    if structure.kind == "case":
        return [structure.title, "1", "", percent(structure.weight)]
    low, high = structure.bayes_range
    mark = " *" if structure.stands_out else ""
    return [
        structure.title + mark,
        factor_text(structure.bayes_factor),
        f"{factor_text(low)} to {factor_text(high)}",
        percent(structure.weight),
    ]


def _chances(structure: RivalView, shown: set[Any]) -> list[str]:
    return [percent(value.probability) for value in structure.values if value.value in shown]
