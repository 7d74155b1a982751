"""Forecasts in the answers document, with what bars, ranges and histograms need."""

from __future__ import annotations

from pydantic import Field

from backchannel.wording.pieces import Bounds, ChanceLevel, Day, Influence, Piece


class ValueForecast(Piece):
    """The forecast of one value of a node."""

    value: str | int | float
    label: str
    probability: float
    low: float = Field(description="5% of the weighted draws lie below.")
    high: float = Field(description="5% of the weighted draws lie above.")
    bounds: Bounds = Field(description="The probability with left-out draws counted as 0 and as 1.")
    word: str = Field(description="The ICD 203 word of the probability.")
    prior: float = Field(description="The probability before anything was recorded.")
    quantiles: list[float] = Field(
        description="Quantiles over the weighted draws at 5%, 10%, ... 95%."
    )
    histogram: list[float] = Field(
        description="Share of the weighted draws in each of 20 equal intervals from 0 to 1."
    )


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


class ForecastPart(Piece):
    """What next."""

    forecasts: list[NodeForecast]
