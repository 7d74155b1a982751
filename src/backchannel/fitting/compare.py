"""Compare ways to play on the same plays: quantal response, nearly Nash, and by chance.

Each is fitted on some plays and scored on the others, so that a richer model gains nothing by
itself. The score is the mean log likelihood of a held-out play.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backchannel.case.lower import Lowered
from backchannel.errors import CommandError
from backchannel.fitting.fit import Options, fit_plays, problem_of
from backchannel.fitting.plays import Plays
from backchannel.names import precision_of

FOLDS = 5
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
    lowered: Lowered, plays: Plays, options: Options, *, folds: int = FOLDS
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
    precisions = [precision_of(player) for player in lowered.diagram.players]
    sought = [n for n in precisions if not lowered.priors[n].is_fixed and n not in options.fixed]
    if not sought:
        raise CommandError(
            "Every player's precision is fixed, so there is no quantal response to compare. Give a "
            "precision a prior with a spread."
        )
    if len(plays.weights) < folds:
        raise CommandError(f"{len(plays.weights)} rows are too few to cut into {folds} parts.")
    part = np.random.default_rng(SEED).permutation(len(plays.weights)) % folds
    quantal = np.zeros(len(part))
    for fold in range(folds):
        fitted = fit_plays(lowered, _some(plays, part != fold), options)
        held = _some(plays, part == fold)
        rows = fitted.problem.design.on(held.table).rows(fitted.found.values)
        likelihood = problem_of(lowered, held, options).likelihood
        if likelihood.joint:
            likelihood.on_principal_branch(rows)
        quantal[part == fold] = likelihood(rows).log
    uniform = _fixed_score(lowered, plays, options, sought, 0.0)
    sharp = _fixed_score(lowered, plays, options, sought, NEAR_NASH)
    nash = np.logaddexp(np.log(1 - TREMBLE) + sharp, np.log(TREMBLE) + uniform)
    ways = {"quantal response": quantal, "nearly Nash": nash, "by chance": uniform}
    return [_way(name, logs, quantal, plays.weights) for name, logs in ways.items()]


def _fixed_score(
    lowered: Lowered, plays: Plays, options: Options, sought: list[str], precision: float
) -> np.ndarray:
    fixed = {**options.fixed, **dict.fromkeys(sought, precision)}
    others = [n for n, p in lowered.priors.items() if not p.is_fixed and n not in fixed]
    if others or lowered.linear:
        raise CommandError(
            "Ways to play are compared where only precisions are sought: with payoffs sought as "
            "well, a higher precision is the same as larger payoffs. Fix: "
            f"{', '.join([*others, *lowered.linear])}."
        )
    free = sought[0]
    kept = {name: value for name, value in fixed.items() if name != free}
    problem = problem_of(lowered, plays, replace(options, fixed=kept, same=()))
    rows = np.full((len(plays.weights), 1), precision)
    if problem.likelihood.joint:
        problem.likelihood.on_principal_branch(rows)
    return problem.likelihood(rows).log


def _some(plays: Plays, chosen: np.ndarray) -> Plays:
    return replace(
        plays,
        table=plays.table[chosen].reset_index(drop=True),
        evidence={node: laid[chosen] for node, laid in plays.evidence.items()},
        weights=plays.weights[chosen],
        rows=plays.rows[chosen],
        clusters=None if plays.clusters is None else plays.clusters[chosen],
    )


def _way(name: str, logs: np.ndarray, quantal: np.ndarray, weights: np.ndarray) -> Way:
    share = weights / weights.sum()
    gap = logs - quantal
    mean = float(share @ gap)
    error = float(np.sqrt(share @ (gap - mean) ** 2 / weights.sum()))
    return Way(name, float(share @ logs), error)
