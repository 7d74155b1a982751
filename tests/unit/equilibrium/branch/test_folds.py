"""A branch that folds, followed round its folds: against its closed form."""

from __future__ import annotations

import numpy as np

from backchannel.equilibrium.branch.follow import follow
from backchannel.equilibrium.types import Task
from tests.helpers import TOL
from tests.unit.equilibrium.branch.crowd import GAINS, crowd, crowd_by_hand
from tests.unit.equilibrium.branch.each_way import each_way, either

__all__ = ["each_way"]


@either
def test_a_branch_that_folds_is_followed_round_its_folds():
    """λ rises to 3.2, runs back to 2.8 and rises again; the closed form says where it is when."""
    precision = np.array([0.0, 0.5, 2.0, 3.1, 3.3, 5.0])
    found = follow(Task(crowd(precision)))
    by_hand = [crowd_by_hand(one) if one else (0.5, 0) for one in precision]
    assert found.converged.all()
    for player in ("ann", "bob", "cat"):
        joins = found.policies[f"join_{player}"][:, 0]
        np.testing.assert_allclose(joins, [p for p, _ in by_hand], rtol=0, atol=1e-8)
    assert found.folds.tolist() == [folds for _, folds in by_hand] == [0, 0, 0, 0, 2, 2]


@either
def test_the_trace_of_a_branch_lies_on_its_closed_form():
    """The way is returned, too; past a fold the share of the precision runs back."""
    found = follow(Task(crowd(np.array([5.0]))), trace=True)
    assert found.trace is not None
    (trace,) = found.trace
    p = trace.policies["join_ann"][1:, 0]
    none, one, both = GAINS
    gain = none * (1 - p) ** 2 + 2 * one * p * (1 - p) + both * p**2
    np.testing.assert_allclose(5.0 * trace.t[1:], np.log(p / (1 - p)) / gain, rtol=0, atol=1e-5)
    assert trace.t[0] == 0.0
    assert trace.t[-1] == 1.0
    assert (np.diff(trace.t) < 0).any()


@either
def test_a_held_rule_is_answered_to_all_along_a_branch():
    """One of the crowd keeps to a rule; the other two need each other, and closed form knows them."""
    precision, held = np.array([1.0, 2.0]), 0.25
    stays = {"join_cat": np.tile([held, 1 - held], (2, 1))}
    found = follow(Task(crowd(precision), held=stays))
    assert found.converged.all()
    p = found.policies["join_ann"][:, 0]
    none, one, both = GAINS
    gain = none * (1 - p) * (1 - held) + one * (p + held - 2 * p * held) + both * p * held
    np.testing.assert_allclose(np.log(p / (1 - p)), precision * gain, **TOL)
    np.testing.assert_allclose(found.policies["join_bob"][:, 0], p, **TOL)
