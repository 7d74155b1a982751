"""Solve a deal: every package, in the draws of a solved case."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from backchannel.diagram.deals import Deal
from backchannel.ensemble.ensemble import Ensemble
from backchannel.language.errors import CommandError, ConvergenceError
from backchannel.language.names import did_you_mean
from backchannel.questions.deals.open_past import FEWEST_DRAWS
from backchannel.questions.deals.packages import Packages, solve_packages
from backchannel.questions.deals.results import Deals

MOST_SOLVED = 10_000 * 256
"""Most packages times draws; a larger family is solved in fewer draws."""


def find_deal(deals: Mapping[str, Deal], name: str | None) -> Deal:
    """Find a deal of a case by its name; without a name, the only one.

    Raises:
        CommandError: There is no such deal, no deal at all, or more than one without a name.
    """
    if not deals:
        raise CommandError("This case has no deals; docs/deals.md shows how to write one.")
    if name is None and len(deals) > 1:
        raise CommandError(f"Give the name of a deal: {', '.join(deals)}.")
    name = name or next(iter(deals))
    if name not in deals:
        hint = did_you_mean(name, list(deals))
        raise CommandError(f"No deal is called '{name}'.{hint} There are: {', '.join(deals)}.")
    return deals[name]


def solve_deal(
    ensemble: Ensemble,
    deal: Deal,
    *,
    most_draws: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Deals:
    """Solve every package of a deal in the draws of a solved case.

    The value of a package to a party is the expected utility with all promises kept, while everything
    else is replanned from the deal's day. Whether promises are kept is solved backwards: each maker
    compares keeping its promise with breaking the deal. Disagreement is the play without a deal. All
    values are given the record, on the same draws.

    Args:
        ensemble: The solved case.
        deal: The family of packages.
        most_draws: How many draws to use, the first ones; all, if left out.
        progress: Called with the number of draws done after each part of each package.

    Raises:
        CommandError: No draw that was solved allows the record.
        ConvergenceError: Too few draws converged.
    """
    draws = np.arange(n_draws_for(ensemble, deal, most_draws))
    solved = solve_packages(ensemble, deal, deal.packages, draws=draws, progress=progress)
    return _weigh(solved)


def n_draws_for(ensemble: Ensemble, deal: Deal, most_draws: int | None = None) -> int:
    """Choose how many draws of an ensemble to solve a deal's packages in."""
    affordable = max(FEWEST_DRAWS, MOST_SOLVED // deal.n_packages)
    return min(ensemble.n_draws, affordable, most_draws or ensemble.n_draws)


def _weigh(solved: Packages) -> Deals:
    converged = solved.converged.all(axis=0)
    weights = solved.weights * converged
    left_out = 1.0 - float(converged.mean())
    if left_out > 0.5:
        raise ConvergenceError(
            f"Only {1 - left_out:.0%} of the draws converged for every package of the deal "
            f"{solved.deal.name}. Lower the players' precisions or remove packages."
        )
    if not (weights > 0).any():
        raise CommandError(
            f"None of the {len(weights)} draws used for the deal {solved.deal.name} matches the record. "
            "Take more draws."
        )
    return Deals(solved, weights, left_out)
