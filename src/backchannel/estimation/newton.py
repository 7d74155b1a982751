"""Newton's method within a region of trust, for objectives with many coefficients.

The curvature of a penalised objective is exact and costs no more than a few evaluations, so that a
handful of steps does what a quasi-Newton search needs hundreds for.

Source: Nocedal & Wright (2006), ch. 4.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from scipy import linalg

from backchannel.estimation.objective import Objective

STEPS = 60
"""Steps at most."""
LEVEL = 1e-8
"""Largest slope of the mean log likelihood, per scaled coordinate, at which a search ends."""
FIRST = 2.0
"""Radius of the first region, in scaled coordinates."""
SMALLEST = 1e-10
"""Radius below which the search ends."""


def newton(
    objective: Objective,
    start: Float[np.ndarray, " coordinate"] | None = None,
    *,
    level: float = LEVEL,
) -> Float[np.ndarray, " coordinate"]:
    """The coordinates at which the objective is lowest, near a start.

    Args:
        objective: The mean negative log likelihood.
        start: Coordinates to start from; those of the design's start, if left out.
        level: Largest slope of the mean log likelihood, per coordinate, at which the search ends.
    """
    x = objective.inside(objective.problem.design.start()) if start is None else start.copy()
    value, slope = objective(x)
    radius, bend = FIRST, None
    for _ in range(STEPS):
        if not np.isfinite(value) or np.abs(slope).max(initial=0.0) <= level or radius < SMALLEST:
            break
        if bend is None:
            bend = objective.landscape.bend(x) / objective.total
        if not np.isfinite(bend).all():
            break
        step = _step(bend, slope, radius)
        expected = -(slope @ step + 0.5 * step @ bend @ step)
        new_value, new_slope = objective(x + step)
        gained = (value - new_value) / expected if expected > 0 else -1.0
        rounding = abs(value - new_value) <= 1e-14 * max(abs(value), 1.0)
        if not np.isfinite(new_value) or (gained < 0.1 and not rounding):
            radius = 0.25 * float(np.linalg.norm(step))
            continue
        if gained > 0.7:
            radius = max(radius, 2.0 * float(np.linalg.norm(step)))
        ends = rounding and np.abs(new_slope).max() >= np.abs(slope).max()
        if ends:
            break
        x, value, slope, bend = x + step, new_value, new_slope, None
    return x


def _step(bend: np.ndarray, slope: np.ndarray, radius: float) -> np.ndarray:
    """The step to the lowest place of the quadratic model in the region; curvature made positive."""
    plain = _newton_step(bend, slope)
    if plain is not None and np.linalg.norm(plain) <= radius:
        return plain
    values, vectors = np.linalg.eigh(bend)
    along = vectors.T @ slope
    bent = np.maximum(np.abs(values), 1e-10 * max(abs(values).max(), 1e-300))
    step = -vectors @ (along / bent)
    if np.linalg.norm(step) <= radius:
        return step
    # Stiffen all directions alike until the step is short enough.
    low, high = 0.0, float(np.linalg.norm(along)) / radius + 1e-300
    for _ in range(60):
        middle = (low + high) / 2
        if np.linalg.norm(along / (bent + middle)) > radius:
            low = middle
        else:
            high = middle
    return -vectors @ (along / (bent + high))


def _newton_step(bend: np.ndarray, slope: np.ndarray) -> np.ndarray | None:
    """The step to the lowest place of the quadratic model; none where its curvature is not positive."""
    try:
        return -linalg.cho_solve(linalg.cho_factor(bend), slope)
    except linalg.LinAlgError:
        return None
