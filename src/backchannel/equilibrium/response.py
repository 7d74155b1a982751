"""The logit response: how a player of finite precision mixes over actions.

It works alike on NumPy arrays, traced JAX arrays and dual numbers. The last axis is the draw, the last
but one the action.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
from jax import lax

from backchannel.tensors import dual
from backchannel.tensors.dual import Dual
from backchannel.tensors.game import FLOOR
from backchannel.tensors.interpreter import Array


def logit_response(worth: Array, *, precision: Array, menu: Array, xp: Any) -> Array:
    r"""Mix over the actions of one decision, better actions more often.

    $$\sigma(a \mid c) \;\propto\; \exp(\lambda\, Q(c, a))$$

    Args:
        worth: Q, what each action is worth in each context; axes: contexts, action, draw.
        precision: λ, per unit of the worths; broadcast against `worth`.
        menu: Above 0 where an action is on the menu; broadcast against `worth`.
        xp: `numpy` or `jax.numpy`.

    Returns:
        The decision's rule: sums to 1 over the actions, 0 off the menu.

    Source: McKelvey & Palfrey (1998), logit choice for agent-form games.
    """
    logits = worth * precision
    # 0 * -inf is nan, so precision 0 needs the mask after the product, not before.
    if isinstance(logits, Dual):
        return softmax(dual.where(menu > 0, logits, -np.inf), xp)
    return softmax(xp.where(menu > 0, logits, -xp.inf), xp)


def softmax(logits: Array, xp: Any) -> Array:
    """Probabilities from log-odds along the last axis but one; -inf is off the menu."""
    if isinstance(logits, Dual):
        return dual.softmax_with_slope(logits, lambda values: softmax(values, xp))
    # Few actions, many contexts: slices are much faster here than reductions. But actions that were
    # put together again one by one would be worked out one number at a time.
    actions = range(logits.shape[-2])
    top = reduce(xp.maximum, [logits[..., i, :] for i in actions])
    if xp is not np:
        # Probabilities do not depend on what is subtracted, so no slope goes through it.
        top = lax.stop_gradient(top)
    weights = xp.exp(logits - top[..., None, :])
    total = reduce(xp.add, [weights[..., i, :] for i in actions])
    return weights / total[..., None, :]


def lift_zeros(rule: Array, possible: Array, xp: Any) -> Array:
    """Lift the zeros of a rule, so that beliefs are defined after a surprise.

    `FLOOR` is added rather than put in the place of what is smaller: play is then smooth where a
    probability falls below it, and a branch can be followed through.

    Args:
        rule: The rule; axes: contexts, action, draw.
        possible: 1 where an action can happen at all, 0 elsewhere; broadcast against `rule`.
        xp: `numpy` or `jax.numpy`.
    """
    allowed = possible.astype(float)
    return (rule + FLOOR) * allowed
