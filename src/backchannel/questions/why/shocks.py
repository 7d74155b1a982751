"""Shocks: the random terms behind each node's value, and what the node does under other probabilities.

A node takes the value v with the largest log P(v | context) + g(v), where the g(v) are independent
Gumbel shocks in logit units. For decisions, this is the random-utility model of logit play; the same
model serves chance nodes. Written as t(v) = exp(-g(v)) / P(v | context), it is a race: the value with the
smallest time wins. The clocks e(v) = exp(-g(v)) are exponential. Given the winner z, the winning time T is
exponential with mean 1 whichever value wins, and each loser's time exceeds T by an exponential of rate
P(v | context). So the shocks given what happened are drawn exactly:

    e(z) = T P(z)        e(v) = T P(v) + an exponential of mean 1, for the others

This is the truncated-Gumbel construction (the maximum first, the rest below it) in another notation.
A value of probability 0 needs no logarithm of 0: what happened does not restrict its clock.

Source: Maddison, Tarlow & Minka (2014), A* sampling; Oberst & Sontag (2019), Gumbel-max structural
causal models.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from backchannel.language.names import NodeName
from backchannel.questions.why.keyed_random import KeyedRandom


def clocks_given(
    *,
    node: NodeName,
    row: Float[np.ndarray, "draw world value"],
    value: Int[np.ndarray, "draw world"],
    random: KeyedRandom,
) -> Float[np.ndarray, "draw world value"]:
    """Draw a node's clocks e = exp(-g) given its value.

    Args:
        node: The node.
        row: P(value | context) in its actual context.
        value: Its actual value.
        random: The source of random numbers.
    """
    winning = random.exponential(f"first {node}")[..., None]
    n_values = row.shape[-1]
    later = random.exponential(f"later {node}", np.arange(n_values)[None, None])
    won = np.arange(n_values) == value[..., None]
    return winning * row + np.where(won, 0.0, later)


def fresh_clocks(
    *,
    node: NodeName,
    seen: Sequence[NodeName],
    context: Int[np.ndarray, ...],
    n_values: int,
    random: KeyedRandom,
) -> Float[np.ndarray, "draw world value"]:
    """Draw the clocks of a context that did not occur, where every context has clocks of its own."""
    codes = context.reshape(*context.shape, *(1,) * (3 - context.ndim))
    return random.exponential(
        f"afresh {node} {' '.join(seen)}", codes, np.arange(n_values)[None, None]
    )


def winner(
    clocks: Float[np.ndarray, "draw world value"], row: Float[np.ndarray, "draw world value"]
) -> Int[np.ndarray, "draw world"]:
    """Find a node's value, given its clocks and its probabilities."""
    with np.errstate(divide="ignore"):
        return np.argmin(np.where(row > 0, clocks / row, np.inf), axis=-1)


def probability_unchanged(
    before: Float[np.ndarray, "draw world value"],
    after: Float[np.ndarray, "draw world value"],
    value: int,
) -> Float[np.ndarray, "draw world"]:
    r"""P(a node keeps its value when its probabilities change | its value), with shared shocks.

    $$P(z \text{ again} \mid z) = \frac{p'_z}{\sum_v \max(p_z p'_v,\; p_v p'_z)}$$

    z wins again if and only if each loser is slow enough; integrating over the winning time gives
    this formula. With two values it is min(1, p'/p).

    Args:
        before: The probabilities under which it took `value`.
        after: The new probabilities.
        value: Its place in the domain.

    Source: ours, from the race above.

    >>> before_after = np.array([[[0.8, 0.2]]]), np.array([[[0.4, 0.6]]])
    >>> print(probability_unchanged(*before_after, 0).round(12))
    [[0.5]]
    >>> print(probability_unchanged(*before_after, 1).round(12))
    [[1.]]
    """
    was, now = before[..., value, None], after[..., value, None]
    rivals = np.maximum(was * after, before * now).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(now[..., 0] > 0, now[..., 0] / rivals, 0.0)


def transition(
    before: Float[np.ndarray, "draw world value"],
    after: Float[np.ndarray, "draw world value"],
    value: Int[np.ndarray, "draw world"],
) -> Float[np.ndarray, "draw world value"]:
    r"""P(each new value | the old value), with shared shocks.

    z turns into v where the ratio r of the two winning times lies between p_v/p'_v and p_z/p'_z:

    $$P(v \mid z) = p'_v \int_{p_v/p'_v}^{p_z/p'_z} \frac{dr}{(\sum_u \max(p_u,\, p'_u r))^2}$$

    The sum is linear in r between the ratios, so the integral is a sum over the ratios in order.

    Args:
        before: The probabilities under which it took `value`.
        after: The new probabilities.
        value: The place of the old value in the domain.

    Source: ours, from the race above.

    >>> p, q = np.array([[[0.8, 0.2]]]), np.array([[[0.4, 0.6]]])
    >>> print(transition(p, q, np.array([[0]])).round(12))
    [[[0.5 0.5]]]
    """
    before, after = np.broadcast_arrays(before, after)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(after > 0, before / after, np.inf)
    order = np.argsort(ratio, axis=-1)
    end = np.take_along_axis(ratio, order, axis=-1)
    was, now = (np.take_along_axis(table, order, axis=-1) for table in (before, after))
    start = np.concatenate([np.zeros_like(end[..., :1]), end[..., :-1]], axis=-1)
    constant = was[..., ::-1].cumsum(axis=-1)[..., ::-1]
    slope = now.cumsum(axis=-1) - now
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        finite = (end - start) / ((constant + slope * start) * (constant + slope * end))
        pieces = np.where(np.isinf(end), 1 / (slope * (constant + slope * start)), finite)
    pieces = np.where(np.isinf(start) | ~np.isfinite(pieces), 0.0, pieces)
    integral = np.empty_like(pieces)
    np.put_along_axis(integral, order, pieces.cumsum(axis=-1), axis=-1)
    old = value[..., None]
    integral = np.broadcast_to(integral, (*value.shape, integral.shape[-1]))
    upper = np.take_along_axis(integral, old.astype(int), axis=-1)
    lost = np.where(
        np.arange(integral.shape[-1]) == old, 0.0, after * np.maximum(upper - integral, 0.0)
    )
    kept = np.maximum(1.0 - lost.sum(axis=-1, keepdims=True), 0.0)
    return np.where(np.arange(integral.shape[-1]) == old, kept, lost)


def sharp_bounds(
    before: Float[np.ndarray, "draw world value"],
    after: Float[np.ndarray, "draw world value"],
    value: int,
) -> tuple[Float[np.ndarray, "draw world"], Float[np.ndarray, "draw world"]]:
    """Bound P(a node changes its value | its value), whatever the joint distribution of its shocks.

    [max(0, 1 - p'/p), min(1, (1 - p')/p)], where p and p' are the probabilities of its
    value before and after. Any joint distribution of both outcomes must have these two margins.

    Source: Tian & Pearl (2000), probabilities of causation, for a cause that is certain.
    """
    was, now = before[..., value], after[..., value]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.maximum(0.0, 1.0 - now / was), np.minimum(1.0, (1.0 - now) / was)
