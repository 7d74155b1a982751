"""Print base rates beside the forecasts of repeated nodes: the case alone, the base rate alone, and both pooled."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from backchannel.console.plain_table import plain_table
from backchannel.questions.rounds.document import RoundPoint, RoundsFan
from backchannel.questions.rounds.sentences import number_text
from backchannel.wording.percents import VISIBLE, percent

MOST_ROUNDS = 3
"""Rounds of a node that are printed; the document contains all of them."""
COLUMNS = ("inside", "outside", "pooled")


def show_beside(fans: Sequence[RoundsFan], out: Console) -> None:
    """Print rounds that base rates move, and a sentence on why the case and the base rate differ."""
    moved = [(fan, points) for fan in fans if (points := _moved(fan))]
    if not moved:
        return
    table = plain_table(
        "outcome", "round", "value", *COLUMNS, title="With base rates", right=COLUMNS
    )
    for fan, points in moved:
        for number, point in enumerate(_chosen(points)):
            for i, row in enumerate(_rows(fan, point)):
                name = fan.title if number == i == 0 else ""
                table.add_row(name, "" if i else point.label, *row)
        table.add_section()
    out.print(table)
    for fan, points in moved:
        if fan.pooling:
            out.print(fan.pooling, markup=False)
        hidden = len(points) - len(_chosen(points))
        if hidden:
            out.print(
                f"{fan.title}: base rates move {hidden} more rounds; `backchannel forecast CASE {fan.node}@ROUND` "
                "shows one.",
                markup=False,
            )
    out.print()


def _moved(fan: RoundsFan) -> list[RoundPoint]:
    """The rounds that have a base rate of their own, or that another one moves by what can be seen."""
    return [
        point
        for point in fan.points
        if point.outside is not None
        or any(
            abs(inside - pooled) >= VISIBLE
            for inside, pooled in zip(point.inside or (), point.probabilities, strict=False)
        )
    ]


def _chosen(points: Sequence[RoundPoint]) -> list[RoundPoint]:
    """The first, one in the middle, and the last."""
    if len(points) <= MOST_ROUNDS:
        return list(points)
    return [points[0], points[len(points) // 2], points[-1]]


def _rows(fan: RoundsFan, point: RoundPoint) -> list[tuple[str, ...]]:
    """What the table says of a round: an expected number, or the chance of each value."""
    if fan.kind == "number":
        numbers = point.expected_inside, point.expected_outside, point.expected
        return [("expected", *("" if one is None else number_text(one) for one in numbers))]
    rows = []
    for i, label in enumerate(fan.labels):
        views = (point.inside, point.outside, point.probabilities)
        chances = [None if view is None else view[i] for view in views]
        if max(chance or 0.0 for chance in chances) >= VISIBLE:
            rows.append((label, *("" if one is None else percent(one) for one in chances)))
    return rows
