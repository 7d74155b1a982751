"""Lanes that are stuck: they go straight on across a crossing, begin again with more care, or are given up."""

from __future__ import annotations

from typing import Any

import numpy as np

from backchannel.equilibrium.branch.lane import CARE, LaneState, Stage, joined, start

Array = Any

SHORTEST = 1e-7
"""A step so short means that the lane is lost at this care; it starts again with more."""
CROSSING = 0.1
"""Length of the first step that is tried across a crossing, near which slopes are almost singular;
each is a quarter of the one before."""
CROSSINGS = 6
"""Steps that are tried."""


def go_straight_on(state: LaneState, failed: Array) -> LaneState:
    """Try a shorter step across a crossing; let lanes whose steps became too short begin to try.

    They aim along the secant from where their last long step began.
    """
    xp = failed.__array_namespace__()
    careful = state.care == len(CARE) - 1
    stuck = (state.stage == Stage.FOLLOWING) & (state.step < SHORTEST) & careful
    begin = stuck & (state.across == 0)
    again = failed & (state.across < CROSSINGS)
    across = xp.where(begin, 1, state.across + again.astype(int))
    tried = xp.asarray(CROSSING * 0.25 ** np.arange(CROSSINGS))[across - 1]
    step = xp.where(begin | again, tried, state.step)
    # A lane that tried all of them is given up, like one whose steps became too short.
    step = xp.where(failed & ~again, 0.0, step)
    ahead = joined(state.x - state.far_x, state.tau - state.far_tau)
    n = state.x.shape[0]
    length = xp.sqrt((ahead[:-1] ** 2).sum(axis=0) / n + ahead[-1] ** 2)
    ahead = ahead / xp.where(length > 0, length, 1.0)
    return state._replace(
        across=across,
        step=step,
        dx=xp.where(begin, ahead[:-1], state.dx),
        dtau=xp.where(begin, ahead[-1], state.dtau),
    )


def begin_again(state: LaneState) -> LaneState:
    """Start lanes whose steps became too short again, with more care; or give them up."""
    xp = state.x.__array_namespace__()
    stuck = (state.stage == Stage.FOLLOWING) & (state.step < SHORTEST)
    again = stuck & (state.care < len(CARE) - 1)
    beginning = start(1, 1, 0)
    new = LaneState(*(xp.where(again, *both) for both in zip(beginning, state, strict=True)))
    stage = xp.where(stuck & ~again, Stage.LOST, state.stage)
    # The first point is x = 0 itself: if it is not found, a number is wrong.
    wrong = (stage == Stage.FOLLOWING) & new.fresh & (state.steps > 0) & ~again
    return new._replace(
        end=state.end,
        care=state.care + again.astype(int),
        stage=xp.where(wrong & ~stuck, Stage.NOT_FINITE, stage),
        steps=state.steps,
    )
