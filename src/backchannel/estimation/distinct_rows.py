"""The distinct rows of a data set: those that differ in their numbers or in what was seen.

Rows with the same numbers share one equilibrium, which is found once for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from backchannel.language.names import NodeName


@dataclass(frozen=True)
class DistinctRows:
    """Which rows are alike, and whose equilibria are found."""

    first: Int[np.ndarray, " distinct"]
    """For each distinct row the first row of the data that is like it."""
    copies: Int[np.ndarray, " row"]
    """For each row of the data the distinct row that it is like."""
    solved: Int[np.ndarray, " equilibrium"]
    """Of the distinct rows, those whose equilibria are found."""
    lot: Int[np.ndarray, " distinct"]
    """For each distinct row which of these is its own."""
    is_shared: bool
    """Few equilibria, many rows: a number pushed forward through each equilibrium costs less than a row
    pulled back."""
    plays_alike: bool
    """Whether the same was seen in every row."""

    @property
    def count(self) -> int:
        """How many distinct rows there are."""
        return len(self.first)


def distinct_rows(
    evidence: Mapping[NodeName, Float[np.ndarray, "row value"]],
    alike: Int[np.ndarray, " row"] | None,
    n_free: int,
) -> DistinctRows:
    """Find the distinct rows of a data set.

    Args:
        evidence: For each observed node the likelihood of what was seen given each of its values.
        alike: A label a row; rows with one label always have the same numbers. All differ, if left out.
        n_free: How many numbers of a row are free.
    """
    seen = np.concatenate(list(evidence.values()), axis=1)
    labels = np.arange(len(seen)) if alike is None else alike
    _, first, copies = np.unique(
        np.column_stack([labels, seen]), axis=0, return_index=True, return_inverse=True
    )
    _, solved, lot = np.unique(labels[first], return_index=True, return_inverse=True)
    is_shared = len(solved) * n_free <= len(first)
    each = np.arange(len(first))
    return DistinctRows(
        first=first,
        copies=copies,
        solved=solved if is_shared else each,
        lot=lot if is_shared else each,
        is_shared=is_shared,
        plays_alike=bool((seen == seen[0]).all()),
    )
