"""Compose the documents of a fit of monthly flows and of a forecast."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backchannel.estimation.trade.backtest import BacktestWindow
from backchannel.estimation.trade.document import (
    EndsView,
    FlowFitView,
    FlowForecastView,
    FlowRow,
    RouteCapacityView,
    WindowView,
)
from backchannel.estimation.trade.fitted import FlowFit, FlowForecast, RangeEnds


def compose_flow_fit(
    fit: FlowFit, windows: Sequence[BacktestWindow] = (), half_lives: Sequence[float] = ()
) -> FlowFitView:
    """Put a fit, and the windows that were asked for, into a document.

    Args:
        fit: What was estimated.
        windows: In the order of their last months.
        half_lives: By window, the half-life that it chose; empty where all have the same.
    """
    chosen: Sequence[float | None] = half_lives or [None] * len(windows)
    return FlowFitView(
        months=[str(month) for month in fit.data.months],
        partners=list(fit.data.partners),
        estimates={name: _view(ends) for name, ends in fit.shared().items()},
        capacities=[
            RouteCapacityView(
                partner=route.partner,
                now=None if route.now is None else _view(route.now),
                final=_view(route.final),
            )
            for route in fit.capacities()
        ],
        error=fit.error,
        windows=[
            WindowView(
                seen=window.seen,
                half_life=half_life,
                errors=dict(window.errors),
                coverage=window.coverage,
                reappearing=_share(window.forecast.reappearing),
                reappeared=window.share if np.isfinite(window.share) else None,
            )
            for window, half_life in zip(windows, chosen, strict=True)
        ],
    )


def compose_flow_forecast(forecast: FlowForecast) -> FlowForecastView:
    """Put a forecast into a document."""
    table = forecast.to_frame()
    return FlowForecastView(
        months=list(dict.fromkeys(table["month"])),
        partners=list(forecast.partners),
        forecasts=[FlowRow.model_validate(row) for row in table.to_dict("records")],
        reappearing=_share(forecast.reappearing),
    )


def _view(ends: RangeEnds) -> EndsView:
    return EndsView(low=ends[0], middle=ends[1], high=ends[2])


def _share(ends: RangeEnds) -> EndsView | None:
    """The share that reappears; none where no flow is lost."""
    return _view(ends) if np.isfinite(ends).all() else None
