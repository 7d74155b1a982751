"""The case against base rates: scores by hand, learnt weights, and derived nodes."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from backchannel import Study
from backchannel.answers.page.scores_page import compose_scores_page
from backchannel.ledger.compose import compose_ledger
from backchannel.ledger.derivation_text import Derivation
from backchannel.ledger.entries import Logged, RunEntry
from backchannel.ledger.ledger import Ledger
from backchannel.ledger.scores import score
from backchannel.ledger.view_sentences import weight_text
from backchannel.ledger.views import LearntWeight
from tests.helpers import CANAL

DAY, CAME = date(2040, 1, 1), date(2040, 3, 1)
RUN = RunEntry("c", "c", "h", DAY, 8, 8.0, 0, "0")


def _logged(node: str, inside: float, outside: float, weight: float = 0.5) -> Logged:
    odds = (inside / (1 - inside)) ** weight * (outside / (1 - outside)) ** (1 - weight)
    chances = (odds / (1 + odds), 1 / (1 + odds))
    views = ((inside, 1 - inside), (outside, 1 - outside))
    return Logged(node, node, CAME, "", ("x", "y"), chances, chances, chances, views=views)


def _filled(path, rows) -> Ledger:
    book = Ledger(path)
    book.log(
        RUN, [_logged(f"n{i}", inside, outside) for i, (inside, outside, _) in enumerate(rows)]
    )
    for i, (_, _, came) in enumerate(rows):
        book.resolve("c", {f"n{i}": came}, on=CAME, source="s")
    return book


def test_views_are_scored_by_their_own_chances(tmp_path):
    """Three nodes, by hand; the pool of .8 and .5 with even weights is 2/3, that of .6 and .2 is .3798."""
    rows = [(0.8, 0.5, "x"), (0.6, 0.2, "y"), (0.5, 0.5, "x")]
    views = score(_filled(tmp_path / "l", rows)).views
    assert views is not None
    by_view = {one.view: one for one in views.scores}
    bits = {
        "inside": (-math.log2(0.8) - math.log2(0.4) + 1) / 3,
        "outside": (1 - math.log2(0.8) + 1) / 3,
        "pooled": (-math.log2(2 / 3) - math.log2(1 - 0.379795897) + 1) / 3,
    }
    for view, log in bits.items():
        assert by_view[view].log == pytest.approx(log, abs=1e-8)
    assert by_view["inside"].brier == pytest.approx((2 * 0.04 + 2 * 0.36 + 0.5) / 3)
    gap = next(d for d in views.differences if {d.better, d.than} == {"inside", "outside"})
    assert (gap.better, gap.than) == ("outside", "inside")
    assert gap.log == pytest.approx(bits["outside"] - bits["inside"], abs=1e-12)


def test_the_interval_of_a_difference_is_paired(tmp_path):
    """Both views miss every other node by the same: their difference is the same on each, and certain."""
    rows = [(0.8, 0.7, "x")] * 10
    (gap,) = [
        d for d in score(_filled(tmp_path / "l", rows)).views.differences
        if {d.better, d.than} == {"inside", "outside"}
    ]  # fmt: skip
    assert gap.interval == pytest.approx((gap.log, gap.log))
    assert gap.log == pytest.approx(math.log2(0.7 / 0.8))


def test_few_resolved_nodes_leave_the_weight_at_a_half(tmp_path):
    learnt = score(_filled(tmp_path / "l", [(0.9, 0.1, "x")] * 19), learns=True).learnt_weight
    assert (learnt.nodes, learnt.best, learnt.weight) == (19, None, 0.5)
    assert "fewer than 20, so nothing is learned" in weight_text(learnt)


def test_a_ledger_without_base_rates_or_outcomes_leaves_the_weight_at_a_half(tmp_path):
    """An empty one; one with nothing resolved; one that is resolved and holds no base rate."""
    book = Ledger(tmp_path / "l")
    assert score(book, learns=True).learnt_weight == LearntWeight(0, None, 0.5)
    book.log(RUN, [_logged("a", 0.9, 0.5), replace(_logged("b", 0.9, 0.5), views=None)])
    assert score(book, learns=True).learnt_weight == LearntWeight(0, None, 0.5)
    book.resolve("c", {"b": "x"}, on=CAME, source="s")
    report = score(book, learns=True)
    assert (report.total.nodes, report.views) == (1, None)
    assert report.learnt_weight == LearntWeight(0, None, 0.5)


def test_the_weight_is_the_maximum_of_the_log_score_pulled_towards_a_half(tmp_path):
    """Outcomes come about with the pool of weight .8; a grid by hand, node by node, finds the same maximum."""
    rng = np.random.default_rng(5)
    rows = []
    for _ in range(60):
        inside, outside = rng.uniform(0.1, 0.9, 2)
        chance = _logged("n", inside, outside, 0.8).probabilities[0]
        rows.append((inside, outside, "x" if rng.random() < chance else "y"))
    learnt = score(_filled(tmp_path / "l", rows), learns=True).learnt_weight

    def total(weight: float) -> float:
        parts = []
        for inside, outside, came in rows:
            p = _logged("n", inside, outside, weight).probabilities
            parts.append(math.log(p[0] if came == "x" else p[1]))
        return sum(parts)

    grid = np.linspace(0, 1, 1001)
    best = grid[int(np.argmax([total(w) for w in grid]))]
    assert learnt.best == pytest.approx(best)
    assert learnt.weight == pytest.approx((60 * best + 20 * 0.5) / 80)


def test_a_derived_node_does_not_count_beside_its_parts(tmp_path):
    """A sum of two nodes is no third forecast; alone, without its parts, it is one."""
    book = Ledger(tmp_path / "l")
    even = (0.5, 0.5)
    both = Derivation(("a", "b"), ((0,), (1,), (1,), (0,)))
    book.log(
        RUN,
        [
            Logged("a", "a", CAME, "", ("x", "y"), even, even, even),
            Logged("b", "b", CAME, "", ("x", "y"), even, even, even),
            Logged("same", "same", CAME, "", ("x", "y"), even, even, even, derivation=both),
        ],
    )
    book.resolve("c", {"a": "x"}, on=CAME, source="s")
    book.resolve("c", {"same": "x"}, on=CAME, source="s")
    assert score(book).total.nodes == 2
    book.resolve("c", {"b": "x"}, on=CAME, source="s")
    report = score(book)
    assert (report.total.nodes, report.derived, report.derived_nodes) == (2, 1, ("same",))


def test_what_a_study_logs_holds_both_views(tmp_path):
    """The parley may not arise: counts say nothing about that, so n/a keeps the case's chance."""
    rate = "\nbase_rates:\n  - {node: parley, counts: {talk: 9, wait: 3}, of: x, why: {source: gazette}}\n"
    study = Study.load(CANAL.read_text("utf-8") + rate, draws=64)
    book = Ledger(tmp_path / "l")
    study.log(book)
    rows = book.rows("SELECT inside, outside, probability FROM views v JOIN chances c "
                     "ON c.forecast = v.forecast AND c.place = v.place ORDER BY v.place")  # fmt: skip
    seen = study.forecast("parley")
    np.testing.assert_allclose([r["inside"] for r in rows], seen.inside.mean, atol=1e-12)
    assert rows[2]["outside"] == pytest.approx(rows[2]["inside"])
    assert sum(r["outside"] for r in rows) == pytest.approx(1.0)


def test_a_run_that_solves_rivals_holds_the_forecast_over_structures(tmp_path):
    """The same weights and chances as the question `rivals`, node by node; without rivals nothing is held."""
    rivals = "\nrivals:\n  selfless: {drop_interest: income}\n"
    study = Study.load(CANAL.read_text("utf-8") + rivals, draws=64)
    book = Ledger(tmp_path / "l")
    study.log(book)
    rows = book.rows("SELECT weighted FROM structures ORDER BY forecast, place")
    over = [study.rivals(node, written=True).mean for node in study.lowered.ahead]
    np.testing.assert_allclose([r["weighted"] for r in rows], np.concatenate(over), atol=1e-12)
    plain = Ledger(tmp_path / "plain")
    Study.load(CANAL.read_text("utf-8"), draws=8).log(plain)
    assert plain.rows("SELECT * FROM structures") == []


def test_the_forecast_over_rivals_is_compared_on_the_same_forecasts(tmp_path):
    """By hand: of two nodes with rivals, one holds a base rate too; a third node without rivals has no part."""
    book = Ledger(tmp_path / "l")
    both = replace(_logged("a", 0.8, 0.5), structures=(0.9, 0.1))
    even = Logged(
        "b", "b", CAME, "", ("x", "y"), (0.5, 0.5), (0.5, 0.5), (0.5, 0.5), structures=(0.4, 0.6)
    )
    book.log(RUN, [both, even, _logged("c", 0.6, 0.2)])
    for node in "abc":
        book.resolve("c", {node: "x"}, on=CAME, source="s")
    report = score(book)
    assert report.views.nodes == 2
    assert report.structures.nodes == 2
    over = {one.view: one.log for one in report.structures.scores}
    assert over["over rivals"] == pytest.approx((-math.log2(0.9) - math.log2(0.4)) / 2)
    assert over["pooled"] == pytest.approx((-math.log2(2 / 3) + 1) / 2)
    assert report.all_views.nodes == 1
    assert [one.view for one in report.all_views.scores] == [
        "inside",
        "outside",
        "pooled",
        "over rivals",
    ]
    gap = next(d for d in report.structures.differences)
    assert (gap.better, gap.than) == ("over rivals", "pooled")
    table = report.calibration_frame()
    assert set(table["view"]) == {"all forecasts", "inside", "outside", "pooled", "over rivals"}
    page = compose_scores_page(report, ledger="team.ledger")
    assert page.count('aria-label="Calibration of') == 5
    assert "Over rivals is better than pooled by" in page


def test_the_workbench_has_the_comparisons_and_the_weight_of_the_command(tmp_path):
    """All four views, where forecasts hold them; the line that takes the weight into a case."""
    path = tmp_path / "l"
    book = _filled(path, [(0.9, 0.1, "x")] * 30)
    report = score(book, learns=True)
    view = compose_ledger(path, "c")
    assert [row.view for row in view.comparisons[0].rows] == ["inside", "outside", "pooled"]
    assert view.comparisons[0].rows[1].log == pytest.approx(report.views.scores[1].log)
    assert view.comparisons[0].sentences[0].startswith("inside is better than")
    assert f"\nbase_rate_weight: {report.learnt_weight.weight:.2f}" in view.weight
