"""Ways of reasoning meet everything else that a case can have: hidden types, `when`, beliefs, what-ifs, why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from backchannel import CommandError, Study
from backchannel.diagram.surgery import Intervention, ReasoningChange
from backchannel.ensemble.certificate import certify_ensemble, spot_check
from backchannel.ensemble.change import change, change_all
from backchannel.ensemble.ensemble import Ensemble
from backchannel.questions.reasoning.ask import learned_types
from tests.helpers import CANAL, TOL

QUARRY = CANAL.with_name("quarry.yaml")
DRAWS = 16
EVEN = {
    "demand": {"odds": {10: 1, 30: 1, 50: 1}},
    "reply": {"odds": {"pay": 1, "fight": 1}},
    "parley": {"odds": {"talk": 1, "wait": 1}},
}
"""Chances that take a decision's place in a belief: all actions alike."""


def _case(**changes: Any) -> dict[str, Any]:
    """The canal case without its wrong belief, with ways of reasoning by player and other changes."""
    case = YAML(typ="safe", pure=True).load(CANAL.read_text())
    for player in ("aria", "borland"):
        if player in changes:
            case["players"][player]["reasoning"] = changes.pop(player)
    case |= {"beliefs": {}, "causes": {}, "questions": {}, "claims": []}
    return {**case, **changes}


def _study(**changes: Any) -> Study:
    return Study.load(_case(**changes), draws=DRAWS)


def _solved(**changes: Any) -> Ensemble:
    ensemble = _study(**changes).ensemble
    assert ensemble.converged.all()
    return ensemble


def _same_rules(one: Ensemble, other: Ensemble, names: tuple[str, ...]) -> Iterator[None]:
    for name in names:
        a, b = one.play.policies[name], other.play.policies[name]
        np.testing.assert_allclose(a, b, **TOL, err_msg=name)
        yield


OF_BORLAND = ("reply",)
OF_ARIA = ("demand", "parley")
ALL = (*OF_ARIA, *OF_BORLAND)


def test_level_1_is_who_believes_that_all_others_choose_by_chance():
    """The belief machinery says the same by another road, with a hidden state and a node with `when`."""
    levels = _solved(aria={"level": 1}, borland={"level": 1})
    aria = _solved(beliefs={"aria": {"nodes": {"reply": EVEN["reply"]}}})
    borland = _solved(
        beliefs={"borland": {"nodes": {n: EVEN[n] for n in OF_ARIA}}},
    )
    assert list(_same_rules(levels, aria, OF_ARIA))
    assert list(_same_rules(levels, borland, OF_BORLAND))
    assert np.abs(levels.play.policies["demand"] - _solved().play.policies["demand"]).max() > 0.01


def test_level_2_is_who_believes_that_others_believe_so():
    """Nested beliefs: Aria thinks that Borland takes Aria's moves for chance."""
    levels = _solved(aria={"level": 2}, borland={"level": 2})
    thinks = {"nodes": {n: EVEN[n] for n in OF_ARIA}}
    aria = _solved(beliefs={"aria": {"about": {"borland": thinks}}})
    assert list(_same_rules(levels, aria, OF_ARIA))


def test_a_wrong_belief_about_anothers_reasoning_is_planned_on():
    """Aria, at equilibrium, does what it would do if Borland did reason at level 1; Borland knows better."""
    believes = _solved(beliefs={"aria": {"reasoning": {"borland": {"level": 1}}}})
    actual = _solved(borland={"level": 1})
    assert list(_same_rules(believes, actual, OF_ARIA))
    gap = believes.play.policies["reply"] - actual.play.policies["reply"]
    assert np.abs(gap).max() > 1e-3


def test_who_is_thought_to_be_at_equilibrium_is_answered_as_such():
    """The other way round: Borland reasons at level 1, and Aria takes it for a player at equilibrium."""
    believes = _solved(
        borland={"level": 1}, beliefs={"aria": {"reasoning": {"borland": "equilibrium"}}}
    )
    assert list(_same_rules(believes, _solved(), OF_ARIA))
    assert list(_same_rules(believes, _solved(borland={"level": 1}), OF_BORLAND))


def test_a_level_player_takes_one_who_errs_for_one_who_errs():
    """Borland at level 3 faces Aria at level 2 in Aria's own model: one who overrates p_high."""
    wrong = {"aria": {"parameters": {"p_high": 0.97}}}
    found = _solved(aria={"level": 2}, borland={"level": 3}, beliefs=wrong)
    plain = _solved(aria={"level": 2}, borland={"level": 3})
    # Aria's demand at level 2 depends on the state that it expects; so does Borland's image of it.
    image = found.play.actual.levels[""]["demand"][2]
    np.testing.assert_allclose(image, found.play.policies["demand"], **TOL)
    assert np.abs(image - plain.play.actual.levels[""]["demand"][2]).max() > 1e-3


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_what_if_on_reasoning_is_the_case_written_so(level):
    """Announced at the start, it is the case in which the player always reasoned like that."""
    made = Intervention(reasoning={"borland": ReasoningChange(float(level))}, announced="start")
    changed = change(_solved(), made)
    written = _solved(borland={"level": level})
    for name in ALL:
        np.testing.assert_allclose(
            changed.world.tables[name], written.play.policies[name], **TOL, err_msg=name
        )


def test_one_step_further_is_the_next_level():
    """From level 1 to level 2; a player at equilibrium in some draws stays there."""
    made = Intervention(reasoning={"borland": ReasoningChange(further=1)}, announced="start")
    changed = change(_solved(borland={"level": 1}), made)
    written = _solved(borland={"level": 2})
    for name in ALL:
        np.testing.assert_allclose(changed.world.tables[name], written.play.policies[name], **TOL)


def test_who_is_not_told_keeps_its_plan_and_its_level_image():
    """A toll set by hand and told to Borland only: Aria's parley stays, Borland answers its old image."""
    ensemble = _solved(aria={"level": 2}, borland={"level": 2})
    told = Intervention(parameters={"war_cost": 0.5}, told=("borland",), announced="start")
    found = change(ensemble, told)
    for name in OF_ARIA:
        np.testing.assert_array_equal(found.world.tables[name], ensemble.play.policies[name])
    # Level 2 faces level 1 as it was planned before anybody knew: its image of parley has not changed.
    np.testing.assert_array_equal(
        found.levels[""]["parley"], ensemble.play.actual.levels[""]["parley"]
    )
    assert np.abs(found.world.tables["reply"] - ensemble.play.policies["reply"]).max() > 1e-3


def test_what_is_asked_beside_it_does_not_change_a_changed_world():
    """Aria errs. One more step for it asks for a level that the case does not need; the other world has none."""
    wrong = {"aria": {"parameters": {"p_high": 0.97}}}
    ways = {"aria": {"level": 2}, "borland": {"level": 1}}
    toll = Intervention(do={"demand": 10})
    further = Intervention(reasoning={"aria": ReasoningChange(further=1)}, announced="start")
    alone = change(_solved(**ways, beliefs=wrong), toll)
    beside, _ = change_all(_solved(**ways, beliefs=wrong), [toll, further])
    for name in ALL:
        np.testing.assert_allclose(beside.world.tables[name], alone.world.tables[name], **TOL)
        both = (w.levels[""][name][:2] for w in (beside, alone))
        np.testing.assert_allclose(*both, **TOL, err_msg=name)


def test_nobody_is_told_of_an_unannounced_change():
    """Every rule is kept."""
    ensemble = _solved(aria={"level": 2}, borland={"level": 1})
    found = change(ensemble, Intervention(do={"demand": 10}, announced="never"))
    for name in ("reply", "parley"):
        np.testing.assert_array_equal(found.world.tables[name], ensemble.play.policies[name])


def test_a_removed_action_is_off_the_menu_of_every_level():
    """Told, everybody plans without it, and takes the others to plan without it."""
    ensemble = _solved(aria={"level": 2}, borland={"level": 2})
    found = change(ensemble, Intervention(remove={"demand": (50,)}, announced="start"))
    assert found.levels[""]["demand"][..., 2].max() == 0.0
    assert found.world.tables["demand"][..., 2].max() == 0.0


def test_the_record_weighs_types_by_how_likely_each_makes_it():
    """Bayes by hand: draws of each type, weighed by P(record) in the case with that type alone."""
    mixture = {"mixture": {"equilibrium": 0.5, "level 1": 0.3, "level 2": 0.2}}
    ensemble = _study(borland=mixture).ensemble
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
    study = Study.load(_case(borland=mixture, record=[]), draws=256)
    level = study.ensemble.numbers["borland.level"]
    assert [np.mean(level == kind) for kind in (-1, 1, 2)] == pytest.approx(
        [0.5, 0.25, 0.25], abs=0.01
    )


def test_levels_of_a_hierarchy_are_poisson_around_the_mean_of_the_same_draw():
    """Mean 0.5 in half of the draws' worth of prior, 3 in the other: the levels follow."""
    hierarchy = {"hierarchy": {"uniform": [0.4, 3.6]}, "max_level": 6}
    study = Study.load(_case(borland=hierarchy, record=[]), draws=1024)
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
    ensemble = _solved(**ways, beliefs=wrong)
    errors = certify_ensemble(ensemble)
    spot_check(errors, [change(ensemble, Intervention(do={"demand": 10}))])
    assert errors.worst_residual < 1e-10
    assert errors.worst_regret < 1e-10
    assert errors.spot_checked == DRAWS


def test_a_rule_that_is_not_of_its_level_has_a_residual():
    """A certificate that always says 0 would be worthless."""
    ensemble = _solved(aria={"level": 2}, borland={"level": 2})
    rules = ensemble.play.actual.levels[""]["demand"]
    rules[1] = rules[1][..., ::-1]
    assert certify_ensemble(ensemble).worst_residual > 1e-3


def test_why_with_a_cause_that_changes_no_type_finds_nothing():
    """Borland is at level 1 anyway, so its level is no cause; that it is not at level 0 is one."""
    causes = {
        "same": {"reasoning": {"borland": {"level": 1}}},
        "other": {"reasoning": {"borland": {"level": 0}}},
    }
    why = _study(borland={"level": 1}, causes=causes).why
    same, other = (why({"reply": "fight"}, causes=[name]).of(name) for name in causes)
    assert same.necessity.shared.mean == pytest.approx(0.0, abs=1e-12)
    assert other.necessity.shared.mean > 0.01


def test_a_player_with_a_level_thinks_no_more_than_it_is_aware_of():
    """Borland has not thought of fighting; at level 1 it never does, and the rest still plays."""
    unaware = {"borland": {"unaware": {"actions": {"reply": ["fight"]}}}}
    found = _study(borland={"level": 1}, beliefs=unaware, record=[]).ensemble
    assert found.converged.all()
    assert found.play.policies["reply"][..., 1].max() == 0.0


def test_two_ways_of_reasoning_of_one_player_are_no_two_causes():
    """They contradict each other."""
    causes = {f"at_{k}": {"reasoning": {"borland": {"level": k}}} for k in (0, 2)}
    with pytest.raises(CommandError, match="borland cannot reason in two ways at once"):
        _study(borland={"level": 1}, causes=causes).why({"reply": "fight"}, causes=list(causes))


def test_a_search_for_equilibria_holds_the_rules_of_levels():
    """Aria's principal rule is in each draw's list; Borland's is that of its level."""
    mixture = {"mixture": {"equilibrium": 0.5, "level 1": 0.5}}
    study = _study(borland=mixture)
    listed = study.equilibria(all=True, draws=4)
    found = listed.search
    assert (
        "Where Borland has a level of reasoning, it keeps the rules of" in listed.document().caption
    )
    actual = study.ensemble.play.policies
    assert found.draws.tolist() == [0, 1, 2, 3]
    assert len(set(study.ensemble.numbers["borland.level"][:4])) == 2
    for draw, plays in zip(found.draws.tolist(), found.plays, strict=True):
        for play in plays:
            if study.ensemble.numbers["borland.level"][draw] == 1:
                np.testing.assert_allclose(play["reply"], actual["reply"][draw], **TOL)
        np.testing.assert_allclose(plays[0]["demand"], actual["demand"][draw], **TOL)


def test_an_exported_tree_says_that_reasoning_is_left_out(tmp_path):
    """A Gambit file has no word for it."""
    path = tmp_path / "canal.efg"
    _study(borland={"level": 1}).export_gambit(path)
    assert "How Borland reasons is left out" in path.read_text()
    _study(aria={"level": 2}, borland={"level": 1}).export_gambit(path, force=True)
    assert "How Aria and Borland reason is left out" in path.read_text()


def test_a_branch_says_whose_rules_stay_the_same():
    """Borland has a level, so only Aria's rules change along the branch."""
    branch = _study(borland={"level": 1}).branch()
    assert branch.kept == {"borland"}
    assert (branch.policies["reply"] == branch.policies["reply"][0]).all()
    assert (branch.policies["demand"][0] != branch.policies["demand"][-1]).any()
    assert "What Borland would do stays the same" in branch.document().caption
    assert "stays the same" not in _study().branch().document().caption


def test_level_0_does_what_the_case_says_on_the_menu():
    """Aria at level 0 asks for what `level_0` says; Borland at level 1 answers by what it sees, as ever."""
    level_0 = {
        "demand": {"odds": {10: 1, 30: 2, 50: 1}},
        "parley": {"odds": {"talk": 3, "wait": 1}},
    }
    found = _solved(aria={"level": 0}, borland={"level": 1}, level_0=level_0).play.policies
    np.testing.assert_allclose(found["demand"], [[0.25, 0.5, 0.25]] * DRAWS, **TOL)
    # `parley` exists only after a fight; where it does, three of four talk.
    after_fight = found["parley"][:, :, 1, :]
    np.testing.assert_allclose(after_fight[..., 0], 0.75, **TOL)
    np.testing.assert_allclose(found["parley"][:, :, 0, 2], 1.0, **TOL)
    # Borland counts on talks with 3/4, by the belief machinery.
    nodes = {"demand": level_0["demand"], "parley": level_0["parley"]}
    believed = _solved(beliefs={"borland": {"nodes": nodes}}).play.policies
    np.testing.assert_allclose(found["reply"], believed["reply"], **TOL)


def test_precision_by_complexity_is_a_power_of_each_covariate():
    """By hand: two actions count as nothing; six contexts; the payoff range."""
    linear = {"base": 4, "actions": -0.5, "contexts": 0.25, "range": -1}
    case = _case(record=[])
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
