"""Lay the diagram out from left to right in time, for the printed and the interactive picture.

Decisions, chance nodes and derived nodes lie above, interests in a band below. Edges of one kind from one
source share a line across columns, and branch off to their targets. They cross columns between the boxes,
so no edge runs through a node.
"""

from __future__ import annotations

import textwrap
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from backchannel.answers.background_document import DiagramInterest, DiagramNode
from backchannel.answers.goods import DrawnGood
from backchannel.answers.layout.columns import Drawn, assign_columns, drawn_of, label_of
from backchannel.answers.layout.document import Layout, PlacedEdge, PlacedNode, TimeColumn
from backchannel.answers.layout.order import Spot, order_columns
from backchannel.answers.layout.place import place_columns
from backchannel.wording.dates import days

WIDTH, GAP, MARGIN, HEADER = 118, 42, 12, 26
"""Width of a box, and gaps: between columns, around the picture, and above it for the dates."""
LINE, PADDING = 14, 8
LETTERS = {"decision": 17, "chance": 16, "derived": 15, "interest": 15, "good": 15}
"""Characters that fit in a line of each shape."""
MOST_TITLE_LINES = 3
BETWEEN_BOXES, BETWEEN_LINES, BESIDE_BOX, BETWEEN_BANDS = 14, 8, 10, 34
CORNER = 12
"""Horizontal distance from a corner of a hexagon to its side point."""
PORTS = 9
"""Largest distance between two arrows that arrive at one box."""


def compose_layout(
    nodes: Sequence[DiagramNode],
    interests: Sequence[DiagramInterest],
    goods: Sequence[DrawnGood] = (),
) -> Layout:
    """Place every node, interest and edge; the same diagram gives the same picture.

    Args:
        nodes: Parents before children, in order of time.
        interests: Interests of the players.
        goods: Goods, each of which is one node.
    """
    drawn, left_out = drawn_of(nodes, interests, goods)
    column = assign_columns(drawn)
    boxes = {item.name: Spot(item.name, column[item.name]) for item in drawn}
    heights = {item.name: _height(item) for item in drawn}
    routes = _routes(drawn, boxes)
    above, below = (
        _Band(
            [boxes[item.name] for item in drawn if (item.shape == "interest") == low], routes, low
        )
        for low in (False, True)
    )
    top = above.placed(heights, {}, MARGIN + HEADER)
    end = max((y + heights[s.name] / 2 for s, y in top.items() if s.is_box), default=0.0)
    end = max([end, *(y for s, y in top.items() if not s.is_box)])
    bottom = below.placed(heights, top, end + BETWEEN_BANDS)
    middle = {spot: round(y) for spot, y in {**top, **bottom}.items()}
    edges = _edges(routes, middle, {item.name: item for item in drawn}, heights)
    lowest = max((y + heights.get(s.name, 0) / 2 for s, y in middle.items()), default=0)
    count = max(column.values(), default=-1) + 1
    return Layout(
        width=2 * MARGIN + count * WIDTH + max(count - 1, 0) * GAP,
        height=round(lowest) + MARGIN,
        interests_from=round(end + BETWEEN_BANDS / 2),
        columns=_columns(drawn, column, count),
        nodes=[_box(item, boxes[item.name], middle, heights[item.name]) for item in drawn],
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
    """The boxes above, or those below, with the places where edges to them pass."""

    def __init__(self, boxes: Sequence[Spot], routes: Sequence[_Route], low: bool) -> None:
        members = dict.fromkeys(boxes)
        self.links: dict[Spot, list[Spot]] = defaultdict(list)
        for route in routes:
            if (route.kind == "interest") != low:
                continue
            members.update(dict.fromkeys(spot for spot in route.spots if not spot.is_box))
            for spot, other in pairwise(route.spots):
                if other not in self.links[spot]:
                    self.links[spot].append(other)
                    self.links[other].append(spot)
        last = max((spot.column for spot in members), default=-1)
        self.columns = [[s for s in members if s.column == i] for i in range(last + 1)]

    def placed(
        self, heights: Mapping[str, int], fixed: Mapping[Spot, float], start: float
    ) -> dict[Spot, float]:
        """Order and place all boxes and passing edges; the highest begins at `start`."""

        def half(spot: Spot) -> float:
            return heights[spot.name] / 2 if spot.is_box else 0.0

        def gap(above: Spot, below: Spot) -> float:
            boxes = above.is_box + below.is_box
            free = (BETWEEN_LINES, BESIDE_BOX, BETWEEN_BOXES)[boxes]
            return half(above) + free + half(below)

        # Boxes of the band above determine the order in this band, but not the heights.
        ordered = order_columns(self.columns, self.links, fixed)
        own = {spot for column in ordered for spot in column}
        inside = {s: [n for n in near if n in own] for s, near in self.links.items() if s in own}
        filled = [column for column in ordered if column]
        placed = place_columns(filled, inside, gap, {})
        highest = min((y - half(spot) for spot, y in placed.items()), default=0.0)
        return {spot: y - highest + start for spot, y in placed.items()}


def _routes(drawn: Sequence[Drawn], boxes: Mapping[str, Spot]) -> list[_Route]:
    routes = []
    for item in drawn:
        kind = {"decision": "information", "interest": "interest"}.get(item.shape, "cause")
        end = boxes[item.name]
        for parent in item.parents:
            start = boxes[parent]
            # All edges of a kind from one source share a line: with few lines, the reader can follow each.
            passed = range(start.column + 1, end.column)
            line = [Spot(f"{parent} {kind}", i, is_box=False) for i in passed]
            routes.append(_Route(parent, item.name, kind, (start, *line, end)))
    return routes


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
    edges_placed = []
    for route in routes:
        start, *line, end = route.spots
        points = [(_left(start) + WIDTH, middle[start])]
        for spot in line:
            points += [(_left(spot), middle[spot]), (_left(spot) + WIDTH, middle[spot])]
        off = port[route.source, route.target]
        inset = _inset(drawn[route.target].shape, heights[route.target], off)
        points.append((_left(end) + inset, middle[end] + off))
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


def _left(spot: Spot) -> int:
    return MARGIN + spot.column * (WIDTH + GAP)


def _lines(item: Drawn) -> list[str]:
    return textwrap.wrap(
        item.title,
        LETTERS[item.shape],
        max_lines=MOST_TITLE_LINES,
        placeholder="…",
        break_on_hyphens=False,
    ) or [item.name]


def _height(item: Drawn) -> int:
    # The player's name has a separate line.
    return LINE * (len(_lines(item)) + (item.player is not None)) + 2 * PADDING


def _box(item: Drawn, spot: Spot, middle: Mapping[Spot, int], height: int) -> PlacedNode:
    return PlacedNode(
        name=item.name,
        shape=item.shape,  # pyright: ignore[reportArgumentType]
        player=item.player,
        lines=_lines(item),
        x=_left(spot),
        y=middle[spot] - height // 2,
        width=WIDTH,
        height=height,
        column=spot.column,
    )


def _columns(drawn: Sequence[Drawn], column: Mapping[str, int], count: int) -> list[TimeColumn]:
    columns = []
    for i in range(count):
        dates = [item.date for item in drawn if item.date and column[item.name] == i]
        first, last = min(dates, default=None), max(dates, default=None)
        left = MARGIN + i * (WIDTH + GAP)
        columns.append(
            TimeColumn(x=left, width=WIDTH, label=label_of(first, last), first=first, last=last)
        )
    return columns


def _caption(drawn: Sequence[Drawn], left_out: int) -> str:
    dates = [item.date for item in drawn if item.date]
    span = f", {days(min(dates), max(dates))}" if dates else ""
    count = Counter(item.shape for item in drawn)
    interests, goods = count["interest"], count["good"]
    nodes = len(drawn) - interests - goods
    there = f"{nodes} node{'s' * (nodes != 1)}"
    if goods:
        there += f", {goods} good{'s' * (goods > 1)}"
    text = (
        f"Time runs from left to right{span}: {there} and, below, {interests} interest{'s' * (interests != 1)}. "
        "Rectangles are decisions, ovals are chance nodes, double ovals are derived nodes, "
        f"hexagons are interests{', boxes with a point are goods' * bool(goods)}. "
        "Dashed arrows show what a decision sees; solid arrows show what a node "
        "depends on. The picture follows from the case alone, without draws."
    )
    if left_out:
        text += f" The last {left_out} rounds are not drawn; they repeat the last round that is."
    return text
