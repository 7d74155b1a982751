"""The answers document's part on sensitivity: effects, tipping points, boxes and information."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backchannel.wording.pieces import ChanceLevel, Facts, Influence, Piece


class StepView(Piece):
    """The outcome in one slice of an assumption."""

    low: float
    high: float
    mean: float = Field(description="Mean chance of the outcome in the slice.")
    error: float = Field(description="Standard error of the mean.")


class CurveView(Piece):
    """The outcome's chance along an assumption."""

    at: list[float]
    chance: list[float]
    low: list[float] = Field(description="90% interval; the chance itself on a solved curve.")
    high: list[float]


class EffectView(Piece):
    """One assumption: a bar of the tornado chart, and its strength."""

    parameter: str
    label: str
    unit: str
    share: float = Field(
        description="Share of the variance that it explains, beside those that stand out; corrected for noise."
    )
    share_range: tuple[float, float] = Field(description="90% interval.")
    delta: float = Field(description="Borgonovo's delta.")
    delta_range: tuple[float, float] = Field(description="90% interval.")
    shapley: float | None = Field(description="Shapley effect; null where the draws are too few.")
    shapley_range: tuple[float, float] | None = Field(description="90% interval.")
    shape: Literal["increasing", "decreasing", "peaked", "U-shaped", "wavy", "flat"]
    stands_out: bool = Field(
        description="Its share is at least 2%, and more than chance gives the strongest of all."
    )
    moves_spread: bool = Field(
        default=False,
        description="The spread of the outcome depends on it: it matters with others.",
    )
    by_chance: float = Field(description="Probability that chance alone would give as much.")
    median: float
    chance_low: float = Field(description="Outcome's chance at the assumption's 5% quantile.")
    chance_high: float = Field(description="Outcome's chance at the assumption's 95% quantile.")
    steps: list[StepView]
    curve: CurveView = Field(description="Over draws, in which the other assumptions vary too.")
    solved_curve: CurveView | None = Field(description="Others at their medians; on request.")


class TippingView(Piece):
    """Where an assumption changes the most likely value."""

    parameter: str
    label: str
    unit: str
    at: float
    above: bool = Field(description="It changes above that value; otherwise below.")
    before: str | int | float
    before_label: str
    after: str | int | float
    after_label: str
    low: float = Field(description="90% interval of the value.")
    high: float
    found_in: float = Field(description="Share of bootstrap samples that have such a point.")
    median: float
    stands_out: bool
    solved: bool = Field(description="Solved with the others at their medians.")


class RangeView(Piece):
    """One assumption's range in a box; an open end is null."""

    parameter: str
    label: str
    unit: str
    low: float | None
    high: float | None
    by_chance: float = Field(description="Probability by chance, corrected for the search.")


class BoxView(Piece):
    """One box: a point on the trade-off between coverage and density."""

    mass: float
    density: float
    coverage: float
    restricted: int


class ScenarioView(Piece):
    """The ranges within which the outcome mostly happens."""

    ranges: list[RangeView]
    mass: float = Field(description="Probability that the assumptions lie within.")
    density: float = Field(description="Chance of the outcome within.")
    coverage: float = Field(description="Share of the outcome's chance that lies within.")
    forecast: float
    left_out: float = Field(default=0.0, description="Share of draws that did not converge.")
    forecast_bounds: tuple[float, float] | None = Field(
        default=None, description="The forecast with left-out draws counted as 0 and as 1."
    )
    checked_density: float = Field(description="In draws left out when the box was found.")
    checked_coverage: float
    trajectory: list[BoxView] = Field(description="Boxes from all draws inwards.")
    facts: Facts


class LearningView(Piece):
    """How much learning one unknown would sharpen the forecast."""

    unknown: str
    label: str
    kind: Literal["assumption", "node"]
    bits: float = Field(description="Expected reduction of the entropy, in bits.")
    bits_range: tuple[float, float] = Field(description="90% interval.")
    score: float = Field(description="Expected reduction of the Brier score.")
    stands_out: bool = Field(
        default=True, description="A node, or an assumption that stands out from chance."
    )


class InformationView(Piece):
    """How uncertain the forecast is, and what would sharpen it."""

    entropy: float
    entropy_left: float = Field(description="With every assumption known.")
    brier: float
    brier_left: float = Field(description="With every assumption known.")
    noise: float = Field(description="Bits that the best assumption seems to give by chance.")
    learning: list[LearningView]
    facts: Facts


class OutcomeView(Piece):
    """An outcome and its forecast."""

    node: str
    title: str
    value: str | int | float
    label: str
    forecast: float
    left_out: float = Field(default=0.0, description="Share of draws that did not converge.")
    forecast_bounds: tuple[float, float] | None = Field(
        default=None, description="The forecast with left-out draws counted as 0 and as 1."
    )


class SensitivityView(OutcomeView):
    """What decides one outcome."""

    draws: int
    effective_draws: float
    silent: str = Field(description="Why there are no results; empty otherwise.")
    noise_share: float | None = Field(
        description="Share that the strongest assumption reaches by chance once in 20 times."
    )
    noise_delta: float | None
    effects: list[EffectView] = Field(description="Tornado chart: strongest first.")
    shapley_says: str
    together: list[tuple[str, str]] = Field(description="Pairs that interact.")
    tipping: list[TippingView]
    solved_tipping: list[TippingView] | None
    scenario: ScenarioView | None
    information: InformationView | None
    facts: Facts
    tipping_facts: Facts
    sentences: list[str]


class ShiftView(Piece):
    """One assumption's part in a change."""

    parameter: str
    label: str
    unit: str
    median: float
    to: float
    share: float = Field(description="Share of its draws below its new value.")


class ShiftsView(Piece):
    """The most probable change of a number of assumptions that suffices."""

    shifts: list[ShiftView]
    surprise: float = Field(
        description="Distance from the medians, in standard deviations of normal scores."
    )
    unlikely: float = Field(
        description="Probability of a change at least this far in this direction."
    )
    chance: float
    reached: bool
    solved: bool


class InverseView(OutcomeView):
    """What would have to be true for an outcome to be likely."""

    asked: float
    at_least: bool
    holds_already: bool
    share: float = Field(
        description="Share of the weighted draws in which it is as likely as asked."
    )
    share_bounds: tuple[float, float] | None = Field(
        default=None, description="The share with left-out draws counted as 0 and as 1."
    )
    nearest: float = Field(description="The chance in the closest draw.")
    at_medians: float
    fit: float = Field(description="Share of the log-odds' variance that the regression explains.")
    box: ScenarioView | None
    shifts: list[ShiftsView]
    sentences: list[str]
    facts: Facts


class SensitivityPart(Piece):
    """What decides the case's first question."""

    matter_most: list[Influence] = Field(
        description="Assumptions that move the first forecast most, as far as they stand out from chance."
    )
    matter_chance_level: ChanceLevel = None
    matter_for: str = Field(description="The outcome that they move.")
    sensitivity: SensitivityView = Field(description="What decides that outcome.")
    what_it_would_take: InverseView | None = Field(
        description="For the second most likely value to be more likely than not; null where nothing can be said."
    )
