"""Examine a deal: its packages solved, and what would make one of them hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backchannel.diagram.deals import Deal
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.errors import CommandError
from backchannel.questions.deals.ask import (
    FEWEST_DRAWS,
    Deals,
    deal_named,
    n_draws_for,
    solve_deal,
)
from backchannel.questions.deals.enforcing import (
    MOST_SOLVES,
    THRESHOLD,
    Enforcement,
    Standard,
    enforce,
)

RUN_SOLVES = 20_000
"""Packages times draws that a whole run solves of each deal; at least 256 draws."""


@dataclass(frozen=True)
class Examined:
    """A deal, and what would make one of its packages hold."""

    deals: Deals
    enforcement: Sequence[Enforcement]
    """What would make the package that is looked at hold."""
    package: int | None
    """Position of that package; the deals' own choice, if `None`."""
    threshold: float
    standard: Standard


def ask(case: SolvedCase, found: Mapping[str, Any]) -> list[Examined]:
    """What a run asks: every deal of the case."""
    del found
    return [
        examine(case, solve(case, deal, draws=_run_draws(deal)))
        for deal in case.lowered.deals.values()
    ]


def solve(case: SolvedCase, deal: Deal, *, draws: int | None = None) -> Deals:
    """Solve every package of a deal, in the first so many draws."""
    ensemble = case.ensemble
    lanes = deal.n_packages * n_draws_for(ensemble, deal, draws)
    case.progress.stage(f"packages of {deal.name}", lanes)
    return solve_deal(ensemble, deal, most_draws=draws, progress=case.progress.advance)


def examine(
    case: SolvedCase,
    deals: Deals,
    *,
    package: int | None = None,
    threshold: float = THRESHOLD,
    standard: Standard = "chance",
) -> Examined:
    """Find what would make a package hold.

    Args:
        case: The case.
        deals: The deal's packages, solved.
        package: Number of the package to look at, from 1; the deals' own choice if `None`.
        threshold: What every promise is to reach.
        standard: What is to reach it: the chance that it is kept, or that keeping it is a best
            reply.

    Raises:
        CommandError: There is no package of this number.
    """
    check_package(deals.deal, package)
    position = None if package is None else package - 1
    case.progress.stage("what would make it hold", MOST_SOLVES)
    enforcement = enforce(
        case.ensemble,
        deals,
        deals.chosen if position is None else position,
        threshold=threshold,
        standard=standard,
        progress=case.progress.advance,
    )
    return Examined(deals, enforcement, position, threshold, standard)


def named(case: SolvedCase, name: str | None, package: int | None = None) -> Deal:
    """A deal of the case, by its name; the package is checked before anything is solved.

    Raises:
        CommandError: There is no such deal or package.
    """
    deal = deal_named(case.lowered.deals, name)
    check_package(deal, package)
    return deal


def check_package(deal: Deal, package: int | None) -> None:
    """See to it that a deal has a package of this number.

    Raises:
        CommandError: It has none.
    """
    count = deal.n_packages
    if package is not None and not 1 <= package <= count:
        raise CommandError(f"There is no package {package}; there are {count:,}, from 1.")


def _run_draws(deal: Deal) -> int:
    return max(FEWEST_DRAWS, RUN_SOLVES // deal.n_packages)
