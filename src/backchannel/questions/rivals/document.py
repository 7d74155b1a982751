"""Rivals in the answers document: the case among other structures, and what each forecasts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backchannel.wording.pieces import Bounds, Day, Facts, Piece


class StructureForecast(Piece):
    """One value of the outcome, as one structure forecasts it."""

    value: str | int | float
    label: str
    probability: float
    low: float = Field(description="5% of the weighted draws lie below.")
    high: float = Field(description="5% of the weighted draws lie above.")


class RivalView(Piece):
    """One structure: the case, or a rival."""

    name: str = Field(description="Empty for the case itself.")
    title: str
    kind: Literal[
        "case", "written", "belief", "reasoning", "order", "interest", "sees less", "sees more"
    ]
    log_marginal: float = Field(
        description="Natural logarithm of the record's probability, mean over the draws before the record."
    )
    log_marginal_error: float = Field(description="Its standard error.")
    bayes_factor: float = Field(description="Against the case; above 1 speaks for the rival.")
    bayes_range: Bounds = Field(description="The Bayes factor two standard errors below and above.")
    evidence: str = Field(description="The Bayes factor in words.")
    weight: float = Field(
        description="Probability given the record, with all structures equally likely before."
    )
    values: list[StructureForecast]
    distance: float = Field(
        description="Total variation distance of the forecast from that of the case."
    )
    stands_out: bool = Field(
        description="The record does not tell it from the case, and it answers differently."
    )
    left_out: float = Field(
        description="Share of draws that did not converge, here or in the case."
    )


class MixedForecast(Piece):
    """One value of the outcome, over all structures."""

    value: str | int | float
    label: str
    probability: float = Field(description="Mean over the structures, by their weights.")
    low: float = Field(description="5% of the weighted structures lie below.")
    high: float = Field(description="5% of the weighted structures lie above.")


class UnsolvedRival(Piece):
    """A rival that was left out."""

    title: str
    reason: str


class RivalsView(Piece):
    """The case among its rivals."""

    node: str
    title: str
    date: Day | None
    structures: list[RivalView] = Field(
        description="The case first; then rivals that stand out, then the others by Bayes factor."
    )
    over_structures: list[MixedForecast]
    unchanged: list[str] = Field(description="Rivals that change nothing, by title.")
    left_out: list[UnsolvedRival]
    not_tried: int = Field(description="Mechanical rivals beyond the most that were asked for.")
    sentences: list[str]
    caption: Facts


class RivalsPart(Piece):
    """The part of the question `rivals`: a run solves the rivals that the case file writes."""

    rivals: RivalsView | None = None
