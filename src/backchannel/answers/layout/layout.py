"""Lay the diagram out from left to right in time, for the printed and the interactive picture.

Decisions, chance nodes and derived nodes lie above, interests in a band below. Edges of one kind from one
source share a line across columns, and branch off to their targets. They cross columns between the boxes,
so no edge runs through a node.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from backchannel.answers.background_document import DiagramInterest, DiagramNode
from backchannel.answers.goods import DrawnGood
from backchannel.answers.layout.boxes import (
    GAP,
    HEADER,
    MARGIN,
    WIDTH,
    height_of,
    left_of,
    place_box,
)
from backchannel.answers.layout.columns import Drawn, assign_columns, drawn_of, label_of
from backchannel.answers.layout.document import Layout, TimeColumn
from backchannel.answers.layout.edges import Route, place_edges, routes_of
from backchannel.answers.layout.order import Spot, order_columns
from backchannel.answers.layout.place import place_columns
from backchannel.wording.dates import days

BETWEEN_BOXES, BETWEEN_LINES, BESIDE_BOX, BETWEEN_BANDS = 14, 8, 10, 34
"""Gaps from top to bottom."""


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
    heights = {item.name: height_of(item) for item in drawn}
    routes = routes_of(drawn, boxes)
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
    edges = place_edges(routes, middle, {item.name: item for item in drawn}, heights)
    lowest = max((y + heights.get(s.name, 0) / 2 for s, y in middle.items()), default=0)
    count = max(column.values(), default=-1) + 1
    return Layout(
        width=2 * MARGIN + count * WIDTH + max(count - 1, 0) * GAP,
        height=round(lowest) + MARGIN,
        interests_from=round(end + BETWEEN_BANDS / 2),
        columns=_columns(drawn, column, count),
        nodes=[place_box(item, boxes[item.name], middle, heights[item.name]) for item in drawn],
        edges=edges,
        caption=_caption(drawn, left_out),
    )


class _Band:
    """The boxes above, or those below, with the places where edges to them pass."""

    def __init__(self, boxes: Sequence[Spot], routes: Sequence[Route], low: bool) -> None:
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


def _columns(drawn: Sequence[Drawn], column: Mapping[str, int], count: int) -> list[TimeColumn]:
    columns = []
    for i in range(count):
        dates = [item.date for item in drawn if item.date and column[item.name] == i]
        first, last = min(dates, default=None), max(dates, default=None)
        columns.append(
            TimeColumn(
                x=left_of(i), width=WIDTH, label=label_of(first, last), first=first, last=last
            )
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
