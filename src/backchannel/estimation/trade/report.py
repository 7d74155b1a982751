"""What `trade fit` and `trade forecast` say in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from backchannel.estimation.trade.backtest import BacktestWindow
from backchannel.estimation.trade.fitted import FlowFit, FlowForecast, RangeEnds
from backchannel.estimation.trade.flows import FEWEST_MONTHS
from backchannel.language.days import Month, day

if TYPE_CHECKING:
    import pandas as pd

MEANINGS = {
    "sensitivity": "sensitivity of shares to cost (θ)",
    "elasticity": "elasticity of demand",
    "sanction_cost": "cost of the sanction on the direct route, in logarithms",
    "loosening": "share of this cost that traders learn to avoid",
    "speed": "speed at which traders find the way, per month",
    "delay": "months until half of the capacity is there",
    "room": "final capacity, in units of a neighbour's own trade",
}


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
    lines.append(f"  usual error of a month's flow: {fit.error:.0%}")
    return [*lines, *_capacity_lines(fit)]


def _capacity_lines(fit: FlowFit) -> list[str]:
    """The capacity of the route through each partner, in the data's unit a month."""
    routes = fit.capacities()
    width = max(len(route.partner) for route in routes)
    if routes[0].now is None:
        head = "Capacity of the routes through each partner, in euros a month, when all traders have found the way:"
    else:
        head = (
            "Capacity of the routes through each partner, in euros a month, in "
            f"{_month(fit.data.months[-1])} and when all traders have found the way:"
        )
    lines = [head]
    for route in routes:
        columns = [route.final] if route.now is None else [route.now, route.final]
        lines.append(f"  {route.partner:<{width}}{''.join(map(_euros, columns))}".rstrip())
    return lines


def _euros(ends: RangeEnds) -> str:
    """An amount with its range, with three digits each, aligned with those of other partners."""
    low, middle, high = (_three_digits(end) for end in ends)
    return f"  {middle:>15}  {f'({low} to {high})':<34}"


def _three_digits(amount: float) -> str:
    digits = 3 - len(f"{abs(amount):.0f}")
    return f"{round(amount, min(digits, 0)):,.0f}"


def describe_forecast(forecast: FlowForecast) -> list[str]:
    """What reappears, in a sentence."""
    low, middle, high = forecast.reappearing
    if np.isnan(middle):
        return ["No direct flow is lost in these months."]
    return [
        f"Of the direct flow that is lost, {_share(middle)} reappears through the other partners "
        f"({_share(low)} to {_share(high)})."
    ]


def describe_windows(
    windows: Sequence[BacktestWindow], half_lives: Sequence[float] = ()
) -> list[str]:
    """How the model compares with the baselines on windows inside the data.

    Args:
        windows: In the order of their last months.
        half_lives: By window, the half-life that it chose; empty where all have the same.
    """
    if not windows:
        return [
            f"No window: each forecasts from at least {FEWEST_MONTHS} months, in which every partner has flows, and "
            "needs a month after them."
        ]
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
                f"After {window.seen} months, {_share(middle)} of the lost flow was to reappear "
                f"({_share(low)} to {_share(high)}); {_share(window.share)} did."
            )
    return lines


def _share(share: float) -> str:
    """A share in per cent, without a minus before 0."""
    percent = round(100 * share)
    return f"{'−' if percent < 0 else ''}{abs(percent)}%"
