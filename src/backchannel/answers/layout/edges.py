"""The arrows: which spots each runs through, and the points where it turns and arrives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from backchannel.answers.layout.boxes import PADDING, WIDTH, left_of
from backchannel.answers.layout.columns import Drawn
from backchannel.answers.layout.document import PlacedEdge
from backchannel.answers.layout.order import Spot

CORNER = 12
"""Horizontal distance from a corner of a hexagon to its side point."""
PORTS = 9
"""Largest distance between two arrows that arrive at one box."""


@dataclass(frozen=True)
class Route:
    """An edge as the spots that it runs through."""

    source: str
    target: str
    kind: str
    spots: tuple[Spot, ...]


def routes_of(drawn: Sequence[Drawn], boxes: Mapping[str, Spot]) -> list[Route]:
    """Find the spots that each edge runs through."""
    routes = []
    for item in drawn:
        kind = {"decision": "information", "interest": "interest"}.get(item.shape, "cause")
        end = boxes[item.name]
        for parent in item.parents:
            start = boxes[parent]
            # All edges of a kind from one source share a line: with few lines, the reader can follow each.
            passed = range(start.column + 1, end.column)
            line = [Spot(f"{parent} {kind}", i, is_box=False) for i in passed]
            routes.append(Route(parent, item.name, kind, (start, *line, end)))
    return routes


def place_edges(
    routes: Sequence[Route],
    middle: Mapping[Spot, int],
    drawn: Mapping[str, Drawn],
    heights: Mapping[str, int],
) -> list[PlacedEdge]:
    """Find the points that each edge runs through; arrows that arrive at one box are spread over its side.

    Args:
        routes: The edges.
        middle: The height of the middle of every spot.
        drawn: The nodes by name.
        heights: Of their boxes.
    """
    arriving: dict[str, list[Route]] = defaultdict(list)
    for route in routes:
        arriving[route.target].append(route)
    port: dict[tuple[str, str], int] = {}
    for target, edges in arriving.items():
        edges.sort(key=lambda route: middle[route.spots[-2]])
        step = min(PORTS, (heights[target] - 2 * PADDING) / max(len(edges) - 1, 1))
        for k, route in enumerate(edges):
            port[route.source, target] = round((k - (len(edges) - 1) / 2) * step)
    edges_placed = []
    for route in routes:
        start, *line, end = route.spots
        points = [(left_of(start.column) + WIDTH, middle[start])]
        for spot in line:
            points += [
                (left_of(spot.column), middle[spot]),
                (left_of(spot.column) + WIDTH, middle[spot]),
            ]
        off = port[route.source, route.target]
        inset = _inset(drawn[route.target].shape, heights[route.target], off)
        points.append((left_of(end.column) + inset, middle[end] + off))
        edges_placed.append(
            PlacedEdge(
                source=route.source,
                target=route.target,
                kind=route.kind,  # pyright: ignore[reportArgumentType]
                points=_shortened(points),
            )
        )
    return edges_placed


def _shortened(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop the points in the middle of a straight line."""
    kept = [points[0]]
    for here, after in pairwise(points[1:]):
        if not kept[-1][1] == here[1] == after[1]:
            kept.append(here)
    return [*kept, points[-1]]


def _inset(shape: str, height: int, off: int) -> int:
    """Distance from the left side of a box to its shape, at a height `off` its middle."""
    half = height / 2
    if shape == "interest":
        return round(CORNER * abs(off) / half)
    if shape in ("chance", "derived"):
        return round(half - (half**2 - off**2) ** 0.5)
    return 0
