"""The nearest point: solve the case to find the smallest change that suffices."""

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
    CHANCE_TOLERANCE,
    JointShift,
    change_counts,
    drop_redundant,
    logistic,
    logit,
    movable,
    numbers_at,
    oriented,
    oriented_chance,
    outermost_score,
    shifts_of,
)

STEP = 0.1
"""Step for numerical slopes, in normal scores."""
IMPROVING_ROUNDS = 6
"""Rounds of improving a change."""
RAY = 24
"""Points at which the case is solved along a ray."""


def solved_inverse(
    ensemble: Ensemble,
    estimate: Inverse,
    *,
    progress: Callable[[int], None] | None = None,
) -> Inverse:
    """Replace the shifts that the plane suggests by shifts at which the case is solved.

    Each round computes the slopes of the log-odds at the current point, solves the case along the ray
    from the medians in their direction, and moves to the first point of the ray at which the target is
    reached. The closest such point of all rounds is kept.

    Source: Rackwitz & Fiessler (1978), the search for the most probable point; searching along
    the ray instead of extrapolating the slope is ours; it stays reliable where the log-odds are nonlinear.

    Raises:
        CommandError: The case cannot be solved with its assumptions at their medians.
    """
    sample = oriented(estimate.sample, estimate.at_least)
    target = estimate.chance if estimate.at_least else 1 - estimate.chance

    def odds(scores: Float[np.ndarray, "draw assumption"]) -> Float[np.ndarray, " draw"]:
        numbers = numbers_at(sample, scores)
        chances = chances_at(ensemble, estimate.sample, numbers, progress=progress)
        column = chances[:, estimate.sample.column]
        return logit(column if estimate.at_least else 1 - column)

    n = len(sample.names)
    free = movable(sample)
    first, slopes = _slopes(odds, np.zeros((1, n)), [free])
    order = free[np.argsort(-np.abs(slopes[0, free]), kind="stable")]
    chosen = [order[:count] for count in change_counts(len(free))]
    # Where the log-odds are nonlinear, other assumptions may matter far from the medians than near
    # them; the plane through all draws suggests these.
    chosen += [_columns(sample, shifts) for shifts in estimate.shifts]
    directions = np.array(
        [np.where(np.isin(np.arange(n), part), slopes[0], 0.0) for part in chosen]
    )
    best = [_Point(np.zeros(n), float(first[0]))] * len(chosen)
    if first[0] < logit(target):
        for _ in range(IMPROVING_ROUNDS):
            points = _along_rays(odds, sample, directions, float(first[0]), float(logit(target)))
            best = [_better(a, b, logit(target)) for a, b in zip(best, points, strict=True)]
            _, directions = _slopes(odds, np.array([point.scores for point in points]), chosen)
    by_count: dict[int, tuple[np.ndarray, _Point]] = {}
    for part, at in zip(chosen, best, strict=True):
        rival = by_count.get(len(part), (part, at))[1]
        if rival is at or _better(rival, at, logit(target)) is at:
            by_count[len(part)] = (part, at)
    shifts = [
        shifts_of(
            sample, part, at.scores, logistic(at.odds), target, estimate.at_least, solved=True
        )
        for part, at in (by_count[count] for count in sorted(by_count))
    ]
    at_medians = oriented_chance(float(logistic(first[0])), estimate.at_least)
    return replace(estimate, at_medians=at_medians, shifts=drop_redundant(shifts))


def _columns(sample: Sample, shifts: JointShift) -> np.ndarray:
    return np.array([sample.names.index(shift.parameter) for shift in shifts.shifts])


@dataclass(frozen=True)
class _Point:
    scores: Float[np.ndarray, " assumption"]
    odds: float


def _better(first: _Point, second: _Point, target: float) -> _Point:
    """Choose the closer of points that reach the target; otherwise the one with higher log-odds."""

    def rank(point: _Point) -> tuple[bool, float]:
        short = logistic(point.odds) < logistic(target) - CHANCE_TOLERANCE
        return bool(short), float(-point.odds if short else np.linalg.norm(point.scores))

    return min(first, second, key=rank)


def _along_rays(
    odds: Callable[[np.ndarray], np.ndarray],
    sample: Sample,
    directions: Float[np.ndarray, "change assumption"],
    start: float,
    target: float,
) -> list[_Point]:
    """Find the first point on each ray from the medians that reaches the target, or the ray's best."""
    length = np.maximum(np.linalg.norm(directions, axis=1, keepdims=True), 1e-12)
    reach = np.linspace(0, outermost_score(sample), RAY + 1)[1:]
    rays = (directions / length)[:, None] * reach[:, None]
    solved = odds(rays.reshape(-1, rays.shape[-1])).reshape(len(rays), -1)
    solved = np.where(np.isfinite(solved), solved, -np.inf)
    radii = np.empty(len(rays))
    for k, levels in enumerate(solved):
        reaching = np.flatnonzero(levels >= target)
        if not len(reaching):
            radii[k] = reach[int(np.argmax(levels))]
            continue
        after = int(reaching[0])
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
    """Log-odds at each point, and their slopes along the assumptions that the change may move."""
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
