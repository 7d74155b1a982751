"""The diagram's picture in the answers document: where every node and every edge lies."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backchannel.wording.pieces import Day, Piece


class PlacedNode(Piece):
    """A node or an interest and its box."""

    name: str
    shape: Literal["decision", "chance", "derived", "interest"] = Field(
        description="Drawn as a rectangle, an oval, a double oval, a hexagon."
    )
    player: str | None
    lines: list[str] = Field(description="Its title, broken into lines that fit the box.")
    x: int = Field(description="Left edge.")
    y: int = Field(description="Upper edge.")
    width: int
    height: int
    column: int


class PlacedEdge(Piece):
    """An arrow and the points that it runs through."""

    source: str
    target: str
    kind: Literal["information", "cause", "interest"] = Field(
        description="What a decision sees; what a node depends on; what an interest is made of."
    )
    points: list[tuple[int, int]] = Field(
        description="Joined, in order, by cubic curves that leave and arrive horizontally."
    )


class TimeColumn(Piece):
    """A column of nodes that come about at about the same time."""

    x: int
    width: int
    label: str = Field(
        description="The day, or the first and last; empty where no node has a date."
    )
    first: Day | None
    last: Day | None


class Layout(Piece):
    """The diagram laid out left to right in time, in units of a pixel."""

    width: int
    height: int
    interests_from: int = Field(description="Interests lie below this line, everything else above.")
    columns: list[TimeColumn]
    nodes: list[PlacedNode]
    edges: list[PlacedEdge]
    caption: str
