"""The documents of a fit of monthly flows and of a forecast, for other programs."""

from __future__ import annotations

from pydantic import Field

from backchannel.wording.pieces import Piece


class EndsView(Piece):
    """A number with its 90% range."""

    low: float = Field(description="5%.")
    middle: float
    high: float = Field(description="95%.")


class RouteCapacityView(Piece):
    """The most that the route through one partner carries, in the data's unit a month."""

    partner: str
    now: EndsView | None = Field(
        description="In the last month; null where sanctions have not begun."
    )
    final: EndsView = Field(description="When all traders have found the way.")


class WindowView(Piece):
    """One forecast from the first months, compared with the months after."""

    seen: int = Field(description="Months that the forecast had seen.")
    half_life: float | None = Field(description="Where the window chose it; otherwise null.")
    errors: dict[str, float] = Field(
        description="Mean absolute error of ln(flow), of the model and of each baseline."
    )
    coverage: float = Field(description="The share of flows inside the 90% ranges.")
    reappearing: EndsView | None = Field(
        description="The share of the lost direct flow that was to reappear; null if none is lost."
    )
    reappeared: float | None = Field(description="The share that did.")


class FlowFitView(Piece):
    """Everything about one fit of monthly flows."""

    months: list[str]
    partners: list[str] = Field(description="The target first.")
    estimates: dict[str, EndsView] = Field(description="Numbers that all partners share.")
    capacities: list[RouteCapacityView]
    error: float = Field(description="The usual error of a month's ln(flow).")
    windows: list[WindowView] = Field([], description="Only if they were asked for.")


class FlowRow(Piece):
    """The forecast of one month and partner, in whole units."""

    month: str
    partner: str
    eur: int
    low: int
    high: int


class FlowForecastView(Piece):
    """Forecasts of flows."""

    months: list[str]
    partners: list[str]
    forecasts: list[FlowRow]
    reappearing: EndsView | None = Field(
        description="The share of the lost direct flow that reappears, over all months; null if none is lost."
    )
