"""The box of each node: its size, its title broken into lines, and where its column begins."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from backchannel.answers.layout.columns import Drawn
from backchannel.answers.layout.document import PlacedNode
from backchannel.answers.layout.order import Spot

WIDTH, GAP, MARGIN, HEADER = 118, 42, 12, 26
"""Width of a box, and gaps: between columns, around the picture, and above it for the dates."""
LINE, PADDING = 14, 8
"""Height of a line of the title, and of the space above and below it."""
LETTERS = {"decision": 17, "chance": 16, "derived": 15, "interest": 15, "good": 15}
"""Characters that fit in a line of each shape."""
MOST_TITLE_LINES = 3


def left_of(column: int) -> int:
    """The left edge of the boxes in a column."""
    return MARGIN + column * (WIDTH + GAP)


def title_lines(item: Drawn) -> list[str]:
    """The title, broken into lines that fit the box."""
    return textwrap.wrap(
        item.title,
        LETTERS[item.shape],
        max_lines=MOST_TITLE_LINES,
        placeholder="…",
        break_on_hyphens=False,
    ) or [item.name]


def height_of(item: Drawn) -> int:
    """The height of a box."""
    # The player's name has a separate line.
    return LINE * (len(title_lines(item)) + (item.player is not None)) + 2 * PADDING


def place_box(item: Drawn, spot: Spot, middle: Mapping[Spot, int], height: int) -> PlacedNode:
    """Put the box of a node at its spot.

    Args:
        item: The node.
        spot: Its spot.
        middle: The height of the middle of every spot.
        height: Of the box.
    """
    return PlacedNode(
        name=item.name,
        shape=item.shape,  # pyright: ignore[reportArgumentType]
        player=item.player,
        lines=title_lines(item),
        x=left_of(spot.column),
        y=middle[spot] - height // 2,
        width=WIDTH,
        height=height,
        column=spot.column,
    )
