"""The answers document's part on reasoning: what the record says about the players' types."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backchannel.wording.pieces import Piece


class TypeView(Piece):
    """One type of a player."""

    name: str = Field(description="`equilibrium`, `level 0`, `level 1` and so on.")
    before: float = Field(description="Its probability before the record.")
    after: float = Field(description="Its probability given the record.")
    is_moved: bool = Field(description="Whether the record moved it by more than 5 points.")


class PlayerTypesView(Piece):
    """A player that may be of several types."""

    player: str
    title: str
    types: list[TypeView]
    sentence: str = Field(description="What the record moved; empty where it moved nothing.")


class ReasoningView(Piece):
    """How the players reason, as far as the record tells."""

    document: Literal["backchannel-reasoning"] = "backchannel-reasoning"
    case: str
    players: list[PlayerTypesView]


class ReasoningPart(Piece):
    """Reasoning."""

    reasoning: list[PlayerTypesView] = Field(
        default=[],
        description="Players that may be of several types, and what the record says about them.",
    )
