"""News: what happened, as small changes of a case file.

An entry goes at the end of the record, a new source among the sources, and `as_of` moves to the day of the entry.
Where something happened earlier than planned, the day on which it happened becomes its planned day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backchannel.case.edit.entries import entry_operations
from backchannel.case.edit.operation_models import Operation, SetValue
from backchannel.case.edit.operations import apply_operations
from backchannel.case.lowered import Lowered
from backchannel.language.days import Month
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, round_number


@dataclass(frozen=True)
class MovedDay:
    """A node that happened earlier than planned."""

    node: NodeName
    planned: date
    day: date

    @property
    def remark(self) -> str:
        """What is changed, as a sentence."""
        return (
            f"Note: {self.node} was planned for {self.planned}. It happened earlier, so {self.day} becomes its "
            "planned day, and the case is solved again."
        )


def moved_days(lowered: Lowered, entries: Sequence[Mapping[str, Any]]) -> list[MovedDay]:
    """The nodes that happened before their planned day.

    Args:
        lowered: The case before the news.
        entries: New entries of the record, with the keys of the file.

    Raises:
        CommandError: A node has no day of its own that could become an earlier one.
    """
    earliest: dict[NodeName, date] = {}
    for entry in entries:
        node, day = str(entry.get("node", "")), entry.get("date")
        if node in lowered.diagram.dates and isinstance(day, date):
            earliest[node] = min(day, earliest.get(node, day))
    moved = []
    for node, day in earliest.items():
        planned = lowered.diagram.dates[node]
        is_in_month = isinstance(planned, Month) and planned.contains(day)
        if day >= planned or is_in_month:
            continue
        _check_has_day(lowered, node, planned)
        moved.append(MovedDay(node, planned, day))
    return moved


def _check_has_day(lowered: Lowered, node: NodeName, planned: date) -> None:
    if round_number(node) is not None:
        raise CommandError(
            f"{node} comes about on {planned} and cannot be observed earlier: it repeats, and the days of its "
            "rounds follow from `rounds`."
        )
    entry = lowered.case.nodes.get(node)
    if entry is None or entry.at is None:
        raise CommandError(
            f"{node} comes about on {planned} and cannot be observed earlier: its day follows from the nodes "
            "that it depends on. Enter those first."
        )


def news_operations(
    lowered: Lowered,
    entries: Sequence[Mapping[str, Any]],
    *,
    sources: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Operation]:
    """The changes of a case file that add what happened.

    Args:
        lowered: The case before the news.
        entries: New entries of the record: keys and values, in the order in which they are written.
        sources: New sources by name.

    Raises:
        CommandError: Something happened earlier than planned, and its day cannot be changed.
    """
    moved = moved_days(lowered, entries)
    operations = entry_operations(str(lowered.case.as_of), entries, sources=sources)
    return [
        *operations,
        *(SetValue(kind="set", path=["nodes", m.node, "at"], value=str(m.day)) for m in moved),
    ]


def add_news(
    text: str,
    lowered: Lowered,
    entries: Sequence[Mapping[str, Any]],
    *,
    sources: Mapping[str, Mapping[str, Any]] | None = None,
) -> str:
    """Add what happened to the text of a case file; comments and layout are kept.

    Raises:
        CommandError: The layout of the text cannot be edited safely, or a planned day cannot be changed.
    """
    return apply_operations(text, news_operations(lowered, entries, sources=sources))
