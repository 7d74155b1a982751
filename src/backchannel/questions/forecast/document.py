"""Forecasts in the answers document, with what bars, ranges and histograms need."""

from __future__ import annotations

from pydantic import Field

from backchannel.wording.pieces import Bounds, ChanceLevel, Day, Influence, Piece


class ValueSpread(Piece):
    """The probability of one value of a node, and its distribution over the draws."""

    value: str | int | float
    label: str
    probability: float
    low: float = Field(description="5% of the weighted draws lie below.")
    high: float = Field(description="5% of the weighted draws lie above.")
    bounds: Bounds = Field(description="The probability with left-out draws counted as 0 and as 1.")
    word: str = Field(description="The ICD 203 word of the probability.")
    quantiles: list[float] = Field(
        description="Quantiles over the weighted draws at 5%, 10%, ... 95%."
    )
    histogram: list[float] = Field(
        description="Share of the weighted draws in each of 20 equal intervals from 0 to 1."
    )


class ValueForecast(ValueSpread):
    """The forecast of one value of a node."""

    prior: float = Field(description="The probability before anything was recorded.")
    inside: float | None = Field(
        None, description="The probability by the case alone; null where no base rate moves it."
    )
    outside: float | None = Field(
        None, description="The probability by the node's base rate alone; null without one."
    )
    outside_range: Bounds | None = Field(
        None, description="5% of the draws of the base rate lie below, and 5% above."
    )
    count: float | None = Field(None, description="How often it came about in the reference class.")
    by_weight: list[float] | None = Field(
        None,
        description="The pooled probability with weights 0, 0.1, ... 1 of the case; base rates of other nodes do "
        "not change it.",
    )


class NodeBaseRate(Piece):
    """The reference class of a node."""

    of: str = Field(description="What was counted.")
    total: float = Field(description="How many events were counted.")
    weight: float = Field(description="Weight of the case in the pool, from 0 to 1.")
    has_a_say: bool = Field(
        description="False where the node is on record or the weight is 1, so that nothing is pooled."
    )
    sources: list[str] = Field(description="The sources of the counts, by name.")


class NodeForecast(Piece):
    """The forecast of one node."""

    node: str
    title: str
    date: Day | None
    observed: bool
    resolves: str | dict[str, str] | None
    values: list[ValueForecast]
    assumptions: list[Influence] = Field(
        description="The assumptions that explain most of the spread of the most likely value, "
        "as far as they stand out from chance."
    )
    chance_level: ChanceLevel = None
    base_rate: NodeBaseRate | None = None
    pooling: str = Field(
        "", description="Why the case, the base rate and the pool differ; empty without base rates."
    )


class ForecastPart(Piece):
    """What next."""

    forecasts: list[NodeForecast]
