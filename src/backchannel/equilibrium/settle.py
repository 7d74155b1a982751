"""The fixed-point loop: rules are updated until the next update would move nothing.

Every lane (a draw on its way) stops by itself: its rules stay as they are from then on, and the loop
ends when all lanes have converged or the updates are used up. It serves compiled code and NumPy alike.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from backchannel.equilibrium.repeat import repeat_while
from backchannel.language.names import NodeName

CONVERGED = 1e-11
"""Largest change of a probability in the next update at which a lane counts as converged."""
FAST = 0.03
"""Rate of contraction below which the next update's change is judged from the last two, with a
margin of one over this."""
STILL = 1e-7
"""Moves of a probability below this are not compared: there is nothing to contract any more."""

LaneRules = dict[NodeName, Any]
"""Rules by decision; axes: what the decision sees, action, lane."""


class Ladder(NamedTuple):
    """Shares of full precision that every lane goes through, each lane at its own pace."""

    rungs: Any
    """How many; on rung i, counted from 0, the share is (i + 1) / rungs."""
    close: float
    """Largest move of a probability in an update at which a lane goes up a rung."""


class FixedPoint(NamedTuple):
    """Where the loop stands: after its end, what became of every lane."""

    rules: LaneRules
    change: Any
    """How much the next update would move at most, per lane."""
    last: Any
    """How much the last update moved, per lane."""
    before: Any
    """How much the update before it moved, per lane."""
    updates: Any
    """Updates that were taken, per lane."""
    rung: Any
    """Rung of the ladder, per lane; nothing without a ladder."""
    count: Any
    """Updates that were taken in all."""

    def contracted(self, rate: Any) -> Any:
        """Whether the last update moved at most `rate` times what the one before moved, per lane."""
        return (self.last <= rate * self.before) | (self.last <= STILL)


def largest_move(new: LaneRules, old: LaneRules) -> Any:
    """Largest difference of a probability, per lane."""
    gaps = [abs(rule - old[name]) for name, rule in new.items()]
    xp = gaps[0].__array_namespace__()
    return reduce(xp.maximum, [gap.reshape(-1, gap.shape[-1]).max(axis=0) for gap in gaps])


def settle(
    update: Callable[..., LaneRules],
    rules: LaneRules,
    *,
    most: Any,
    tolerance: float = CONVERGED,
    fast: float = FAST,
    distance: Callable[[LaneRules, LaneRules], Any] = largest_move,
    ladder: Ladder | None = None,
    drops_lanes: bool = False,
    xp: Any = jnp,
) -> FixedPoint:
    """Update rules until every lane has converged.

    Args:
        update: Gives all new rules from the old ones; with a ladder, from the old ones and the share of
            full precision, per lane.
        rules: The rules to start from.
        most: Updates at most.
        tolerance: Largest change in the next update at which a lane has converged.
        fast: Rate of contraction below which the next change is judged from the last two; 0 takes
            every change as it was measured.
        distance: How far new rules are from old ones, per lane.
        ladder: Precisions to go through first.
        drops_lanes: `update` takes the rules of those lanes alone that have not converged, and, as its second
            argument, which lanes these are; so the others cost nothing. By NumPy only, without a ladder.
        xp: `numpy`, or `jax.numpy` for compiled code.
    """
    lanes = next(iter(rules.values())).shape[-1]
    far = xp.full(lanes, xp.inf)

    def is_below(state: FixedPoint) -> Any:
        """Lanes below the top of the ladder."""
        return False if ladder is None else state.rung < ladder.rungs - 1

    def goes_on(state: FixedPoint) -> Any:
        return (state.count < most) & xp.any(is_below(state) | (state.change > tolerance))

    def updated(state: FixedPoint) -> LaneRules:
        if drops_lanes:
            return _updated_in_some(update, state.rules, ~(state.change <= tolerance))
        share = () if ladder is None else ((state.rung + 1) / ladder.rungs,)
        return update(state.rules, *share)

    def step(state: FixedPoint) -> FixedPoint:
        new = updated(state)
        moved = distance(new, state.rules)
        # Updates that contract fast need no repetition to see that the next would move little.
        rate = xp.where(xp.isfinite(state.last), moved / state.last, xp.inf)
        coming = xp.where(rate < fast, xp.minimum(moved, moved * rate / fast), moved)
        done = state.change <= tolerance
        last, rung = moved, state.rung
        if ladder is not None:
            below = is_below(state)
            up = below & (moved < ladder.close)
            rung = xp.where(up, state.rung + 1, state.rung)
            # What was measured on one rung says nothing about the next.
            coming, last = xp.where(up, xp.inf, coming), xp.where(up, xp.inf, last)
            done = done & ~below
        return FixedPoint(
            rules={name: xp.where(done, state.rules[name], new[name]) for name in state.rules},
            change=xp.where(done, state.change, coming),
            last=xp.where(done, state.last, last),
            before=xp.where(done, state.before, state.last),
            updates=state.updates + (~done).astype(state.updates.dtype),
            rung=rung,
            count=state.count + 1,
        )

    none = xp.zeros(lanes, dtype=int)
    start = FixedPoint(rules, far, far, far, none, None if ladder is None else none, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        end = repeat_while(goes_on, step, start, xp)
    # A lane that is not at the top has not converged, whatever its last change.
    return (
        end if ladder is None else end._replace(change=xp.where(is_below(end), xp.inf, end.change))
    )


def _updated_in_some(update: Callable[..., LaneRules], rules: LaneRules, going: Any) -> LaneRules:
    """Update some lanes; in the others new rules are the old ones."""
    some = np.flatnonzero(going)
    part = update({name: rule[..., some] for name, rule in rules.items()}, some)
    new = {name: rule.copy() for name, rule in rules.items()}
    for name, rule in part.items():
        new[name][..., some] = rule
    return new
