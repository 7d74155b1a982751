"""The draws in the answers document: a page that weighs them anew says what a new solution says."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import numpy as np
import pytest
from scipy.stats import norm

from backchannel.answers import draws_compose
from backchannel.answers.draws_compose import compose_draws
from backchannel.answers.draws_document import Draws
from backchannel.case.catalog import find_case
from backchannel.case.schema.prior_text import prior_from
from backchannel.questions.forecast.ask import forecast_all
from backchannel.study import Study

TUTORIAL = find_case("sanctions-threat").read_text(encoding="utf-8")
WIDTH = 0.5
"""Standard deviation of what is believed at a slider, in normal scores."""


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.load("sanctions-threat", draws=256)


@pytest.fixture(scope="module")
def draws(study) -> Draws:
    made = study.lowered.interventions["threatened"]
    compared = study.what_if("threatened", outcome="comply")
    assert made == compared.intervention
    return compose_draws(
        study.lowered, study.ensemble, {"threatened": [compared]}, forecast_all(study.ensemble)
    )


def _numbers(column: str, kind: str = "<u2") -> np.ndarray:
    return np.frombuffer(base64.b64decode(column), dtype=kind)


def _chances(columns: Sequence[str], count: int) -> np.ndarray:
    """Every draw's chances, as a page reads them: long, constant and left-over columns."""
    found = [np.resize(_numbers(c) / 65535, count) if c else np.zeros(count) for c in columns]
    if not columns[-1]:
        found[-1] = 1 - sum(found[:-1])
    return np.stack(found, axis=1)


def _column(forecasts, node: str, side: str) -> list[str]:
    drawn = next(one for one in forecasts if one.node == node)
    return [getattr(value, side) for value in drawn.values]


def test_columns_hold_what_was_solved(study, draws):
    """Draw by draw, to the last of 65,535 steps."""
    ensemble = study.ensemble
    assert draws.count == 256
    assert [one.node for one in draws.forecasts] == list(ensemble.diagram.order)
    for node in ensemble.diagram.order:
        found = _chances(_column(draws.forecasts, node, "given_record"), 256)
        np.testing.assert_allclose(found, study.forecast(node).per_draw, atol=2e-5)
    weights = _numbers(draws.weights, "<f4")
    np.testing.assert_allclose(weights, ensemble.weights / ensemble.weights.sum(), rtol=1e-6)
    assert _numbers(draws.prior_weights, "<f4").sum() == pytest.approx(1, abs=1e-6)


def test_changed_outcomes_are_paired(study, draws):
    """Before and after stand in the same draws, with weights of their own only where they differ."""
    compared = study.what_if("threatened", outcome="comply")
    outcome = draws.what_ifs[0].outcomes[0]
    for side, found in (("before", compared.before), ("after", compared.after)):
        columns = [getattr(value, side) for value in outcome.values]
        np.testing.assert_allclose(_chances(columns, 256), found.per_draw, atol=2e-5)
    assert (outcome.weights_before, outcome.weights_after) == (None, None)


def test_a_draw_that_fails_in_the_changed_case_has_no_weight_there(study):
    """Both sides leave it out, and so say so."""
    compared = study.what_if("threatened", outcome="comply")
    for side in (compared.before, compared.after):
        object.__setattr__(side, "weights", side.weights * (np.arange(256) > 0))
    drawn = compose_draws(
        study.lowered, study.ensemble, {"threatened": [compared]}, forecast_all(study.ensemble)
    )
    outcome = drawn.what_ifs[0].outcomes[0]
    for column in (outcome.weights_before, outcome.weights_after):
        assert column is not None
        weights = _numbers(column, "<f4")
        assert weights[0] == 0
        assert weights.sum() == pytest.approx(1, abs=1e-6)


def test_scores_and_quantiles_give_the_numbers_back(study, draws):
    """A slider shows where a draw lies: its rank, and the prior's number there."""
    for drawn in draws.assumptions:
        u = _numbers(drawn.scores) / 65535
        shares = [0.005, *np.arange(1, 100) / 100, 0.995]
        inside = (u > 0.01) & (u < 0.99)
        found = np.interp(norm.ppf(u), norm.ppf(shares), drawn.quantiles)
        numbers = study.ensemble.numbers[drawn.parameter]
        np.testing.assert_allclose(found[inside], numbers[inside], rtol=0.01, atol=0.01)


def test_only_the_first_draws_are_written(study, monkeypatch):
    """A document that holds a million draws helps nobody."""
    monkeypatch.setattr(draws_compose, "MOST_DRAWS_WRITTEN", 100)
    drawn = compose_draws(study.lowered, study.ensemble, {}, forecast_all(study.ensemble))
    assert drawn.count == 100
    assert len(_numbers(drawn.weights, "<f4")) == len(_numbers(drawn.assumptions[0].scores)) == 100
    assert _numbers(drawn.weights, "<f4").sum() == pytest.approx(1, abs=1e-6)


def test_a_case_with_very_many_nodes_writes_fewer_draws(study, monkeypatch):
    """A power of two, so that the points still lie evenly."""
    monkeypatch.setattr(draws_compose, "MOST_NUMBERS_WRITTEN", 1000)
    drawn = compose_draws(study.lowered, study.ensemble, {}, forecast_all(study.ensemble))
    columns = 8 + 2 * (1 + 1 + 1 + 2)
    assert drawn.count == 32 <= 1000 / columns < 64


def test_it_says_which_sliders_are_exact(draws):
    """Ranges of positive numbers and of probabilities are; uniform priors are not."""
    exact = {one.parameter for one in draws.assumptions if one.exact}
    assert exact == {"sender.precision", "target.precision", "p_firm"}
    assert "256 draws" in draws.caption
    assert "For 3 assumptions" in draws.caption
    assert "For 5 " in draws.caption


def test_correlated_numbers_are_not_exact():
    """Weighing one anew drags the other along; a new prior does not."""
    text = TUTORIAL + (
        "correlations:\n  - {between: [p_firm, pain], rank: 0.5, why: {judgement: alike}}\n"
    )
    lowered = Study.load(text, draws=2).lowered
    assert not draws_compose.is_exact("p_firm", lowered.priors["p_firm"], lowered)


@pytest.mark.parametrize(
    ("parameter", "written", "score"),
    [
        ("p_firm", "p_firm: {prior: {between: [0.3, 0.7]}", 1.0),
        ("target.precision", "target: {name: the target, precision: {between: [4, 16]}", -1.0),
    ],
)
def test_weighing_anew_is_solving_with_another_interval(parameter, written, score):
    """The slider's promise: N(score, 1/2²) in the score is `between` two quantiles of the prior."""
    study = Study.load(TUTORIAL, draws=2048)
    drawn = compose_draws(study.lowered, study.ensemble, {}, forecast_all(study.ensemble))
    chosen = next(one for one in drawn.assumptions if one.parameter == parameter)
    z = norm.ppf(np.clip(_numbers(chosen.scores) / 65535, 1e-6, 1 - 1e-6))
    ratio = norm.pdf(z, score, WIDTH) / norm.pdf(z)
    weights = _numbers(drawn.weights, "<f4") * ratio
    chances = _chances(_column(drawn.forecasts, "comply", "given_record"), 2048)
    reweighted = weights @ chances / weights.sum()

    low, high = (study.lowered.priors[parameter].at(norm.cdf(score + w)) for w in (-0.8224, 0.8224))
    start = written[written.index("between") :]
    changed = written.replace(start, f"between: [{low}, {high}]" + start[start.index("]") + 1 :])
    assert written in TUTORIAL
    solved = Study.load(TUTORIAL.replace(written, changed), draws=2048).forecast("comply").mean
    before = study.forecast("comply").mean
    np.testing.assert_allclose(reweighted, solved, atol=0.004)
    assert abs(solved - before)[0] > 0.005


@pytest.mark.parametrize(
    "raw",
    [
        {"uniform": [2, 5]},
        {"normal": [1, 2]},
        {"lognormal": [2, 0.5]},
        {"triangular": [1, 2, 5]},
        {"beta": [2, 8]},
        {"quantiles": {0.05: 1, 0.5: 2, 0.95: 9}},
        "likely",
    ],
)
def test_a_share_undoes_a_quantile(raw):
    """Whatever the family."""
    prior, shares = prior_from(raw), np.array([1e-6, 0.01, 0.3, 0.5, 0.99, 1 - 1e-6])
    np.testing.assert_allclose(prior.share(prior.quantile(shares)), shares, rtol=1e-7)
