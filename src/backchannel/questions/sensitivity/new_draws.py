"""New draws: solve a case again at numbers of one's choice, all of them in one batch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from backchannel.ensemble.ensemble import Ensemble, build_ensemble
from backchannel.language.errors import CommandError, ConvergenceError, RecordError
from backchannel.questions.forecast.ask import forecast
from backchannel.questions.sensitivity.responses import Response
from backchannel.questions.sensitivity.sample import Sample

POINTS = 21
"""Numbers of each assumption at which the case is solved."""
OUTER = 0.01
"""The sweep of an assumption runs from this share of its draws to the same share from above."""


def chances_at(
    ensemble: Ensemble,
    sample: Sample,
    numbers: Float[np.ndarray, "draw assumption"],
    *,
    progress: Callable[[int], None] | None = None,
) -> Float[np.ndarray, "draw value"]:
    """Solve the case at given numbers of the sample's assumptions.

    They are laid along the draw axis of the program that solved the case, so nothing compiles anew.

    Returns:
        P(value | record) of the sample's node in each draw; nan where play did not settle or the
        record is impossible.

    Raises:
        CommandError: No draw settled with the record possible.
    """
    n = len(numbers)
    column = {name: i for i, name in enumerate(sample.names)}
    laid = {
        name: np.ascontiguousarray(numbers[:, column[name]])
        if name in column
        else np.full(n, np.asarray(old).flat[0])
        for name, old in ensemble.numbers.items()
    }
    try:
        solved = build_ensemble(
            ensemble.diagram, ensemble.beliefs, laid, ensemble.record, progress=progress
        )
    except (ConvergenceError, RecordError):
        raise CommandError(
            "With the assumptions at their medians, play does not settle or the record cannot "
            "happen, so nothing can be solved around them. Leave `--solve` out."
        ) from None
    found = forecast(solved, sample.node)
    return np.where((found.weights > 0)[:, None], found.per_draw, np.nan)


def new_draws_of(ensemble: Ensemble) -> int:
    """How many equilibria a sweep along every assumption takes, near enough for a progress bar."""
    uncertain = sum(1 for numbers in ensemble.numbers.values() if np.ptp(numbers) > 0)
    return uncertain * POINTS * (1 + len(ensemble.beliefs))


def solved_responses(
    ensemble: Ensemble, sample: Sample, *, progress: Callable[[int], None] | None = None
) -> tuple[Response, ...]:
    """Solve for every assumption's response, with all others held at their medians.

    One assumption at a time runs through quantiles of its draws; where that changes the most likely
    value, the case is solved at the crossing as well, which places it closely.
    """
    shares = np.linspace(OUTER, 1 - OUTER, POINTS)
    at = sample.quantiles(shares)
    n = len(sample.names)
    numbers = np.tile(sample.medians, (n * POINTS, 1))
    numbers[np.arange(n * POINTS), np.repeat(np.arange(n), POINTS)] = at.T.ravel()
    chances = chances_at(ensemble, sample, numbers, progress=progress)
    chances = chances.reshape(n, POINTS, -1)
    curves = [_settled(at[:, i], chances[i]) for i in range(n)]
    closer = _at_crossings(ensemble, sample, curves)
    curves = [_joined(curve, more) for curve, more in zip(curves, closer, strict=True)]
    none = np.empty((0, 0, len(sample.domain)))
    return tuple(
        Response(name, x, y, none, float(sample.medians[i]))
        for i, (name, (x, y)) in enumerate(zip(sample.names, curves, strict=True))
        if len(x) > 1
    )


Curve = tuple[Float[np.ndarray, " point"], Float[np.ndarray, "point value"]]


def _settled(at: np.ndarray, chances: np.ndarray) -> Curve:
    fine = np.isfinite(chances).all(axis=1)
    return at[fine], chances[fine]


def _at_crossings(
    ensemble: Ensemble, sample: Sample, curves: list[Curve]
) -> list[list[tuple[float, np.ndarray]]]:
    """Chances at the numbers where lines between the points cross."""
    wanted = [(i, number) for i, curve in enumerate(curves) for number in _changes(*curve)]
    found: list[list[tuple[float, np.ndarray]]] = [[] for _ in curves]
    if not wanted:
        return found
    numbers = np.tile(sample.medians, (len(wanted), 1))
    for row, (i, number) in enumerate(wanted):
        numbers[row, i] = number
    chances = chances_at(ensemble, sample, numbers)
    for (i, number), chance in zip(wanted, chances, strict=True):
        if np.isfinite(chance).all():
            found[i].append((number, chance))
    return found


def _changes(at: np.ndarray, chances: np.ndarray) -> list[float]:
    """Where the most likely value changes, by lines between points."""
    likeliest = chances.argmax(axis=1)
    found = []
    for k in np.flatnonzero(likeliest[1:] != likeliest[:-1]):
        before, after = likeliest[k], likeliest[k + 1]
        lead = chances[k : k + 2, before] - chances[k : k + 2, after]
        found.append(float(at[k] + lead[0] / (lead[0] - lead[1]) * (at[k + 1] - at[k])))
    return found


def _joined(curve: Curve, more: list[tuple[float, np.ndarray]]) -> Curve:
    if not more:
        return curve
    at = np.concatenate([curve[0], [number for number, _ in more]])
    chances = np.vstack([curve[1], *(chance for _, chance in more)])
    order = np.argsort(at)
    return at[order], chances[order]
