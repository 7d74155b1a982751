"""Sample: an outcome and every assumption in the weighted draws, as sensitivity reads them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.weighted import effective_size
from backchannel.language.names import NodeName, ParameterName, Value
from backchannel.language.priors import normal_score
from backchannel.questions.forecast.ask import Forecast, forecast

FEWEST = 40
"""Effective draws below which nothing is said about single assumptions."""
NEVER_VARIES = 1e-6
"""Standard deviation of a probability over draws below which it counts as the same in all."""
REPLICAS = 200
"""Bootstrap samples behind every interval."""


@dataclass(frozen=True)
class Sample:
    """The weighted draws: what each assumes, and the chance of every value of one node in it."""

    node: NodeName
    domain: tuple[Value, ...]
    value: Value
    """The value of the node that is asked about."""
    names: tuple[ParameterName, ...]
    """Assumptions that differ between draws."""
    numbers: Float[np.ndarray, "draw assumption"]
    chances: Float[np.ndarray, "draw value"]
    """P(value | record) in each draw."""
    weights: Float[np.ndarray, " draw"]
    """Positive; they sum to 1."""
    rows: Int[np.ndarray, " draw"]
    """Where these draws stand among all draws of the ensemble."""
    left_out: float = 0.0
    """Share of all draws that did not settle and are not among these."""

    @property
    def n_draws(self) -> int:
        return len(self.weights)

    @property
    def column(self) -> int:
        """Where in the domain the value stands."""
        return self.domain.index(self.value)

    @property
    def answer(self) -> Float[np.ndarray, " draw"]:
        """The chance of the value in each draw."""
        return self.chances[:, self.column]

    @cached_property
    def forecast(self) -> Float[np.ndarray, " value"]:
        """The mean chance of each value."""
        return self.weights @ self.chances

    @cached_property
    def effective_draws(self) -> float:
        return effective_size(self.weights)

    @cached_property
    def spread(self) -> float:
        """Standard deviation over draws of the value's chance."""
        return float(np.sqrt(self.weights @ (self.answer - self.weights @ self.answer) ** 2))

    @cached_property
    def ranks(self) -> Float[np.ndarray, "draw assumption"]:
        """The share of the weight that lies below each number, 0 to 1 (midway for the draw's own).

        >>> sample = Sample("n", ("v",), "v", ("a",), np.array([[3.0], [1.0]]),
        ...                 np.ones((2, 1)), np.array([0.5, 0.5]), np.arange(2))
        >>> sample.ranks[:, 0].tolist()
        [0.75, 0.25]
        """
        order = np.argsort(self.numbers, axis=0, kind="stable")
        sorted_weights = self.weights[order]
        middle = np.cumsum(sorted_weights, axis=0) - sorted_weights / 2
        ranks = np.empty_like(middle)
        np.put_along_axis(ranks, order, middle, axis=0)
        return ranks

    @cached_property
    def scores(self) -> Float[np.ndarray, "draw assumption"]:
        """Normal scores of the ranks: each assumption on one scale, its median at 0."""
        return normal_score(self.ranks)

    @cached_property
    def medians(self) -> Float[np.ndarray, " assumption"]:
        """Each assumption's median given the record."""
        return self.quantiles(np.array([0.5]))[0]

    def quantiles(
        self, shares: Float[np.ndarray, " share"]
    ) -> Float[np.ndarray, "share assumption"]:
        """Each assumption's numbers below which shares of the weight lie, between draws by lines."""
        found = [
            np.interp(shares, np.sort(self.ranks[:, i]), np.sort(self.numbers[:, i]))
            for i in range(len(self.names))
        ]
        return np.array(found).reshape(len(self.names), len(shares)).T

    def only(self, names: Collection[ParameterName]) -> Sample:
        """The same draws with some of the assumptions."""
        columns = [i for i, name in enumerate(self.names) if name in names]
        kept = tuple(self.names[i] for i in columns)
        return replace(self, names=kept, numbers=self.numbers[:, columns])

    def resampled(self, replicas: int = REPLICAS) -> Float[np.ndarray, "replica draw"]:
        """Weights in bootstrap samples of the draws.

        Draws are taken again with replacement, each with its weight. The draws are quasi-random and
        spread more evenly than chance would, so intervals from these are somewhat too wide.

        Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 6.
        """
        n = self.n_draws
        counts = np.random.default_rng(n).multinomial(n, np.full(n, 1 / n), size=replicas)
        weights = counts * self.weights
        return weights / weights.sum(axis=1, keepdims=True)


def sample_of(ensemble: Ensemble, node: NodeName, value: Value | None = None) -> Sample:
    """Gather the draws that count for one outcome: those that settled and allow the record.

    Args:
        ensemble: The solved case.
        node: The node that the outcome is about.
        value: One of its values; the likeliest, if left out.
    """
    return sample_from(ensemble, forecast(ensemble, node), value)


def sample_from(ensemble: Ensemble, found: Forecast, value: Value | None = None) -> Sample:
    """Gather the draws behind a forecast."""
    used = found.weights > 0
    weights = found.weights[used] / found.weights[used].sum()
    names = tuple(
        name
        for name, numbers in ensemble.numbers.items()
        if np.ndim(numbers) and np.ptp(numbers[used]) > 0
    )
    numbers = np.array([ensemble.numbers[name][used] for name in names])
    if value is None:
        value = found.domain[int(np.argmax(found.mean))]
    return Sample(
        node=found.node,
        domain=found.domain,
        value=value,
        names=names,
        numbers=numbers.reshape(len(names), len(weights)).T,
        chances=found.per_draw[used],
        weights=weights,
        rows=np.flatnonzero(used),
        left_out=found.left_out,
    )


def classes_of(
    weights: Float[np.ndarray, "row draw"], n_classes: int
) -> Int[np.ndarray, "row draw"]:
    """Cut draws that stand in order into classes of equal weight.

    >>> classes_of(np.array([[0.25, 0.25, 0.5]]), 2).tolist()
    [[0, 0, 1]]
    """
    middle = np.cumsum(weights, axis=1) - weights / 2
    return np.minimum((middle * n_classes).astype(np.intp), n_classes - 1)
