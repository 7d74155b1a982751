"""Small linear systems, one per lane, with the lane as the last axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
from jax.scipy.linalg import lu_factor, lu_solve

Array = Any


@dataclass(frozen=True)
class Factored:
    """A matrix per lane, factored once and solved with several times."""

    factors: Array
    pivots: Array

    def solve(self, right: Array) -> Array:
        """Solve for one right-hand side; axes: row, lane."""
        return lu_solve((self.factors, self.pivots), right.T[..., None])[..., 0].T

    @property
    def sign(self) -> Array:
        """Sign of the determinant."""
        diagonal = jnp.diagonal(self.factors, axis1=-2, axis2=-1)
        swaps = (self.pivots != jnp.arange(self.pivots.shape[-1])).sum(axis=-1)
        return jnp.sign(diagonal).prod(axis=-1) * (1 - 2 * (swaps % 2))


def factor(matrix: Array) -> Factored:
    """Factor a matrix per lane; axes: row, column, lane."""
    return Factored(*lu_factor(jnp.moveaxis(matrix, -1, 0)))
