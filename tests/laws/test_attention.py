"""What a player has not thought of, or overlooks: players with different games."""

from __future__ import annotations

import numpy as np

from backchannel.diagram.beliefs import Belief, Unaware
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.certificate import certify_ensemble
from backchannel.ensemble.change import change
from backchannel.ensemble.ensemble import build_ensemble
from backchannel.language.expressions import parse
from tests.helpers import TOL, day
from tests.laws.nested import ANSWERS, PRECISION, WORTH, bargain, bargained, played
from tests.oracles.nested import PlainModel, rules

NO_FULL = Unaware(actions={"answer": ("full",)})


def test_an_action_not_thought_of_is_as_if_it_were_absent():
    """The unaware player plays what it would in a case without the action; by hand as well."""
    found = played(bargained(Belief("eu", unaware=NO_FULL)))
    without = played(bargained(diagram=bargain(answers=ANSWERS[:2])))
    np.testing.assert_allclose(found["open"], without["open"], **TOL)
    plain = PlainModel(0.3, 1.0, answers=(0, 1))
    np.testing.assert_allclose(found["open"], rules(plain, WORTH, PRECISION)["open"], **TOL)
    assert np.abs(found["open"] - played(bargained())["open"]).max() > 0.01


def test_a_player_never_plays_what_it_has_not_thought_of():
    """And the others, who do not err, know that."""
    ensemble = bargained(Belief("usa", unaware=NO_FULL))
    found = played(ensemble)
    without = played(bargained(diagram=bargain(answers=ANSWERS[:2])))
    assert (found["answer"][..., 2] == 0).all()
    np.testing.assert_allclose(found["answer"][..., :2], without["answer"], **TOL)
    np.testing.assert_allclose(found["offer"], without["offer"], **TOL)


def test_nobody_thinks_that_others_think_of_what_it_does_not():
    """The EU's idea of Minsk's idea lacks the action too, though Minsk has thought of it."""
    from backchannel.diagram.beliefs import with_unawareness

    inner = with_unawareness(Belief("eu", about=(Belief("blr", {"g": "g2"}),)), NO_FULL)
    assert inner.about[0].unaware == NO_FULL
    inside = bargained(inner).play.inner["eu", "blr"].policies
    assert (inside["answer"][..., 2] == 0).all()


def test_who_is_told_of_an_action_has_thought_of_it():
    """Set by hand and announced, it happens in everyone's model."""
    ensemble = bargained(Belief("eu", unaware=NO_FULL))
    world = change(ensemble, Intervention(do={"answer": "full"}, announced="start")).world
    right = change(bargained(), Intervention(do={"answer": "full"}, announced="start")).world
    for move in ("open", "offer"):
        np.testing.assert_allclose(world.tables[move], right.tables[move], **TOL)


def test_a_node_not_thought_of_is_settled_and_not_seen():
    """Washington takes the opening for z1: it does what it would after z1, whatever was opened."""
    ensemble = bargained(Belief("usa", unaware=Unaware(nodes={"open": "z1"})))
    found, right = played(ensemble), played(bargained())
    for z in (0, 1):
        np.testing.assert_allclose(found["answer"][:, z], right["answer"][:, 1], **TOL)
    inside = ensemble.play.believed["usa"].policies["open"][0]
    np.testing.assert_allclose(inside, [0, 1], **TOL)
    assert np.abs(right["answer"][:, 0] - right["answer"][:, 1]).max() > 0.01


def test_a_chance_node_not_thought_of_is_settled_too():
    """Minsk takes the state for s1; that is p = 1."""
    found = played(bargained(Belief("blr", unaware=Unaware(nodes={"state": "s1"}))))
    sure = rules(PlainModel(1.0, 1.0), WORTH, PRECISION)
    np.testing.assert_allclose(found["offer"], sure["offer"], **TOL)
    # Who answers sees the state in truth, and goes by it.
    np.testing.assert_allclose(found["answer"], played(bargained())["answer"], **TOL)


def test_what_is_overlooked_makes_no_difference_to_who_overlooks_it():
    """Washington overlooks the offer: it plays the case in which it does not see it."""
    ensemble = bargained(Belief("usa", unaware=Unaware(sees={"answer": ("offer",)})))
    blind = played(bargained(diagram=bargain(overlooked="offer")))
    found = played(ensemble)
    for x in (0, 1):
        np.testing.assert_allclose(found["answer"][:, :, x], blind["answer"], **TOL)
    assert ensemble.play.converged.all()
    assert certify_ensemble(ensemble).worst_residual < 1e-9


def test_who_is_shown_what_it_overlooked_sees_it():
    """An intervention that adds the sight undoes the oversight."""
    ensemble = bargained(Belief("usa", unaware=Unaware(sees={"answer": ("offer",)})))
    made = Intervention(sees_added={"answer": ("offer",)}, announced="start")
    world = change(ensemble, made).world
    np.testing.assert_allclose(world.tables["answer"][0], played(bargained())["answer"], **TOL)


def test_setting_a_node_that_a_model_sees_less_of_keeps_the_rules_in_shape():
    """The overlooked offer is set by hand; the answer, set by hand too, is as it was set."""
    ensemble = bargained(Belief("usa", unaware=Unaware(sees={"answer": ("offer",)})))
    for do in ({"offer": "x1"}, {"answer": "full"}, {"open": "z0"}):
        changed = change(ensemble, Intervention(do=do, announced="start"))
        assert changed.converged.all()


def _hunt(*beliefs: Belief):
    """A hidden state, a move by who sees it, and a guess at the state by who sees the move."""
    diagram = Diagram(
        players=("runner", "chaser"),
        nodes=(
            Chance("state", ("high", "low"), {"high": parse("0.9"), "low": parse("0.1")}),
            Decision("move", ("left", "right", "up"), "runner", day(1), sees=("state",)),
            Decision("guess", ("high", "low"), "chaser", day(2), sees=("move",)),
        ),
        interests=(
            Interest("taste", "runner", parse("(move == 'left') * (state == 'high')")),
            Interest("catch", "chaser", parse("(guess == state) * (1 + (move == 'up'))")),
        ),
    )
    numbers = {"runner.precision": np.array([2.0]), "chaser.precision": np.array([3.0])}
    return build_ensemble(diagram, beliefs, numbers)


def test_after_a_move_that_it_had_not_thought_of_a_player_believes_in_the_limit():
    """The move counts as a slip of probability near 0 that tells nothing of the hidden state."""
    found = _hunt(Belief("chaser", unaware=Unaware(actions={"move": ("up",)})))
    rule = found.play.policies["guess"][0]
    expected = 1 / (1 + np.exp(-3.0 * 2 * (0.9 - 0.1)))
    np.testing.assert_allclose(rule[2, 0], expected, **TOL)
    # Who had thought of it would read it as a sign of the low state.
    assert _hunt().play.policies["guess"][0][2, 0] < expected - 0.01
    assert certify_ensemble(found).worst_residual < 1e-9
