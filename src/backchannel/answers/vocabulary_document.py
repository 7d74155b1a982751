"""The words of the answers document, with the limits that a page needs when it reweights the draws."""

from __future__ import annotations

from pydantic import Field

from backchannel.wording.pieces import Piece


class EstimativeTerm(Piece):
    """A term of ICD 203 for a range of probabilities."""

    word: str
    below: float = Field(description="It is used for probabilities below this; 1 for the last.")


class VerdictTerm(Piece):
    """A verdict on a claim."""

    word: str
    means: str


class Vocabulary(Piece):
    """Terms that the document uses, each in its order."""

    estimative: list[EstimativeTerm] = Field(description="From the least to the most probable.")
    verdicts: list[VerdictTerm]
    verdict_limits: list[float] = Field(
        description="Shares of the draws at which the verdict changes."
    )
    confidence: list[str] = Field(
        default=[], description="The rule for the confidence in bottom lines, in sentences."
    )
