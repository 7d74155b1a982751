"""What a fit and a forecast of flows write for other programs."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from backchannel.estimation.trade.backtest import BacktestWindow
from backchannel.estimation.trade.estimate import FlowFit, FlowForecast
from backchannel.estimation.trade.flows import MonthlyFlows
from backchannel.estimation.trade.report import fit_as_json, forecast_as_json

NOTHING = (float("nan"), float("nan"), float("nan"))


def forecast(share: tuple[float, float, float]) -> FlowForecast:
    """A forecast of one month for two partners."""
    flows = np.array([[10.0, 4.0]])
    return FlowForecast(flows, flows / 2, flows * 2, flows, share)


def fit() -> FlowFit:
    """A fit to fourteen months, of which the last two are under sanctions."""
    months = tuple(pd.period_range("2021-01", periods=14, freq="M"))
    data = MonthlyFlows(months, ("target", "neighbour"), np.ones((14, 2)), since=12)
    return FlowFit(data, np.zeros(30), np.eye(30), 0.1, True, (0.0, 1.0), (0.0, 1.0))


def window(seen: int, share: tuple[float, float, float], came: float) -> BacktestWindow:
    return BacktestWindow(seen, {"model": 0.2, "trend": 0.3}, 0.9, forecast(share), came)


def test_a_window_has_the_share_that_was_to_reappear_and_the_share_that_did():
    """Where no flow was lost, both are null: JSON has no word for an undefined number."""
    windows = [window(12, NOTHING, float("nan")), window(13, (0.1, 0.2, 0.4), 0.25)]
    before, after = json.loads(fit_as_json(fit(), windows))["windows"]
    assert (before["reappearing"], before["reappeared"]) == (None, None)
    assert after["reappearing"] == {"low": 0.1, "middle": 0.2, "high": 0.4}
    assert after["reappeared"] == 0.25
    assert "half_life" not in after


def test_a_window_that_chose_its_half_life_names_it():
    """In months, in the order of windows."""
    windows = [window(12, NOTHING, float("nan")), window(13, (0.1, 0.2, 0.4), 0.25)]
    told = json.loads(fit_as_json(fit(), windows, [6.0, 16.0]))["windows"]
    assert [one["half_life"] for one in told] == [6.0, 16.0]


def test_a_forecast_has_a_row_for_each_month_and_partner_and_the_share_over_all_months():
    """Rounded to whole units, as in the table."""
    told = json.loads(forecast_as_json(fit(), forecast((0.1, 0.2, 0.4))))
    assert told == {
        "months": ["2022-03-01"],
        "partners": ["target", "neighbour"],
        "forecasts": [
            {"month": "2022-03-01", "partner": "target", "eur": 10, "low": 5, "high": 20},
            {"month": "2022-03-01", "partner": "neighbour", "eur": 4, "low": 2, "high": 8},
        ],
        "reappearing": {"low": 0.1, "middle": 0.2, "high": 0.4},
    }
