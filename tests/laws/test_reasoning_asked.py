"""Questions about a case with levels of reasoning: what-ifs, why, searches, branches and exports."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel import CommandError
from backchannel.diagram.surgery import Intervention, ReasoningChange
from backchannel.ensemble.change import change, change_all
from tests.helpers import TOL
from tests.laws.quarry_reasoning import ALL, OF_ARIA, changed_ensemble, changed_study


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_what_if_on_reasoning_is_the_case_written_so(level):
    """Announced at the start, it is the case in which the player always reasoned like that."""
    made = Intervention(reasoning={"borland": ReasoningChange(float(level))}, announced="start")
    changed = change(changed_ensemble(), made)
    written = changed_ensemble(borland={"level": level})
    for name in ALL:
        np.testing.assert_allclose(
            changed.world.tables[name], written.play.policies[name], **TOL, err_msg=name
        )


def test_one_step_further_is_the_next_level():
    """From level 1 to level 2; a player at equilibrium in some draws stays there."""
    made = Intervention(reasoning={"borland": ReasoningChange(further=1)}, announced="start")
    changed = change(changed_ensemble(borland={"level": 1}), made)
    written = changed_ensemble(borland={"level": 2})
    for name in ALL:
        np.testing.assert_allclose(changed.world.tables[name], written.play.policies[name], **TOL)


def test_who_is_not_told_keeps_its_plan_and_its_level_image():
    """A toll set by hand and told to Borland only: Aria's parley stays, Borland answers its old image."""
    ensemble = changed_ensemble(aria={"level": 2}, borland={"level": 2})
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
    alone = change(changed_ensemble(**ways, beliefs=wrong), toll)
    beside, _ = change_all(changed_ensemble(**ways, beliefs=wrong), [toll, further])
    for name in ALL:
        np.testing.assert_allclose(beside.world.tables[name], alone.world.tables[name], **TOL)
        both = (w.levels[""][name][:2] for w in (beside, alone))
        np.testing.assert_allclose(*both, **TOL, err_msg=name)


def test_nobody_is_told_of_an_unannounced_change():
    """Every rule is kept."""
    ensemble = changed_ensemble(aria={"level": 2}, borland={"level": 1})
    found = change(ensemble, Intervention(do={"demand": 10}, announced="never"))
    for name in ("reply", "parley"):
        np.testing.assert_array_equal(found.world.tables[name], ensemble.play.policies[name])


def test_a_removed_action_is_off_the_menu_of_every_level():
    """Told, everybody plans without it, and takes the others to plan without it."""
    ensemble = changed_ensemble(aria={"level": 2}, borland={"level": 2})
    found = change(ensemble, Intervention(remove={"demand": (50,)}, announced="start"))
    assert found.levels[""]["demand"][..., 2].max() == 0.0
    assert found.world.tables["demand"][..., 2].max() == 0.0


def test_why_with_a_cause_that_changes_no_type_finds_nothing():
    """Borland is at level 1 anyway, so its level is no cause; that it is not at level 0 is one."""
    causes = {
        "same": {"reasoning": {"borland": {"level": 1}}},
        "other": {"reasoning": {"borland": {"level": 0}}},
    }
    why = changed_study(borland={"level": 1}, causes=causes).why
    same, other = (why({"reply": "fight"}, causes=[name]).of(name) for name in causes)
    assert same.necessity.shared.mean == pytest.approx(0.0, abs=1e-12)
    assert other.necessity.shared.mean > 0.01


def test_two_ways_of_reasoning_of_one_player_are_no_two_causes():
    """They contradict each other."""
    causes = {f"at_{k}": {"reasoning": {"borland": {"level": k}}} for k in (0, 2)}
    with pytest.raises(CommandError, match="borland cannot reason in two ways at once"):
        changed_study(borland={"level": 1}, causes=causes).why(
            {"reply": "fight"}, causes=list(causes)
        )


def test_a_search_for_equilibria_holds_the_rules_of_levels():
    """Aria's principal rule is in each draw's list; Borland's is that of its level."""
    mixture = {"mixture": {"equilibrium": 0.5, "level 1": 0.5}}
    study = changed_study(borland=mixture)
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
    changed_study(borland={"level": 1}).export_gambit(path)
    assert "How Borland reasons is left out" in path.read_text()
    changed_study(aria={"level": 2}, borland={"level": 1}).export_gambit(path, force=True)
    assert "How Aria and Borland reason is left out" in path.read_text()


def test_a_branch_says_whose_rules_stay_the_same():
    """Borland has a level, so only Aria's rules change along the branch."""
    branch = changed_study(borland={"level": 1}).branch()
    assert branch.kept == {"borland"}
    assert (branch.policies["reply"] == branch.policies["reply"][0]).all()
    assert (branch.policies["demand"][0] != branch.policies["demand"][-1]).any()
    assert "What Borland would do stays the same" in branch.document().caption
    assert "stays the same" not in changed_study().branch().document().caption
