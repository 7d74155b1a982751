"""Forecasts made from the months before, beside what anybody would use instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.estimation.trade.estimate import HALF_LIFE, estimate_flows
from backchannel.estimation.trade.fitted import FlowFit, FlowForecast
from backchannel.estimation.trade.flows import FEWEST_MONTHS, MonthlyFlows

AHEAD = 4
"""Months that a window forecasts."""
TREND_MONTHS = 12
"""Months behind the log-linear trend."""

FEWEST_OF_A_LINE = 2
"""Months with flows that a trend needs."""


@dataclass(frozen=True)
class BacktestWindow:
    """One forecast from the first months, compared with the months after."""

    seen: int
    """Months that the forecast had seen."""
    errors: Mapping[str, float]
    """Mean absolute error of ln(flow), for the model and each baseline."""
    coverage: float
    """Share of flows inside the model's 90% range."""
    forecast: FlowForecast
    share: float
    """The share of the lost direct flow that reappeared, against the model's levels; nan if none was lost."""


def backtest(whole: FlowFit, *, half_life: float = HALF_LIFE) -> list[BacktestWindow]:
    """Forecast from every expanding window inside the data of a fit, with the fit's priors.

    A window in which a partner's usual trade cannot be judged yet is left out.
    """
    data = whole.data
    windows = []
    for n in range(FEWEST_MONTHS, len(data.months)):
        ahead = min(AHEAD, len(data.months) - n)
        seen = data.until(n)
        if seen.without_usual():
            continue
        fit = estimate_flows(
            seen,
            sensitivity=whole.sensitivity,
            elasticity=whole.elasticity,
            half_life=half_life,
            most_months=len(data.months),
        )
        forecast = fit.forecast(ahead)
        truth = data.logs[n : n + ahead]
        guesses = {"model": np.log(forecast.middle), **naive_forecasts(seen, ahead)}
        errors = {name: float(np.nanmean(abs(logs - truth))) for name, logs in guesses.items()}
        flows = data.flows[n : n + ahead]
        inside = (flows >= forecast.low) & (flows <= forecast.high)
        windows.append(
            BacktestWindow(n, errors, float(inside.mean()), forecast, _share(seen, flows, forecast))
        )
    return windows


def naive_forecasts(
    seen: MonthlyFlows, ahead: int
) -> dict[str, Float[np.ndarray, "month partner"]]:
    """Logarithms of last year's month, of the mean of three months, and of a log-linear trend."""
    n, logs = len(seen.months), seen.logs
    last_year = np.array([logs[max(n + i - 12 * (1 + i // 12), 0)] for i in range(ahead)])
    last = seen.flows[-3:]
    # A partner without flows in these months has no mean of them.
    count = np.isfinite(last).sum(axis=0)
    recent = np.log(np.where(count > 0, np.nansum(last, axis=0), np.nan) / np.maximum(count, 1))
    months = np.arange(max(n - TREND_MONTHS, 0), n)
    trend = np.empty((ahead, logs.shape[1]))
    for partner in range(logs.shape[1]):
        known = np.isfinite(logs[months, partner])
        if known.sum() < FEWEST_OF_A_LINE:
            trend[:, partner] = np.nan
            continue
        line = np.polyfit(months[known], logs[months, partner][known], 1)
        trend[:, partner] = np.polyval(line, np.arange(n, n + ahead))
    return {"last year": last_year, "three months": np.tile(recent, (ahead, 1)), "trend": trend}


def _share(seen: MonthlyFlows, flows: np.ndarray, forecast: FlowForecast) -> float:
    """The share that reappeared through neighbours, compared with the expected flows without sanctions."""
    lost = (forecast.own[:, 0] - flows[:, 0]).sum()
    if len(seen.months) < seen.since or lost <= 0:
        return float("nan")
    return float((flows[:, 1:] - forecast.own[:, 1:]).sum() / lost)
