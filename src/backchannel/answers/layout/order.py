"""Order the boxes within each column of the diagram so that few edges cross, by barycentres."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ORDER_SWEEPS = 12


@dataclass(frozen=True)
class Spot:
    """A place in a column: a box, or a point where a long edge passes."""

    name: str
    column: int
    is_box: bool = True

    def __hash__(self) -> int:
        # Spots are looked up very often, and Python keeps the hash of a text.
        return hash(self.name) + self.column


Links = Mapping[Spot, Sequence[Spot]]
"""The neighbours of each spot, all in adjacent columns."""


def order_columns(
    columns: Sequence[Sequence[Spot]], links: Links, fixed: Mapping[Spot, float]
) -> list[list[Spot]]:
    """Order the spots of each column so that few edges cross.

    Each column in turn is sorted by the mean place of its neighbours in the previous column, from left to
    right and then from right to left. The best order found is kept.

    Args:
        columns: The spots of each column, in an initial order.
        links: The neighbours of each spot.
        fixed: Places of neighbours that stay where they are.

    Source: Sugiyama, Tagawa and Toda (1981).
    """
    ordered = [list(column) for column in columns]
    best, fewest = ordered, _crossings(ordered, links, fixed)
    n_unchanged = 0
    for sweep in range(ORDER_SWEEPS):
        # Nothing is better than no crossing, and what neither direction changes stays as it is.
        if fewest == 0 or n_unchanged == 2:
            break
        forward, before = sweep % 2 == 0, ordered
        place = _places(ordered, fixed)
        ordered = [list(column) for column in ordered]
        for i in range(len(ordered)) if forward else reversed(range(len(ordered))):
            beside = i - 1 if forward else i + 1

            def mean(spot: Spot, beside: int = beside, place=place) -> float:
                near = [place[n] for n in links.get(spot, ()) if n.column == beside]
                return sum(near) / len(near) if near else place[spot]

            ordered[i].sort(key=mean)
            place.update({spot: k / max(len(ordered[i]), 1) for k, spot in enumerate(ordered[i])})
        n_unchanged = n_unchanged + 1 if ordered == before else 0
        crossings = _crossings(ordered, links, fixed)
        if crossings < fewest:
            best, fewest = ordered, crossings
    return best


def _places(columns: Sequence[Sequence[Spot]], fixed: Mapping[Spot, float]) -> dict[Spot, float]:
    places = dict(fixed)
    for column in columns:
        places.update({spot: k / len(column) for k, spot in enumerate(column)})
    return places


def _crossings(columns: Sequence[Sequence[Spot]], links: Links, fixed: Mapping[Spot, float]) -> int:
    place = _places(columns, fixed)
    total = 0
    for column in columns:
        pairs = sorted(
            (place[n], place[spot])
            for spot in column
            for n in links.get(spot, ())
            if n.column == spot.column - 1
        )
        seen: list[float] = []
        for _, right in pairs:
            total += len(seen) - bisect_right(seen, right)
            insort(seen, right)
    return total
