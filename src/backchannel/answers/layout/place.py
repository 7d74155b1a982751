"""Choose the heights of boxes and passing edges: long edges straight, boxes near their neighbours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from backchannel.answers.layout.order import Links, Spot

PLACE_SWEEPS = 16
STRAIGHT, NEAR = 8.0, 2.0
"""Weights: of two points of a long edge being level, and of a box being near its neighbours."""
COMPACT = 0.05
"""Weight of everything being near the middle."""

Gap = Callable[[Spot, Spot], float]


def place_columns(
    columns: Sequence[Sequence[Spot]], links: Links, gap: Gap, fixed: Mapping[Spot, float]
) -> dict[Spot, float]:
    """Find the height of the middle of each spot, in the given order and at least `gap` apart.

    Column by column, minimise the weighted squared distances to the neighbours' heights, subject to the
    order and the gaps. This is an isotonic regression.
    """
    height = dict(fixed)
    offsets = [_offsets(column, gap) for column in columns]
    for column, offset in zip(columns, offsets, strict=True):
        height.update({s: o - offset[-1] / 2 for s, o in zip(column, offset, strict=True)})
    pulls = {
        spot: [
            (n, STRAIGHT if not (spot.is_box or n.is_box) else NEAR) for n in links.get(spot, ())
        ]
        for column in columns
        for spot in column
    }
    for sweep in range(PLACE_SWEEPS):
        for i in range(len(columns)) if sweep % 2 == 0 else reversed(range(len(columns))):
            wanted = []
            for spot, offset in zip(columns[i], offsets[i], strict=True):
                weight, total = COMPACT, 0.0
                for neighbour, pull in pulls[spot]:
                    weight += pull
                    total += pull * height[neighbour]
                wanted.append((total / weight - offset, weight))
            for spot, offset, y in zip(columns[i], offsets[i], _rising(wanted), strict=True):
                height[spot] = y + offset
    _straighten(columns, links, gap, height)
    return {spot: height[spot] for column in columns for spot in column}


def _offsets(column: Sequence[Spot], gap: Gap) -> list[float]:
    offsets = [0.0]
    for above, below in pairwise(column):
        offsets.append(offsets[-1] + gap(above, below))
    return offsets


def _rising(wanted: Sequence[tuple[float, float]]) -> list[float]:
    """The increasing numbers nearest to the given ones, by pooling adjacent violators."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in wanted:
        pool = (value, weight, 1)
        while pools and pools[-1][0] > pool[0]:
            (a, wa, na), (b, wb, nb) = pools.pop(), pool
            pool = ((a * wa + b * wb) / (wa + wb), wa + wb, na + nb)
        pools.append(pool)
    return [value for value, _, count in pools for _ in range(count)]


def _straighten(
    columns: Sequence[Sequence[Spot]], links: Links, gap: Gap, height: dict[Spot, float]
) -> None:
    """Continue long edges at the height of their previous point, if there is room."""
    for column in columns:
        for k, spot in enumerate(column):
            before = [n for n in links.get(spot, ()) if n.column < spot.column]
            if spot.is_box or not before or before[0] not in height:
                continue
            lowest = height[column[k - 1]] + gap(column[k - 1], spot) if k else float("-inf")
            highest = (
                height[column[k + 1]] - gap(spot, column[k + 1])
                if k + 1 < len(column)
                else float("inf")
            )
            if lowest <= height[before[0]] <= highest:
                height[spot] = height[before[0]]
