"""Print scenarios in a terminal: what each is, and a table of all outcomes with the differences."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.questions.scenarios.compose import compared_with, slider_sentence
from backchannel.questions.scenarios.document import CaseScenarioView, ScenariosView, ScenarioValue
from backchannel.wording.percents import (
    VISIBLE,
    change_in_points,
    percent,
    point_range,
    shown_ends,
)
from backchannel.wording.prose import sentence_case

MOST_COLUMNS = 4
"""Scenarios of one table."""
MOST_WITH_RANGE = 2
"""Scenarios of a table that has room for ranges; the document always has them."""


def show(answers: Any, out: Console) -> None:
    """Print the scenarios of a run."""
    if answers.scenarios is not None:
        show_scenarios(answers.scenarios, out)


def show_scenarios(view: ScenariosView, out: Console) -> None:
    """Print what each scenario is, what it changes most, and all outcomes."""
    for scenario in view.scenarios:
        out.print(Text(sentence_case(scenario.title), style="bold"))
        for line in _described(scenario):
            out.print(Text(f"  {line}"))
        out.print()
    for start in range(0, len(view.scenarios), MOST_COLUMNS):
        _show_table(view.scenarios[start : start + MOST_COLUMNS], compared_with(view), out)
    out.print(Text(f"{view.facts.shows} Over {view.facts.rests_on}.", style="dim"))
    out.print()


def _described(scenario: CaseScenarioView) -> list[str]:
    lines = [scenario.about] if scenario.about else []
    if scenario.sliders:
        lines.append(f"Sliders: {slider_sentence(scenario.sliders)}.")
    if scenario.changes:
        lines.append(f"Changes: {scenario.changes}; {scenario.who_knows}; {scenario.record}.")
    return [*lines, *scenario.says]


def _cell(value: ScenarioValue, *, with_range: bool) -> str:
    ends = shown_ends(value.before, value.probability, value.low, value.high)
    span = f" ({point_range(*ends)})" if with_range else ""
    return f"{percent(value.probability)} {change_in_points(value.before, value.probability)}{span}"


def _show_table(scenarios: list[CaseScenarioView], base: CaseScenarioView, out: Console) -> None:
    """Print some scenarios beside the case that `base` is compared with."""
    titles = [scenario.title for scenario in scenarios]
    numbers = [base.before_label, *titles]
    table = plain_table(
        "outcome", "value", *numbers, title="Scenarios (difference in points)", right=numbers
    )
    for k, outcome in enumerate(base.outcomes):
        title = outcome.title
        for i, value in enumerate(outcome.values):
            cells = [scenario.outcomes[k].values[i] for scenario in scenarios]
            if max(value.before, *(cell.probability for cell in cells)) < VISIBLE:
                continue
            shown = [_cell(cell, with_range=len(scenarios) <= MOST_WITH_RANGE) for cell in cells]
            table.add_row(title, value.label, percent(value.before), *shown)
            title = ""
        table.add_section()
    out.print(table)
