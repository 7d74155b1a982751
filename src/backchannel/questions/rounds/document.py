"""Rounds in the answers document: how a repeated node fares over time, and what changes it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backchannel.wording.pieces import Day, Influence, Piece

EXPECTED = "expected number"
"""What a fan shows of a number."""


class RoundPoint(Piece):
    """A repeated node in one round."""

    round: int
    node: str = Field(description="Its name in this round, as in `forecasts`.")
    label: str = Field(description="The round in words.")
    date: Day | None
    observed: bool
    probabilities: list[float] = Field(description="Of each value, in the fan's order.")
    low: list[float] = Field(description="5% of the weighted draws lie below; of each value.")
    high: list[float] = Field(description="5% of the weighted draws lie above; of each value.")
    bounds: list[tuple[float, float]] = Field(
        default=[], description="Of each value, with left-out draws counted as 0 and as 1."
    )
    expected: float | None = Field(description="Of a number: its mean, n/a left out.")
    expected_low: float | None = Field(description="5% of the draws expect less.")
    expected_high: float | None = Field(description="5% of the draws expect more.")
    expected_bounds: tuple[float, float] | None = Field(
        default=None, description="With left-out draws at the least and the largest number."
    )
    quantiles: list[float] = Field(
        description="Of a number: below which 5, 25, 50, 75 and 95% of all chances lie; else empty."
    )


class RoundsFan(Piece):
    """A repeated node over all rounds."""

    node: str = Field(description="Its name in the block.")
    title: str
    kind: Literal["number", "words"]
    values: list[str | int | float]
    labels: list[str]
    points: list[RoundPoint]
    assumptions: list[Influence] = Field(
        description="What moves the last round's expected number, or likeliest value, most."
    )
    caption: str = Field(description="What is shown, from how many draws, what would change it.")


class ChangedPoint(Piece):
    """A repeated outcome in one round, as it is and in a changed case."""

    round: int
    label: str
    before: float
    after: float
    difference: float
    low: float = Field(description="5% of the weighted draws change by less.")
    high: float = Field(description="5% of the weighted draws change by more.")
    bounds: tuple[float, float] | None = Field(
        default=None, description="The difference with left-out draws at either extreme."
    )


class ChangedFan(Piece):
    """A repeated outcome over the rounds that were asked about."""

    node: str
    title: str
    value: str | int | float | None = Field(
        description="Whose probability is shown; null where the expected number is."
    )
    label: str
    points: list[ChangedPoint]


class RoundsPart(Piece):
    """Rounds."""

    rounds: list[RoundsFan] = Field(default=[], description="Repeated nodes over the rounds.")
