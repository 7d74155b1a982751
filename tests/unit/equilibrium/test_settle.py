"""The fixed-point loop on updates whose fixed points are known: x ← a x + b ends at b / (1 − a)."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from backchannel.equilibrium.settle import CONVERGED, STILL, FixedPoint, Ladder, settle

RATE = np.array([0.01, 0.3, -0.6, 0.9])
"""a in each lane: every update moves this much of what the one before moved."""
END = np.array([0.2, 0.5, 0.7, 0.1])
"""Where each lane ends."""
START = {"reply": np.stack([np.zeros(4), np.ones(4)])}


def contract(rules, rate=RATE, end=END):
    """One update: the distance from the end shrinks at the lane's rate."""
    return {name: end + rate * (rule - end) for name, rule in rules.items()}


@pytest.mark.parametrize("xp", [np, jnp])
def test_every_lane_ends_at_its_fixed_point(xp):
    """NumPy and compiled code take the same updates; slow lanes take more of them."""

    def solved(rules) -> FixedPoint:
        return settle(contract, rules, most=400, xp=xp)

    with jax.enable_x64(True):
        end = solved(START) if xp is np else jax.jit(solved)(START)
    np.testing.assert_allclose(end.rules["reply"], np.broadcast_to(END, (2, 4)), atol=1e-9)
    assert (np.asarray(end.change) <= CONVERGED).all()
    # |a|ⁿ times the first move is at most the tolerance; lanes below `FAST` are judged from two moves.
    first = np.abs(1 - RATE) * np.maximum(END, 1 - END)
    needed = np.ceil(np.log(CONVERGED / first) / np.log(np.abs(RATE))) + 1
    assert np.asarray(end.updates)[1:].tolist() == needed[1:].astype(int).tolist()
    assert np.asarray(end.updates)[0] <= needed[0]


def test_a_lane_that_converged_is_updated_no_more():
    """Its rules stay to the last digit, whichever lanes are beside it."""
    alone = settle(
        lambda rules: contract(rules, RATE[:2], END[:2]),
        {"reply": START["reply"][:, :2]},
        most=400,
        xp=np,
    )
    beside = settle(contract, START, most=400, xp=np)
    assert np.array_equal(alone.rules["reply"], beside.rules["reply"][:, :2])


def test_lanes_that_are_dropped_cost_nothing_and_end_alike():
    """The update is asked for the lanes that are still on their way, and for no other."""
    asked = np.zeros(4, int)

    def update(rules, some):
        asked[some] += 1
        return contract(rules, RATE[some], END[some])

    dropped = settle(update, START, most=400, drops_lanes=True, xp=np)
    whole = settle(contract, START, most=400, xp=np)
    assert asked.tolist() == dropped.updates.tolist() == whole.updates.tolist()
    assert np.array_equal(dropped.rules["reply"], whole.rules["reply"])
    assert np.array_equal(START["reply"], np.stack([np.zeros(4), np.ones(4)]))


def test_a_lane_that_goes_round_in_a_circle_does_not_converge():
    """Its last change tells; the lanes beside it converge."""
    end = settle(
        lambda rules: contract(rules, np.array([-1.0, 0.3, 0.3, 0.3])), START, most=50, xp=np
    )
    assert (end.change > CONVERGED).tolist() == [True, False, False, False]
    assert end.updates[0] == 50


def test_a_lane_has_contracted_if_its_last_move_is_small_beside_the_one_before():
    """Asked for half, rates of 0.01 and 0.3 pass while all lanes still move, larger ones do not."""
    end = settle(contract, START, most=3, xp=np)
    assert (end.last > STILL).tolist()[1:] == [True] * 3
    assert end.contracted(0.5).tolist() == [True, True, False, False]
    assert end.contracted(0.7).tolist() == [True, True, True, False]


def test_a_lane_goes_up_the_ladder_before_it_converges():
    """On each rung the end is that of the share; only the one at full precision counts."""
    shares, moves = [], []

    def update(rules, share):
        new = contract(rules, 0.3, share * END)
        shares.append(share)
        moves.append(np.abs(new["reply"] - rules["reply"]).max(axis=0))
        return new

    end = settle(update, START, most=400, ladder=Ladder(rungs=4, close=1e-2), xp=np)
    np.testing.assert_allclose(end.rules["reply"], np.broadcast_to(END, (2, 4)), atol=1e-9)
    goes_up = np.diff(shares, axis=0) > 0
    assert goes_up.sum(axis=0).tolist() == [3] * 4
    below = np.array(shares)[:-1] < 1
    assert np.array_equal(goes_up[below], np.array(moves)[:-1][below] < 1e-2)
    early = settle(update, START, most=3, ladder=Ladder(rungs=4, close=1e-2), xp=np)
    assert np.isinf(early.change).all()
