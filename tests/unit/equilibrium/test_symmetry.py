"""Exact symmetry: equals are treated as equals, by sweeps, by the branch and on the way."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import fsolve
from scipy.special import softmax

from backchannel.equilibrium.branch.follow import follow
from backchannel.equilibrium.solve import solve
from backchannel.equilibrium.types import Task
from tests.fooling import meeting, meeting_by_hand, simultaneous

PRECISIONS = np.round(np.arange(0.6, 8.01, 0.2), 1)
"""Other branches cross at 1.07; on these one of the two gives in."""


def _north(play, draws: int) -> np.ndarray:
    """P(Ann goes to her own place); axes: draw, what she sees."""
    return play.policies["go_ann"][..., 0].reshape(draws, -1)


@pytest.mark.parametrize("method", [solve, follow])
def test_two_who_would_like_to_meet_are_treated_as_equals(method):
    """At every precision, before and beyond the crossing."""
    found = method(Task(meeting(PRECISIONS)))
    right = [[meeting_by_hand(precision)] for precision in PRECISIONS]
    assert (found.status == 0).all()
    np.testing.assert_allclose(_north(found, len(PRECISIONS)), right, atol=1e-9)


@pytest.mark.parametrize("precision", [1.2, 1.8, 2.5, 2.6, 4.0])
def test_a_climb_does_not_pass_a_sweep_that_left_equals(precision):
    """Each precision by itself: how far a climb has to go depends on the draws beside it."""
    found = solve(Task(meeting(np.array([precision]))))
    assert found.status[0] == 0
    np.testing.assert_allclose(_north(found, 1), meeting_by_hand(precision), atol=1e-9)


@pytest.mark.parametrize(
    ("paying", "seen"),
    [
        (("ann",), ()),
        (("ann",), ("ann",)),
        (("ann", "bob"), ()),
        (("ann", "bob"), ("ann",)),
        (("ann", "bob"), ("ann", "bob")),
    ],
)
def test_the_crossing_is_passed_in_larger_games(paying, seen):
    """Who paid before plays no part: σ(-λ) pay, and all meet as if nobody could."""
    precisions = np.array([0.5, 1.1, 1.5, 2.0, 5.0])
    found = solve(Task(meeting(precisions, paying=paying, seen=seen)))
    assert (found.status == 0).all()
    right = np.array([[meeting_by_hand(precision)] for precision in precisions])
    north = _north(found, len(precisions))
    np.testing.assert_allclose(north, np.broadcast_to(right, north.shape), atol=1e-9)
    paid = found.policies["pay_ann"].reshape(len(precisions), -1, 2)[:, 0, 0]
    np.testing.assert_allclose(paid, 1 / (1 + np.exp(precisions)), atol=1e-9)
    assert np.isclose(right[3, 0], 0.6645, atol=1e-4)


def test_the_way_of_a_branch_holds_no_attempts_that_were_given_up():
    """A lane that starts again with more care begins at precision 0; the branch itself does not fold."""
    found = follow(Task(meeting(np.array([2.5]))), trace=True)
    assert found.trace is not None
    assert (np.diff(found.trace[0].t) > 0).all()
    assert found.folds[0] == 0


def _symmetric_branch(payoffs: np.ndarray, precisions: np.ndarray) -> dict[float, np.ndarray]:
    """Play of a game that looks alike to both players, by small steps in which both play alike.

    It ends where that branch comes near a fold.
    """
    n, step = len(payoffs), 0.005
    logits, found = np.zeros(n - 1), {}

    def gap(logits: np.ndarray, precision: float) -> np.ndarray:
        worth = payoffs @ softmax(np.append(logits, 0.0))
        return logits - precision * (worth[:-1] - worth[-1])

    for precision in np.arange(step, precisions.max() + step / 2, step):
        new, _, converged, _ = fsolve(gap, logits, (precision,), full_output=True, xtol=1e-13)
        slopes = [
            (gap(new + 1e-6 * unit, precision) - gap(new - 1e-6 * unit, precision)) / 2e-6
            for unit in np.eye(n - 1)
        ]
        if converged != 1 or np.linalg.det(slopes) < 1e-3 or np.abs(new - logits).max() > 0.2:
            break
        logits = new
        for wanted in precisions[np.abs(precisions - precision) < step / 4]:
            found[float(wanted)] = softmax(np.append(logits, 0.0))
    return found


@pytest.mark.slow
def test_games_that_look_alike_to_both_players_are_played_alike():
    """Also where the second player's actions have another order, so that no table shows the symmetry."""
    rng = np.random.default_rng(0)
    precisions = np.array([1.0, 1.5, 2.5, 4.0])
    compared = 0
    for _ in range(10):
        n = int(rng.integers(2, 5))
        diagonal = rng.uniform(0, 3, n) * rng.choice([1, 1, -1])
        payoffs = rng.uniform(0, 2, (n, n)) + np.diag(diagonal)
        order = rng.permutation(n)
        # A draw for each precision: worths are multiplied instead, since λ is one number here.
        scale = precisions[:, None, None]
        game = simultaneous(scale * payoffs[:, order], scale * payoffs.T[:, order], 1.0)
        found = solve(Task(game))
        first, second = (found.policies[d.name].reshape(-1, n) for d in game.diagram.decisions)
        for precision, play in _symmetric_branch(payoffs, precisions).items():
            draw = int(np.flatnonzero(precisions == precision)[0])
            assert found.status[draw] == 0
            np.testing.assert_allclose(first[draw], play, atol=1e-6)
            np.testing.assert_allclose(second[draw], play[order], atol=1e-6)
            compared += 1
    assert compared >= 20
