"""The fixed-point loop: rules are updated until the next update would move nothing.

Every lane (a draw on its way) stops by itself: its rules stay as they are from then on, and the loop
ends when all lanes have converged or the updates are used up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax.numpy as jnp
from jax import lax

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
        return self.last <= jnp.maximum(rate * self.before, STILL)


def largest_move(new: LaneRules, old: LaneRules) -> Any:
    """Largest difference of a probability, per lane."""
    lanes = next(iter(new.values())).shape[-1]
    moved = jnp.zeros(lanes)
    for name, rule in new.items():
        gap = jnp.abs(rule - old[name])
        moved = jnp.maximum(moved, gap.reshape(-1, lanes).max(axis=0))
    return moved


def settle(
    update: Callable[..., LaneRules],
    rules: LaneRules,
    *,
    most: Any,
    tolerance: float = CONVERGED,
    fast: float = FAST,
    distance: Callable[[LaneRules, LaneRules], Any] = largest_move,
    ladder: Ladder | None = None,
) -> FixedPoint:
    """Update rules until every lane has converged; for compiled code.

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
    """
    lanes = next(iter(rules.values())).shape[-1]
    far = jnp.full(lanes, jnp.inf)

    def is_below(state: FixedPoint) -> Any:
        """Lanes below the top of the ladder."""
        return False if ladder is None else state.rung < ladder.rungs - 1

    def goes_on(state: FixedPoint) -> Any:
        return (state.count < most) & jnp.any(is_below(state) | (state.change > tolerance))

    def step(state: FixedPoint) -> FixedPoint:
        share = () if ladder is None else ((state.rung + 1) / ladder.rungs,)
        new = update(state.rules, *share)
        moved = distance(new, state.rules)
        # Updates that contract fast need no repetition to see that the next would move little.
        rate = jnp.where(jnp.isfinite(state.last), moved / state.last, jnp.inf)
        coming = jnp.where(rate < fast, jnp.minimum(moved, moved * rate / fast), moved)
        done = state.change <= tolerance
        last, rung = moved, state.rung
        if ladder is not None:
            below = is_below(state)
            up = below & (moved < ladder.close)
            rung = jnp.where(up, state.rung + 1, state.rung)
            # What was measured on one rung says nothing about the next.
            coming, last = jnp.where(up, jnp.inf, coming), jnp.where(up, jnp.inf, last)
            done = done & ~below
        return FixedPoint(
            rules={name: jnp.where(done, state.rules[name], new[name]) for name in state.rules},
            change=jnp.where(done, state.change, coming),
            last=jnp.where(done, state.last, last),
            before=jnp.where(done, state.before, state.last),
            updates=state.updates + (~done).astype(state.updates.dtype),
            rung=rung,
            count=state.count + 1,
        )

    none = jnp.zeros(lanes, dtype=int)
    start = FixedPoint(rules, far, far, far, none, None if ladder is None else none, 0)
    end = lax.while_loop(goes_on, step, start)
    # A lane that is not at the top has not converged, whatever its last change.
    return (
        end
        if ladder is None
        else end._replace(change=jnp.where(is_below(end), jnp.inf, end.change))
    )
