"""The answers document's part on surprise: what a heat table of expectations needs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backchannel.wording.pieces import Day, Facts, Piece


class Viewer(Piece):
    """Whose expectations they are: a column of the heat table."""

    view: list[str] = Field(description="A player; or a player, then whom it has an idea of.")
    title: str
    beside: str = Field(description="What its expectations are compared with.")


class ExpectedValue(Piece):
    """One value of a node: expected, and so."""

    value: str | int | float
    label: str
    expects: float
    is_so: float


class ExpectationView(Piece):
    """One node as somebody expects it: a cell of the heat table."""

    view: list[str]
    node: str
    title: str
    date: Day | None
    record_before: Day | None = Field(
        description="Both sides know what was recorded before its entry of this day; null: all of it."
    )
    gap: float = Field(description="Mean total variation, 0 to 1.")
    low: float = Field(description="5% of the weighted draws lie below.")
    high: float = Field(description="5% of the weighted draws lie above.")
    bits: float = Field(description="Mean Kullback–Leibler divergence from what is so.")
    values: list[ExpectedValue]


class ReceptionView(Piece):
    """How surprised somebody was at one entry of the record."""

    view: list[str]
    node: str
    title: str
    value: str | int | float
    label: str
    date: Day
    bits: float | None = Field(
        description="Mean of -log2 of its chance in the player's model; null if it never was possible."
    )
    due: float | None = Field(description="The same in the case as it is.")
    impossible: float = Field(description="Share of the draws in which its model ruled it out.")


class HeatRow(Piece):
    """A node: a row of the heat table."""

    node: str
    title: str
    gaps: list[float | None] = Field(description="By viewer; null for its own moves.")


class SurpriseView(Piece):
    """What each player expects to happen, beside what will."""

    document: Literal["backchannel-surprise"] = "backchannel-surprise"
    case: str
    viewers: list[Viewer]
    unerring: list[str] = Field(description="Names of players who expect what is so.")
    heat: list[HeatRow] = Field(description="Nodes in order of time.")
    expectations: list[ExpectationView] = Field(description="Widest gap first.")
    receptions: list[ReceptionView] = Field(description="In order of the record.")
    facts: Facts
