"""Columns of the diagram: nodes in order of time, each right of everything that it depends on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backchannel.answers.background_document import DiagramInterest, DiagramNode
from backchannel.language.names import round_number, split_round
from backchannel.wording.pieces import Day

NARROWEST = 12
"""Nodes share a column only within this fraction of the whole time."""
ROUNDS_DRAWN = 2
"""So many rounds are drawn of a case with more than one above that; the rest repeat the last of them."""


@dataclass(frozen=True)
class Drawn:
    """A node or interest as the picture needs it, with its parents among what is drawn."""

    name: str
    title: str
    shape: str
    player: str | None
    date: Day | None
    parents: tuple[str, ...]


def drawn_of(
    nodes: Sequence[DiagramNode], interests: Sequence[DiagramInterest]
) -> tuple[list[Drawn], int]:
    """What is drawn, parents before children, and how many rounds are left out of the picture.

    Rounds repeat each other, so that of many only the first are drawn; what depends on a later one is
    tied to its copy in the last that is drawn.
    """
    last = max((round_number(node.name) or 0 for node in nodes), default=0)
    most = last if last <= ROUNDS_DRAWN + 1 else ROUNDS_DRAWN

    def is_drawn(name: str) -> bool:
        number = round_number(name)
        if number is None:  # Once, or what comes after all rounds.
            return not split_round(name)[1] or last == most
        return number <= most

    def seen_as(parents: Iterable[str]) -> tuple[str, ...]:
        copies = (p if is_drawn(p) else f"{split_round(p)[0]}@{most}" for p in parents)
        return tuple(dict.fromkeys(copies))

    drawn = [
        Drawn(n.name, n.title, n.kind, n.player, n.date, seen_as(n.parents))
        for n in nodes
        if is_drawn(n.name)
    ]
    drawn += [
        Drawn(
            i.name,
            i.about or i.name.replace("_", " "),
            "interest",
            i.player,
            None,
            seen_as(i.parents),
        )
        for i in interests
        if is_drawn(i.name)
    ]
    return drawn, last - most


def columns_of(drawn: Sequence[Drawn]) -> dict[str, int]:
    """The column of each, from 0.

    A dated node opens a new column where it depends on one in the column that is open, or comes much
    later; a node without a date stands just left of what first depends on it, an interest just right of
    the last that it depends on.
    """
    dates = [one.date for one in drawn if one.date]
    most = (max(dates) - min(dates)) / NARROWEST if dates else timedelta(0)
    column: dict[str, int] = {}
    open_column, opened = -1, date.min
    for one in drawn:
        after = max((column[p] for p in one.parents), default=-1) + 1
        if one.date is None:
            column[one.name] = after
            continue
        if after > open_column or one.date - opened > most:
            open_column, opened = max(open_column + 1, after), one.date
        column[one.name] = open_column
    for one in reversed(drawn):
        first = min((column[c.name] for c in drawn if one.name in c.parents), default=None)
        if one.date is None and one.shape != "interest" and first is not None:
            column[one.name] = first - 1
    rank = {old: new for new, old in enumerate(sorted(set(column.values())))}
    return {name: rank[old] for name, old in column.items()}


def label_of(first: Day | None, last: Day | None) -> str:
    """The days of a column in few letters.

    >>> label_of(date(2025, 6, 1), date(2025, 6, 13)), label_of(date(2025, 8, 28), date(2025, 9, 5))
    ('1–13 Jun 2025', '28 Aug – 5 Sep 2025')
    """
    if first is None or last is None:
        return ""
    end = f"{last.day} {last:%b %Y}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    start = f"{first.day} {first:%b}" if first.year == last.year else f"{first.day} {first:%b %Y}"
    return f"{start} – {end}"
