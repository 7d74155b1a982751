"""Shocks: what made each node come out as it did, and how it would have come out otherwise.

A node takes the value v with the largest log P(v | context) + g(v), where the g(v) are independent
Gumbel shocks in logit units: logit play is the random-utility model, and the same reading serves
chance. Written as t(v) = exp(-g(v)) / P(v | context) this is a race that the smallest time wins;
the clocks e(v) = exp(-g(v)) are exponential. Given the winner z, the winning time T is exponential
with mean 1 whoever wins, and each loser's time exceeds T by an exponential of rate P(v | context).
So the shocks given what happened are drawn exactly:

    e(z) = T P(z)        e(v) = T P(v) + an exponential of mean 1, for the others

which is the truncated-Gumbel construction (the maximum first, the rest below it) in other letters;
a value of probability 0 keeps an untouched clock and needs no logarithm of 0.

Source: Maddison, Tarlow & Minka (2014), A* sampling; Oberst & Sontag (2019), Gumbel-max structural
causal models.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from backchannel.language.names import NodeName
from backchannel.questions.why.chances import Chances


def clocks_given(
    *,
    node: NodeName,
    row: Float[np.ndarray, "draw world value"],
    value: Int[np.ndarray, "draw world"],
    chances: Chances,
) -> Float[np.ndarray, "draw world value"]:
    """Draw a node's clocks e = exp(-g) given what it was.

    Args:
        node: Whose clocks.
        row: P(value | context) in the context that it was in.
        value: What it was.
        chances: Where randomness comes from.
    """
    winning = chances.exponential(f"first {node}")[..., None]
    n_values = row.shape[-1]
    later = chances.exponential(f"later {node}", np.arange(n_values)[None, None])
    won = np.arange(n_values) == value[..., None]
    return winning * row + np.where(won, 0.0, later)


def fresh_clocks(
    *,
    node: NodeName,
    seen: Sequence[NodeName],
    context: Int[np.ndarray, ...],
    n_values: int,
    chances: Chances,
) -> Float[np.ndarray, "draw world value"]:
    """Clocks of a context that the node was not in, where every context has its own."""
    where = context.reshape(*context.shape, *(1,) * (3 - context.ndim))
    return chances.exponential(
        f"afresh {node} {' '.join(seen)}", where, np.arange(n_values)[None, None]
    )


def winner(
    clocks: Float[np.ndarray, "draw world value"], row: Float[np.ndarray, "draw world value"]
) -> Int[np.ndarray, "draw world"]:
    """What a node comes out as, given its clocks and its probabilities."""
    with np.errstate(divide="ignore"):
        return np.argmin(np.where(row > 0, clocks / row, np.inf), axis=-1)


def stays(
    before: Float[np.ndarray, "draw world value"],
    after: Float[np.ndarray, "draw world value"],
    value: int,
) -> Float[np.ndarray, "draw world"]:
    r"""P(a node comes out the same when its probabilities change | what it was), shocks shared.

    $$P(z \text{ again} \mid z) = \frac{p'_z}{\sum_v \max(p_z p'_v,\; p_v p'_z)}$$

    because z wins again if and only if every loser's lead time is long enough; integrating the
    race over the winning time leaves this. With two values it is min(1, p'/p).

    Args:
        before: The probabilities under which it came out as `value`.
        after: The probabilities that it has instead.
        value: Its place in the domain.

    Source: ours, from the race above.

    >>> one = np.array([[[0.8, 0.2]]]), np.array([[[0.4, 0.6]]])
    >>> print(stays(*one, 0).round(12), stays(*one, 1).round(12))
    [[0.5]] [[1.]]
    """
    was, now = before[..., value, None], after[..., value, None]
    rivals = np.maximum(was * after, before * now).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(now[..., 0] > 0, now[..., 0] / rivals, 0.0)


def sharp_bounds(
    before: Float[np.ndarray, "draw world value"],
    after: Float[np.ndarray, "draw world value"],
    value: int,
) -> tuple[Float[np.ndarray, "draw world"], Float[np.ndarray, "draw world"]]:
    """Least and most that P(a node comes out otherwise | what it was) can be, whatever its shocks.

    [max(0, 1 - p'/p), min(1, (1 - p')/p)], where p and p' are the probabilities of what it was
    before and after: any joint distribution of both outcomes must fit these two.

    Source: Tian & Pearl (2000), probabilities of causation, for a cause that is certain.
    """
    was, now = before[..., value], after[..., value]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.maximum(0.0, 1.0 - now / was), np.minimum(1.0, (1.0 - now) / was)
