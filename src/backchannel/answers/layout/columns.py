"""Columns of the diagram: nodes in order of time, each right of everything that it depends on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backchannel.answers.background_document import DiagramInterest, DiagramNode
from backchannel.answers.goods import DrawnGood
from backchannel.language.days import Month
from backchannel.language.names import round_number, split_round
from backchannel.wording.pieces import Day

PERIODS = 12
"""Nodes share a column only if their dates lie within 1/12 of the whole time."""
ROUNDS_DRAWN = 2
"""Rounds that are drawn of a case with more than three; later rounds repeat the last of them."""


@dataclass(frozen=True)
class Drawn:
    """A node, a good or an interest in the picture, with those of its parents that are drawn."""

    name: str
    title: str
    shape: str
    player: str | None
    date: Day | None
    parents: tuple[str, ...]


def drawn_of(
    nodes: Sequence[DiagramNode],
    interests: Sequence[DiagramInterest],
    goods: Sequence[DrawnGood] = (),
) -> tuple[list[Drawn], int]:
    """Choose what is drawn, parents before children, and count the rounds that are not.

    Rounds repeat each other, so only the first of many are drawn. An arrow from a later round starts at
    the copy of its node in the last round that is drawn.
    """
    last = max((round_number(node.name) or 0 for node in nodes), default=0)
    most = last if last <= ROUNDS_DRAWN + 1 else ROUNDS_DRAWN

    def is_drawn(name: str) -> bool:
        number = round_number(name)
        if number is None:  # A node that happens once, or comes after all rounds.
            return not split_round(name)[1] or last == most
        return number <= most

    def seen_as(parents: Iterable[str]) -> tuple[str, ...]:
        copies = (p if is_drawn(p) else f"{split_round(p)[0]}@{most}" for p in parents)
        return tuple(dict.fromkeys(copies))

    def drawn_parents(name: str, parents: Sequence[str]) -> tuple[str, ...]:
        users = [good for good in goods if name in good.replaced]
        through_goods = {parent for good in users for parent in good.replaced[name]}
        return seen_as(
            [*(p for p in parents if p not in through_goods), *(good.view.name for good in users)]
        )

    waiting = {
        good.view.name: Drawn(
            good.view.name, good.view.title, "good", None, None, seen_as(good.view.parents)
        )
        for good in goods
        if is_drawn(good.view.name)
    }
    drawn = []
    for n in nodes:
        if is_drawn(n.name):
            parents = drawn_parents(n.name, n.parents)
            # A good stands before the first node that uses its flows.
            drawn += [waiting.pop(parent) for parent in parents if parent in waiting]
            drawn.append(Drawn(n.name, n.title, n.kind, n.player, n.date, parents))
    drawn += waiting.values()
    drawn += [
        Drawn(
            i.name,
            i.about or i.name.replace("_", " "),
            "interest",
            i.player,
            None,
            drawn_parents(i.name, i.parents),
        )
        for i in interests
        if is_drawn(i.name)
    ]
    return drawn, last - most


def assign_columns(drawn: Sequence[Drawn]) -> dict[str, int]:
    """Find the column of each node and interest, counted from 0.

    A dated node opens a new column if it depends on a node in the current one, or comes much later. A
    node without a date stands directly left of the first node that depends on it; an interest stands
    directly right of the last node that it depends on.
    """
    dates = [item.date for item in drawn if item.date]
    longest = (max(dates) - min(dates)) / PERIODS if dates else timedelta(0)
    column: dict[str, int] = {}
    open_column, opened = -1, date.min
    for item in drawn:
        after = max((column[p] for p in item.parents), default=-1) + 1
        if item.date is None:
            column[item.name] = after
            continue
        if after > open_column or item.date - opened > longest:
            open_column, opened = max(open_column + 1, after), item.date
        column[item.name] = open_column
    for item in reversed(drawn):
        first = min((column[c.name] for c in drawn if item.name in c.parents), default=None)
        if item.date is None and item.shape != "interest" and first is not None:
            column[item.name] = first - 1
    rank = {old: new for new, old in enumerate(sorted(set(column.values())))}
    return {name: rank[old] for name, old in column.items()}


def label_of(first: Day | None, last: Day | None) -> str:
    """The dates of a column in short form.

    >>> label_of(date(2025, 6, 1), date(2025, 6, 13)), label_of(date(2025, 8, 28), date(2025, 9, 5))
    ('1–13 Jun 2025', '28 Aug – 5 Sep 2025')
    """
    if first is None or last is None:
        return ""
    end = _short(last)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month) and not isinstance(last, Month):
        return f"{first.day}–{end}"
    start = _short(first)
    return f"{start.removesuffix(f' {last.year}')} – {end}"


def _short(when: date) -> str:
    return f"{when:%b %Y}" if isinstance(when, Month) else f"{when.day} {when:%b %Y}"
