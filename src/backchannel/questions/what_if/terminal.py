"""Print what-ifs in a terminal: each outcome without and with the change, and the change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.language.names import split_round
from backchannel.questions.rounds.terminal import changed_rows
from backchannel.questions.trade.document import FlowsView
from backchannel.questions.what_if.document import OutcomeChange, ValueChange, WhatIf
from backchannel.wording.left_out import IN_BRACKETS, is_bounded, point_span, with_bounds
from backchannel.wording.percents import VISIBLE, change_in_points, percent, shown_ends

UNCHANGED = "unchanged"
"""The column of views that call the side without the change by different names."""


def show(answers: Any, out: Console) -> None:
    """Print every intervention in the case's questions."""
    show_what_ifs(answers.what_ifs, out)


def before_column(views: Sequence[WhatIf | FlowsView]) -> str:
    """What the column without the change is called: as all views call it, or a word for any of them."""
    labels = {view.before_label for view in views}
    return labels.pop() if len(labels) == 1 else UNCHANGED


def titled(view: WhatIf | FlowsView, column: str) -> str:
    """The title of a view, with what it calls the side without the change where the column does not say so."""
    return f"{view.title} ({view.before_label})" if column == UNCHANGED else view.title


def show_what_ifs(what_ifs: Sequence[WhatIf], out: Console) -> None:
    """Print each intervention's outcomes; changes are in percentage points."""
    if not what_ifs:
        return
    before = before_column(what_ifs)
    numbers = (before, "changed", "change", "5–95%")
    table = plain_table(
        "if", "outcome", *numbers, title="What if (changes in points)", right=numbers, whole=numbers
    )
    for what_if in what_ifs:
        label = titled(what_if, before)
        over_time = {fan.node for fan in what_if.fans if len(fan.points) > 1}
        for row in changed_rows([fan for fan in what_if.fans if fan.node in over_time]):
            table.add_row(label, *row)
            label = ""
        for outcome in what_if.outcomes:
            if split_round(outcome.node)[0] in over_time:
                continue
            for value in _shown_values(outcome):
                table.add_row(
                    label,
                    f"{outcome.title}: {value.label}",
                    with_bounds(value.before, value.bounds_before, short=True),
                    _after(value),
                    change_in_points(value.before, value.after),
                    point_span(*_ends(value), value.bounds, short=True),
                )
                label = ""
        table.add_section()
    out.print(table)
    if any(is_bounded(v.bounds) for w in what_ifs for o in w.outcomes for v in o.values):
        out.print(Text(IN_BRACKETS, style="dim"))
    if any(what_if.is_counterfactual for what_if in what_ifs):
        out.print(
            Text(
                "After the slash: with independent random shocks in every situation, the other extreme of what no "
                "data can test.",
                style="dim",
            )
        )
    out.print()


def _ends(value: ValueChange) -> tuple[float, float]:
    return shown_ends(value.before, value.after, value.low, value.high)


def _after(value: ValueChange) -> str:
    """The probability with the change, under both couplings of the shocks."""
    text = with_bounds(value.after, value.bounds_after, short=True)
    if value.after_independent is None:
        return text
    return f"{text} / {percent(value.after_independent)}"


def _shown_values(outcome: OutcomeChange) -> list[ValueChange]:
    """The values whose probability changes; one, if there are only two."""
    if len(outcome.values) == 2:
        return outcome.values[:1]
    changed = [value for value in outcome.values if abs(value.difference) >= VISIBLE]
    return changed or [max(outcome.values, key=lambda value: value.before)]
