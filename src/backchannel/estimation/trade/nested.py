"""Windows whose specification is chosen on earlier windows only.

A half-life that is chosen on all windows is judged on what it was chosen by. Here, every window takes the half-life
that forecast best up to its last month, so that no month is both chosen by and judged on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from backchannel.estimation.trade.backtest import BacktestWindow, backtest
from backchannel.estimation.trade.fitted import FlowFit
from backchannel.estimation.trade.flows import MonthlyFlows

HALF_LIVES = (3.0, 4.0, 6.0, 8.0, 16.0)
"""Half-lives among which a window chooses."""
FIRST_HALF_LIFE = 6.0
"""Half-life of a window with none before it: the middle of those above."""


def nested_backtest(whole: FlowFit) -> list[tuple[float, BacktestWindow]]:
    """Forecast from every window inside the data, each with the half-life that did best before it.

    Returns:
        The half-life and the window, in the order of windows.
    """
    by_half_life = {h: backtest(whole, half_life=h) for h in HALF_LIVES}
    chosen = []
    for at in range(len(by_half_life[FIRST_HALF_LIFE])):
        half_life = choose_half_life(whole.data, by_half_life, at)
        chosen.append((half_life, by_half_life[half_life][at]))
    return chosen


def choose_half_life(
    data: MonthlyFlows, by_half_life: Mapping[float, Sequence[BacktestWindow]], at: int
) -> float:
    """Choose the half-life with the smallest mean error over earlier windows, in the months that were seen by then.

    Args:
        data: All months.
        by_half_life: The windows that each half-life gives.
        at: Position of the window that chooses.
    """
    seen = next(iter(by_half_life.values()))[at].seen
    errors: dict[float, float] = {}
    for half_life, windows in by_half_life.items():
        gaps = [_gaps(data, window, until=seen) for window in windows[:at]]
        errors[half_life] = float(np.mean([np.nanmean(gap) for gap in gaps])) if gaps else np.nan
    if not all(np.isfinite(error) for error in errors.values()):
        return FIRST_HALF_LIFE
    return min(errors, key=errors.__getitem__)


def _gaps(data: MonthlyFlows, window: BacktestWindow, *, until: int) -> np.ndarray:
    """Absolute errors of ln(flow) of a window, in the months before another one ends."""
    middle = window.forecast.middle
    ahead = min(len(middle), until - window.seen)
    return abs(np.log(middle[:ahead]) - data.logs[window.seen : window.seen + ahead])
