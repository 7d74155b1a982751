"""The answers document's part on sensitivity: what a tornado, a tipping point or a box needs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backchannel.wording.pieces import Facts, Piece


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
    low: list[float] = Field(description="90% interval; the chance itself where it was solved for.")
    high: list[float]


class EffectView(Piece):
    """One assumption: a bar of the tornado, and how strong it is."""

    parameter: str
    label: str
    unit: str
    share: float = Field(description="First-order effect: share of the variance, noise taken off.")
    share_range: tuple[float, float] = Field(description="90% interval.")
    delta: float = Field(description="Borgonovo's delta.")
    delta_range: tuple[float, float] = Field(description="90% interval.")
    shapley: float | None = Field(description="Shapley effect; null where the draws are too few.")
    shapley_range: tuple[float, float] | None = Field(description="90% interval.")
    shape: Literal["increasing", "decreasing", "peaked", "U-shaped", "wavy", "flat"]
    stands_out: bool = Field(description="More than chance would give the strongest of all.")
    by_chance: float = Field(description="Probability that chance alone would give as much.")
    median: float
    chance_low: float = Field(description="Outcome's chance where 5% of the draws lie below.")
    chance_high: float = Field(description="Outcome's chance where 5% of the draws lie above.")
    steps: list[StepView]
    curve: CurveView = Field(description="Over draws: the others vary as they do in the draws.")
    solved_curve: CurveView | None = Field(description="Others at their medians; on request.")


class TippingView(Piece):
    """Where an assumption changes the most likely value."""

    parameter: str
    label: str
    unit: str
    at: float
    above: bool = Field(description="It changes above that number; otherwise below.")
    before: str | int | float
    before_label: str
    after: str | int | float
    after_label: str
    low: float = Field(description="90% interval of the number.")
    high: float
    found_in: float = Field(description="Share of bootstrap samples that have such a point.")
    median: float
    stands_out: bool
    solved: bool = Field(description="Solved for with the others at their medians.")


class RangeView(Piece):
    """One assumption's range in a box; an open end is null."""

    parameter: str
    label: str
    unit: str
    low: float | None
    high: float | None
    by_chance: float = Field(description="Corrected for the number of assumptions looked at.")


class BoxView(Piece):
    """A point on the trade-off between how much a box holds and how purely."""

    mass: float
    density: float
    coverage: float
    restricted: int


class ScenarioView(Piece):
    """The ranges that hold the outcome."""

    ranges: list[RangeView]
    mass: float = Field(description="Probability that the assumptions lie within.")
    density: float = Field(description="Chance of the outcome within.")
    coverage: float = Field(description="Share of the outcome's chance that lies within.")
    forecast: float
    left_out: float = Field(default=0.0, description="Share of draws that did not settle.")
    forecast_bounds: tuple[float, float] | None = Field(
        default=None, description="The forecast with left-out draws counted as 0 and as 1."
    )
    checked_density: float = Field(description="In draws left out when the box was found.")
    checked_coverage: float
    trajectory: list[BoxView] = Field(description="Boxes from all draws inwards.")
    facts: Facts


class LearningView(Piece):
    """What learning one unknown would do for the forecast."""

    unknown: str
    label: str
    kind: Literal["assumption", "node"]
    bits: float = Field(description="Expected fall of the entropy, in bits.")
    bits_range: tuple[float, float] = Field(description="90% interval.")
    score: float = Field(description="Expected fall of the Brier score.")


class InformationView(Piece):
    """How uncertain the forecast is, and what would sharpen it."""

    entropy: float
    entropy_left: float = Field(description="With every assumption known.")
    brier: float
    brier_left: float = Field(description="With every assumption known.")
    noise: float = Field(description="Bits that the best of all would seem to give by chance.")
    learning: list[LearningView]
    facts: Facts


class SensitivityView(Piece):
    """What decides one outcome."""

    node: str
    title: str
    value: str | int | float
    label: str
    forecast: float
    left_out: float = Field(default=0.0, description="Share of draws that did not settle.")
    forecast_bounds: tuple[float, float] | None = Field(
        default=None, description="The forecast with left-out draws counted as 0 and as 1."
    )
    draws: int
    effective_draws: float
    silent: str = Field(description="Why nothing is said; empty otherwise.")
    noise_share: float | None = Field(description="Share that the strongest reaches by chance.")
    noise_delta: float | None
    effects: list[EffectView] = Field(description="Tornado: strongest first.")
    shapley_says: str
    together: list[tuple[str, str]] = Field(description="Pairs that work together.")
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
    share: float = Field(description="Share of its draws that lie below the number it goes to.")


class ShiftsView(Piece):
    """The least unlikely change of so many assumptions."""

    shifts: list[ShiftView]
    surprise: float = Field(description="Standard deviations from the medians, taken together.")
    unlikely: float = Field(description="Probability of going so far in this direction.")
    chance: float
    reached: bool
    solved: bool


class InverseView(Piece):
    """What would have to be true for an outcome to be likely."""

    node: str
    title: str
    value: str | int | float
    label: str
    forecast: float
    left_out: float = Field(default=0.0, description="Share of draws that did not settle.")
    forecast_bounds: tuple[float, float] | None = Field(
        default=None, description="The forecast with left-out draws counted as 0 and as 1."
    )
    asked: float
    at_least: bool
    holds_already: bool
    share: float = Field(description="Share of the weighted draws in which it is so.")
    share_bounds: tuple[float, float] | None = Field(
        default=None, description="The share with left-out draws counted as not so and as so."
    )
    nearest: float = Field(description="The chance in the draw that comes closest.")
    at_medians: float
    fit: float = Field(description="Share of the log-odds' variance that the plane explains.")
    box: ScenarioView | None
    shifts: list[ShiftsView]
    sentences: list[str]
    facts: Facts
