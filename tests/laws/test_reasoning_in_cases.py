"""Ways of reasoning meet everything else that a case can have: hidden types, `when`, beliefs, what-ifs, why."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from backchannel import Study
from backchannel.diagram.surgery import Intervention, ReasoningChange
from backchannel.ensemble.certificate import certify_ensemble, spot_check
from backchannel.ensemble.change import change
from backchannel.ensemble.ensemble import Ensemble
from backchannel.questions.reasoning.ask import learned_types
from tests.helpers import TOL
from tests.laws.quarry_reasoning import (
    DRAWS,
    EVEN,
    OF_ARIA,
    OF_BORLAND,
    QUARRY,
    changed_case,
    changed_ensemble,
    changed_study,
    same_rules,
)


def test_level_1_is_who_believes_that_all_others_choose_by_chance():
    """The belief machinery says the same by another road, with a hidden state and a node with `when`."""
    levels = changed_ensemble(aria={"level": 1}, borland={"level": 1})
    aria = changed_ensemble(beliefs={"aria": {"nodes": {"reply": EVEN["reply"]}}})
    borland = changed_ensemble(
        beliefs={"borland": {"nodes": {n: EVEN[n] for n in OF_ARIA}}},
    )
    assert list(same_rules(levels, aria, OF_ARIA))
    assert list(same_rules(levels, borland, OF_BORLAND))
    assert (
        np.abs(levels.play.policies["demand"] - changed_ensemble().play.policies["demand"]).max()
        > 0.01
    )


def test_level_2_is_who_believes_that_others_believe_so():
    """Nested beliefs: Aria thinks that Borland takes Aria's moves for chance."""
    levels = changed_ensemble(aria={"level": 2}, borland={"level": 2})
    thinks = {"nodes": {n: EVEN[n] for n in OF_ARIA}}
    aria = changed_ensemble(beliefs={"aria": {"about": {"borland": thinks}}})
    assert list(same_rules(levels, aria, OF_ARIA))


def test_a_wrong_belief_about_anothers_reasoning_is_planned_on():
    """Aria, at equilibrium, does what it would do if Borland did reason at level 1; Borland knows better."""
    believes = changed_ensemble(beliefs={"aria": {"reasoning": {"borland": {"level": 1}}}})
    actual = changed_ensemble(borland={"level": 1})
    assert list(same_rules(believes, actual, OF_ARIA))
    gap = believes.play.policies["reply"] - actual.play.policies["reply"]
    assert np.abs(gap).max() > 1e-3


def test_who_is_thought_to_be_at_equilibrium_is_answered_as_such():
    """The other way round: Borland reasons at level 1, and Aria takes it for a player at equilibrium."""
    believes = changed_ensemble(
        borland={"level": 1}, beliefs={"aria": {"reasoning": {"borland": "equilibrium"}}}
    )
    assert list(same_rules(believes, changed_ensemble(), OF_ARIA))
    assert list(same_rules(believes, changed_ensemble(borland={"level": 1}), OF_BORLAND))


def test_a_level_player_takes_one_who_errs_for_one_who_errs():
    """Borland at level 3 faces Aria at level 2 in Aria's own model: one who overrates p_high."""
    wrong = {"aria": {"parameters": {"p_high": 0.97}}}
    found = changed_ensemble(aria={"level": 2}, borland={"level": 3}, beliefs=wrong)
    plain = changed_ensemble(aria={"level": 2}, borland={"level": 3})
    # Aria's demand at level 2 depends on the state that it expects; so does Borland's image of it.
    image = found.play.actual.levels[""]["demand"][2]
    np.testing.assert_allclose(image, found.play.policies["demand"], **TOL)
    assert np.abs(image - plain.play.actual.levels[""]["demand"][2]).max() > 1e-3


def test_the_record_weighs_types_by_how_likely_each_makes_it():
    """Bayes by hand: draws of each type, weighed by P(record) in the case with that type alone."""
    mixture = {"mixture": {"equilibrium": 0.5, "level 1": 0.3, "level 2": 0.2}}
    ensemble = changed_study(borland=mixture).ensemble
    level = ensemble.numbers["borland.level"]
    likelihood = np.zeros(DRAWS)
    for kind, written in ((-1, "equilibrium"), (1, {"level": 1}), (2, {"level": 2})):
        alone = _alone(ensemble, written)
        likelihood[level == kind] = alone[level == kind]
    np.testing.assert_allclose(np.exp(ensemble.log_likelihood), likelihood, **TOL)
    weights = likelihood / likelihood.sum()
    (shares,) = learned_types(ensemble).of_player.values()
    for share in shares:
        assert share.after == pytest.approx(float(weights @ (level == share.type)), abs=1e-12)
        assert share.before == pytest.approx(float((level == share.type).mean()), abs=1e-12)


def _alone(ensemble: Ensemble, written: Any) -> np.ndarray:
    """P(record) in the same draws if Borland always reasoned in one way."""
    kind = -1.0 if written == "equilibrium" else float(written["level"])
    made = Intervention(reasoning={"borland": ReasoningChange(kind)}, announced="start")
    world = change(ensemble, made).world
    state = world.tables["resolve"]
    play = np.einsum("ds,d,dsr->dr", state, world.tables["demand"][:, 1], world.tables["reply"][:, :, 1]
                     if world.diagram.parents("reply") == ("resolve", "demand")
                     else world.tables["reply"][:, 1])  # fmt: skip
    return 0.95 * play[:, 1] + 0.05 * play[:, 0]


def test_shares_of_types_come_out_as_written():
    """Quasi-random, like every other number."""
    mixture = {"mixture": {"equilibrium": 0.5, "level 1": 0.25, "level 2": 0.25}}
    study = Study.load(changed_case(borland=mixture, record=[]), draws=256)
    level = study.ensemble.numbers["borland.level"]
    assert [np.mean(level == kind) for kind in (-1, 1, 2)] == pytest.approx(
        [0.5, 0.25, 0.25], abs=0.01
    )


def test_levels_of_a_hierarchy_are_poisson_around_the_mean_of_the_same_draw():
    """Mean 0.5 in half of the draws' worth of prior, 3 in the other: the levels follow."""
    hierarchy = {"hierarchy": {"uniform": [0.4, 3.6]}, "max_level": 6}
    study = Study.load(changed_case(borland=hierarchy, record=[]), draws=1024)
    numbers = study.ensemble.numbers
    level, mean = numbers["borland.level"], numbers["borland.hierarchy"]
    low = mean < 1.2
    for half in (low, mean > 2.8):
        expected = np.mean([_cut_off_mean(m) for m in mean[half]])
        assert level[half].mean() == pytest.approx(expected, abs=0.1)


def _cut_off_mean(mean: float) -> float:
    weights = np.cumprod([1.0, *(mean / k for k in range(1, 7))])
    return float(weights @ np.arange(7) / weights.sum())


@pytest.mark.parametrize(
    "ways",
    [
        {"aria": {"level": 2}, "borland": {"hierarchy": {"between": [0.8, 2.5]}}},
        {"aria": {"hierarchy": 1.5}, "borland": {"mixture": {"equilibrium": 0.5, "level 2": 0.5}}},
    ],
)
def test_the_certificate_recomputes_every_way_of_reasoning(ways):
    """By its own path, in the case, in a belief model, and in a changed world."""
    wrong = {"aria": {"parameters": {"p_high": "unlikely"}}}
    ensemble = changed_ensemble(**ways, beliefs=wrong)
    errors = certify_ensemble(ensemble)
    spot_check(errors, [change(ensemble, Intervention(do={"demand": 10}))])
    assert errors.worst_residual < 1e-10
    assert errors.worst_regret < 1e-10
    assert errors.spot_checked == DRAWS


def test_a_rule_that_is_not_of_its_level_has_a_residual():
    """A certificate that always says 0 would be worthless."""
    ensemble = changed_ensemble(aria={"level": 2}, borland={"level": 2})
    rules = ensemble.play.actual.levels[""]["demand"]
    rules[1] = rules[1][..., ::-1]
    assert certify_ensemble(ensemble).worst_residual > 1e-3


def test_a_player_with_a_level_thinks_no_more_than_it_is_aware_of():
    """Borland has not thought of fighting; at level 1 it never does, and the rest still plays."""
    unaware = {"borland": {"unaware": {"actions": {"reply": ["fight"]}}}}
    found = changed_study(borland={"level": 1}, beliefs=unaware, record=[]).ensemble
    assert found.converged.all()
    assert found.play.policies["reply"][..., 1].max() == 0.0


def test_level_0_does_what_the_case_says_on_the_menu():
    """Aria at level 0 asks for what `level_0` says; Borland at level 1 answers by what it sees, as ever."""
    level_0 = {
        "demand": {"odds": {10: 1, 30: 2, 50: 1}},
        "parley": {"odds": {"talk": 3, "wait": 1}},
    }
    found = changed_ensemble(aria={"level": 0}, borland={"level": 1}, level_0=level_0).play.policies
    np.testing.assert_allclose(found["demand"], [[0.25, 0.5, 0.25]] * DRAWS, **TOL)
    # `parley` exists only after a fight; where it does, three of four talk.
    after_fight = found["parley"][:, :, 1, :]
    np.testing.assert_allclose(after_fight[..., 0], 0.75, **TOL)
    np.testing.assert_allclose(found["parley"][:, :, 0, 2], 1.0, **TOL)
    # Borland counts on talks with 3/4, by the belief machinery.
    nodes = {"demand": level_0["demand"], "parley": level_0["parley"]}
    believed = changed_ensemble(beliefs={"borland": {"nodes": nodes}}).play.policies
    np.testing.assert_allclose(found["reply"], believed["reply"], **TOL)


def test_precision_by_complexity_is_a_power_of_each_covariate():
    """By hand: two actions count as nothing; six contexts; the payoff range."""
    linear = {"base": 4, "actions": -0.5, "contexts": 0.25, "range": -1}
    case = changed_case(record=[])
    case["players"]["borland"]["precision"] = {"linear": linear}
    case["parameters"]["war_cost"]["prior"] = 0.2
    game = Study.load(case, draws=4).ensemble.play.models.truth.game
    assert "demand" not in game.complexity
    # What it has at stake: tolls from 0 to -0.5, a war from 0 to -0.4, honour from -0.01 to 0.02.
    expected = 4 * 6**0.25 / (0.5 + 0.4 + 0.03)
    np.testing.assert_allclose(game.lambda_at("reply"), np.full(4, expected), rtol=1e-12)
    assert certify_ensemble(Study.load(case, draws=4).ensemble).worst_residual < 1e-10


def test_levels_go_through_repeated_rounds():
    """Every round is a decision of its own; the certificate finds nothing in any of them."""
    case = YAML(typ="safe", pure=True).load(QUARRY.read_text())
    deciding = {n.get("player") for n in case["rounds"]["nodes"].values()} - {None}
    for player in deciding:
        case["players"][player]["reasoning"] = {"level": 1}
    ensemble = Study.load({**case, "deals": {}, "claims": [], "questions": {}}, draws=4).ensemble
    assert ensemble.converged.all()
    assert certify_ensemble(ensemble).worst_residual < 1e-9
