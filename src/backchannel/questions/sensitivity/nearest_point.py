"""The nearest point: new solves that find and prove the smallest change that suffices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from backchannel.ensemble.ensemble import Ensemble
from backchannel.questions.sensitivity.inverse import Inverse
from backchannel.questions.sensitivity.new_draws import chances_at
from backchannel.questions.sensitivity.sample import Sample
from backchannel.questions.sensitivity.shifts import (
    CLOSE,
    Shifts,
    counts_of,
    facing,
    furthest,
    logistic,
    logit,
    numbers_at,
    shifts_of,
    turned,
    useful,
)

STEP = 0.1
"""Step of a slope, in normal scores."""
ROUNDS = 6
"""Times that a change is improved."""
RAY = 24
"""Points at which a ray is searched."""


def solved_inverse(
    ensemble: Ensemble,
    found: Inverse,
    *,
    progress: Callable[[int], None] | None = None,
) -> Inverse:
    """Replace the shifts that the plane suggests by ones at which the case was solved.

    From the medians, every round takes the slopes of the log-odds where a change stands now, solves
    the case along the ray from the medians in their direction, and goes to the first point on the
    ray at which the chance asked for is reached. The least surprising point of all rounds is kept.

    Source: Rackwitz & Fiessler (1978), the search for the most probable point; searching the ray
    instead of trusting the slope is ours, and never leaves the search astray where odds bend.

    Raises:
        CommandError: The case cannot be solved with its assumptions at their medians.
    """
    sample = facing(found.sample, found.at_least)
    target = found.chance if found.at_least else 1 - found.chance

    def odds(scores: Float[np.ndarray, "draw assumption"]) -> Float[np.ndarray, " draw"]:
        numbers = numbers_at(sample, scores)
        chances = chances_at(ensemble, found.sample, numbers, progress=progress)
        column = chances[:, found.sample.column]
        return logit(column if found.at_least else 1 - column)

    n = len(sample.names)
    first, slopes = _slopes(odds, np.zeros((1, n)), [np.arange(n)])
    order = np.argsort(-np.abs(slopes[0]), kind="stable")
    chosen = [order[:count] for count in counts_of(n)]
    # Where the odds bend, the assumptions that count near the medians are not those that count
    # further out; the plane through all draws suggests others.
    chosen += [_columns(sample, shifts) for shifts in found.shifts]
    now = np.array([np.where(np.isin(np.arange(n), part), slopes[0], 0.0) for part in chosen])
    best = [_Point(np.zeros(n), float(first[0]))] * len(chosen)
    if first[0] < logit(target):
        for _ in range(ROUNDS):
            points = _along_rays(odds, sample, now, float(first[0]), float(logit(target)))
            best = [_better(a, b, logit(target)) for a, b in zip(best, points, strict=True)]
            _, now = _slopes(odds, np.array([point.scores for point in points]), chosen)
    by_count: dict[int, tuple[np.ndarray, _Point]] = {}
    for part, at in zip(chosen, best, strict=True):
        rival = by_count.get(len(part), (part, at))[1]
        if rival is at or _better(rival, at, logit(target)) is at:
            by_count[len(part)] = (part, at)
    shifts = [
        shifts_of(sample, part, at.scores, logistic(at.odds), target, found.at_least, solved=True)
        for part, at in (by_count[count] for count in sorted(by_count))
    ]
    at_medians = turned(float(logistic(first[0])), found.at_least)
    return replace(found, at_medians=at_medians, shifts=useful(shifts))


def _columns(sample: Sample, shifts: Shifts) -> np.ndarray:
    return np.array([sample.names.index(one.parameter) for one in shifts.shifts])


@dataclass(frozen=True)
class _Point:
    scores: Float[np.ndarray, " assumption"]
    odds: float


def _better(one: _Point, other: _Point, target: float) -> _Point:
    """The point nearer to the medians of those that arrive; before any does, the one closest to it."""

    def rank(point: _Point) -> tuple[bool, float]:
        short = logistic(point.odds) < logistic(target) - CLOSE
        return bool(short), float(-point.odds if short else np.linalg.norm(point.scores))

    return min(one, other, key=rank)


def _along_rays(
    odds: Callable[[np.ndarray], np.ndarray],
    sample: Sample,
    directions: Float[np.ndarray, "change assumption"],
    start: float,
    target: float,
) -> list[_Point]:
    """The first point on each ray from the medians that reaches the target, or the ray's best."""
    length = np.maximum(np.linalg.norm(directions, axis=1, keepdims=True), 1e-12)
    reach = np.linspace(0, furthest(sample), RAY + 1)[1:]
    rays = (directions / length)[:, None] * reach[:, None]
    solved = odds(rays.reshape(-1, rays.shape[-1])).reshape(len(rays), -1)
    solved = np.where(np.isfinite(solved), solved, -np.inf)
    radii = np.empty(len(rays))
    for k, levels in enumerate(solved):
        there = np.flatnonzero(levels >= target)
        if not len(there):
            radii[k] = reach[int(np.argmax(levels))]
            continue
        after = int(there[0])
        before = levels[after - 1] if after else start
        below = reach[after - 1] if after else 0.0
        share = (target - before) / (levels[after] - before) if np.isfinite(before) else 1.0
        radii[k] = below + share * (reach[after] - below)
    points = directions / length * radii[:, None]
    return [_Point(x, float(y)) for x, y in zip(points, odds(points), strict=True)]


def _slopes(
    odds: Callable[[np.ndarray], np.ndarray],
    scores: Float[np.ndarray, "change assumption"],
    chosen: Sequence[np.ndarray],
) -> tuple[Float[np.ndarray, " change"], Float[np.ndarray, "change assumption"]]:
    """Log-odds at each change, and their slopes along the assumptions that it may move."""
    points = []
    for row, part in zip(scores, chosen, strict=True):
        points.append(row)
        for i in part:
            for side in (STEP, -STEP):
                beside = row.copy()
                beside[i] += side
                points.append(beside)
    solved = odds(np.array(points))
    levels, slopes = np.empty(len(scores)), np.zeros(scores.shape)
    at = 0
    for k, part in enumerate(chosen):
        levels[k] = solved[at]
        sides = solved[at + 1 : at + 1 + 2 * len(part)].reshape(-1, 2)
        slopes[k, part] = np.nan_to_num((sides[:, 0] - sides[:, 1]) / (2 * STEP))
        at += 1 + 2 * len(part)
    return levels, slopes
