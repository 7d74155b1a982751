"""What a fit and a forecast of flows write for other programs."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from backchannel.estimation.trade.backtest import BacktestWindow
from backchannel.estimation.trade.compose import compose_flow_fit, compose_flow_forecast
from backchannel.estimation.trade.fitted import FlowFit, FlowForecast
from backchannel.estimation.trade.flows import MonthlyFlows
from backchannel.estimation.trade.report import describe_fit

NOTHING = (float("nan"), float("nan"), float("nan"))


def forecast(share: tuple[float, float, float]) -> FlowForecast:
    """A forecast of one month for two partners."""
    flows = np.array([[10.0, 4.0]])
    month = pd.Period("2022-03", freq="M")
    return FlowForecast(
        (month,), ("target", "neighbour"), flows, flows / 2, flows * 2, flows, share
    )


def fit() -> FlowFit:
    """A fit to fourteen months, of which the last two are under sanctions."""
    months = tuple(pd.period_range("2021-01", periods=14, freq="M"))
    data = MonthlyFlows(months, ("target", "neighbour"), np.ones((14, 2)), since=12)
    return FlowFit(data, np.zeros(25), np.eye(25), 0.1, True, (0.0, 1.0), (0.0, 1.0))


def as_json(view):
    """The document as other programs read it."""
    return json.loads(view.model_dump_json())


def window(seen: int, share: tuple[float, float, float], came: float) -> BacktestWindow:
    return BacktestWindow(seen, {"model": 0.2, "trend": 0.3}, 0.9, forecast(share), came)


def test_a_window_has_the_share_that_was_to_reappear_and_the_share_that_did():
    """Where no flow was lost, both are null: JSON has no word for an undefined number."""
    windows = [window(12, NOTHING, float("nan")), window(13, (0.1, 0.2, 0.4), 0.25)]
    before, after = as_json(compose_flow_fit(fit(), windows))["windows"]
    assert (before["reappearing"], before["reappeared"]) == (None, None)
    assert after["reappearing"] == {"low": 0.1, "middle": 0.2, "high": 0.4}
    assert after["reappeared"] == 0.25
    assert after["half_life"] is None


def test_a_window_that_chose_its_half_life_names_it():
    """In months, in the order of windows."""
    windows = [window(12, NOTHING, float("nan")), window(13, (0.1, 0.2, 0.4), 0.25)]
    told = as_json(compose_flow_fit(fit(), windows, [6.0, 16.0]))["windows"]
    assert [one["half_life"] for one in told] == [6.0, 16.0]


def test_a_forecast_has_a_row_for_each_month_and_partner_and_the_share_over_all_months():
    """Rounded to whole units, as in the table."""
    told = as_json(compose_flow_forecast(forecast((0.1, 0.2, 0.4))))
    assert told == {
        "months": ["2022-03-01"],
        "partners": ["target", "neighbour"],
        "forecasts": [
            {"month": "2022-03-01", "partner": "target", "eur": 10, "low": 5, "high": 20},
            {"month": "2022-03-01", "partner": "neighbour", "eur": 4, "low": 2, "high": 8},
        ],
        "reappearing": {"low": 0.1, "middle": 0.2, "high": 0.4},
    }


def logistic(x):
    return 1 / (1 + np.exp(-x))


def known(since: int) -> FlowFit:
    """A fit without doubt: neighbours with own trade of 40 and 5, and capacities of 2 and 6 times as much at last."""
    months = tuple(pd.period_range("2021-01", periods=14, freq="M"))
    data = MonthlyFlows(months, ("target", "near", "far"), np.ones((14, 3)), since=since)
    shared = np.log([4, 0.5, 2, 1, 0.6, 3, 2])
    level, growth, extra = np.log([100, 40, 5]), np.zeros(3), np.log([1, 3])
    mode = np.concatenate([shared, level, growth, np.zeros(12), extra, np.zeros(2)])
    return FlowFit(data, mode, 1e-18 * np.eye(len(mode)), 0.1, since < 14, (0, 1), (0, 1))


def test_a_capacity_is_own_trade_times_its_multiple_times_the_logistic_of_the_months_under_sanctions():
    """By hand: two months under sanctions, so that the middle of the last one is 1.5 months after the start."""
    start = logistic(-0.6 * 3)
    grown = (logistic(0.6 * (1.5 - 3)) - start) / (1 - start)
    near, far = known(since=12).capacities()
    assert (near.partner, far.partner) == ("near", "far")
    np.testing.assert_allclose(near.final, [80] * 3, rtol=1e-6)
    np.testing.assert_allclose(far.final, [30] * 3, rtol=1e-6)
    np.testing.assert_allclose(near.now, [80 * grown] * 3, rtol=1e-6)
    np.testing.assert_allclose(far.now, [30 * grown] * 3, rtol=1e-6)


def test_the_range_of_a_capacity_is_that_of_its_logarithm():
    """Normal with the sum of three variances: of all partners' multiple, the partner's own, and the level."""
    sure = known(since=12)
    variance = np.full(len(sure.mode), 1e-18)
    # The multiple, the level of the second partner, and what is added to its multiple.
    variance[[6, 8, 25]] = [0.04, 0.01, 0.04]
    low, middle, high = replace(sure, covariance=np.diag(variance)).capacities()[0].final
    spread = 1.6449 * np.sqrt(0.09)
    np.testing.assert_allclose(
        np.log([low, middle, high]), np.log(80) + spread * np.array([-1, 0, 1]), atol=0.05
    )


def test_before_the_sanctions_no_route_has_a_capacity_yet():
    """Only that at last is known, by its prior."""
    fit = known(since=20)
    assert [route.now for route in fit.capacities()] == [None, None]
    assert list(fit.to_frame()["number"].tail(2)) == ["final_capacity"] * 2
    assert [one["now"] for one in as_json(fit.document())["capacities"]] == [None, None]
    assert "when all traders have found the way" in describe_fit(fit)[-3]


def test_document_frame_and_sentences_have_the_same_capacities():
    """One fit, told in three ways."""
    fit = known(since=12)
    view = as_json(fit.document())["capacities"]
    table = fit.to_frame()
    lines = describe_fit(fit)
    assert (
        "in euros a month, in February 2022 and when all traders have found the way:" in lines[-3]
    )
    for one, line in zip(view, lines[-2:], strict=True):
        rows = table[table["partner"] == one["partner"]].set_index("number")
        for number, ends in (("capacity", one["now"]), ("final_capacity", one["final"])):
            assert dict(rows.loc[number, ["low", "middle", "high"]]) == pytest.approx(ends)
        assert line.split()[0] == one["partner"]
    assert lines[-2].split()[-4:] == ["80", "(80", "to", "80)"]
