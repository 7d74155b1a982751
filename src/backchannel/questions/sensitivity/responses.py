"""Responses: how the chances of all values go along one assumption, by local regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.language.names import ParameterName
from backchannel.questions.sensitivity.effects import ENDS
from backchannel.questions.sensitivity.sample import REPLICAS, Sample

SHARES = np.linspace(0.025, 0.975, 39)
"""Shares of the weight below the points at which a response is read."""
BANDWIDTH = 0.15
"""Share of the weight that one standard deviation of the local weighting spans."""


@dataclass(frozen=True)
class Response:
    """The chances of all values of the outcome as one assumption varies."""

    parameter: ParameterName
    at: Float[np.ndarray, " point"]
    """Numbers of the assumption, rising."""
    chances: Float[np.ndarray, "point value"]
    """Chance of every value there."""
    resampled: Float[np.ndarray, "replica point value"]
    """The same in bootstrap samples; no replicas where the curve was solved for."""
    median: float
    """The assumption's median given the record."""

    def band(self, value: int) -> Float[np.ndarray, "end point"]:
        """90% interval of one value's chance along the assumption."""
        if not len(self.resampled):
            return np.array([self.chances[:, value]] * 2)
        return np.quantile(self.resampled[:, :, value], ENDS, axis=0)


def responses_of(sample: Sample, *, replicas: int = REPLICAS) -> tuple[Response, ...]:
    """Estimate every assumption's response over draws: the others vary as they do in the draws.

    A line is fitted around every point, to draws weighted by their closeness in rank, which follows
    a curve up to its ends.

    Source: Fan & Gijbels (1996), Local Polynomial Modelling and Its Applications, section 2.3.
    """
    weights = np.vstack([sample.weights[None], sample.resampled(replicas)])
    at = sample.quantiles(SHARES)
    found = []
    for i, name in enumerate(sample.names):
        curves = _local_lines(sample, i, at[:, i], weights)
        found.append(Response(name, at[:, i], curves[0], curves[1:], float(sample.medians[i])))
    return tuple(found)


def _local_lines(
    sample: Sample,
    i: int,
    at: Float[np.ndarray, " point"],
    weights: Float[np.ndarray, "replica draw"],
) -> Float[np.ndarray, "replica point value"]:
    chances = sample.chances
    near = np.exp(-((sample.ranks[:, [i]] - SHARES) ** 2) / (2 * BANDWIDTH**2))
    # Close in rank, which needs no unit; a line in the number itself, which bends least.
    distance = (sample.numbers[:, [i]] - at) / np.ptp(at)
    moments = [weights @ (near * distance**power) for power in range(3)]
    zero, one, two = moments
    shape = (len(weights), len(SHARES), chances.shape[1])
    level = (weights @ _times(near, chances)).reshape(shape)
    slope = (weights @ _times(near * distance, chances)).reshape(shape)
    spread = np.maximum(zero * two - one**2, 1e-12)
    fitted = (two[..., None] * level - one[..., None] * slope) / spread[..., None]
    fitted = np.clip(fitted, 0.0, 1.0)
    return fitted / fitted.sum(axis=-1, keepdims=True)


def _times(near: np.ndarray, chances: np.ndarray) -> Float[np.ndarray, "draw point_value"]:
    return (near[:, :, None] * chances[:, None, :]).reshape(len(near), -1)
