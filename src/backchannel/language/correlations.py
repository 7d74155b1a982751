"""Rank correlations between uncertain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.language.names import ParameterName


@dataclass(frozen=True)
class Correlation:
    """A rank correlation between two numbers."""

    one: ParameterName
    other: ParameterName
    rank: float
    """Spearman's coefficient, above -1 and below 1."""


def correlation_matrix(
    names: Sequence[ParameterName], correlations: Sequence[Correlation]
) -> Float[np.ndarray, "name name"]:
    """Convert rank correlations to correlations of normal scores.

    Source: Pearson (1907): r = 2 sin(π ρ / 6).
    """
    matrix = np.eye(len(names))
    row = {name: i for i, name in enumerate(names)}
    for pair in correlations:
        if pair.one in row and pair.other in row:
            i, j = row[pair.one], row[pair.other]
            matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi * pair.rank / 6)
    return matrix


def is_possible(matrix: Float[np.ndarray, "name name"]) -> bool:
    """Say whether a joint distribution with these correlations exists."""
    return bool(np.linalg.eigvalsh(matrix).min() > 1e-9)
