"""Linear systems, one per lane, with the lane as the last axis.

Compiled programs solve many small ones. LAPACK takes one matrix at a time, and two threads that
call it from compiled programs can wait for each other for ever; there every lane is eliminated at
once, by elementwise operations alone. Outside of them a few large matrices are left to LAPACK.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax
from scipy.linalg import get_lapack_funcs

Array = Any


@dataclass(frozen=True)
class Inverted:
    """A matrix per lane, inverted up to the order of its rows and columns."""

    inverse: Array
    """Axes: row, column, lane; row i stands for the unknown whose pivot was in row i, and column k
    for the equation in which the k-th pivot was."""
    chosen: Array
    """Which row the k-th pivot was in; axes: k, row, lane."""
    sign: Array
    """Sign of the determinant."""

    def solve(self, right: Array) -> Array:
        """Solve for one right-hand side; axes: row, lane."""
        ordered = (self.chosen * right[None]).sum(axis=1)
        solution = (self.inverse * ordered[None]).sum(axis=1)
        return (self.chosen * solution[None]).sum(axis=1)


def invert(matrix: Array) -> Inverted:
    """Invert a matrix per lane by Gauss-Jordan exchange with partial pivoting.

    Source: Householder (1964), The Theory of Matrices in Numerical Analysis, section 5.2.
    """
    n, _, lanes = matrix.shape
    rows = jnp.arange(n)
    # Of equals the first is taken: symmetric games bring many.
    first = (1.0 - 1e-9 * rows.astype(float))[:, None]

    def exchange(k: Array, state: tuple[Any, ...]) -> tuple[Any, ...]:
        matrix, unused, chosen, sign = state
        column = lax.dynamic_index_in_dim(matrix, k, axis=1, keepdims=False)
        size = jnp.where(unused, jnp.abs(column) * first, -1.0)
        pick = size == size.max(axis=0)
        row = jnp.where(pick[:, None], matrix, 0.0).sum(axis=0)
        pivot = lax.dynamic_index_in_dim(row, k, axis=0, keepdims=False)
        at = (rows == k)[:, None]
        scaled = jnp.where(at, 1.0, row) / pivot
        lower = jnp.where(at[None], 0.0, matrix) - column[:, None] * scaled[None]
        matrix = jnp.where(pick[:, None], scaled[None], lower)
        # Every unused row above the pivot's is one more exchange of rows.
        above = jnp.where(pick, jnp.cumsum(unused, axis=0) - 1, 0).sum(axis=0)
        sign = sign * jnp.sign(pivot) * (1 - 2 * (above % 2)).astype(float)
        chosen = lax.dynamic_update_index_in_dim(chosen, pick.astype(float), k, axis=0)
        return matrix, unused & ~pick, chosen, sign

    unused = jnp.ones((n, lanes), dtype=bool)
    state = (matrix, unused, jnp.zeros((n, n, lanes)), jnp.ones(lanes))
    inverse, _, chosen, sign = lax.fori_loop(0, n, exchange, state)
    return Inverted(inverse, chosen, sign)


class Factorised:
    """A matrix per lane, factorised by LAPACK; not for compiled programs."""

    def __init__(self, matrix: np.ndarray) -> None:
        finite = np.nan_to_num(np.asarray(matrix), posinf=0.0, neginf=0.0)
        factorise, self._solve = get_lapack_funcs(("getrf", "getrs"), (finite,))
        self.factors = [factorise(finite[:, :, i])[:2] for i in range(finite.shape[-1])]
        self.sign = np.array([_sign(*factor) for factor in self.factors])
        """Sign of the determinant."""

    def solve(self, right: np.ndarray) -> np.ndarray:
        """Solve for one right-hand side; axes: row, lane."""
        columns = np.asarray(right).T
        pairs = zip(self.factors, columns, strict=True)
        return np.stack([self._solve(*factor, column)[0] for factor, column in pairs], axis=-1)


def _sign(factor: np.ndarray, pivots: np.ndarray) -> float:
    swaps = np.count_nonzero(pivots != np.arange(len(pivots)))
    return float(np.prod(np.sign(np.diag(factor)))) * (-1.0) ** swaps
