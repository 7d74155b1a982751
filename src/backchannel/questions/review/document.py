"""A review as a document."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backchannel.wording.pieces import Day, Piece


class ReviewedChance(Piece):
    """How one view did on one outcome."""

    chance: float = Field(description="The probability that it gave to what came about.")
    bits: float | None = Field(description="−log₂ of it; null where it was 0.")
    brier: float


class OutcomeReview(Piece):
    """One outcome."""

    node: str
    title: str
    value: str | int | float
    label: str
    date: Day
    source: str
    pooled: ReviewedChance = Field(description="The forecast.")
    inside: ReviewedChance | None
    outside: ReviewedChance | None
    taught: str = Field(description="What it would have taught, in words; empty if nothing.")


class AssumptionReview(Piece):
    """What the outcomes say about one assumption."""

    parameter: str
    label: str
    before: float = Field(description="Its mean given the record.")
    after: float = Field(description="Its mean given the record and the outcomes.")
    in_sds: float


class FaultView(Piece):
    """An assumption's part in the lost log score."""

    parameter: str
    label: str
    bits: float


class RivalReview(Piece):
    """What the outcomes say about a rival."""

    title: str
    factor_before: float = Field(description="Bayes factor against the case by the record.")
    factor_after: float = Field(description="The same with the outcomes.")


class ReviewView(Piece):
    """What was right and wrong."""

    document: Literal["backchannel-review"] = "backchannel-review"
    outcomes: list[OutcomeReview]
    open: list[str] = Field(description="Forecast nodes whose outcome is not known, by title.")
    joint_bits: float | None = Field(
        description="−log₂ of what the case alone gave to all outcomes together; null where it was 0."
    )
    taught: list[AssumptionReview]
    faults: list[FaultView] = Field(description="Largest part first.")
    could_gain: float = Field(
        description="Bits that the outcomes would gain if all that they teach had been known."
    )
    rivals: list[RivalReview]
    left_out: list[str] = Field(description="Rivals that could not be weighed, with the reasons.")
    sentences: list[str]


class ReviewPart(Piece):
    """The part of the question `review`: a run that knows outcomes reviews its case."""

    review: ReviewView | None = None
