"""The cases of the catalog: what they must hold, and regions known in closed form."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from backchannel import Study
from backchannel.case.catalog import catalog, find_case
from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case
from backchannel.diagram.nodes import Chance, Decision
from backchannel.diagram.relevance import solution_blocks
from backchannel.ensemble.draws import draw_numbers
from backchannel.equilibrium.certificate.certify import certify
from backchannel.equilibrium.solve import solve, solve_all
from backchannel.equilibrium.types import Method, Status, Task
from backchannel.tensors.compile_game import compile_game
from tests.helpers import TOL, pursuit_game


@pytest.fixture(scope="module")
def flagship():
    return lower(*read_case(find_case("belarus-2025")))


def test_the_flagship_has_the_size_and_the_players_that_the_article_asks_for(flagship):
    """18 to 28 nodes, 10 decisions or more, 15 claims or more."""
    assert 18 <= len(flagship.diagram.nodes) <= 28
    assert len(flagship.diagram.decisions) >= 10
    assert len(flagship.claims) >= 15
    assert set(flagship.diagram.players) == {"usa", "blr", "rus", "isr", "irn", "eu", "voice"}
    assert isinstance(flagship.diagram.node["kyiv_answer"], Chance)
    assert isinstance(flagship.diagram.node["freed_voice"], Decision)


def test_every_flagship_number_has_a_reason_and_every_forecast_a_public_test(flagship):
    """No number without a why; no open decision without a way to tell how it came out."""
    case = flagship.case
    for name, parameter in case.parameters.items():
        assert parameter.why, name
    for name, player in case.players.items():
        assert player.why, name
    for decision in flagship.diagram.decisions:
        if decision.date > case.as_of and decision.name != "moscow_on_minsk":
            assert case.nodes[decision.name].resolves, decision.name


def test_every_cause_that_a_case_asks_about_has_both_names():
    """A sentence says what happened ("because ...") and what would have been without it ("if ...")."""
    asked = {
        (name, cause)
        for name in catalog()
        for question in read_case(find_case(name))[0].questions.values()
        for cause in question.causes or ()
    }
    assert len(asked) >= 8
    nameless = [
        (name, cause)
        for name, cause in sorted(asked)
        for entry in [read_case(find_case(name))[0].causes[cause]]
        if not (entry.title and entry.undone)
    ]
    assert not nameless


def test_nothing_later_than_mid_july_2025_is_in_the_flagship_record(flagship):
    """What came after scores the forecast; it may not shape it."""
    assert str(flagship.case.as_of) == "2025-07-15"
    assert all(entry.date <= flagship.case.as_of for entry in flagship.record)
    for source in flagship.case.sources.values():
        assert source.date is None or source.date <= flagship.case.as_of


@pytest.mark.slow
def test_the_flagship_settles_in_every_draw_with_a_small_independent_residual(flagship):
    """At the medians and at 63 draws: the certificate does not reuse the solver's code."""

    numbers = draw_numbers(flagship.priors, 64, seed=5)
    game = compile_game(flagship.diagram, numbers)
    play = solve(Task(game))
    assert play.converged.all()
    free = frozenset(decision.name for decision in flagship.diagram.decisions)
    found = certify(game, play.policies, free=free)
    assert found.residual.max() < 1e-10
    assert max(gain.max() for gain in found.regret.values()) < 1e-12


@pytest.mark.slow
def test_quick_sweeps_converge_where_a_climb_from_precision_near_0_arrives(flagship):
    """At full precision at once, and up from below without any quick sweep: the same play."""
    from backchannel.equilibrium.sweep import verified

    numbers = draw_numbers(flagship.priors, 64, seed=6)
    game = compile_game(flagship.diagram, numbers)
    quick = solve(Task(game))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verified, "QUICK_SWEEPS", ())
        slow = solve(Task(game))
    assert quick.converged.all()
    assert slow.converged.all()
    for name, rule in quick.policies.items():
        np.testing.assert_allclose(slow.policies[name], rule, rtol=0, atol=1e-8, err_msg=name)


def _signalling(p_strong: float, weak_cost: float, precision: float) -> dict[str, np.ndarray]:
    lowered = lower(*read_case(find_case("signalling")))
    numbers = {
        "p_strong": p_strong, "weak_cost": weak_cost, "strong_cost": 0.05,
        "sender.precision": precision, "receiver.precision": precision,
    }  # fmt: skip
    game = compile_game(lowered.diagram, {k: np.array([v]) for k, v in numbers.items()})
    play = solve(Task(game))
    assert play.converged.all()
    return {name: rule[0] for name, rule in play.policies.items()}


def test_signalling_separates_where_the_weak_cannot_afford_it():
    """weak_cost > 1, p < 1/2: strong signal and are believed, weak do not and are fought."""
    rules = _signalling(0.35, 2.0, 12.0)
    assert rules["signal"][0, 0] > 0.99
    assert rules["signal"][1, 0] < 0.01
    assert rules["answer"][0, 0] > 0.99
    assert rules["answer"][1, 0] < 0.01


def test_signalling_pools_where_it_is_cheap_and_the_strong_are_many():
    """weak_cost < 1, p > 1/2: the receiver yields to the pooled signal, whatever the type."""
    rules = _signalling(0.7, 0.2, 12.0)
    pooled = rules["signal"][:, 0] @ np.array([0.7, 0.3]) > 0.5
    answer = rules["answer"][0 if pooled else 1, 0]
    assert answer > 0.95


def test_the_claims_of_the_tutorials_come_out_as_the_textbook_says():
    """Separating and pooling, in the claims' own words."""
    findings = {f.claim.name: f for f in Study.load("signalling", draws=128).claims()}
    assert findings["separating"].support > 0.95
    assert findings["pooling"].support > 0.9


def test_the_flagship_month_by_month_lowers_without_a_warning_and_cites_its_numbers():
    """Eighteen rounds to the end of 2026, every number with a reason, every worth with an ending."""
    lowered = lower(*read_case(find_case("belarus-2025-rounds")))
    assert not lowered.warnings
    case, diagram = lowered.case, lowered.diagram
    assert case.rounds is not None
    assert case.rounds.n == 18
    assert diagram.dates["prisoners@18"] == date(2026, 12, 28)
    assert all(parameter.why for parameter in case.parameters.values())
    assert all(interest.last is not None for interest in case.rounds.interests.values())
    # Everyone sees how things stand, so one exact pass from the last month to the first solves it.
    (block,) = solution_blocks(diagram)
    assert not block.is_joint
    assert len(block.decisions) == 90


@pytest.mark.slow
def test_the_flagship_is_followed_by_its_sweep_to_where_climbs_arrive(flagship, monkeypatch):
    """Every draw in doubt: the branch ends where sweeps that passed a climb have settled."""
    from backchannel.equilibrium.sweep import verified

    game = compile_game(flagship.diagram, draw_numbers(flagship.priors, 6, seed=6))
    climbed = solve(Task(game))
    monkeypatch.setattr(verified, "CLIMBS", ())
    followed = solve(Task(game))
    assert set(climbed.method) == {Method.SWEEP}
    assert set(followed.method) == {Method.HOMOTOPY}
    assert climbed.converged.all()
    assert followed.converged.all()
    for name, rule in climbed.policies.items():
        np.testing.assert_allclose(followed.policies[name], rule, **TOL, err_msg=name)


@pytest.mark.slow
def test_a_few_doubtful_draws_are_skipped_only_in_large_games_of_tasks_that_allow_it(
    flagship, monkeypatch
):
    """Somebody waits for those; in others, and where many are in doubt, each draw is followed."""
    from backchannel.equilibrium import solve as module
    from backchannel.equilibrium.sweep import verified

    game = compile_game(flagship.diagram, draw_numbers(flagship.priors, 4, seed=6))
    monkeypatch.setattr(verified, "CLIMBS", ())
    assert solve(Task(game, allow_skips=True)).converged.all()
    monkeypatch.setattr(module, "FEW", 1.0)
    skipping, patient = solve_all([Task(game, allow_skips=True), Task(game)])
    assert skipping.status.tolist() == [Status.OUT_OF_STEPS] * 4
    assert patient.converged.all()
    assert solve(Task(pursuit_game(2), allow_skips=True)).converged.all()
