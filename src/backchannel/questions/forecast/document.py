"""Forecasts in the answers document: what a bar, a range and a histogram of each node need."""

from __future__ import annotations

from pydantic import Field

from backchannel.wording.pieces import Bounds, Day, Influence, Piece


class ValueForecast(Piece):
    """One value of one node."""

    value: str | int | float
    label: str
    probability: float
    low: float = Field(description="5% of the weighted draws lie below.")
    high: float = Field(description="5% of the weighted draws lie above.")
    bounds: Bounds = Field(description="With left-out draws counted as 0 and as 1.")
    word: str = Field(description="ICD 203.")
    prior: float = Field(description="Before anything was seen.")
    quantiles: list[float] = Field(description="At 5%, 10%, ... 95% of the weighted draws.")
    histogram: list[float] = Field(
        description="Share of the weighted draws in each twentieth of 0–1."
    )


class NodeForecast(Piece):
    """One node."""

    node: str
    title: str
    date: Day | None
    observed: bool
    resolves: str | dict[str, str] | None
    values: list[ValueForecast]
    assumptions: list[Influence] = Field(description="What moves the likeliest value most.")


class ForecastPart(Piece):
    """What next."""

    forecasts: list[NodeForecast]
