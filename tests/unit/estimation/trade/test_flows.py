"""Monthly flows: what is read, what the model says, and how well it forecasts."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest

from backchannel.estimation.trade.backtest import BacktestWindow, backtest, naive_forecasts
from backchannel.estimation.trade.estimate import estimate_flows
from backchannel.estimation.trade.fitted import FlowForecast
from backchannel.estimation.trade.flows import MonthlyFlows, read_flows
from backchannel.estimation.trade.model import DETOUR_COST, log_flows
from backchannel.estimation.trade.nested import FIRST_HALF_LIFE, HALF_LIVES, choose_half_life
from backchannel.estimation.trade.priors import log_priors_of
from backchannel.trade.market import Market, MarketNumbers, RoutePlace
from backchannel.trade.settle import settle_market
from tests.unit.estimation.trade.flow_tables import ROOT, good

DATA = ROOT.parent.parent / "shared" / "data" / "eu_exports_sanctioned_goods.csv"
DATA = next(
    (
        p / "shared" / "data" / DATA.name
        for p in ROOT.parents
        if (p / "shared" / "data" / DATA.name).exists()
    ),
    DATA,
)


needs_data = pytest.mark.skipif(not DATA.exists(), reason=f"needs the reference data {DATA.name}")


def logistic(x):
    return 1 / (1 + np.exp(-x))


def numbers_of(rng, partners):
    """Numbers of the model, by part, in the order in which it takes them."""
    parts = [
        np.log([4.0, 0.5, 1.2]),
        [-0.5],
        np.log([0.6, 3.0, 2.0]),
        rng.uniform(3, 8, partners),
        rng.normal(0, 0.1, partners),
        rng.normal(0, 0.1, 12),
        rng.normal(0, 0.5, partners - 1),
        rng.normal(0, 0.2, partners - 1),
    ]
    return parts, np.concatenate(parts)


def restated(parts, months, since, last):
    """The model in words of the market, month by month, with NumPy's solver of markets."""
    log_first, (grip,), log_second, level, growth, season, extra, shift = parts
    theta, epsilon, cost = np.exp(log_first)
    speed, delay, room = np.exp(log_second)
    n = len(level)
    market = Market(
        ("s",), ("d",), tuple(map(str, range(n))), tuple(RoutePlace(0, 0, i > 0) for i in range(n))
    )
    rows = []
    for t in months:
        own = np.exp(level + growth * (t - last) / 12 + season[t % 12])
        if t < since:
            rows.append(own)
            continue
        at = t - since + 0.5
        start = logistic(-speed * delay)
        grown = (logistic(speed * (at - delay)) - start) / (1 - start)
        capacity = room * np.exp(extra + level[1:]) * grown
        settled = settle_market(
            market,
            MarketNumbers(
                cost=np.array([[cost * (1 - logistic(grip) * grown), *[DETOUR_COST] * (n - 1)]]),
                capacity=np.array([[np.inf, *capacity]]),
                supply=np.zeros((1, 0)),
                size=np.array([[own[0]]]),
                elasticity=np.array([[epsilon]]),
                sensitivity=np.array([theta]),
            ),
        )
        rows.append(settled.flow[0] + np.array([0.0, *(own[1:] * np.exp(shift))]))
    return np.log(rows)


def test_the_model_is_a_market_with_routes_that_open():
    """The compiled model and its restatement, month by month, agree."""
    parts, numbers = numbers_of(np.random.default_rng(0), 4)
    months = np.arange(10, 24)
    with jax.enable_x64(True):
        logs, _ = log_flows(
            jnp.asarray(numbers),
            months=jnp.asarray(months, float),
            calendar=jnp.asarray(months % 12),
            last=jnp.asarray(15.0),
            since=16,
            is_sanctioned=jnp.asarray(1.0),
        )
    np.testing.assert_allclose(logs, restated(parts, months, 16, 15), atol=1e-8)


@pytest.mark.slow
def test_numbers_that_made_the_flows_lie_in_the_ranges_of_the_fit():
    """Flows made by the model, with little noise, are forecast well."""
    rng = np.random.default_rng(1)
    parts, _ = numbers_of(rng, 5)
    months = np.arange(0, 44)
    logs = restated(parts, months, 26, 39)
    seen = np.exp(logs + 0.02 * rng.standard_normal(logs.shape))
    start = pd.Period("2020-01", freq="M")
    data = MonthlyFlows(
        tuple(start + i for i in range(40)), ("t", "a", "b", "c", "d"), seen[:40], 26
    )
    fit = estimate_flows(data, sensitivity=(np.log(4), 0.4), elasticity=(np.log(0.5), 0.5))
    low, _, high = fit.shared()["sanction_cost"]
    assert low < 1.2 < high
    forecast = fit.forecast(4)
    assert abs(np.log(forecast.middle) - logs[40:]).mean() < 0.1


def test_baselines_by_hand():
    """Last year's month, the mean of three months, and a straight line through twelve logarithms."""
    flows = np.exp(np.outer(0.1 * np.arange(20), [1.0, 0.0]))
    start = pd.Period("2020-01", freq="M")
    seen = MonthlyFlows(tuple(start + i for i in range(20)), ("t", "a"), flows, 30)
    guesses = naive_forecasts(seen, 4)
    np.testing.assert_allclose(guesses["last year"][:, 0], [0.8, 0.9, 1.0, 1.1], atol=1e-12)
    np.testing.assert_allclose(guesses["trend"][:, 0], [2.0, 2.1, 2.2, 2.3], atol=1e-9)
    expected = np.log((np.exp(1.7) + np.exp(1.8) + np.exp(1.9)) / 3)
    np.testing.assert_allclose(guesses["three months"][:, 0], expected, atol=1e-12)


@pytest.mark.slow
@needs_data
def test_the_model_forecasts_better_than_the_trend_in_two_thirds_of_the_windows():
    """And the share that reappears lies in the range that was forecast before it was seen."""
    sensitivity, elasticity = log_priors_of("exports", good())
    data = read_flows("exports", good(), DATA)
    windows = backtest(estimate_flows(data, sensitivity=sensitivity, elasticity=elasticity))
    assert np.mean([w.errors["model"] < w.errors["trend"] for w in windows]) >= 2 / 3
    under = [w for w in windows if np.isfinite(w.share)]
    assert len(under) == 4
    for window in under:
        low, _, high = window.forecast.reappearing
        assert low <= window.share <= high


@needs_data
def test_the_forecast_that_is_kept_is_what_the_rule_gives():
    """`benchmarks/trade_forecast.csv` was made by the program and not by hand."""
    sensitivity, elasticity = log_priors_of("exports", good())
    data = read_flows("exports", good(), DATA)
    fit = estimate_flows(data, sensitivity=sensitivity, elasticity=elasticity)
    kept = pd.read_csv(ROOT / "benchmarks" / "trade_forecast.csv")
    assert len(kept) == 28
    made = fit.forecast(4).to_frame()
    assert kept[["month", "partner"]].equals(made[["month", "partner"]])
    for column in ("eur", "low", "high"):
        np.testing.assert_allclose(kept[column], made[column], rtol=1e-3)


@needs_data
def test_the_forecast_that_is_kept_lies_as_far_from_the_mean_of_three_months_as_the_page_says():
    """`docs/trade.md` bounds the error of the forecast by this distance."""
    table = pd.read_csv(DATA)
    last = table[table["month"].isin(["2022-04-01", "2022-05-01", "2022-06-01"])]
    mean = last.groupby("partner")["eur"].mean()
    kept = pd.read_csv(ROOT / "benchmarks" / "trade_forecast.csv")
    distance = abs(np.log(kept["eur"] / kept["partner"].map(mean))).mean()
    page = (ROOT / "docs" / "trade.md").read_text("utf-8")
    assert len(kept) == 28
    assert f"the forecast lies {distance:.3f} from the mean of the last three months" in page
    assert f"0.71 − {distance:.3f} = {0.71 - distance:.2f}" in page


def test_a_window_chooses_its_half_life_from_months_that_it_has_seen():
    """A half-life that only does well in later months is not chosen, and the first window has no choice."""
    months = pd.period_range("2020-01", periods=20, freq="M")
    flows = np.full((20, 2), 100.0)
    flows[16:] = 200.0
    data = MonthlyFlows(tuple(months), ("target", "neighbour"), flows, since=30)

    def window(seen: int, guess: float) -> BacktestWindow:
        middle = np.full((min(4, 20 - seen), 2), guess)
        forecast = FlowForecast(
            tuple(months[seen : seen + 4]), data.partners, *[middle] * 4, (np.nan, np.nan, np.nan)
        )
        return BacktestWindow(seen, {}, 0.0, forecast, float("nan"))

    # One is right until month 16, the other one afterwards.
    early, late = ([window(n, guess) for n in range(12, 20)] for guess in (100.0, 200.0))
    by_half_life = {h: late if h == 16.0 else early for h in HALF_LIVES}
    assert choose_half_life(data, by_half_life, 0) == FIRST_HALF_LIFE
    assert choose_half_life(data, by_half_life, 3) != 16.0
    assert choose_half_life(data, by_half_life, 7) == 16.0
