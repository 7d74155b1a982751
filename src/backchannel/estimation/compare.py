"""Compare ways to play on the same plays: quantal response, nearly Nash, and by chance.

Each is fitted on some plays and scored on the others, so that a richer model gains nothing by
itself. The score is the mean log likelihood of a held-out play.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backchannel.case.lowered import Lowered
from backchannel.estimation.estimate import estimate
from backchannel.estimation.fit import problem_of
from backchannel.estimation.fit_options import FitOptions
from backchannel.estimation.likelihood import RowValues
from backchannel.estimation.plays import PlayTable
from backchannel.estimation.problem import FitProblem
from backchannel.language.errors import CommandError, ConvergenceError
from backchannel.language.names import is_precision

FOLDS = 5
STARTS = 2
NEAR_NASH = 50.0
"""Precision, per utility unit, that counts as nearly best reply."""
TREMBLE = 0.01
"""Share of plays by chance beside near-Nash play, without which one slip would cost everything."""
SEED = 5


@dataclass(frozen=True)
class Way:
    """One way to play, and its score."""

    name: str
    score: float
    """Mean log likelihood of a held-out play, in nats."""
    error: float
    """Standard error over plays of the difference to quantal response."""


def compare_ways(
    lowered: Lowered, plays: PlayTable, options: FitOptions, *, folds: int = FOLDS
) -> list[Way]:
    """Score quantal response, near-Nash play and uniform play by held-out log score.

    Args:
        lowered: The case; some player's precision must have a prior with a spread.
        plays: The plays.
        options: As for `fit`.
        folds: Parts into which the plays are cut; each is scored by a fit to the others.

    Raises:
        CommandError: Every precision is fixed, or there are fewer plays than parts.
    """
    # Also precisions that one player believes another to have.
    sought = [
        name
        for name, prior in lowered.priors.items()
        if is_precision(name) and not prior.is_fixed and name not in options.fixed
    ]
    if not sought:
        raise CommandError(
            "Every player's precision is fixed, so there is no quantal response to compare. Give a "
            "precision a prior with a spread."
        )
    if len(plays.weights) < folds:
        raise CommandError(f"{len(plays.weights)} rows are too few to cut into {folds} parts.")
    others = [n for n, p in lowered.priors.items() if not p.is_fixed and n not in options.fixed]
    payoffs = [*(n for n in others if n not in sought), *lowered.linear]
    if payoffs:
        raise CommandError(
            "Ways to play are compared where only precisions are sought: with payoffs sought as "
            "well, a higher precision is the same as larger payoffs. Fix: "
            f"{', '.join(payoffs)}."
        )
    part = np.random.default_rng(SEED).permutation(len(plays.weights)) % folds
    problem = problem_of(lowered, plays, options)
    quantal = np.zeros(len(part))
    for fold in range(folds):
        # Rows without weight do not count, so one compiled likelihood serves every fold.
        weights = np.where(part == fold, 0.0, plays.weights)
        estimates = estimate(replace(problem, weights=weights), starts=STARTS)
        rows = problem.likelihood.on_principal_branch(problem.design.rows(estimates.values))
        _check_found(rows, "at the estimates")
        logs = rows.log
        quantal[part == fold] = logs[part == fold]
    uniform = _at(problem, 0.0)
    nash = np.logaddexp(np.log(1 - TREMBLE) + _at(problem, NEAR_NASH), np.log(TREMBLE) + uniform)
    ways = {"quantal response": quantal, "nearly Nash": nash, "by chance": uniform}
    return [_way(name, logs, quantal, plays.weights) for name, logs in ways.items()]


def _at(problem: FitProblem, precision: float) -> np.ndarray:
    """Log likelihood of every row where all precisions that are sought are one number."""
    rows = np.full((len(problem.weights), len(problem.design.numbers)), precision)
    row_values = problem.likelihood.on_principal_branch(rows)
    _check_found(row_values, f"where every precision is {precision:g}")
    return row_values.log


def _check_found(rows: RowValues, where: str) -> None:
    if not rows.settled.all():
        raise ConvergenceError(
            f"No play was found {where}, so that ways to play cannot be compared in this case."
        )


def _way(name: str, logs: np.ndarray, quantal: np.ndarray, weights: np.ndarray) -> Way:
    share = weights / weights.sum()
    gap = logs - quantal
    mean = float(share @ gap)
    error = float(np.sqrt(share @ (gap - mean) ** 2 / weights.sum()))
    return Way(name, float(share @ logs), error)
