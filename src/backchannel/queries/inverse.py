"""The inverse question: what would have to be true for an outcome to be likely."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from jaxtyping import Float

from backchannel.names import ParameterName
from backchannel.priors import normal_score
from backchannel.queries.discovery import Scenario, discover_reaching
from backchannel.queries.ensemble import Ensemble
from backchannel.queries.new_draws import chances_at
from backchannel.queries.sample import Sample

COUNTS = (1, 2, 3, 5, 8)
"""How many assumptions may change at once, from the fewest."""
DRAWS_PER_SLOPE = 5
"""Effective draws for each assumption that a plane through all of them needs."""
STEP = 0.1
"""Step of a slope, in normal scores."""
ROUNDS = 6
"""Times that a change is improved."""
RAY = 24
"""Points at which a ray is searched."""
CLOSE = 0.002
"""A change has arrived when the chance is this close to the one asked for."""
EDGE = 1e-4
"""Chances are kept this far from 0 and 1 before their log-odds are taken."""


@dataclass(frozen=True)
class Shift:
    """One assumption's part in a change."""

    parameter: ParameterName
    median: float
    """Where it is now: its median given the record."""
    to: float
    share: float
    """Share of its draws, given the record, below the number it goes to."""


@dataclass(frozen=True)
class Shifts:
    """The least unlikely change of so many assumptions after which the outcome is likely."""

    shifts: tuple[Shift, ...]
    surprise: float
    """Distance from the medians in standard deviations of normal scores, all shifts together."""
    unlikely: float
    """Probability of a shift at least so far in this direction, given the record."""
    chance: float
    """Chance of the outcome after the change."""
    reached: bool
    """The chance asked for is reached within the range of the draws."""
    solved: bool
    """The case was solved at these numbers; otherwise a plane through the draws says so."""


@dataclass(frozen=True)
class Inverse:
    """What would have to be true for an outcome to have at least (or at most) a chance."""

    sample: Sample
    chance: float
    at_least: bool
    share: float
    """Share of the weighted draws in which it is so already."""
    nearest: float
    """The chance in the draw that comes closest to it (or goes furthest beyond)."""
    box: Scenario | None
    """The least unlikely ranges of the assumptions that stand out; `None` if none suffice."""
    fit: float
    """Share of the log-odds' variance over draws that the plane explains."""
    at_medians: float
    """The outcome's chance with all assumptions at their medians."""
    shifts: tuple[Shifts, ...]
    """By number of assumptions that change, fewest first."""

    @property
    def holds_already(self) -> bool:
        """The forecast is where it is asked to be as things are."""
        forecast = float(self.sample.weights @ self.sample.answer)
        return forecast >= self.chance if self.at_least else forecast <= self.chance


def inverse(
    sample: Sample,
    chance: float,
    *,
    at_least: bool = True,
    stands_out: Sequence[ParameterName],
) -> Inverse:
    r"""Find the least unlikely assumptions under which an outcome is likely, from the draws alone.

    Two answers: the widest box of those assumptions that matter in which the outcome is as likely as
    asked for, and the smallest shift away from the medians. The shift follows the plane through the
    log-odds of the outcome in the draws, against all assumptions' normal scores z: with slopes b,
    the nearest point of the plane's level set moves every assumption in proportion to its slope,

    $$z = b \, (\operatorname{logit} p^* - \operatorname{logit} p_0) / |b|^2.$$

    Source: the inverse problem of Kinsara, Kilgour & Hipel (2015), for the graph model of conflicts;
    Hasofer & Lind (1974) for the nearest point.
    """
    asked = _facing(sample, at_least)
    target = chance if at_least else 1 - chance
    reached = asked.answer >= target
    wide = asked.only(asked.names if asked.effective_draws >= _enough(asked) else stands_out)
    slopes, level, fit = _plane(wide)
    order = np.argsort(-np.abs(slopes), kind="stable")
    gap = _logit(target) - level
    shifts = []
    for count in _counts(len(wide.names)):
        chosen = order[:count]
        scores = np.zeros(len(wide.names))
        if gap > 0 and np.any(slopes[chosen]):
            scores[chosen] = slopes[chosen] * gap / (slopes[chosen] @ slopes[chosen])
        kept = _within(wide, scores)
        after = _logistic(level + slopes @ kept)
        shifts.append(_shifts(wide, chosen, kept, after, target, at_least, solved=False))
    best = float(asked.answer.max())
    return Inverse(
        sample=sample,
        chance=chance,
        at_least=at_least,
        share=float(sample.weights[reached].sum()),
        nearest=best if at_least else 1 - best,
        box=discover_reaching(asked.only(stands_out), target) if len(stands_out) else None,
        fit=fit,
        at_medians=_turned(_logistic(level), at_least),
        shifts=_useful(shifts),
    )


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
    sample = _facing(found.sample, found.at_least)
    target = found.chance if found.at_least else 1 - found.chance

    def odds(scores: Float[np.ndarray, "draw assumption"]) -> Float[np.ndarray, " draw"]:
        numbers = _numbers(sample, scores)
        chances = chances_at(ensemble, found.sample, numbers, progress=progress)
        column = chances[:, found.sample.column]
        return _logit(column if found.at_least else 1 - column)

    n = len(sample.names)
    first, slopes = _slopes(odds, np.zeros((1, n)), [np.arange(n)])
    order = np.argsort(-np.abs(slopes[0]), kind="stable")
    chosen = [order[:count] for count in _counts(n)]
    now = np.array([np.where(np.isin(np.arange(n), part), slopes[0], 0.0) for part in chosen])
    best = [_Point(np.zeros(n), float(first[0]))] * len(chosen)
    if first[0] < _logit(target):
        for _ in range(ROUNDS):
            points = _along_rays(odds, sample, now, float(first[0]), float(_logit(target)))
            best = [_better(a, b, _logit(target)) for a, b in zip(best, points, strict=True)]
            _, now = _slopes(odds, np.array([point.scores for point in points]), chosen)
    shifts = [
        _shifts(sample, part, at.scores, _logistic(at.odds), target, found.at_least, solved=True)
        for part, at in zip(chosen, best, strict=True)
    ]
    at_medians = _turned(float(_logistic(first[0])), found.at_least)
    return replace(found, at_medians=at_medians, shifts=_useful(shifts))


@dataclass(frozen=True)
class _Point:
    scores: Float[np.ndarray, " assumption"]
    odds: float


def _better(one: _Point, other: _Point, target: float) -> _Point:
    """The point nearer to the medians of those that arrive; before any does, the one closest to it."""

    def rank(point: _Point) -> tuple[bool, float]:
        short = _logistic(point.odds) < _logistic(target) - CLOSE
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
    reach = np.linspace(0, _furthest(sample), RAY + 1)[1:]
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


def _plane(sample: Sample) -> tuple[Float[np.ndarray, " assumption"], float, float]:
    """Slopes, level at the medians, and adjusted fit of the outcome's log-odds over draws."""
    odds = _logit(sample.answer)
    design = np.column_stack([np.ones(sample.n_draws), sample.scores])
    root = np.sqrt(sample.weights)
    solved = np.linalg.lstsq(design * root[:, None], odds * root, rcond=None)[0]
    left = sample.weights @ (odds - design @ solved) ** 2
    spread = sample.weights @ (odds - sample.weights @ odds) ** 2
    n, used = sample.effective_draws, design.shape[1]
    fit = 1 - (left / spread) * (n - 1) / max(n - used, 1) if spread > 0 else 0.0
    return solved[1:], float(solved[0]), float(max(fit, 0.0))


def _shifts(
    sample: Sample,
    chosen: np.ndarray,
    scores: Float[np.ndarray, " assumption"],
    chance: float,
    target: float,
    at_least: bool,
    *,
    solved: bool,
) -> Shifts:
    numbers = _numbers(sample, scores[None])[0]
    surprise = float(np.sqrt(scores @ scores))
    moved = sorted(chosen, key=lambda i: -abs(scores[i]))
    return Shifts(
        shifts=tuple(
            Shift(
                parameter=sample.names[i],
                median=float(sample.medians[i]),
                to=float(numbers[i]),
                share=NormalDist().cdf(float(scores[i])),
            )
            for i in moved
        ),
        surprise=surprise,
        unlikely=NormalDist().cdf(-surprise),
        chance=_turned(float(chance), at_least),
        reached=bool(chance >= target - CLOSE),
        solved=solved,
    )


def _useful(shifts: Sequence[Shifts]) -> tuple[Shifts, ...]:
    """Leave out changes of more assumptions that are hardly less surprising than of fewer."""
    kept: list[Shifts] = []
    for one in shifts:
        last = kept[-1] if kept else None
        if last is None or not last.reached or one.surprise < 0.95 * last.surprise:
            kept.append(one)
    return tuple(kept)


def _counts(n: int) -> list[int]:
    return [count for count in COUNTS if count < n] + ([n] if n <= COUNTS[-1] else [])


def _enough(sample: Sample) -> int:
    return DRAWS_PER_SLOPE * len(sample.names)


def _within(sample: Sample, scores: np.ndarray) -> np.ndarray:
    """No shift goes further than the draws do."""
    furthest = _furthest(sample)
    return np.clip(scores, -furthest, furthest)


def _furthest(sample: Sample) -> float:
    """Normal score of the outermost draw."""
    return float(-normal_score(np.array([0.5 / sample.effective_draws]))[0])


def _numbers(
    sample: Sample, scores: Float[np.ndarray, "draw assumption"]
) -> Float[np.ndarray, "draw assumption"]:
    columns = []
    for i in range(len(sample.names)):
        order = np.argsort(sample.ranks[:, i])
        at = sample.scores[order, i]
        columns.append(np.interp(scores[:, i], at, sample.numbers[order, i]))
    return np.array(columns).T.reshape(len(scores), len(sample.names))


def _facing(sample: Sample, at_least: bool) -> Sample:
    """The sample as it is, or with every chance turned into that of the opposite."""
    return sample if at_least else replace(sample, chances=1 - sample.chances)


def _turned(chance: float, at_least: bool) -> float:
    return float(chance if at_least else 1 - chance)


def _logit(chance):
    kept = np.clip(chance, EDGE, 1 - EDGE)
    return np.log(kept) - np.log1p(-kept)


def _logistic(odds):
    return 1 / (1 + np.exp(-odds))
