"""The profile likelihood of one coefficient: the best that the others can do while it is held.

A search that ran far away only suggests that a coefficient has no best value. Its profile shows it: held
further and further out, with the others at their best, the likelihood must never fall.

Source: Heinze & Schemper (2002), who judge separation by the profile; Venzon & Moolgavkar (1988).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import optimize

from backchannel.estimation.objective import Objective

OUTWARDS = (1.0, 3.0, 9.0)
"""How far out the coefficient is held, in scaled coordinates beyond where the search ended."""
FALLS = 1e-4
"""Fall of the log likelihood that is no rounding and no unfinished search."""


@dataclass(frozen=True)
class Profile:
    """What holding a coefficient further out showed."""

    rises: bool
    """The profile nowhere falls, as far as it could be followed."""
    is_known: bool
    """It could be followed beyond the place where the search ended."""
    highest: Float[np.ndarray, " coefficient"]
    """The highest place that was met, in scaled coordinates."""


def rises_for_ever(objective: Objective, x: np.ndarray, way: np.ndarray, held: int) -> Profile:
    """Follow the profile of one coefficient outwards.

    Args:
        objective: What is maximised.
        x: Where the search ended.
        way: The direction that it went; its largest weight is 1 in size.
        held: Which coefficient is held.
    """
    others = np.arange(len(x)) != held
    before, rises, highest = objective(x)[0], True, x
    is_known = False
    for far in OUTWARDS:
        begin = x + far / abs(way[held]) * way
        place = _best_of_others(objective, begin, others)
        height = objective(place)[0]
        if not np.isfinite(height):
            # Play is not found this far out, which says nothing of the likelihood.
            break
        is_known = True
        if height > before + FALLS / objective.total:
            rises = False
            break
        if height < before:
            before, highest = height, place
    return Profile(rises, is_known, highest)


def _best_of_others(objective: Objective, begin: np.ndarray, others: np.ndarray) -> np.ndarray:
    if not others.any() or not np.isfinite(objective(begin)[0]):
        return begin

    def height(part: np.ndarray) -> tuple[float, np.ndarray]:
        x = begin.copy()
        x[others] = part
        value, slope = objective(x)
        return value, slope[others]

    result = optimize.minimize(height, begin[others], jac=True, method="BFGS")
    place = begin.copy()
    place[others] = result.x
    return place
