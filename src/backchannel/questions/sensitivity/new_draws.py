"""New draws: solve a case at chosen values of its assumptions, all in one batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from backchannel.ensemble.ensemble import Ensemble, build_ensemble
from backchannel.ensemble.outside import at_mean
from backchannel.language.errors import CommandError, ConvergenceError, RecordError
from backchannel.questions.forecast.ask import forecast
from backchannel.questions.sensitivity.responses import Response
from backchannel.questions.sensitivity.sample import Sample

SWEEP_POINTS = 21
"""Values of each assumption at which the case is solved."""
SWEEP_MARGIN = 0.01
"""A sweep covers an assumption's draws except this share at each end."""


def chances_at(
    ensemble: Ensemble,
    sample: Sample,
    numbers: Float[np.ndarray, "draw assumption"],
    *,
    progress: Callable[[int], None] | None = None,
) -> Float[np.ndarray, "draw value"]:
    """Solve the case at given values of the sample's assumptions.

    They take the draw axis of the program that solved the case, so nothing is compiled again.

    Returns:
        P(value | record) of the sample's node in each draw; nan where play did not converge or
        the record is impossible.

    Raises:
        CommandError: No draw converged with the record possible.
    """
    n = len(numbers)
    column = {name: i for i, name in enumerate(sample.names)}
    parameters = {
        name: np.ascontiguousarray(numbers[:, column[name]])
        if name in column
        else np.full(n, np.asarray(old).flat[0])
        for name, old in ensemble.numbers.items()
    }
    try:
        solved = build_ensemble(
            ensemble.diagram, ensemble.beliefs, parameters, ensemble.record, progress=progress
        )
    except (ConvergenceError, RecordError):
        raise CommandError(
            "With the assumptions at their medians, play does not converge or the record is "
            "impossible, so the case cannot be solved near them. Leave out `--solve`."
        ) from None
    solved = replace(solved, outside=at_mean(ensemble.outside, n))
    solved_forecast = forecast(solved, sample.node)
    usable = (solved_forecast.weights > 0)[:, None]
    return np.where(usable, solved_forecast.per_draw, np.nan)


def new_draws_of(ensemble: Ensemble) -> int:
    """Count the equilibria of a sweep along every assumption, approximately, for a progress bar."""
    uncertain = sum(1 for numbers in ensemble.numbers.values() if np.ptp(numbers) > 0)
    return uncertain * SWEEP_POINTS * (1 + len(ensemble.beliefs))


def solved_responses(
    ensemble: Ensemble, sample: Sample, *, progress: Callable[[int], None] | None = None
) -> tuple[Response, ...]:
    """Solve for the response to every assumption, with all others at their medians.

    One assumption at a time takes quantiles of its draws. Where that changes the most likely value, the
    case is also solved at the crossing, to locate it more precisely.
    """
    shares = np.linspace(SWEEP_MARGIN, 1 - SWEEP_MARGIN, SWEEP_POINTS)
    at = sample.quantiles(shares)
    n = len(sample.names)
    numbers = np.tile(sample.medians, (n * SWEEP_POINTS, 1))
    numbers[np.arange(n * SWEEP_POINTS), np.repeat(np.arange(n), SWEEP_POINTS)] = at.T.ravel()
    chances = chances_at(ensemble, sample, numbers, progress=progress)
    chances = chances.reshape(n, SWEEP_POINTS, -1)
    curves = [_converged_points(at[:, i], chances[i]) for i in range(n)]
    crossings = _at_crossings(ensemble, sample, curves)
    curves = [_joined(curve, more) for curve, more in zip(curves, crossings, strict=True)]
    none = np.empty((0, 0, len(sample.domain)))
    return tuple(
        Response(name, x, y, none, float(sample.medians[i]))
        for i, (name, (x, y)) in enumerate(zip(sample.names, curves, strict=True))
        if len(x) > 1
    )


Curve = tuple[Float[np.ndarray, " point"], Float[np.ndarray, "point value"]]


def _converged_points(at: np.ndarray, chances: np.ndarray) -> Curve:
    fine = np.isfinite(chances).all(axis=1)
    return at[fine], chances[fine]


def _at_crossings(
    ensemble: Ensemble, sample: Sample, curves: list[Curve]
) -> list[list[tuple[float, np.ndarray]]]:
    """Solve the case at the values where interpolated curves cross."""
    wanted = [(i, number) for i, curve in enumerate(curves) for number in _changes(*curve)]
    points: list[list[tuple[float, np.ndarray]]] = [[] for _ in curves]
    if not wanted:
        return points
    numbers = np.tile(sample.medians, (len(wanted), 1))
    for row, (i, number) in enumerate(wanted):
        numbers[row, i] = number
    chances = chances_at(ensemble, sample, numbers)
    for (i, number), chance in zip(wanted, chances, strict=True):
        if np.isfinite(chance).all():
            points[i].append((number, chance))
    return points


def _changes(at: np.ndarray, chances: np.ndarray) -> list[float]:
    """Find where the most likely value changes, interpolated between points."""
    most_likely = chances.argmax(axis=1)
    crossings = []
    for k in np.flatnonzero(most_likely[1:] != most_likely[:-1]):
        before, after = most_likely[k], most_likely[k + 1]
        lead = chances[k : k + 2, before] - chances[k : k + 2, after]
        crossings.append(float(at[k] + lead[0] / (lead[0] - lead[1]) * (at[k + 1] - at[k])))
    return crossings


def _joined(curve: Curve, more: list[tuple[float, np.ndarray]]) -> Curve:
    if not more:
        return curve
    at = np.concatenate([curve[0], [number for number, _ in more]])
    chances = np.vstack([curve[1], *(chance for _, chance in more)])
    order = np.argsort(at)
    return at[order], chances[order]
