"""The posterior's density in coordinates without bounds, with its exact slope.

A shared number with a prior is written as the normal score of its prior's quantile, so that its prior
is standard normal whatever its family, and no bound can be crossed. A coefficient of a covariate is
written in units of an effect of 1, with a normal prior of deviation `WEAK`.

Coefficients that share a deviation (the effects of groups, and covariates under ridge) are written in
units of it. The deviation is sampled as well: its prior is half-normal with deviation `WEAK`, and its
coordinate, the last ones, is the normal score of its quantile.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import ndtr, ndtri
from jaxtyping import Float
from scipy import special

from backchannel.estimation.design import DesignPart
from backchannel.estimation.problem import FitProblem

WEAK = 2.5
"""Deviation of a coefficient's prior, in effects that move a number by about 1.

Source: Gelman, Jakulin, Pittau & Su (2008), who take the same width for coefficients of logits.
"""
FAR = 7.0
"""Normal scores up to which a prior's quantiles are written down; 1e-12 of it lies beyond."""
LEAST = 1e-3
"""Smallest deviation of a block from which a chain starts."""
POINTS = 4001
"""Quantiles written down, joined by straight lines: to a millionth of a deviation."""


@dataclass(frozen=True)
class Density:
    """The log density of the coefficients given the plays, up to a constant."""

    problem: FitProblem

    def coefficients(self, x: Any) -> Any:
        """The coefficients at some coordinates."""
        made, begin = [], 0
        for part, table in zip(self.problem.design.parts, self._tables, strict=True):
            own = x[begin : begin + len(part.names)]
            made.append(own * table if part.prior is None else jnp.interp(own, _SCORES, table))
            begin += len(part.names)
        coefficients = jnp.concatenate(made)
        for i, block in enumerate(self.problem.design.blocks):
            deviation = WEAK * ndtri((1 + ndtr(x[begin + i])) / 2)
            own = x[block.place] * deviation / block.size
            coefficients = coefficients.at[block.place].set(own)
        return coefficients

    def coordinates(
        self, beta: Float[np.ndarray, " coefficient"]
    ) -> Float[np.ndarray, " coefficient"]:
        """The coordinates of some coefficients."""
        made, begin = [], 0
        for part, table in zip(self.problem.design.parts, self._tables, strict=True):
            own = beta[begin : begin + len(part.names)]
            made.append(own / table if part.prior is None else np.interp(own, table, _SCORES))
            begin += len(part.names)
        places = np.concatenate(made)
        scores = []
        for block in self.problem.design.blocks:
            deviation = max(self.problem.spreads.get(block.name, WEAK), LEAST)
            places[block.place] = beta[block.place] * block.size / deviation
            # The share of a half-normal prior below a deviation.
            scores.append(special.ndtri(2 * special.ndtr(deviation / WEAK) - 1))
        return np.concatenate([places, scores])

    @cached_property
    def log(self) -> Any:
        """The log density as a function of the coordinates; minus infinity where play is not found."""
        likelihood, design = self.problem.likelihood, self.problem.design
        by_row = likelihood.traced_log()
        distinct = likelihood.distinct
        times = np.bincount(distinct.copies.ravel(), self.problem.weights, distinct.count)
        first = distinct.first
        numbers = [
            [(number.matrix[first], number.offset[first]) for number in part.made]
            for part in design.parts
        ]
        played = jnp.asarray(times > 0)

        def log(x: Any) -> Any:
            beta, rows, begin = self.coefficients(x), [], 0
            for part, made in zip(design.parts, numbers, strict=True):
                own = beta[begin : begin + len(part.names)]
                rows += [matrix @ own + offset for matrix, offset in made]
                begin += len(part.names)
            logs = by_row(jnp.stack(rows, axis=1))
            plays = jnp.where(played, times * jnp.where(played, logs, 0.0), 0.0).sum()
            return plays + self.log_prior(x)

        return jax.jit(log)

    def log_prior(self, x: Any) -> Any:
        """The priors' part of it."""
        return -0.5 * ((x / self._deviations) ** 2).sum()

    @cached_property
    def _deviations(self) -> np.ndarray:
        design = self.problem.design
        deviations = [WEAK if p.prior is None else 1.0 for p in design.parts for _ in p.names]
        for block in design.blocks:
            for place in block.place:
                deviations[place] = 1.0
        return np.array([*deviations, *(1.0 for _ in design.blocks)])

    @cached_property
    def _tables(self) -> list[np.ndarray]:
        """For a shared number its quantiles at the scores; for coefficients their sizes."""
        scale, tables, begin = self.problem.design.scale(), [], 0
        for part in self.problem.design.parts:
            size = len(part.names)
            tables.append(scale[begin : begin + size] if part.prior is None else _quantiles(part))
            begin += size
        return tables


def _quantiles(part: DesignPart) -> np.ndarray:
    assert part.prior is not None
    return np.asarray(part.prior.quantile(special.ndtr(_SCORES)), float)


_SCORES = np.linspace(-FAR, FAR, POINTS)
