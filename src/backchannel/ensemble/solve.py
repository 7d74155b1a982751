"""Solve a case in as many draws as its record needs, and its changed worlds together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from backchannel.case.lowered import Lowered, check_runnable
from backchannel.diagram.beliefs import count_models
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import ChangedWorld, change_all
from backchannel.ensemble.draws import draw_numbers
from backchannel.ensemble.ensemble import Ensemble, build_ensemble
from backchannel.ensemble.outside import draw_outside
from backchannel.equilibrium.beliefs.models import build_models
from backchannel.equilibrium.certificate.certify import check_room
from backchannel.equilibrium.sweep.batch import compile_sweep
from backchannel.equilibrium.sweep.sweeper import sweeper_of
from backchannel.machine.memory import carried
from backchannel.machine.reports import Progress
from backchannel.tensors.game import Game
from backchannel.tensors.walk import LONG, Walk

FEWEST_EFFECTIVE = 100
"""Effective sample size below which more draws are taken."""
MOST_TIMES = 8
"""At most this many times the draws asked for are taken."""


def solve_case(lowered: Lowered, *, draws: int, seed: int, progress: Progress) -> Ensemble:
    """Solve a case in every draw; take more draws if too few match the record.

    Args:
        lowered: The case.
        draws: How many draws are asked for.
        seed: The same seed gives the same numbers.
        progress: Shows how many equilibria are solved.

    Raises:
        CommandError: Some numbers have no prior.
        RecordError: The record cannot happen in this case.
        ConvergenceError: Too few draws converged.
    """
    check_runnable(lowered)
    taken = draws
    with _compiled_ahead(lowered):
        while True:
            ensemble = solve_draws(lowered, taken, seed=seed, progress=progress)
            if is_enough(ensemble, draws) or 2 * taken > MOST_TIMES * draws:
                return ensemble
            taken *= 2


def solve_draws(
    lowered: Lowered,
    draws: int,
    *,
    seed: int,
    progress: Progress,
    allow_skips: bool = False,
    skip: int = 0,
    is_part: bool = False,
) -> Ensemble:
    """Solve a case in a given number of draws, even if too few of them match the record.

    Args:
        lowered: The case.
        draws: How many draws.
        seed: The same seed gives the same numbers.
        progress: Shows how many equilibria are solved.
        allow_skips: Whether a few draws in doubt may be left out, where somebody waits.
        skip: How many draws of the same sequence come before these.
        is_part: Whether these draws are a part of all, in none of which the record need be possible.

    Raises:
        RecordError: The record cannot happen in this case.
        ConvergenceError: Too few draws converged.
    """
    numbers = draw_numbers(
        lowered.priors, draws, seed=seed, skip=skip, correlations=lowered.correlations
    )
    progress.stage("equilibria", draws * (1 + count_models(lowered.beliefs)))
    solved = build_ensemble(
        lowered.diagram,
        lowered.beliefs,
        numbers,
        lowered.record,
        progress=progress.advance,
        allow_skips=allow_skips,
        is_part=is_part,
    )
    n_numbers = sum(not prior.is_fixed for prior in lowered.priors.values())
    outside = draw_outside(
        lowered.base_rates, lowered.diagram, draws, seed=seed, skip=skip, n_numbers=n_numbers
    )
    return replace(solved, outside=outside, first_draw=skip)


def is_enough(ensemble: Ensemble, draws: int) -> bool:
    """Whether enough draws match the record, for the number of draws that was asked for."""
    return ensemble.effective_draws >= min(FEWEST_EFFECTIVE, draws / 2)


def solve_worlds(
    ensemble: Ensemble, interventions: Sequence[Intervention], progress: Progress
) -> list[ChangedWorld]:
    """Solve changed worlds together, each once; this is faster than one by one.

    Args:
        ensemble: The solved case.
        interventions: What changes each world; equal interventions are solved once.
        progress: Shows how many equilibria are solved.

    Returns:
        The distinct worlds, in the order of the interventions.
    """
    distinct = list({repr(made): made for made in interventions}.values())
    models = 1 + len(ensemble.play.models.distinct)
    progress.stage("what-ifs", len(distinct) * models * ensemble.n_draws)
    return change_all(ensemble, distinct, progress=progress.advance)


@contextmanager
def _compiled_ahead(lowered: Lowered) -> Iterator[None]:
    """Compile the sweep on another processor while numbers are drawn and tables are filled."""
    medians = {name: prior.quantile(_HALF) for name, prior in lowered.priors.items()}
    game = build_models(lowered.diagram, lowered.beliefs, medians).truth.game
    _check_room(game)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(carried(compile_sweep), game)
        yield


def _check_room(game: Game) -> None:
    """Check that there is memory enough to solve the case, certify it and compute answers."""
    sweeper_of(game)
    check_room(game)
    if len(game.diagram.order) > LONG:
        _ = Walk(game.diagram, ()).draws_together


_HALF = np.array([0.5])
