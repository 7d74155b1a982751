"""Scores against the same formulas written out by hand, one forecast at a time."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from backchannel.ledger.entries import Logged, RunEntry
from backchannel.ledger.ledger import Ledger
from backchannel.ledger.scores import score

DAY = date(2040, 1, 1)
CAME = date(2040, 3, 1)


def logged(node, values, chances):
    return Logged(node, node, CAME, "", values, chances, chances, chances)


def run(case="c", as_of=DAY):
    return RunEntry(case, case, "h", as_of, 8, 8.0, 0, "0")


@pytest.fixture
def filled(tmp_path):
    """Twelve nodes of two kinds in two cases, some forecast twice."""
    book = Ledger(tmp_path / "x.ledger")
    chance = np.random.default_rng(4)
    said, came = defaultdict(list), {}
    for k in range(12):
        case, values = ("a", ("x", "y")) if k < 7 else ("b", ("x", "y", "z"))
        for _ in range(1 + k % 2):
            p = tuple(map(float, chance.dirichlet(np.ones(len(values)))))
            book.log(run(case), [logged(f"n{k}", values, p)])
            said[case, f"n{k}"].append(dict(zip(values, p, strict=True)))
        came[case, f"n{k}"] = values[int(chance.integers(len(values)))]
        book.resolve(case, {f"n{k}": came[case, f"n{k}"]}, on=CAME, source="s")
    return book, said, came


def by_hand(said, came):
    """Mean over nodes of (Brier, log, Brier of uniform, Brier of the base rate)."""
    rows = []
    for node, forecasts in said.items():
        values = list(forecasts[0])
        others = [came[n] for n in said if n != node and list(said[n][0]) == values]
        base = {v: (others.count(v) + 1) / (len(others) + len(values)) for v in values}

        def brier(p, node=node):
            return sum((p[v] - (v == came[node])) ** 2 for v in p)

        uniform = {v: 1 / len(values) for v in values}
        logs = [-math.log2(p[came[node]]) for p in forecasts]
        rows.append((
            np.mean([brier(p) for p in forecasts]), np.mean(logs), brier(uniform), brier(base),
        ))  # fmt: skip
    return np.mean(rows, axis=0)


def test_scores_are_what_their_formulas_say(filled):
    """Brier (1950), the logarithmic score, and both references; a node counts once."""
    book, said, came = filled
    total = score(book).total
    brier, log, uniform, base = by_hand(said, came)
    found = (total.brier, total.log, total.brier_uniform, total.brier_base)
    np.testing.assert_allclose(found, (brier, log, uniform, base), rtol=1e-12)
    assert total.skill_uniform == pytest.approx(1 - brier / uniform)
    assert total.skill_base == pytest.approx(1 - brier / base)
    assert (total.nodes, total.forecasts) == (12, 18)


def test_a_case_is_scored_like_a_ledger_of_its_own(filled):
    """By case means by case, references included where the other case has other values."""
    book, said, came = filled
    one = {key: forecasts for key, forecasts in said.items() if key[0] == "b"}
    brier, log, _, base = by_hand(one, came)
    (found,) = [s for s in score(book).by_case if s.group == "b"]
    np.testing.assert_allclose((found.brier, found.log, found.brier_base), (brier, log, base))
    assert score(book, case_name="b").total.brier == pytest.approx(brier)


@pytest.mark.slow
def test_the_interval_covers_the_skill_of_a_calibrated_forecaster(tmp_path):
    """Outcomes drawn from the forecasts: the expected skill is inside in most ledgers."""
    inside = 0
    for seed in range(20):
        chance = np.random.default_rng(seed)
        book = Ledger(tmp_path / f"{seed}.ledger")
        p = chance.beta(0.6, 0.6, size=60)
        book.log(run(), [logged(f"n{k}", ("x", "y"), (q, 1 - q)) for k, q in enumerate(p)])
        book.resolve(
            "c", {f"n{k}": "x" if chance.random() < q else "y" for k, q in enumerate(p)},
            on=CAME, source="s",
        )  # fmt: skip
        # E Brier = 2 E p(1 − p) = 2 (0.5 · 0.5) · a / (a + 1/2) with a + b = 1.2; uniform: 1/2.
        expected = 1 - 2 * (0.6 * 0.6 / (1.2 * 2.2)) / 0.5
        low, high = score(book).total.interval_uniform
        inside += low <= expected <= high
    # Binomial(20, 0.9): fewer than 14 has a chance below 0.3%.
    assert inside >= 14


def test_calibration_counts_events_by_word(tmp_path):
    """Ten events at 70%, seven of which came about, and their ten complements at 30%."""
    book = Ledger(tmp_path / "x.ledger")
    book.log(run(), [logged(f"n{k}", ("x", "y"), (0.7, 0.3)) for k in range(10)])
    book.resolve("c", {f"n{k}": "x" if k < 7 else "y" for k in range(10)}, on=CAME, source="s")
    rows = {row.word: row for row in score(book).calibration}
    assert set(rows) == {"likely", "unlikely"}
    assert (rows["likely"].events, rows["likely"].came_about) == (10, 0.7)
    assert rows["unlikely"].came_about == pytest.approx(0.3)
    # Wilson (1927) at 90% for 7 of 10, by the quadratic (p − 0.7)² = z² p (1 − p) / 10.
    z2 = 1.6448536269514722**2
    roots = np.roots([1 + z2 / 10, -(1.4 + z2 / 10), 0.49])
    np.testing.assert_allclose(rows["likely"].interval, sorted(roots), rtol=1e-9)


def test_only_forecasts_made_before_the_outcome_count(tmp_path):
    """Nor is one that was logged years later from old knowledge a forecast, unless asked for."""
    book = Ledger(tmp_path / "x.ledger")
    book.log(run(as_of=date(2020, 1, 1)), [logged("old", ("x", "y"), (0.9, 0.1))])
    book.log(run(as_of=date(2020, 6, 1)), [logged("old", ("x", "y"), (1.0, 0.0))])
    book.log(run(), [logged("open", ("x", "y"), (0.9, 0.1))])
    book.resolve("c", {"old": "y"}, on=date(2020, 3, 1), source="s")
    report = score(book)
    assert (report.total, report.too_late, report.unresolved) == (None, 2, 1)
    hindcast = score(book, hindcasts=True)
    assert (hindcast.total.forecasts, hindcast.too_late) == (1, 1)
    assert hindcast.total.brier == pytest.approx(2 * 0.9**2)
    assert hindcast.by_horizon[0].group == "31 to 90 days"


def test_what_was_given_no_chance_and_came_about_costs_infinitely_many_bits(tmp_path):
    """And is said so, rather than hidden behind a floor."""
    book = Ledger(tmp_path / "x.ledger")
    book.log(run(), [logged("n", ("x", "y"), (1.0, 0.0))])
    book.resolve("c", {"n": "y"}, on=CAME, source="s")
    assert math.isinf(score(book).total.log)
    book.withdraw(1, why="test")
    assert score(book).withdrawn == 1


def test_a_forecast_logged_on_the_day_of_the_outcome_does_not_count(tmp_path):
    """It may have been made after the news."""
    book = Ledger(tmp_path / "x.ledger")
    today = datetime.now(UTC).date()
    book.log(run(as_of=today - timedelta(days=9)), [logged("n", ("x", "y"), (0.9, 0.1))])
    book.resolve("c", {"n": "x"}, on=today, source="s")
    report = score(book)
    assert (report.total, report.too_late) == (None, 1)
    book.log(run(), [logged("m", ("x", "y"), (0.9, 0.1))])
    book.resolve("c", {"m": "x"}, on=CAME, source="s")
    assert score(book).total.forecasts == 1


def test_a_forecast_that_did_not_know_the_value_is_said_not_scored(tmp_path):
    """Its logarithmic score would seem perfect, for lack of a chance to take the logarithm of."""
    book = Ledger(tmp_path / "x.ledger")
    book.log(run(), [logged("n", ("x", "y"), (0.5, 0.5))])
    book.log(run(), [logged("n", ("x", "y", "z"), (0.25, 0.25, 0.5))])
    book.resolve("c", {"n": "z"}, on=CAME, source="s")
    report = score(book)
    assert (report.total.forecasts, report.of_other_values) == (1, 1)
    assert report.total.log == pytest.approx(1.0)
