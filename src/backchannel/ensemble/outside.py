"""The outside view: a node's chances from its base rate alone, in every draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.diagram.base_rates import BaseRate
from backchannel.diagram.diagram import Diagram
from backchannel.language.names import NodeName
from backchannel.language.priors import EDGE

JEFFREYS = 0.5
"""What Jeffreys' prior adds to each count. Source: Jeffreys (1946); for counts see Gelman et al. (2013), 2.8."""
STREAM = 1
"""Number of the stream of random numbers that scrambles the points of base rates."""


@dataclass(frozen=True)
class OutsideView:
    """One base rate, drawn."""

    rate: BaseRate
    chances: Float[np.ndarray, "draw value"]
    """P(value | the base rate alone), over the node's domain; 0 for n/a, about which counts say nothing."""

    @property
    def node(self) -> NodeName:
        """The node that the base rate is about."""
        return self.rate.node

    def pool(self, inside: Float[np.ndarray, "draw value"]) -> Float[np.ndarray, "draw value"]:
        """The logarithmic pool with the chances that the case gives the node.

        P(value) ∝ inside(value)^w · outside(value)^(1−w) for the values that were counted; the probability
        of n/a stays that of the case.

        Source: Genest & Zidek (1986), Combining probability distributions.
        """
        counted = self.chances.max(axis=0) > 0
        share = inside[:, counted].sum(axis=1, keepdims=True)
        pooled = inside.copy()
        pooled[:, counted] = share * pool(inside[:, counted], self.chances[:, counted], self.weight)
        return pooled

    @property
    def weight(self) -> float:
        """Weight of the case in the pool."""
        return self.rate.weight


def pool(
    inside: Float[np.ndarray, "draw value"],
    outside: Float[np.ndarray, "draw value"],
    weight: float,
) -> Float[np.ndarray, "draw value"]:
    """The logarithmic pool of two distributions; all 0 where the first is 0.

    >>> print(pool(np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]]), 0.5).round(3))
    [[0.667 0.333]]
    """
    # 0 to the power of 0 is 1: with weight 0 the first distribution has no say, wherever it is 0.
    product = inside**weight * outside ** (1.0 - weight)
    total = product.sum(axis=1, keepdims=True)
    return np.divide(product, total, out=np.zeros_like(product), where=total > 0)


def draw_outside(
    rates: Sequence[BaseRate],
    diagram: Diagram,
    n_draws: int,
    *,
    seed: int,
    n_numbers: int,
    skip: int = 0,
) -> tuple[OutsideView, ...]:
    """Draw every base rate: the posterior of the chances given the counts, with Jeffreys' prior.

    The posterior is a Dirichlet distribution, so few counts mean a wide range. Its draws are quasi-random. They
    use coordinates of the Sobol sequence that the case's own numbers leave free: those numbers do not change
    with the base rates, and are independent of them.

    Args:
        rates: The base rates.
        diagram: The case's graph.
        n_draws: How many draws.
        seed: The same seed gives the same draws.
        n_numbers: How many uncertain numbers the case has.
        skip: How many draws of the same sequence come before these.
    """
    free = sum(len(rate.counts) - 1 for rate in rates)
    if free == 0:
        return tuple(OutsideView(r, _certain(r, diagram, n_draws)) for r in rates)
    from scipy.stats import qmc  # the import takes a second, and only draws need it

    sobol = qmc.Sobol(n_numbers + free, scramble=True, rng=np.random.default_rng([seed, STREAM]))
    if skip:
        sobol.fast_forward(skip)
    exponent = int(np.ceil(np.log2(max(n_draws, 1))))
    taken = sobol.random(n_draws) if skip else sobol.random(2**exponent)[:n_draws]
    points = np.clip(taken[:, n_numbers:], EDGE, 1 - EDGE)
    views, used = [], 0
    for rate in rates:
        own = points[:, used : used + len(rate.counts) - 1]
        used += own.shape[1]
        views.append(OutsideView(rate, _on_domain(rate, diagram, _dirichlet(rate, own))))
    return tuple(views)


def _dirichlet(
    rate: BaseRate, points: Float[np.ndarray, "draw value-1"]
) -> Float[np.ndarray, "draw value"]:
    """Break a stick: each value takes a beta-distributed part of what the values before it left."""
    from scipy.special import betaincinv

    shapes = np.array(list(rate.counts.values())) + JEFFREYS
    left = np.ones(len(points))
    chances = np.empty((len(points), len(shapes)))
    for i in range(len(shapes) - 1):
        part = betaincinv(shapes[i], shapes[i + 1 :].sum(), points[:, i])
        chances[:, i] = left * part
        left = left * (1.0 - part)
    chances[:, -1] = left
    return chances


def _on_domain(
    rate: BaseRate, diagram: Diagram, chances: Float[np.ndarray, "draw counted"]
) -> Float[np.ndarray, "draw value"]:
    domain = diagram.domains[rate.node]
    spread = np.zeros((len(chances), len(domain)))
    for i, value in enumerate(rate.counts):
        spread[:, domain.index(value)] = chances[:, i]
    return spread


def _certain(rate: BaseRate, diagram: Diagram, n_draws: int) -> Float[np.ndarray, "draw value"]:
    return _on_domain(rate, diagram, np.ones((n_draws, 1)))


def at_mean(views: Sequence[OutsideView], n_draws: int) -> tuple[OutsideView, ...]:
    """The same base rates with the same chances, their mean, in every one of some new draws."""
    return tuple(
        OutsideView(view.rate, np.tile(view.chances.mean(axis=0), (n_draws, 1))) for view in views
    )
