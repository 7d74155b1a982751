"""Where a search ended: is it a maximum, a flat place, or a slope that rises for ever?

Nothing here depends on the size of a coefficient, because that depends on its unit. Near a maximum, Newton's step
leads to the maximum: at eight times the step, the likelihood is lower again. Where plays are separated, the
likelihood approaches its limit like 1 − exp(−t). Then Newton's step has length 1 at any distance from the start, and
at eight times the step the likelihood is even higher. If the search has gone so far that the likelihood no longer
changes, it falls on the way back, and does not fall further out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

FLAT = 1e-8
"""Curvature, against the largest, below which a direction is flat."""
NAMED = 0.2
"""Weight in a direction from which a coefficient is named."""
STEPS = 12
"""Newton steps that are taken at most before a rise is believed to have no end."""
BEYOND = 8.0
"""Newton steps after which a maximum has been passed for certain."""
ROUNDING = 1e-13
"""Relative size of differences of log likelihoods that are rounding."""
BACK = tuple(2.0**k for k in range(-2, 7))
"""Distances, in scaled coordinates, at which a direction is examined in which nothing changes."""
FALLS = 1e-3
"""Fall of the log likelihood that is more than a rounding error."""

Point = Float[np.ndarray, " coefficient"]


@dataclass(frozen=True)
class Landscape:
    """The negative log likelihood in coordinates that have no bounds."""

    height: Callable[[Point], float]
    """Infinite where play is not found."""
    slope: Callable[[Point], Point]
    bend: Callable[[Point], Float[np.ndarray, "coefficient coefficient"]]


@dataclass(frozen=True)
class SearchEnd:
    """Where a search ended, and what is known of it."""

    x: Point
    """As given, or where Newton's steps from it led."""
    endless: Point | None
    """The direction in which the likelihood rises for ever; its largest weight is 1 in size."""


def look_around(land: Landscape, x: Point, start: Point) -> SearchEnd:
    """Say whether a point is a maximum; if that is in doubt, first take Newton's steps towards the maximum.

    Args:
        land: The function that the search maximised.
        x: Where the search ended.
        start: Where it began.
    """
    x = x.copy()
    rises, step = True, None
    for _ in range(STEPS):
        step = _newton(land, x)
        rises = step is not None and _rises(land, x, step, land.height(x))
        if step is None or not rises:
            break
        x = x + step
    # Where all plays are separated, the likelihood rises along the whole path of the search: report that direction.
    climbed = x - start
    reach = float(np.abs(climbed).max())
    if reach > 0 and _leads_on(land, x, climbed, on=(1.0, 3.0, 7.0), back=(0.25, 0.5, 0.75, 1.0)):
        return SearchEnd(x, climbed / reach)
    if rises and step is not None:
        return SearchEnd(x, step / np.abs(step).max())
    return SearchEnd(x, _far_out(land, x))


def _newton(land: Landscape, x: Point) -> Point | None:
    """Newton's step, along the directions with curvature; none if no direction has any."""
    values, vectors = np.linalg.eigh(land.bend(x))
    bent = values > FLAT * max(values[-1], 0.0)
    if not (values[-1] > 0 and np.isfinite(values).all()):
        return None
    along = vectors[:, bent]
    return -along @ ((along.T @ land.slope(x)) / values[bent])


def _rises(land: Landscape, x: Point, step: Point, here: float) -> bool:
    """Whether the likelihood is higher after the step, and higher still far beyond it."""
    least = ROUNDING * max(abs(here), 1e-290)
    near, far = (land.height(x + times * step) for times in (1.0, BEYOND))
    return bool(np.isfinite(far) and near < here - least and far < near - least)


def _far_out(land: Landscape, x: Point) -> Point | None:
    """A direction without curvature, along which the likelihood falls backwards but not forwards."""
    values, vectors = np.linalg.eigh(land.bend(x))
    if not np.isfinite(values).all():
        return None
    weak = values <= FLAT * max(values[-1], 0.0)
    for vector in vectors[:, weak].T:
        unit = vector / np.abs(vector).max()
        for way in (unit, -unit):
            if _leads_on(land, x, way, on=BACK, back=BACK):
                return way
    return None


def _leads_on(
    land: Landscape, x: Point, way: Point, *, on: tuple[float, ...], back: tuple[float, ...]
) -> bool:
    """Whether the likelihood falls backwards along a direction, and does not fall forwards."""
    here = land.height(x)
    ahead = [land.height(x + t * way) for t in on]
    if not np.isfinite(ahead).all() or max(ahead) > here + ROUNDING * max(abs(here), 1e-3):
        return False
    behind = (land.height(x - t * way) for t in back)
    return any(np.isfinite(value) and value > here + FALLS for value in behind)


def flat(names: tuple[str, ...], scaled: Float[np.ndarray, "coefficient coefficient"]) -> list[str]:
    """Say in words along which direction the likelihood is flat, if along any."""
    values, vectors = np.linalg.eigh(scaled)
    if values[-1] <= 0:
        return ["the likelihood does not depend on the coefficients at all"]
    if values[0] > FLAT * values[-1]:
        return []
    return [f"the likelihood is flat along {direction(names, vectors[:, 0])}"]


def runs_away(names: tuple[str, ...], way: Point) -> tuple[str, ...]:
    """The coefficients that grow along this direction."""
    return tuple(n for n, weight in zip(names, way, strict=True) if abs(weight) >= NAMED)


def endless(
    names: tuple[str, ...], kinds: np.ndarray, way: Point, *, plays_alike: bool
) -> list[str]:
    """Say in words which coefficients grow without end, if the likelihood has no maximum."""
    sentences = []
    for name, kind, weight in zip(names, kinds, way, strict=True):
        if name not in runs_away(names, way):
            continue
        up = weight > 0
        if kind == "any":
            end = f"{'plus' if up else 'minus'} infinity"
            why = "all plays are alike" if plays_alike else "plays are separated by it"
            sentences.append(f"{name} grows without end: {why}, and its best value is {end}")
        else:
            end = ("infinity" if kind == "positive" else "1") if up else "0"
            sentences.append(
                f"{name} runs to {end}: no play holds it back, so it has no best value before that"
            )
    return sentences


def direction(names: tuple[str, ...], vector: Point) -> str:
    """A direction in words, its largest weight positive."""
    vector = vector * np.sign(vector[np.argmax(np.abs(vector))])
    parts = [
        f"{weight:+.2f} {name}".replace("-", "−")
        for name, weight in sorted(zip(names, vector, strict=True), key=lambda p: -abs(p[1]))
        if abs(weight) >= NAMED
    ]
    return " ".join(parts)
