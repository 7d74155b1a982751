"""What `trade fit` and `trade forecast` say: tables for files, and sentences for the terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pandas as pd

from backchannel.estimation.trade.backtest import BacktestWindow
from backchannel.estimation.trade.estimate import FlowFit, FlowForecast
from backchannel.language.days import Month
from backchannel.wording.dates import day

COLUMNS_OF_FORECAST = ("month", "partner", "eur", "low", "high")
MEANINGS = {
    "sensitivity": "sensitivity of shares to cost (θ)",
    "elasticity": "elasticity of demand",
    "sanction_cost": "cost of the sanction on the direct route, in logarithms",
    "loosening": "share of this cost that traders learn to avoid",
    "speed": "speed at which traders find the way, per month",
    "delay": "months until half of the capacity is there",
    "room": "final capacity, in units of a neighbour's own trade",
}


def forecast_table(fit: FlowFit, forecast: FlowForecast) -> pd.DataFrame:
    """One row for each month and partner."""
    last = fit.data.months[-1]
    rows = [
        (
            str((last + 1 + i).to_timestamp().date()),
            partner,
            round(float(forecast.middle[i, j])),
            round(float(forecast.low[i, j])),
            round(float(forecast.high[i, j])),
        )
        for i in range(len(forecast.middle))
        for j, partner in enumerate(fit.data.partners)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS_OF_FORECAST))


def _month(period: pd.Period) -> str:
    """A month as people write it."""
    return day(Month.of(period.year, period.month))


def describe_fit(fit: FlowFit) -> list[str]:
    """What was estimated, a line for each number."""
    first, last = fit.data.months[0], fit.data.months[-1]
    lines = [
        f"Fitted to {len(fit.data.months)} months ({_month(first)} to {_month(last)}) and "
        f"{len(fit.data.partners)} partners."
    ]
    if not fit.is_sanctioned:
        lines.append(
            "No sanctions yet in these months: the numbers of the sanction are their priors."
        )
    for name, (low, middle, high) in fit.shared().items():
        lines.append(f"  {MEANINGS[name]}: {middle:.2f} ({low:.2f} to {high:.2f})")
    return [*lines, f"  usual error of a month's flow: {fit.error:.0%}"]


def describe_forecast(forecast: FlowForecast) -> list[str]:
    """What reappears, in a sentence."""
    low, middle, high = forecast.reappearing
    if np.isnan(middle):
        return ["No direct flow is lost in these months."]
    return [
        f"Of the direct flow that is lost, {middle:.0%} reappears through the other partners "
        f"({low:.0%} to {high:.0%})."
    ]


def describe_windows(
    windows: Sequence[BacktestWindow], half_lives: Sequence[float] = ()
) -> list[str]:
    """How the model compares with the baselines on windows inside the data.

    Args:
        windows: In the order of their last months.
        half_lives: By window, the half-life that it chose; empty where all have the same.
    """
    lines = [f"{len(windows)} windows inside the data, mean absolute error of ln(flow):"]
    if half_lives:
        chosen = ", ".join(f"{half_life:g}" for half_life in half_lives)
        lines.insert(0, f"Half-lives in months, chosen on earlier windows: {chosen}.")
    for name in windows[0].errors:
        lines.append(f"  {name}: {np.mean([w.errors[name] for w in windows]):.3f}")
    wins = np.mean([w.errors["model"] < w.errors["trend"] for w in windows])
    lines.append(f"The model is better than the trend in {wins:.0%} of the windows.")
    lines.append(f"Its 90% ranges hold {np.mean([w.coverage for w in windows]):.0%} of the flows.")
    for window in windows:
        low, middle, high = window.forecast.reappearing
        if np.isfinite(window.share) and np.isfinite(middle):
            lines.append(
                f"After {window.seen} months, {middle:.0%} of the lost flow was to reappear "
                f"({low:.0%} to {high:.0%}); {window.share:.0%} did."
            )
    return lines


def fit_as_json(
    fit: FlowFit, windows: Sequence[BacktestWindow], half_lives: Sequence[float] = ()
) -> str:
    """The estimates and the windows, for other programs.

    Args:
        fit: What was estimated.
        windows: In the order of their last months.
        half_lives: By window, the half-life that it chose; empty where all have the same.
    """
    chosen = half_lives or [None] * len(windows)
    content = {
        "months": [str(month) for month in fit.data.months],
        "partners": list(fit.data.partners),
        "estimates": {name: _ends(ends) for name, ends in fit.shared().items()},
        "error": fit.error,
        "windows": [
            {
                "seen": w.seen,
                **({} if half_life is None else {"half_life": half_life}),
                "errors": dict(w.errors),
                "coverage": w.coverage,
                "reappearing": _ends(w.forecast.reappearing),
                "reappeared": w.share if np.isfinite(w.share) else None,
            }
            for w, half_life in zip(windows, chosen, strict=True)
        ],
    }
    return json.dumps(content, indent=1) + "\n"


def forecast_as_json(fit: FlowFit, forecast: FlowForecast) -> str:
    """The forecasts, a row for each month and partner, and what reappears over all months, for other programs."""
    table = forecast_table(fit, forecast)
    content = {
        "months": list(dict.fromkeys(table["month"])),
        "partners": list(fit.data.partners),
        "forecasts": table.to_dict("records"),
        "reappearing": _ends(forecast.reappearing),
    }
    return json.dumps(content, indent=1) + "\n"


def _ends(ends: tuple[float, float, float]) -> dict[str, float] | None:
    """The 5%, 50% and 95% quantiles by name; `None` where there is nothing to speak of."""
    if not np.isfinite(ends).all():
        return None
    return dict(zip(("low", "middle", "high"), ends, strict=True))
