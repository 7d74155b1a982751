"""Sample: an outcome's chance and every assumption, in the weighted draws."""

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
from backchannel.questions.statistics.assumption_terms import AssumptionTerms
from backchannel.questions.statistics.influence import Ranking, rank_assumptions

REPLICAS = 200
"""Bootstrap samples behind every interval."""


@dataclass(frozen=True)
class Sample:
    """The weighted draws: the assumptions of each, and the chance of every value of one node in it.

    >>> sample = Sample("n", ("v",), "v", ("a",), np.array([[3.0], [1.0]]),
    ...                 np.ones((2, 1)), np.array([0.5, 0.5]), np.arange(2))
    >>> sample.ranks[:, 0].tolist()
    [0.75, 0.25]
    """

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
    """Positive weights; they sum to 1."""
    rows: Int[np.ndarray, " draw"]
    """Positions of these draws among all draws of the ensemble."""
    left_out: float = 0.0
    """Share of all draws that did not converge and are not included."""

    @property
    def n_draws(self) -> int:
        return len(self.weights)

    @property
    def column(self) -> int:
        """Position of the value in the domain."""
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
    def terms(self) -> AssumptionTerms:
        """The assumptions' terms, from which every ranking is made."""
        return AssumptionTerms.of(dict(zip(self.names, self.numbers.T, strict=True)), self.weights)

    @cached_property
    def ranking(self) -> Ranking:
        """The assumptions, ranked by how much of the variance of the value's chance each explains."""
        return rank_assumptions(self.terms, self.answer)

    @cached_property
    def ranks(self) -> Float[np.ndarray, "draw assumption"]:
        """The share of the weight below each draw's value, 0 to 1, with half of its own weight."""
        order = np.argsort(self.numbers, axis=0, kind="stable")
        sorted_weights = self.weights[order]
        middle = np.cumsum(sorted_weights, axis=0) - sorted_weights / 2
        ranks = np.empty_like(middle)
        np.put_along_axis(ranks, order, middle, axis=0)
        return ranks

    @cached_property
    def scores(self) -> Float[np.ndarray, "draw assumption"]:
        """Normal scores of the ranks: all assumptions on one scale, with the median at 0."""
        return normal_score(self.ranks)

    @cached_property
    def medians(self) -> Float[np.ndarray, " assumption"]:
        """Each assumption's median given the record."""
        return self.quantiles(np.array([0.5]))[0]

    def quantiles(
        self, shares: Float[np.ndarray, " share"]
    ) -> Float[np.ndarray, "share assumption"]:
        """Each assumption's weighted quantiles, interpolated between draws."""
        quantiles = [
            np.interp(shares, np.sort(self.ranks[:, i]), np.sort(self.numbers[:, i]))
            for i in range(len(self.names))
        ]
        return np.array(quantiles).reshape(len(self.names), len(shares)).T

    def only(self, names: Collection[ParameterName]) -> Sample:
        """The same draws with only some of the assumptions."""
        columns = [i for i, name in enumerate(self.names) if name in names]
        kept = tuple(self.names[i] for i in columns)
        return replace(self, names=kept, numbers=self.numbers[:, columns])

    def resampled(self, replicas: int = REPLICAS) -> Float[np.ndarray, "replica draw"]:
        """Weights of the draws in bootstrap samples.

        Draws are resampled with replacement, each with its weight. The draws are quasi-random, more even
        than random draws, so the intervals from these samples are somewhat too wide.

        Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 6.
        """
        n = self.n_draws
        counts = np.random.default_rng(n).multinomial(n, np.full(n, 1 / n), size=replicas)
        weights = counts * self.weights
        return weights / weights.sum(axis=1, keepdims=True)


def sample_of(ensemble: Ensemble, node: NodeName, value: Value | None = None) -> Sample:
    """Collect the draws for one outcome: those that converged and allow the record.

    Args:
        ensemble: The solved case.
        node: The node that the outcome is about.
        value: One of its values; if left out, the most likely one.
    """
    return sample_from(ensemble, forecast(ensemble, node), value)


def sample_from(
    ensemble: Ensemble, forecast_of_node: Forecast, value: Value | None = None
) -> Sample:
    """Collect the draws behind a forecast."""
    used = forecast_of_node.weights > 0
    weights = forecast_of_node.weights[used] / forecast_of_node.weights[used].sum()
    names = tuple(
        name
        for name, numbers in ensemble.numbers.items()
        if np.ndim(numbers) and np.ptp(numbers[used]) > 0
    )
    numbers = np.array([ensemble.numbers[name][used] for name in names])
    if value is None:
        value = forecast_of_node.domain[int(np.argmax(forecast_of_node.mean))]
    return Sample(
        node=forecast_of_node.node,
        domain=forecast_of_node.domain,
        value=value,
        names=names,
        numbers=numbers.reshape(len(names), len(weights)).T,
        chances=forecast_of_node.per_draw[used],
        weights=weights,
        rows=np.flatnonzero(used),
        left_out=forecast_of_node.left_out,
    )


def slices_of(weights: Float[np.ndarray, "row draw"], n_slices: int) -> Int[np.ndarray, "row draw"]:
    """Divide ordered draws into slices of equal weight.

    >>> slices_of(np.array([[0.25, 0.25, 0.5]]), 2).tolist()
    [[0, 0, 1]]
    """
    middle = np.cumsum(weights, axis=1) - weights / 2
    return np.minimum((middle * n_slices).astype(np.intp), n_slices - 1)
