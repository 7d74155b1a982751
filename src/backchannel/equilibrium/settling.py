"""Settling: how a sweep's decisions answer, and when they have stopped moving."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import jax.numpy as jnp
from jax import lax

from backchannel.diagram.relevance import Block
from backchannel.language.names import NodeName

SETTLED = 1e-11
"""Largest change of a probability in the next sweep at which a draw counts as settled."""
FAST = 0.03
"""Rate of contraction below which the next sweep's change is judged from the last two, with a
margin of one over this."""
STILL = 1e-7
"""Moves of a probability below this are not compared: there is nothing to contract any more."""

Rules = dict[NodeName, Any]
"""Every rule; axes: what the decision sees, action, lane."""


def settled(
    update: Callable[[Rules], Rules], rules: Rules, block: Block, most: Any, contraction: Any
) -> tuple[Rules, Any, Any, Any]:
    """Update a block until the next sweep would move nothing.

    Returns:
        The rules; per lane the coming change, the sweeps taken, and whether the last moved no rule
        by more than `contraction` times what the one before moved.
    """
    lanes = rules[block.decisions[0]].shape[-1]
    names = block.decisions
    outside = {name: rule for name, rule in rules.items() if name not in names}

    def moving(state: tuple) -> Any:
        _, change, _, _, _, count = state
        return (count < most) & jnp.any(change > SETTLED)

    def step(state: tuple) -> tuple:
        inside, change, last, before, taken, count = state
        new = update({**outside, **inside})
        moved = jnp.zeros(lanes)
        for name in names:
            gap = jnp.abs(new[name] - inside[name])
            moved = jnp.maximum(moved, gap.reshape(-1, lanes).max(axis=0))
        # Sweeps that contract fast need not be repeated to see that the next would move little.
        rate = jnp.where(jnp.isfinite(last), moved / last, jnp.inf)
        coming = jnp.where(rate < FAST, jnp.minimum(moved, moved * rate / FAST), moved)
        done = change <= SETTLED
        return (
            {name: jnp.where(done, inside[name], new[name]) for name in names},
            jnp.where(done, change, coming),
            jnp.where(done, last, moved),
            jnp.where(done, before, last),
            taken + (~done).astype(taken.dtype),
            count + 1,
        )

    far = jnp.full(lanes, jnp.inf)
    start = (
        {name: rules[name] for name in names},
        far,
        far,
        far,
        jnp.zeros(lanes, dtype=int),
        0,
    )
    inside, change, last, before, taken, _ = lax.while_loop(moving, step, start)
    contracted = last <= jnp.maximum(contraction * before, STILL)
    return {**outside, **inside}, change, taken, contracted


def response(values: Any, precision: Any, menu: Any, xp: Any) -> Any:
    """Logit response: P(action | context) ∝ exp(λ Q), over the actions on the menu.

    Source: McKelvey & Palfrey (1998), logit choice for agent-form games.
    """
    return softmax(xp.where(menu > 0, values * precision, -xp.inf), xp)


def softmax(logits: Any, xp: Any) -> Any:
    """Probabilities from log-odds along the last axis but one; -inf is not on the menu."""
    # Few actions, many contexts: slices are much faster here than reductions. But actions that were
    # put together again one by one would be worked out one number at a time.
    actions = range(logits.shape[-2])
    top = reduce(xp.maximum, [logits[..., i, :] for i in actions])
    weights = xp.exp(logits - top[..., None, :])
    whole = reduce(xp.add, [weights[..., i, :] for i in actions])
    return weights / whole[..., None, :]
