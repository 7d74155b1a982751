"""Lay the diagram out left to right in time, for the printed picture and the interactive one alike.

Decisions, chances and derived nodes lie above, interests in a band below. Edges that pass columns share
one line per source and kind, from which each branches off to its target; they cross columns between the
boxes, so no edge runs through a node.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from backchannel.answers.background_document import DiagramInterest, DiagramNode
from backchannel.answers.layout.columns import Drawn, columns_of, drawn_of, label_of
from backchannel.answers.layout.document import Layout, PlacedEdge, PlacedNode, TimeColumn
from backchannel.answers.layout.order import Spot, order_columns
from backchannel.answers.layout.place import place_columns
from backchannel.wording.words import day

WIDTH, GAP, MARGIN, HEADER = 118, 42, 12, 26
"""Of a box; between columns; around the picture; above it, for the days."""
LINE, PADDING = 14, 8
LETTERS = {"decision": 17, "chance": 16, "derived": 15, "interest": 15}
"""That fit in a line of each shape."""
MOST_LINES = 3
BETWEEN_BOXES, BETWEEN_LINES, BESIDE_BOX, BETWEEN_BANDS = 14, 8, 10, 34
CORNER = 12
"""How far a hexagon's side points stand out."""
PORTS = 9
"""Most pixels between two arrows that arrive at one box."""


def compose_layout(nodes: Sequence[DiagramNode], interests: Sequence[DiagramInterest]) -> Layout:
    """Place every node, interest and edge; the same diagram gives the same picture.

    Args:
        nodes: Parents before children, in order of time.
        interests: What the players get.
    """
    drawn, left_out = drawn_of(nodes, interests)
    column = columns_of(drawn)
    boxes = {one.name: Spot(one.name, column[one.name]) for one in drawn}
    heights = {one.name: _height(one) for one in drawn}
    routes = _routes(drawn, boxes)
    above, below = (
        _Band([boxes[o.name] for o in drawn if (o.shape == "interest") == low], routes, low)
        for low in (False, True)
    )
    top = above.placed(heights, {}, MARGIN + HEADER)
    end = max((y + heights[s.name] / 2 for s, y in top.items() if s.is_box), default=0.0)
    end = max([end, *(y for s, y in top.items() if not s.is_box)])
    bottom = below.placed(heights, top, end + BETWEEN_BANDS)
    middle = {spot: round(y) for spot, y in {**top, **bottom}.items()}
    edges = _edges(routes, middle, {one.name: one for one in drawn}, heights)
    lowest = max((y + heights.get(s.name, 0) / 2 for s, y in middle.items()), default=0)
    count = max(column.values(), default=-1) + 1
    return Layout(
        width=2 * MARGIN + count * WIDTH + max(count - 1, 0) * GAP,
        height=round(lowest) + MARGIN,
        interests_from=round(end + BETWEEN_BANDS / 2),
        columns=_columns(drawn, column, count),
        nodes=[_box(one, boxes[one.name], middle, heights[one.name]) for one in drawn],
        edges=edges,
        caption=_caption(drawn, left_out),
    )


@dataclass(frozen=True)
class _Route:
    """An edge as the spots that it runs through."""

    source: str
    target: str
    kind: str
    spots: tuple[Spot, ...]


class _Band:
    """Boxes above or below, with the places where edges to them pass."""

    def __init__(self, boxes: Sequence[Spot], routes: Sequence[_Route], low: bool) -> None:
        members = dict.fromkeys(boxes)
        self.links: dict[Spot, list[Spot]] = defaultdict(list)
        for route in routes:
            if (route.kind == "interest") != low:
                continue
            members.update(dict.fromkeys(spot for spot in route.spots if not spot.is_box))
            for one, other in pairwise(route.spots):
                if other not in self.links[one]:
                    self.links[one].append(other)
                    self.links[other].append(one)
        last = max((spot.column for spot in members), default=-1)
        self.columns = [[s for s in members if s.column == i] for i in range(last + 1)]

    def placed(
        self, heights: Mapping[str, int], fixed: Mapping[Spot, float], start: float
    ) -> dict[Spot, float]:
        """Order and place everything, the highest at `start`."""

        def half(spot: Spot) -> float:
            return heights[spot.name] / 2 if spot.is_box else 0.0

        def gap(above: Spot, below: Spot) -> float:
            boxes = above.is_box + below.is_box
            free = (BETWEEN_LINES, BESIDE_BOX, BETWEEN_BOXES)[boxes]
            return half(above) + free + half(below)

        # What lies above is far away: it says who comes first, and does not pull.
        ordered = order_columns(self.columns, self.links, fixed)
        own = {spot for column in ordered for spot in column}
        inside = {s: [n for n in near if n in own] for s, near in self.links.items() if s in own}
        filled = [column for column in ordered if column]
        found = place_columns(filled, inside, gap, {})
        highest = min((y - half(spot) for spot, y in found.items()), default=0.0)
        return {spot: y - highest + start for spot, y in found.items()}


def _routes(drawn: Sequence[Drawn], boxes: Mapping[str, Spot]) -> list[_Route]:
    found = []
    for one in drawn:
        kind = {"decision": "information", "interest": "interest"}.get(one.shape, "cause")
        end = boxes[one.name]
        for parent in one.parents:
            start = boxes[parent]
            # One line for all edges of a kind from one source: few lines, and each can be followed.
            passed = range(start.column + 1, end.column)
            line = [Spot(f"{parent} {kind}", i, is_box=False) for i in passed]
            found.append(_Route(parent, one.name, kind, (start, *line, end)))
    return found


def _edges(
    routes: Sequence[_Route],
    middle: Mapping[Spot, int],
    drawn: Mapping[str, Drawn],
    heights: Mapping[str, int],
) -> list[PlacedEdge]:
    arriving: dict[str, list[_Route]] = defaultdict(list)
    for route in routes:
        arriving[route.target].append(route)
    port: dict[tuple[str, str], int] = {}
    for target, edges in arriving.items():
        edges.sort(key=lambda route: middle[route.spots[-2]])
        step = min(PORTS, (heights[target] - 2 * PADDING) / max(len(edges) - 1, 1))
        for k, route in enumerate(edges):
            port[route.source, target] = round((k - (len(edges) - 1) / 2) * step)
    found = []
    for route in routes:
        start, *line, end = route.spots
        points = [(_left(start) + WIDTH, middle[start])]
        for spot in line:
            points += [(_left(spot), middle[spot]), (_left(spot) + WIDTH, middle[spot])]
        off = port[route.source, route.target]
        inset = _inset(drawn[route.target].shape, heights[route.target], off)
        points.append((_left(end) + inset, middle[end] + off))
        found.append(
            PlacedEdge(
                source=route.source,
                target=route.target,
                kind=route.kind,  # pyright: ignore[reportArgumentType]
                points=_shortened(points),
            )
        )
    return found


def _shortened(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without the points in the middle of a straight line."""
    kept = [points[0]]
    for here, after in pairwise(points[1:]):
        if not kept[-1][1] == here[1] == after[1]:
            kept.append(here)
    return [*kept, points[-1]]


def _inset(shape: str, height: int, off: int) -> int:
    """How far the left side of a shape lies inside its box, off its middle."""
    half = height / 2
    if shape == "interest":
        return round(CORNER * abs(off) / half)
    if shape in ("chance", "derived"):
        return round(half - (half**2 - off**2) ** 0.5)
    return 0


def _left(spot: Spot) -> int:
    return MARGIN + spot.column * (WIDTH + GAP)


def _lines(one: Drawn) -> list[str]:
    return textwrap.wrap(
        one.title, LETTERS[one.shape], max_lines=MOST_LINES, placeholder="…", break_on_hyphens=False
    ) or [one.name]


def _height(one: Drawn) -> int:
    # The player's name has a line of its own.
    return LINE * (len(_lines(one)) + (one.player is not None)) + 2 * PADDING


def _box(one: Drawn, spot: Spot, middle: Mapping[Spot, int], height: int) -> PlacedNode:
    return PlacedNode(
        name=one.name,
        shape=one.shape,  # pyright: ignore[reportArgumentType]
        player=one.player,
        lines=_lines(one),
        x=_left(spot),
        y=middle[spot] - height // 2,
        width=WIDTH,
        height=height,
        column=spot.column,
    )


def _columns(drawn: Sequence[Drawn], column: Mapping[str, int], count: int) -> list[TimeColumn]:
    found = []
    for i in range(count):
        dates = [one.date for one in drawn if one.date and column[one.name] == i]
        first, last = min(dates, default=None), max(dates, default=None)
        left = MARGIN + i * (WIDTH + GAP)
        found.append(
            TimeColumn(x=left, width=WIDTH, label=label_of(first, last), first=first, last=last)
        )
    return found


def _caption(drawn: Sequence[Drawn], left_out: int) -> str:
    dates = [one.date for one in drawn if one.date]
    span = f", {day(min(dates))} to {day(max(dates))}" if dates else ""
    interests = sum(one.shape == "interest" for one in drawn)
    told = (
        f"Left to right in time{span}: {len(drawn) - interests} nodes and, below, {interests} interests. "
        "Rectangles are decisions, ovals chance, double ovals follow from others, hexagons are interests. "
        "Dashed arrows show what a decision sees; solid ones what something depends on. No draws: the "
        "picture follows from the case alone."
    )
    if left_out:
        told += f" The last {left_out} rounds repeat the last that is drawn."
    return told
