"""Rounds in the answers document: repeated nodes over time, and what interventions change in them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backchannel.wording.pieces import Bounds, ChanceLevel, Day, Influence, Piece

EXPECTED_NUMBER = "expected number"
"""The label of a fan of numbers."""


class RoundPoint(Piece):
    """A repeated node in one round."""

    round: int
    node: str = Field(description="Its name in this round, as in `forecasts`.")
    label: str = Field(description="The round in words.")
    date: Day | None
    observed: bool
    probabilities: list[float] = Field(
        description="The probability of each value, in the fan's order."
    )
    low: list[float] = Field(description="Of each value: 5% of the weighted draws lie below.")
    high: list[float] = Field(description="Of each value: 5% of the weighted draws lie above.")
    bounds: list[Bounds] = Field(
        default=[],
        description="Of each value: the probability with left-out draws counted as 0 and as 1.",
    )
    inside: list[float] | None = Field(
        default=None,
        description="Of each value: the probability by the case alone; null where no base rate moves it.",
    )
    outside: list[float | None] | None = Field(
        default=None,
        description="Of each value: the probability by the base rate of this round alone, null for n/a; null "
        "without one.",
    )
    expected: float | None = Field(description="Of a number: its mean, given that the node exists.")
    expected_inside: float | None = Field(
        default=None,
        description="Of a number: the same by the case alone; null where no base rate moves it.",
    )
    expected_outside: float | None = Field(
        default=None,
        description="Of a number: the same by the base rate of this round alone; null without one.",
    )
    expected_low: float | None = Field(description="5% of the weighted draws expect less.")
    expected_high: float | None = Field(description="5% of the weighted draws expect more.")
    expected_bounds: Bounds | None = Field(
        default=None,
        description="The expected number with left-out draws at the smallest and at the largest number.",
    )
    quantiles: list[float] = Field(
        description="Of a number: its 5, 25, 50, 75 and 95% quantiles; empty otherwise."
    )


class RoundsFan(Piece):
    """A repeated node over all rounds."""

    node: str = Field(description="Its name without a round.")
    title: str
    kind: Literal["number", "words"]
    values: list[str | int | float]
    labels: list[str]
    points: list[RoundPoint]
    assumptions: list[Influence] = Field(
        description="The assumptions that explain most of the last round's expected number or "
        "most likely value, as far as they stand out from chance."
    )
    chance_level: ChanceLevel = None
    pooling: str = Field(
        "",
        description="Why the case, the base rate and the pool differ in the last round with a base rate of its "
        "own, or else in the last round; empty without base rates.",
    )
    caption: str = Field(description="What is shown, from how many draws, what would change it.")


class ChangedPoint(Piece):
    """A repeated outcome in one round, without and with an intervention."""

    round: int
    label: str
    before: float
    after: float
    after_independent: float | None = Field(
        default=None, description="Of a counterfactual: `after` with independent random shocks."
    )
    difference: float
    low: float = Field(description="5% of the weighted draws change by less.")
    high: float = Field(description="5% of the weighted draws change by more.")
    bounds: Bounds | None = Field(
        default=None,
        description="The difference with left-out draws at its smallest and at its largest value.",
    )


class ChangedFan(Piece):
    """A repeated outcome over the rounds that were asked about."""

    node: str
    title: str
    value: str | int | float | None = Field(
        description="The value whose probability is shown; null if the expected number is shown."
    )
    label: str
    points: list[ChangedPoint]


class RoundsPart(Piece):
    """The part of the question `rounds`."""

    rounds: list[RoundsFan] = Field(default=[], description="Repeated nodes over the rounds.")
