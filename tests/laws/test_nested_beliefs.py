"""Beliefs about beliefs: what a player thinks that another believes, at any depth."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.diagram.beliefs import Belief, corrected
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.certificate import certify_ensemble
from backchannel.ensemble.change import change, change_all
from backchannel.equilibrium.beliefs import play as module
from tests.helpers import TOL
from tests.laws.nested import MOVERS, NUMBERS, PRECISION, WORTH, bargain, bargained, played
from tests.oracles.nested import PlainModel, rules

TRUE = PlainModel(p=0.3, g=1.0)
P8 = {"p": "p8"}
NESTED = Belief(
    "eu",
    P8,
    about=(
        Belief("usa", {"p": "p8", "g": "g2"}),
        Belief("blr", {}, about=(Belief("usa", {"g": "g3"}),)),
    ),
)
"""The EU errs about p; thinks that Washington also errs about g, and that Minsk holds the true
case but thinks that Washington errs about g in yet another way."""
PLAIN = PlainModel(
    0.8, 1.0, {"answer": PlainModel(0.8, 2.0), "offer": PlainModel(0.3, 1.0, {"answer": PlainModel(0.3, -1.5)})}
)  # fmt: skip


def _expected(move: str, model: PlainModel) -> np.ndarray:
    return rules(model, WORTH, PRECISION)[move]


def test_a_model_of_models_is_what_hand_enumeration_gives():
    """Three levels: every rule that is played comes from where it should."""
    minsk = Belief("blr", P8, about=(Belief("usa", {"g": "g2"}),))
    found = played(bargained(NESTED, minsk))
    np.testing.assert_allclose(found["open"], _expected("open", PLAIN), **TOL)
    own = PlainModel(0.8, 1.0, {"answer": PlainModel(0.3, 2.0)})
    np.testing.assert_allclose(found["offer"], _expected("offer", own), **TOL)
    np.testing.assert_allclose(found["answer"], _expected("answer", TRUE), **TOL)
    # The levels matter: without them the opening is another.
    alone = _expected("open", PlainModel(0.8, 1.0))
    assert np.abs(found["open"] - alone).max() > 0.01


def test_without_an_idea_of_others_a_player_takes_its_model_for_common_knowledge():
    """Depth 0 and 1, by hand."""
    np.testing.assert_allclose(played(bargained())["open"], _expected("open", TRUE), **TOL)
    found = played(bargained(Belief("blr", P8, about=())))
    np.testing.assert_allclose(found["offer"], _expected("offer", PlainModel(0.8, 1.0)), **TOL)


def test_who_does_not_err_plays_against_what_the_erring_do():
    """The EU holds the true case, so it knows how Minsk errs."""
    minsk = Belief("blr", P8, about=(Belief("usa", {"g": "g2"}),))
    own = PlainModel(0.8, 1.0, {"answer": PlainModel(0.3, 2.0)})
    found = played(bargained(minsk))
    truth = PlainModel(0.3, 1.0, {"offer": own})
    np.testing.assert_allclose(found["open"], _expected("open", truth), **TOL)


def test_in_a_model_whoever_shares_it_knows_who_errs_in_it():
    """The EU thinks that Washington errs; in the EU's model Minsk knows that."""
    found = bargained(Belief("eu", P8, about=(Belief("usa", {"g": "g2"}),)))
    inside = found.play.believed["eu"].policies
    expected = PlainModel(0.8, 1.0, {"answer": PlainModel(0.3, 2.0)})
    np.testing.assert_allclose(inside["offer"][0], _expected("offer", expected), **TOL)


def test_a_nested_true_case_is_the_informed_opponent():
    """Minsk errs and thinks that Washington does not: Washington there is Washington as it is."""
    wrong = Belief("blr", {"p": "p8", "g": "g2"}, about=(Belief("usa"),))
    inside = bargained(wrong).play.believed["blr"].policies
    np.testing.assert_allclose(inside["answer"], bargained().play.policies["answer"], **TOL)
    shared = bargained(Belief("blr", {"p": "p8", "g": "g2"})).play.believed["blr"].policies
    assert np.abs(inside["answer"] - shared["answer"]).max() > 0.01


def test_equal_models_are_solved_once(monkeypatch):
    """Whoever holds them, at whatever depth, and whatever their equal numbers are called."""
    counts = []
    solve_mixed = module.solve_mixed

    def counted(tasks, ladders, **how):
        counts.append(len(tasks))
        return solve_mixed(tasks, ladders, **how)

    monkeypatch.setattr(module, "solve_mixed", counted)
    ensemble = bargained(
        Belief("eu", P8, about=(Belief("usa", {"g": "g2"}), Belief("blr", {"g": "g2"}))),
        Belief("blr", {"p": "p8_again"}, about=(Belief("usa", {"g": "g2"}),)),
        Belief("usa", {"g": "g2"}),
    )
    # p8 with two who hold g2, p8 with one who does, and g2 itself; not six. Then the true case.
    assert counts == [1, 2, 1]
    assert len(ensemble.play.models.distinct) == 3
    assert len(ensemble.play.views) == 6
    certificate = certify_ensemble(ensemble)
    assert certificate.worst_residual < 1e-9
    assert set(certificate.loss) == {"eu", "blr", "usa"}


def test_one_level_of_beliefs_takes_one_batch(monkeypatch):
    """As many solves as before there were levels."""
    counts = []
    solve_mixed = module.solve_mixed
    monkeypatch.setattr(
        module,
        "solve_mixed",
        lambda tasks, ladders, **how: (
            counts.append(len(tasks)) or solve_mixed(tasks, ladders, **how)
        ),
    )
    bargained(Belief("eu", P8), Belief("blr", {"g": "g2"}))
    assert counts == [2, 1]


def test_relabelling_players_permutes_play():
    """Names are names, at every level."""
    names = {"eu": "usa", "usa": "blr", "blr": "eu"}
    movers = {move: names[player] for move, player in MOVERS.items()}
    numbers = dict(NUMBERS) | {f"{names[p]}.precision": PRECISION[m] for m, p in MOVERS.items()}

    def renamed(belief: Belief) -> Belief:
        about = tuple(renamed(inner) for inner in belief.about)
        return Belief(names[belief.player], belief.parameters, about=about)

    found = bargained(renamed(NESTED), diagram=bargain(movers), numbers=numbers)
    for move, rule in played(bargained(NESTED)).items():
        np.testing.assert_allclose(played(found)[move], rule, **TOL)


@pytest.mark.parametrize("how", ["true_case", "actual"])
def test_correcting_a_nested_belief_is_the_case_written_that_way(how):
    """`beliefs: {eu: {usa: ...}}`, beside a Washington that does err."""
    washington = Belief("usa", {"g": "g3"})
    ensemble = bargained(NESTED, washington)
    made = Intervention(corrects_about={("eu", "usa"): how})
    right = Belief("usa") if how == "true_case" else washington
    rewritten = Belief("eu", P8, about=(right, NESTED.about[1]))
    expected = played(bargained(rewritten, washington))
    world = change(ensemble, made).world
    for move, rule in expected.items():
        np.testing.assert_allclose(world.tables[move][0], rule, **TOL, err_msg=move)
    assert np.abs(expected["open"] - played(ensemble)["open"]).max() > 1e-3


def test_correcting_deeper_still_leaves_the_rest_alone():
    """What the EU thinks that Minsk thinks of Washington."""
    ensemble = bargained(NESTED)
    deep = Belief("blr", {}, about=(Belief("usa"),))
    expected = played(bargained(Belief("eu", P8, about=(NESTED.about[0], deep))))
    made = Intervention(corrects_about={("eu", "blr", "usa"): "true_case"})
    np.testing.assert_allclose(
        change(ensemble, made).world.tables["open"][0], expected["open"], **TOL
    )


def test_an_idea_of_somebody_that_was_not_there_can_be_corrected():
    """Minsk took its model for common knowledge, and learns that Washington holds the true case."""
    (right,) = corrected([Belief("blr", {"g": "g2"})], (), {("blr", "usa"): "true_case"})
    assert right == Belief("blr", {"g": "g2"}, about=(Belief("usa"),))


def test_a_number_that_everyone_is_told_reaches_every_level():
    """Told of g, nobody errs about g, nor thinks that anybody does; p stays as it was believed."""
    numbers = {**NUMBERS, "g": 0.4}
    expected = played(
        bargained(Belief("eu", P8, about=(Belief("usa", P8), Belief("blr"))), numbers=numbers)
    )
    world = change(bargained(NESTED), Intervention(parameters={"g": 0.4})).world
    for move, rule in expected.items():
        np.testing.assert_allclose(world.tables[move][0], rule, **TOL, err_msg=move)


def test_who_is_not_told_is_known_not_to_know():
    """Told of g, the EU answers to a Washington that, as the EU thinks, was not told."""
    ensemble = bargained(NESTED)
    quiet = change(ensemble, Intervention(parameters={"g": 0.4}, told=("eu",)))
    # The opening depends on g only through the answers of others, who keep theirs.
    np.testing.assert_allclose(quiet.world.tables["open"][0], played(ensemble)["open"], **TOL)


def test_several_changes_together_are_each_by_itself():
    """Batched over changes and levels."""
    ensemble = bargained(NESTED, Belief("blr", P8, about=(Belief("usa", {"g": "g2"}),)))
    made = [
        Intervention(corrects_about={("eu", "usa"): "true_case"}),
        Intervention(corrects=("blr",)),
        Intervention(parameters={"g": 0.4}),
        Intervention(do={"offer": "x1"}),
        Intervention(remove={"answer": ("full",)}, announced="start"),
    ]
    together = change_all(ensemble, made)
    for one, found in zip(made, together, strict=True):
        fresh = bargained(NESTED, Belief("blr", P8, about=(Belief("usa", {"g": "g2"}),)))
        alone = change(fresh, one)
        for move in MOVERS:
            np.testing.assert_allclose(found.world.tables[move], alone.world.tables[move], **TOL)
