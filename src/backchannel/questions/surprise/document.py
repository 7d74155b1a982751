"""The answers document's part on surprise: a heat table of expectations."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backchannel.wording.pieces import Day, Facts, Piece


class Viewer(Piece):
    """A player, or what it thinks of another: a column of the heat table."""

    view: list[str] = Field(
        description="A player; or a player, then the player whose expectations it imagines."
    )
    title: str
    beside: str = Field(description="What its expectations are compared with.")


class ExpectedValue(Piece):
    """One value of a node: expected and actual probability."""

    value: str | int | float
    label: str
    expects: float
    is_so: float = Field(description="Actual probability.")


class ExpectationView(Piece):
    """One node as a player expects it: a cell of the heat table."""

    view: list[str]
    node: str
    title: str
    date: Day | None
    record_before: Day | None = Field(
        description="Both forecasts use the record before the node's entry on this day; null: all of it."
    )
    gap: float = Field(description="Mean total variation, 0 to 1.")
    low: float = Field(description="5% of the weighted draws lie below.")
    high: float = Field(description="5% of the weighted draws lie above.")
    bits: float = Field(description="Mean Kullback–Leibler divergence from the actual forecast.")
    values: list[ExpectedValue]


class ReceptionView(Piece):
    """How surprising one entry of the record was to a player."""

    view: list[str]
    node: str
    title: str
    value: str | int | float
    label: str
    date: Day
    bits: float | None = Field(
        description="Mean of -log2 of its probability in the player's model; null if ruled out in all draws."
    )
    due: float | None = Field(description="The same in the actual case: unavoidable surprise.")
    impossible: float = Field(
        description="Share of the draws in which the player's model rules it out."
    )


class HeatRow(Piece):
    """A node: a row of the heat table."""

    node: str
    title: str
    gaps: list[float | None] = Field(description="By viewer; null for its own decisions.")


class SurpriseView(Piece):
    """What each player expects, beside what the forecast says."""

    document: Literal["backchannel-surprise"] = "backchannel-surprise"
    case: str
    viewers: list[Viewer]
    unerring: list[str] = Field(description="Names of players who expect what the forecast says.")
    heat: list[HeatRow] = Field(description="Nodes in order of time.")
    expectations: list[ExpectationView] = Field(description="Widest gap first.")
    receptions: list[ReceptionView] = Field(description="In order of the record.")
    facts: Facts


class SurprisePart(Piece):
    """Surprise."""

    surprise: SurpriseView | None = Field(
        default=None,
        description="What players with wrong beliefs expect; null where no player errs.",
    )
