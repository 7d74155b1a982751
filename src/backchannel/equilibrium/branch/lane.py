"""The state of a lane on its way along the branch; a lane is one draw in one slice."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np

Array = Any

FIRST = 0.3
"""Length of the first step. Lengths: root mean square of the log-odds' changes, and τ's change."""
SMALL = 8
"""Unknowns up to which steps are short from the start: exact symmetries, at which branches cross, occur
in small games of textbooks, and a long step may take the wrong turn there."""
CARE = np.array(
    [[1.2, 0.1, 1.0, 0.4, 4.0], [0.6, 0.02, 0.3, 0.2, 1.0], [0.3, 0.004, 0.1, 0.1, 0.25]]
)
"""For each degree of care: the largest angle between tangents; the contraction, correction and
angle aimed at; the longest step."""


class Stage(IntEnum):
    """What a lane is doing."""

    FOLLOWING = 0
    LANDING = 1
    LANDED = 2
    LOST = 3
    NOT_FINITE = 4


class LaneState(NamedTuple):
    """Where lanes are and how they came there; the lane is the last axis of every field."""

    x: Array
    """Log-odds of the last point on the branch."""
    tau: Array
    """How far along the path it is."""
    dx: Array
    """Tangent there: by the log-odds,"""
    dtau: Array
    """and by τ."""
    dx_before: Array
    """Tangent one step before, likewise."""
    dtau_before: Array
    far_x: Array
    """Log-odds where the last step of at least `step.FAR` began: the secant from there is exact to first order"""
    far_tau: Array
    """where tangents are not, and τ there."""
    came: Array
    """Length of the last step."""
    step: Array
    """Length of the next."""
    end: Array
    """τ at the end of the path."""
    aim: Array
    """Log-odds at which the lane tries to land."""
    tries: Array
    """Newton steps that were taken for the landing."""
    fresh: Array
    """Whether the lane is at the beginning, where the tangent is still to be found."""
    care: Array
    """Degree of care, a row of `CARE`."""
    side: Array
    """Sign of the determinant on this branch."""
    across: Array
    """Steps that were tried across a crossing."""
    stage: Array
    """`Stage`."""
    folds: Array
    """How often the branch turned back."""
    crossings: Array
    """How often it was crossed by others, and the lane went straight on."""
    steps: Array
    """Steps that were taken or tried."""
    flat: Array
    """dτ over the length of the tangent at the end; 0 at a fold."""


def at_least(care: int, n: int) -> int:
    """The care with which a branch of `n` unknowns is followed at first."""
    return max(care, 1) if n <= SMALL else care


def start(n: int, lanes: int, care: int) -> LaneState:
    """The state of lanes at the beginning of their paths; they wait until their stage is set."""

    def unknowns() -> np.ndarray:
        return np.zeros((n, lanes))

    def all_lanes(value: float = 0.0) -> np.ndarray:
        return np.full(lanes, value)

    return LaneState(
        x=unknowns(),
        tau=all_lanes(),
        dx=unknowns(),
        dtau=all_lanes(1.0),
        dx_before=unknowns(),
        dtau_before=all_lanes(1.0),
        far_x=unknowns(),
        far_tau=all_lanes(),
        came=all_lanes(np.inf),
        step=all_lanes(FIRST),
        end=all_lanes(1.0),
        aim=unknowns(),
        tries=np.zeros(lanes, int),
        fresh=np.ones(lanes, bool),
        care=np.full(lanes, care),
        side=all_lanes(1.0),
        across=np.zeros(lanes, int),
        stage=np.full(lanes, int(Stage.LANDED)),
        folds=np.zeros(lanes, int),
        crossings=np.zeros(lanes, int),
        steps=np.zeros(lanes, int),
        flat=all_lanes(),
    )


def joined(x: Array, tau: Array) -> Array:
    """Log-odds and τ in one array, as a point of the branch."""
    return x.__array_namespace__().concatenate([x, tau[None]], axis=0)
