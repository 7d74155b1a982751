"""Responses: the chances of all values along one assumption, by local regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.language.names import ParameterName
from backchannel.questions.sensitivity.effects import INTERVAL_ENDS
from backchannel.questions.sensitivity.sample import REPLICAS, Sample

RESPONSE_SHARES = np.linspace(0.025, 0.975, 39)
"""Shares of the weight below the points at which a response is estimated."""
BANDWIDTH = 0.15
"""Share of the weight that one standard deviation of the local weighting spans."""


@dataclass(frozen=True)
class Response:
    """The chances of all values of the outcome as one assumption varies."""

    parameter: ParameterName
    at: Float[np.ndarray, " point"]
    """Values of the assumption, increasing."""
    chances: Float[np.ndarray, "point value"]
    """Chance of every value there."""
    resampled: Float[np.ndarray, "replica point value"]
    """The same in bootstrap samples; no replicas for a solved curve."""
    median: float
    """The assumption's median given the record."""

    def band(self, value: int) -> Float[np.ndarray, "end point"]:
        """90% interval of one value's chance along the assumption."""
        if not len(self.resampled):
            return np.array([self.chances[:, value]] * 2)
        return np.quantile(self.resampled[:, :, value], INTERVAL_ENDS, axis=0)


def responses_of(sample: Sample, *, replicas: int = REPLICAS) -> tuple[Response, ...]:
    """Estimate the response to every assumption over draws, while the others vary as in the draws.

    A line is fitted around every point to draws weighted by closeness in rank; it follows a curve up to
    its ends.

    Source: Fan & Gijbels (1996), Local Polynomial Modelling and Its Applications, section 2.3.
    """
    weights = np.vstack([sample.weights[None], sample.resampled(replicas)])
    at = sample.quantiles(RESPONSE_SHARES)
    responses = []
    for i, name in enumerate(sample.names):
        curves = _local_lines(sample, i, at[:, i], weights)
        responses.append(Response(name, at[:, i], curves[0], curves[1:], float(sample.medians[i])))
    return tuple(responses)


def _local_lines(
    sample: Sample,
    i: int,
    at: Float[np.ndarray, " point"],
    weights: Float[np.ndarray, "replica draw"],
) -> Float[np.ndarray, "replica point value"]:
    chances = sample.chances
    near = np.exp(-((sample.ranks[:, [i]] - RESPONSE_SHARES) ** 2) / (2 * BANDWIDTH**2))
    # Closeness is in ranks, which have no unit; the line is in the values, where curves bend least.
    distance = (sample.numbers[:, [i]] - at) / np.ptp(at)
    # The chances of all values add up to 1, so that those of the last follow from the others.
    others = chances[:, :-1]
    columns = np.concatenate(
        [near * distance**power for power in range(3)]
        + [near * distance**power * chance[:, None] for power in range(2) for chance in others.T],
        axis=1,
    )
    sums = (weights @ columns).reshape(len(weights), -1, len(RESPONSE_SHARES))
    zeroth, first, second = sums[:, 0], sums[:, 1], sums[:, 2]
    level, slope = (
        np.concatenate([some, (whole - some.sum(axis=1))[:, None]], axis=1).transpose(0, 2, 1)
        for some, whole in zip(np.split(sums[:, 3:], 2, axis=1), (zeroth, first), strict=True)
    )
    spread = np.maximum(zeroth * second - first**2, 1e-12)
    fitted = (second[..., None] * level - first[..., None] * slope) / spread[..., None]
    fitted = np.clip(fitted, 0.0, 1.0)
    return fitted / fitted.sum(axis=-1, keepdims=True)
