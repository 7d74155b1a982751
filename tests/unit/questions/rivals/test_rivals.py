"""Rivals: other structures, weighed by how well each expected the record."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel import Study
from backchannel.diagram.other_structures import exchanged
from backchannel.diagram.rivals import Rival, mechanical_rivals
from backchannel.ensemble.ensemble import build_ensemble
from backchannel.equilibrium.beliefs.models import build_models
from backchannel.equilibrium.eager import EagerSolver
from backchannel.equilibrium.types import Task
from backchannel.language.errors import CommandError
from backchannel.questions.forecast.ask import forecast
from backchannel.questions.rivals.ask import (
    marginal_likelihood,
    rivals_of,
    solve_rival,
    solve_rivals,
)
from backchannel.questions.rivals.results import LeftOutRival, SolvedRival
from backchannel.questions.rivals.sentences import evidence_in_words, factor_text
from tests.helpers import CANAL, TOL
from tests.oracles import tree
from tests.solvers import EnumerationSolver
from tests.strategies import plain

TEXT = CANAL.read_text("utf-8")
TRUE = TEXT.replace("beliefs:\n  aria: {parameters: {p_high: unlikely}}\n", "").replace(
    "  misread: {beliefs: {aria: true_case}}\n", ""
)
TRUE = TRUE.split("questions:")[0] + "questions:\n  next: {forecast: parley}\n"
"""The case with nobody in error: then enumeration needs one game."""
RECORD = {"demand": np.array([0.0, 1.0, 0.0]), "reply": np.array([0.05, 0.95])}
"""The likelihood of the record by value, by hand from the case: the reply's report is 95% reliable."""


@pytest.fixture(scope="module")
def true_study() -> Study:
    return Study.load(TRUE, draws=8)


def _by_enumeration(rival: Rival, study: Study) -> np.ndarray:
    """P(record) in every draw, with play and probabilities from walks over the whole tree."""
    ensemble = study.ensemble
    structure = rival.build(ensemble.diagram, ensemble.beliefs)
    game = build_models(structure.diagram, structure.beliefs, ensemble.numbers).truth.game
    rules = EnumerationSolver().solve(Task(game)).policies
    order = list(structure.diagram.order)
    chances = []
    for draw in range(ensemble.n_draws):
        total = 0.0
        for leaf, factors in tree.leaves(plain(game, rules, draw)):
            values = np.nan_to_num([factors[name] for name in order])
            seen = [RECORD[name][leaf[name]] for name in RECORD]
            total += float(np.prod(values) * np.prod(seen))
        chances.append(total)
    return np.array(chances)


@pytest.mark.slow
def test_the_marginal_likelihood_of_every_rival_is_that_of_enumeration(true_study):
    """Other play, other graphs: seven structures, and their Bayes factors against the case."""
    ensemble = true_study.ensemble
    own = np.exp(ensemble.log_likelihood)
    solved = [
        found
        for _, found in solve_rivals(ensemble, rivals_of(true_study), "parley")
        # Levels have an oracle of their own (tests/laws/test_reasoning.py).
        if isinstance(found, SolvedRival) and found.rival.kind != "reasoning"
    ]
    assert len(solved) >= 6
    for found in solved:
        chances = _by_enumeration(found.rival, true_study)
        np.testing.assert_allclose(found.marginal.log, np.log(chances.mean()), **TOL)
        np.testing.assert_allclose(found.bayes_log, np.log(chances.mean() / own.mean()), **TOL)


def test_the_standard_error_of_a_marginal_likelihood_is_worked_out_by_hand():
    """Likelihoods .1, .2, .3: mean .2, deviation .1, error .1 / √3 of .2, which is .2887 of the mean."""
    found, relative = marginal_likelihood(np.log([0.1, 0.2, 0.3]))
    assert found.log == pytest.approx(np.log(0.2), abs=1e-12)
    assert found.error == pytest.approx(0.1 / np.sqrt(3) / 0.2, abs=1e-12)
    np.testing.assert_allclose(relative, [0.5, 1.0, 1.5], **TOL)


def test_a_likelihood_too_small_for_a_number_has_a_marginal_all_the_same():
    found, _ = marginal_likelihood(np.array([-2000.0, -2000.0 + np.log(3)]))
    assert found.log == pytest.approx(-2000 + np.log(2), abs=1e-9)


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (2.7, "not worth more than a bare mention"),
        (2.8, "positive evidence for it"),
        (20.0, "positive evidence for it"),
        (20.2, "strong evidence for it"),
        (149.0, "very strong evidence for it"),
        (1 / 25, "strong evidence against it"),
    ],
)
def test_bayes_factors_have_the_words_of_kass_and_raftery(factor, words):
    """Their table: 2 ln B of 2, 6 and 10 are factors of 2.72, 20.1 and 148.4."""
    assert evidence_in_words(np.log(factor)) == words


def test_every_kind_of_rival_is_made():
    """Worked out by hand from the case's text."""
    study = Study.load(TEXT, draws=4)
    names = {
        rival.name for rival in mechanical_rivals(study.lowered.diagram, study.lowered.beliefs)
    }
    assert names == {
        "belief: aria",
        "reasoning: aria",
        "reasoning: borland",
        "interest: income",
        "interest: burden",
        "interest: honour",
        "sees less: reply, demand",
        "sees less: reply, resolve",
        "sees less: parley, demand",
        "sees less: parley, reply",
        # The resolve is hidden from Aria and would matter to its demand, not to its parley.
        "sees more: demand, resolve",
    }


def test_a_player_who_reasons_otherwise_plays_as_in_a_case_that_says_so():
    """The record is as likely, and the forecasts are the same, as in a case with `reasoning: {level: 1}`."""
    study = Study.load(TEXT, draws=8)
    [rival] = [
        rival
        for rival in mechanical_rivals(study.lowered.diagram, study.lowered.beliefs)
        if rival.name == "reasoning: aria"
    ]
    found = solve_rival(study.ensemble, rival)
    written = TEXT.replace("{name: Aria,", "{name: Aria, reasoning: {level: 1},")
    said = Study.load(written, draws=8).ensemble
    np.testing.assert_allclose(found.log_likelihood, said.log_likelihood, atol=1e-9)
    chances, expected = (forecast(each, "parley").per_draw for each in (found, said))
    np.testing.assert_allclose(chances, expected, atol=1e-9)
    assert np.abs(found.log_likelihood - study.ensemble.log_likelihood).max() > 0.05


def test_two_decisions_that_change_places_see_each_other_the_other_way_round():
    """The demand comes three weeks before the reply, which sees it."""
    diagram = Study.load(TEXT, draws=4).lowered.diagram
    with pytest.raises(CommandError, match="Whether parley is open"):
        exchanged(diagram, "parley", "reply")
    swapped = exchanged(diagram, "reply", "demand")
    assert swapped.parents("reply") == ("resolve",)
    assert swapped.parents("demand") == ("reply",)
    assert swapped.dates["reply"] == diagram.dates["demand"]
    assert swapped.dates["demand"] == diagram.dates["reply"]


def test_what_comes_between_two_decisions_keeps_their_order():
    text = TEXT.replace(
        "  reply:", "  news: {derived: demand, domain: [10, 30, 50], at: 2031-03-20}\n  reply:"
    )
    diagram = Study.load(text, draws=4).lowered.diagram
    with pytest.raises(CommandError, match="news comes between the two and depends on demand"):
        exchanged(diagram, "reply", "demand")


def test_a_rival_that_changes_nothing_is_told_and_one_without_meaning_is_left_out_with_the_reason():
    """The parley is worth the same whatever the demand was, so not seeing it changes nothing."""
    view = Study.load(TEXT, draws=16).rivals().document()
    assert view.unchanged == ["Aria did not see “demand” at “parley”"]
    (missing,) = view.left_out
    assert missing.title == "Aria did not see “reply” at “parley”"
    assert missing.reason.startswith(
        "Whether parley is open, or what can be done there, depends on reply"
    )


def test_a_rival_in_which_the_record_cannot_happen_is_left_out_with_the_reason():
    written = "\nrivals:\n  cheap: {remove: {demand: [30]}}\n"
    study = Study.load(TEXT + written, draws=16)
    ((_, found),) = solve_rivals(study.ensemble, rivals_of(study, written_only=True), "parley")
    assert isinstance(found, LeftOutRival)
    assert "demand = 30 (2031-03-10) cannot happen in this case" in found.reason


def test_a_written_rival_is_the_case_with_that_change():
    """A war that costs a tenth for certain, written into the case, or as a rival of it."""
    written = "\nrivals:\n  cheap: {title: war were cheap, parameters: {war_cost: 0.1}}\n"
    found = Study.load(TEXT + written, draws=16).rivals(written=True, draws=16)
    direct = Study.load(TEXT.replace("prior: {beta: [2, 8]}", "prior: 0.1"), draws=16)
    chances = found.solved[0].chances
    # The prior is no longer drawn, which moves the other draws; what is left is sampling.
    np.testing.assert_allclose(chances, direct.forecast("parley").mean, rtol=0, atol=0.02)
    assert found.document().structures[1].title == "war were cheap"


def test_the_forecast_over_structures_weighs_each_by_the_record(true_study):
    """By hand: odds are Bayes factors, all structures equally likely before the record."""
    found = true_study.rivals(draws=8)
    odds = np.array([1.0, *(np.exp(rival.bayes_log) for rival in found.solved)])
    table = np.array([found.case.chances, *(rival.chances for rival in found.solved)])
    np.testing.assert_allclose(found.mean, odds @ table / odds.sum(), **TOL)


def test_an_untold_and_different_rival_is_named_first():
    """Aria's income decides whether it talks, and the record is about the tolls."""
    found = Study.load(TEXT.replace("0.05 * (parley", "0.5 * (parley"), draws=64).rivals()
    first = found.solved[0]
    assert first.rival.name == "interest: income"
    assert first.distance > 0.1
    assert abs(first.bayes_log) < 1
    view = found.document()
    assert view.structures[1].stands_out
    assert view.sentences[0].startswith(
        "The record fits this rival about as well as the case, but the rival answers differently"
    )


def test_eager_sweeps_arrive_where_the_compiled_solver_does():
    """With a player in error, so that its model is solved too."""
    study = Study.load(TEXT, draws=32)
    eager = build_ensemble(
        study.lowered.diagram,
        study.lowered.beliefs,
        study.ensemble.numbers,
        study.lowered.record,
        solver=EagerSolver().solve,
    )
    both = eager.converged & study.ensemble.converged
    assert both.all()
    for name, rule in study.ensemble.play.policies.items():
        np.testing.assert_allclose(eager.play.policies[name], rule, **TOL)


def test_factors_are_written_as_people_say_them():
    assert [factor_text(f) for f in (0.05, 0.5, 12.34, 4321.0, 0.0)] == [
        "1/20", "0.5", "12.3", "4,321", "0"
    ]  # fmt: skip


def test_every_rival_is_reported_as_soon_as_it_is_solved():
    """In the order in which they are solved: what changes, what does not, and what is left out."""
    rivals = (
        "rivals:\n  selfless: {drop_interest: income}\n  same: {mechanisms: {resolve: {odds: {high: p_high, "
        "low: 1 - p_high}}}}\n  never: {remove: {reply: [fight]}, mechanisms: {resolve: {odds: {high: 1, low: 0}}}}\n"
    )
    lines: list[str] = []
    found = Study.load(f"{TEXT}\n{rivals}", draws=16).rivals(written=True, tell=lines.append)
    assert len(lines) == 3
    assert lines[0].startswith("If nobody had the interest “income”: ")
    assert f"Bayes factor {factor_text(np.exp(found.solved[0].bayes_log))}." in lines[0]
    assert lines[1].endswith("nothing changes.")
