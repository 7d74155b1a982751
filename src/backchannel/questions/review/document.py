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


class Lesson(Piece):
    """What outcomes teach about one assumption, one rival or one type of a player."""

    about: Literal["assumption", "rival", "type"]
    name: str = Field(
        description="The parameter; the rival; or the player and the type, as in `aria: level 1`."
    )
    label: str
    before: float = Field(
        description="By the record: the mean of an assumption, the Bayes factor of a rival against the case, the "
        "probability of a type."
    )
    after: float | None = Field(
        description="The same with the outcomes; null for a rival where the case gives them no chance."
    )
    change: float | None = Field(
        description="Of an assumption in standard deviations by the record, of a rival in the logarithm of its "
        "Bayes factor, of a type the change of its probability; null where it is infinite or undefined."
    )
    stands_out: bool = Field(
        description="Whether the change is worth a sentence: of an assumption at least three standard errors of the "
        "draws and 0.05 standard deviations, of a rival more than two standard errors and 5%, of a type more than "
        "5 points."
    )
    before_text: str
    after_text: str
    change_text: str


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
    taught: str = Field(description="What it alone teaches, in sentences; empty if nothing.")
    teaches: list[Lesson] = Field(
        description="What it alone teaches about every uncertain assumption, every rival that was weighed and every "
        "type: first what stands out, assumptions by the size of the change, then rivals, then types."
    )


class FaultView(Piece):
    """An assumption's part in the lost log score."""

    parameter: str
    label: str
    bits: float


class RivalReview(Piece):
    """What the outcomes say about a rival."""

    title: str
    factor_before: float = Field(description="Bayes factor against the case by the record.")
    factor_after: float | None = Field(
        description="The same with the outcomes; null where the case gives them no chance."
    )


class ReviewView(Piece):
    """What was right and wrong."""

    document: Literal["backchannel-review"] = "backchannel-review"
    outcomes: list[OutcomeReview]
    open: list[str] = Field(description="Forecast nodes whose outcome is not known, by title.")
    joint_bits: float | None = Field(
        description="−log₂ of what the case alone gave to all outcomes together; null where it was 0."
    )
    teaches: list[Lesson] = Field(description="What all outcomes teach together.")
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
