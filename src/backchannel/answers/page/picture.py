"""The diagram as an SVG that needs no script: what each shape and arrow looks like is in the template."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from backchannel.answers.layout.document import Layout, PlacedEdge, PlacedNode

STRIP = 1320
"""Widest piece of the diagram that can still be read on a printed page."""
NARROWEST = 700
"""A small diagram is not blown up beyond this share of the page."""
CORNER = 12
"""How far the side points of a hexagon stand out."""


@dataclass(frozen=True)
class Strip:
    """A piece of the diagram that is printed by itself."""

    x: int
    width: int
    scale: int
    """The width of the widest, so that all are printed alike."""


def path(edge: PlacedEdge) -> str:
    """An edge as the commands of an SVG path: curves that leave and arrive horizontally."""
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
    """The corners of an interest's box."""
    left, right = box.x, box.x + box.width
    top, middle, bottom = box.y, box.y + box.height / 2, box.y + box.height
    corners = [
        (left, middle), (left + CORNER, top), (right - CORNER, top),
        (right, middle), (right - CORNER, bottom), (left + CORNER, bottom),
    ]  # fmt: skip
    return " ".join(f"{x:g},{y:g}" for x, y in corners)


def strips(layout: Layout) -> list[Strip]:
    """Cut a wide diagram between its columns, into pieces of about the same width."""
    pieces = -(-layout.width // STRIP)
    if pieces <= 1:
        return [Strip(0, layout.width, max(layout.width, NARROWEST))]
    lefts = [column.x for column in layout.columns]
    wanted = [layout.width * k / pieces for k in range(1, pieces)]
    cuts = sorted({min(lefts, key=lambda x, want=want: abs(x - want)) - 12 for want in wanted})
    edges = [0, *cuts, layout.width]
    widest = max(right - left for left, right in pairwise(edges))
    return [Strip(left, right - left, widest) for left, right in pairwise(edges)]
