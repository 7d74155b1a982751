"""Examine a deal: solve its packages, and find what would make one of them hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backchannel.diagram.deals import Deal
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.errors import CommandError
from backchannel.questions.deals.ask import find_deal, n_draws_for, solve_deal
from backchannel.questions.deals.enforcing import (
    MOST_SOLVES,
    THRESHOLD,
    Enforcement,
    Standard,
    enforce,
)
from backchannel.questions.deals.open_past import run_draws
from backchannel.questions.deals.results import Deals
from backchannel.questions.unanswered import Unanswered, answer_each


@dataclass(frozen=True)
class ExaminedDeal:
    """A deal, and what would make one of its packages hold."""

    deals: Deals
    enforcement: Sequence[Enforcement]
    """What would make the examined package hold."""
    package: int | None
    """Position of the examined package; `None`: the default choice."""
    threshold: float
    standard: Standard


def ask(case: SolvedCase, earlier: Mapping[str, Any]) -> list[ExaminedDeal | Unanswered]:
    """Examine every deal of the case, for a run."""
    del earlier
    return answer_each(
        "deal",
        case.lowered.deals.items(),
        lambda deal: examine(case, solve_case_deal(case, deal, draws=run_draws(deal))),
    )


def solve_case_deal(case: SolvedCase, deal: Deal, *, draws: int | None = None) -> Deals:
    """Solve every package of a deal, in all draws or in the first ones only."""
    ensemble = case.ensemble
    n_solves = deal.n_packages * n_draws_for(ensemble, deal, draws)
    case.progress.stage(f"packages of {deal.name}", n_solves)
    return solve_deal(ensemble, deal, most_draws=draws, progress=case.progress.advance)


def examine(
    case: SolvedCase,
    deals: Deals,
    *,
    package: int | None = None,
    threshold: float = THRESHOLD,
    standard: Standard = "chance",
) -> ExaminedDeal:
    """Find what would make a package hold.

    Args:
        case: The case.
        deals: The deal's packages, solved.
        package: Number of the package, from 1; if left out, the default choice.
        threshold: The probability that every promise must reach.
        standard: Which probability: that the promise is kept, or that keeping it is a best reply.

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
    return ExaminedDeal(deals, enforcement, position, threshold, standard)


def deal_to_examine(case: SolvedCase, name: str | None, package: int | None = None) -> Deal:
    """Find a deal of the case by its name, and check the package before anything is solved.

    Raises:
        CommandError: There is no such deal or package.
    """
    deal = find_deal(case.lowered.deals, name)
    check_package(deal, package)
    return deal


def check_package(deal: Deal, package: int | None) -> None:
    """Check that a deal has a package with this number.

    Raises:
        CommandError: It has none.
    """
    count = deal.n_packages
    if package is not None and not 1 <= package <= count:
        raise CommandError(
            f"There is no package {package}. Packages are numbered from 1 to {count:,}."
        )
