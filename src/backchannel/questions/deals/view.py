"""A deal as the document shows it, with what would make one of its packages hold."""

from __future__ import annotations

from backchannel.case.lowered import Lowered
from backchannel.diagram.deals import Deal
from backchannel.ensemble.ensemble import Ensemble
from backchannel.language.errors import CommandError
from backchannel.machine.reports import Progress
from backchannel.questions.deals.ask import FEWEST_DRAWS, Deals
from backchannel.questions.deals.compose import compose_deal
from backchannel.questions.deals.document import DealView
from backchannel.questions.deals.enforcing import MOST_SOLVES, Standard, enforce
from backchannel.wording.words import Wording

RUN_SOLVES = 20_000
"""Packages times draws that a whole run solves of each deal; at least 256 draws."""


def view_deal(
    lowered: Lowered,
    ensemble: Ensemble,
    deals: Deals,
    *,
    package: int | None,
    threshold: float,
    standard: Standard,
    progress: Progress,
) -> DealView:
    """Find what would make a package hold, and put it and the whole deal into words.

    Args:
        lowered: The case.
        ensemble: The case, solved.
        deals: The deal's packages, solved.
        package: Number of the package to look at, from 1; the deals' own choice if `None`.
        threshold: What every promise is to reach.
        standard: What is to reach it: the chance that it is kept, or that keeping it is a best
            reply.
        progress: Shows how far the search is.
    """
    chosen = None if package is None else package - 1
    progress.stage("what would make it hold", MOST_SOLVES)
    enforced = enforce(
        ensemble,
        deals,
        deals.chosen if chosen is None else chosen,
        threshold=threshold,
        standard=standard,
        progress=progress.advance,
    )
    return compose_deal(
        Wording(lowered),
        deals,
        enforced,
        ensemble.numbers,
        chosen=chosen,
        threshold=threshold,
        standard=standard,
    )


def check_package(deal: Deal, package: int | None) -> None:
    """See to it that a deal has a package of this number.

    Raises:
        CommandError: It has none.
    """
    count = deal.n_packages
    if package is not None and not 1 <= package <= count:
        raise CommandError(f"There is no package {package}; there are {count:,}, from 1.")


def run_draws(deal: Deal) -> int:
    """How many draws a whole run solves a deal's packages in."""
    return max(FEWEST_DRAWS, RUN_SOLVES // deal.n_packages)
