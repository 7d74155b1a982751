"""The diagram as SVG without scripts; the template says how shapes and arrows look."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from backchannel.answers.layout.document import Layout, PlacedEdge, PlacedNode
from backchannel.answers.layout.edges import CORNER

WIDEST_STRIP = 1320
"""Widest piece of the diagram that is readable on a printed page."""
NARROWEST_PAGE = 700
"""A small diagram is enlarged at most as if the page had this width."""


@dataclass(frozen=True)
class Strip:
    """A piece of the diagram that is printed separately."""

    x: int
    width: int
    scale: int
    """The width of the widest piece, so that all are printed at the same scale."""


def path(edge: PlacedEdge) -> str:
    """An edge as an SVG path: curves that leave and arrive horizontally."""
    (x, y), *_ = edge.points
    commands = [f"M{x} {y}"]
    for (x0, y0), (x1, y1) in pairwise(edge.points):
        if y0 == y1:
            commands.append(f"H{x1}")
        else:
            middle = (x0 + x1) / 2
            commands.append(f"C{middle:g} {y0} {middle:g} {y1} {x1} {y1}")
    return "".join(commands)


def hexagon(box: PlacedNode) -> str:
    """The corners of an interest's hexagon."""
    left, right = box.x, box.x + box.width
    top, middle, bottom = box.y, box.y + box.height / 2, box.y + box.height
    corners = [
        (left, middle), (left + CORNER, top), (right - CORNER, top),
        (right, middle), (right - CORNER, bottom), (left + CORNER, bottom),
    ]  # fmt: skip
    return " ".join(f"{x:g},{y:g}" for x, y in corners)


def pointed(box: PlacedNode) -> str:
    """The corners of a good's box, which ends in a point on the right."""
    left, right = box.x, box.x + box.width
    top, middle, bottom = box.y, box.y + box.height / 2, box.y + box.height
    corners = [
        (left, top), (right - CORNER, top), (right, middle), (right - CORNER, bottom), (left, bottom),
    ]  # fmt: skip
    return " ".join(f"{x:g},{y:g}" for x, y in corners)


def strips(layout: Layout) -> list[Strip]:
    """Cut a wide diagram between its columns into pieces of about equal width."""
    pieces = -(-layout.width // WIDEST_STRIP)
    if pieces <= 1:
        return [Strip(0, layout.width, max(layout.width, NARROWEST_PAGE))]
    lefts = [column.x for column in layout.columns]
    wanted = [layout.width * k / pieces for k in range(1, pieces)]
    cuts = sorted({min(lefts, key=lambda x, want=want: abs(x - want)) - 12 for want in wanted})
    edges = [0, *cuts, layout.width]
    widest = max(right - left for left, right in pairwise(edges))
    return [Strip(left, right - left, widest) for left, right in pairwise(edges)]
