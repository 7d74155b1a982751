"""Evaluate: scores by hand and by scikit-learn, nothing of what is held out, and plain words for bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backchannel import Study
from backchannel.estimation.evaluate.baselines import base_rate_left_out
from backchannel.estimation.evaluate.scores import losses, score_models
from backchannel.estimation.evaluate.splits import split_by, split_forward
from backchannel.estimation.evaluate.stack import shrinkage, stack_weights, stacked
from backchannel.estimation.fit_options import FitOptions
from backchannel.estimation.folds import Folds
from backchannel.language.errors import CommandError
from tests.oracles.random_intercepts import mean_chance
from tests.unit.estimation.test_penalties import CHOICE, plays

LOGIT = CHOICE.format("1 + x + word")
RIDGE = FitOptions(ridge=1.0)


def test_the_scores_are_those_of_scikit_learn():
    """Log loss and, for two outcomes, twice its Brier score."""
    metrics = pytest.importorskip("sklearn.metrics")
    chance = np.random.default_rng(0)
    p, y = chance.random(50), chance.integers(0, 2, 50)
    rows = losses(np.column_stack([1 - p, p]), y)
    assert rows.log.mean() == pytest.approx(metrics.log_loss(y, p))
    assert rows.brier.mean() == pytest.approx(2 * metrics.brier_score_loss(y, p))


def test_prl_by_hand():
    """Losses of ln 2 against ln 4 are half of them."""
    models = {
        "base": losses(np.full((8, 4), 0.25), np.zeros(8, int)),
        "case": losses(np.tile([0.5, 0.5, 0, 0], (8, 1)), np.zeros(8, int)),
    }
    found = score_models(models, np.arange(8) // 2, base="base", against="case")
    assert found[1].prl == pytest.approx(0.5)
    assert found[1].prl_interval == pytest.approx((0.5, 0.5))
    assert found[0].difference == pytest.approx(-0.5)


def test_the_bootstrap_draws_whole_groups():
    """Rows that repeat within groups tell nothing new: the interval stays, and would shrink otherwise."""
    chance = np.random.default_rng(1)
    p = chance.uniform(0.2, 0.9, 30)
    once = losses(np.column_stack([1 - p, p]), np.ones(30, int))
    many = losses(np.repeat(np.column_stack([1 - p, p]), 9, axis=0), np.ones(270, int))
    base = losses(np.full((30, 2), 0.5), np.ones(30, int))
    bases = losses(np.full((270, 2), 0.5), np.ones(270, int))
    first = score_models({"b": base, "c": once}, np.arange(30), base="b", against="c")[1]
    second = score_models(
        {"b": bases, "c": many}, np.repeat(np.arange(30), 9), base="b", against="c"
    )[1]
    assert second.prl_interval == pytest.approx(first.prl_interval)


def test_a_case_that_is_a_logit_predicts_as_scikit_learn_does():
    """Fold by fold, with the same penalty, on rows that neither has seen; averaged over the errors."""
    linear_model = pytest.importorskip("sklearn.linear_model")
    table = plays()
    found = Study.load(LOGIT).evaluate(table, by="group", folds=4, fit=RIDGE, with_baselines=False)
    columns = np.column_stack(
        [np.ones(len(table)), table["x"], table["word"] == "b", table["word"] == "c"]
    ).astype(float)
    for part, rows in found.rows.groupby("part"):
        held = rows["row"].to_numpy() - 1
        kept = np.setdiff1d(np.arange(len(table)), held)
        unit = np.array([2.5, *(1 / columns[kept, 1:].std(axis=0))])
        other = linear_model.LogisticRegression(
            fit_intercept=False, C=1.0, tol=1e-10, max_iter=5000
        )
        other.fit(columns[kept] * unit, table["choice"].iloc[kept])
        near = other.predict_proba(columns[kept] * unit)
        weighed = columns[kept] * unit * (near[:, [0]] * near[:, [1]])
        errors = np.linalg.inv(weighed.T @ (columns[kept] * unit) + np.eye(4))
        middle = columns[held] * unit @ other.coef_[0]
        spread = np.sqrt(
            np.einsum("rc,cd,rd->r", columns[held] * unit, errors, columns[held] * unit)
        )
        second = mean_chance(middle, spread)
        chances = np.stack([1 - second, second], axis=1)
        loss = -np.log(chances[np.arange(len(held)), table["choice"].iloc[held]])
        np.testing.assert_allclose(rows["the case"], loss, atol=1e-3, err_msg=str(part))


@pytest.mark.slow
def test_what_is_held_out_has_no_say_in_its_own_prediction():
    """Other outcomes in the rows that are predicted leave their predicted chances as they are."""
    pytest.importorskip("sklearn")
    table = plays(n=160)
    table["year"] = np.arange(160)
    other = table.assign(
        choice=np.where(table["year"] >= 120, 1 - table["choice"], table["choice"])
    )
    one, two = (Study.load(LOGIT).evaluate(t, forward="year", begin=120) for t in (table, other))
    for model in one.rows.columns[3:]:
        chances = np.exp(-one.rows[model]) + np.exp(-two.rows[model])
        np.testing.assert_allclose(chances, 1.0, atol=1e-9, err_msg=model)


def test_a_stack_finds_the_one_that_is_right():
    """One of the two gives the true chances, the other noise."""
    chance = np.random.default_rng(2)
    true = chance.dirichlet([1, 1, 1], 4000)
    noise = chance.dirichlet([1, 1, 1], 4000)
    seen = np.array([chance.choice(3, p=row) for row in true])
    weights = stack_weights(true, noise, seen)
    assert weights == pytest.approx((1.0, 0.0), abs=0.1)
    np.testing.assert_allclose(stacked(true, noise, (1.0, 0.0)), true, atol=1e-5)


def test_a_case_without_signal_is_drawn_to_the_base_rate():
    """Noise gets no weight beside the base rate; the true chances get all of it."""
    chance = np.random.default_rng(3)
    true = chance.dirichlet([2, 2, 2], 3000)
    seen = np.array([chance.choice(3, p=row) for row in true])
    base = np.tile(np.bincount(seen) / len(seen), (len(seen), 1))
    assert shrinkage(chance.dirichlet([1, 1, 1], 3000), base, seen)[0] == pytest.approx(0, abs=0.05)
    assert shrinkage(true, base, seen)[0] == pytest.approx(1, abs=0.1)


def test_folds_keep_groups_whole_and_cover_every_row_once():
    """A group on both sides would tell the model what it is asked."""
    groups = pd.Series(np.random.default_rng(0).integers(0, 37, 300))
    splits = split_by(groups, "dyad", folds=7, seed=1)
    assert np.sum([part.test for part in splits.parts], axis=0).tolist() == [1] * 300
    for part in splits.parts:
        assert not set(groups[part.train]) & set(groups[part.test])
        for kept, held in part.inner.pairs(part.train):
            assert not set(groups[kept]) & set(groups[held])
            assert (kept | held).tolist() == part.train.tolist()


def test_forward_what_is_chosen_is_chosen_forward_too():
    """Inside of what is trained on, no row is predicted from later ones; the first block by nothing."""
    times = np.random.default_rng(4).permutation(60)
    (part,) = split_forward(pd.Series(times), "year", folds=2, begin=40).parts
    pairs = list(part.inner.pairs(part.train))
    assert len(pairs) == 4
    for kept, held in pairs:
        assert times[kept].max() < times[held].min()
        assert times[held].max() < 40


def test_the_base_rate_that_stands_in_a_stack_is_of_other_rows():
    """By hand: four rows in two folds; every outcome counts half more often than it was seen."""
    seen, train = np.array([0, 0, 1, 0, 1]), np.array([True, True, True, True, False])
    made = base_rate_left_out(seen, train, Folds(np.array([0, 0, 1, 1, 1])), 2)
    np.testing.assert_allclose(made[0], [1.5 / 3, 1.5 / 3])
    np.testing.assert_allclose(made[2], [2.5 / 3, 0.5 / 3])
    assert np.isnan(made[4]).all()


@pytest.mark.parametrize(
    "times", [np.arange(40) % 20, pd.date_range("2001-01-01", periods=40).astype(str)]
)
def test_forward_never_trains_on_what_comes_later(times):
    """Neither with numbers nor with dates; rows of one time are in one part."""
    column = pd.Series(times)
    splits = split_forward(column, "when", folds=4)
    for part in splits.parts:
        assert max(column[part.train]) < min(column[part.test])
    assert sum(part.test.sum() for part in splits.parts) >= 18


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "Say how rows are held out"),
        ({"by": "group", "forward": "x"}, "One of them"),
        ({"by": "group", "begin": 3}, "--from says where prediction begins"),
        ({"by": "group", "folds": 30}, "has 20 groups, fewer than 30 folds. Take at most 20"),
        ({"by": "one"}, "Column one has one group"),
        ({"by": "grop"}, "There is no column 'grop'. Did you mean 'group'"),
        ({"forward": "word"}, "must hold numbers or dates .* 'c' in row .* is neither|neither"),
        ({"forward": "x", "begin": 99}, "No row lies after the beginning"),
        ({"forward": "x", "begin": -99}, "No row lies before the beginning"),
        ({"by": "group", "folds": 1}, "folds is a whole number from 2 to 100"),
        ({"by": "group", "leave_out": ("y",)}, "There is no column 'y'"),
    ],
)
def test_bad_splits_are_told_in_words(options, says):
    """With the remedy, and before anything is fitted."""
    table = plays().assign(one=1)
    with pytest.raises(CommandError, match=says):
        Study.load(LOGIT).evaluate(table, **options)


def test_an_outcome_that_never_occurs_in_training_is_named_and_scored():
    """Its chance is small and not 0, for all models alike."""
    table = plays(n=120)
    table["year"] = np.arange(120)
    table.loc[table["year"] < 80, "choice"] = 0
    found = Study.load(LOGIT).evaluate(
        table, forward="year", begin=80, fit=RIDGE, with_baselines=False
    )
    assert any("choice=1 never occurs in what from 80 is trained on" in r for r in found.remarks)
    assert np.isfinite(found.rows["base rate"]).all()
    happened = found.rows[found.rows["seen"] == "choice=1"]["base rate"]
    np.testing.assert_allclose(np.exp(-happened), 1 / 82)


def test_gaps_new_categories_and_single_groups_are_counted():
    """Rows without a covariate are left out by name; a new category is predicted."""
    table = plays(n=120, groups=12)
    table.loc[3, "x"] = np.nan
    table.loc[5, "word"] = "only here"
    table.loc[5, "group"] = 77
    found = Study.load(LOGIT).evaluate(table, by="group", folds=5, fit=RIDGE, with_baselines=False)
    assert "1 row lacks a value of x and is left out: 4." in found.remarks
    assert "1 of 13 groups of group have one row." in found.remarks
    assert len(found.rows) == 119


def test_without_scikit_learn_the_baselines_are_named_as_missing(monkeypatch):
    """The base rate is always there."""
    monkeypatch.setattr("backchannel.estimation.evaluate.ask.is_installed", lambda: False)
    found = Study.load(LOGIT).evaluate(plays(), by="group", folds=3, fit=RIDGE)
    assert list(found.to_frame()["model"]) == ["the case", "base rate"]
    assert any("pip install 'backchannel[evaluate]'" in remark for remark in found.remarks)


def test_the_better_of_two_cases_is_chosen_inside_of_each_part():
    """The candidate has the covariate that matters; the case has none."""
    from backchannel.estimation.evaluate.ask import evaluate_case
    from backchannel.estimation.evaluate.evaluation import EvaluateOptions

    poor, rich = (Study.load(CHOICE.format(f)).lowered for f in ("1", "1 + x"))
    options = EvaluateOptions(
        by="group", folds=4, fit=RIDGE, candidates={"rich": rich}, with_baselines=False
    )
    found = evaluate_case(poor, plays(), options)
    assert set(found.chosen["case"]) == {"rich"}
    assert found.prl() > 0.05
