"""The picture of the diagram in the answers document: the position of every node and edge."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backchannel.wording.pieces import Day, Piece


class PlacedNode(Piece):
    """A node, an interest or a good, and its box."""

    name: str
    shape: Literal["decision", "chance", "derived", "interest", "good"] = Field(
        description="Drawn as a rectangle, an oval, a double oval, a hexagon or a box with a point, in this order."
    )
    player: str | None
    lines: list[str] = Field(description="The title, broken into lines that fit the box.")
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
        description=(
            "information: what a decision sees; cause: what a node depends on; interest: what an interest "
            "depends on."
        )
    )
    points: list[tuple[int, int]] = Field(
        description="Joined, in order, by cubic curves that leave and arrive horizontally."
    )


class TimeColumn(Piece):
    """A column of nodes of about the same time."""

    x: int
    width: int
    label: str = Field(
        description="The day, or the first and last day; empty if no node has a date."
    )
    first: Day | None
    last: Day | None


class Layout(Piece):
    """The diagram laid out from left to right in time; units are pixels."""

    width: int
    height: int
    interests_from: int = Field(
        description="Interests lie below this height, all other boxes above it."
    )
    columns: list[TimeColumn]
    nodes: list[PlacedNode]
    edges: list[PlacedEdge]
    caption: str
