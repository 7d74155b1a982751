"""What `Study.deals` does."""

from __future__ import annotations

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.number_ranges import (
    NUMBER_FROM_1,
    STRICT_PROBABILITY_RANGE,
    USED_DRAWS,
)
from backchannel.questions.composing import composing
from backchannel.questions.deals.compose import compose_deal
from backchannel.questions.deals.document import DealView
from backchannel.questions.deals.enforcing import THRESHOLD, Standard, check_standard
from backchannel.questions.deals.examine import deal_to_examine, examine, solve_case_deal
from backchannel.questions.deals.results import Deals
from backchannel.wording.result import with_words


def deals(
    case: SolvedCase,
    name: str | None = None,
    /,
    *,
    package: int | None = None,
    threshold: float = THRESHOLD,
    standard: Standard = "chance",
    draws: int | None = None,
) -> Deals:
    """Solve every package of a deal; the document also shows what would make one of them hold."""
    package = None if package is None else NUMBER_FROM_1.read_whole(package, "package")
    draws = None if draws is None else USED_DRAWS.read_whole(draws, "draws")
    threshold = STRICT_PROBABILITY_RANGE.read(threshold, "threshold")
    check_standard(standard)
    deal = deal_to_examine(case, name, package)

    def in_words(solved: Deals) -> DealView:
        examined = examine(case, solved, package=package, threshold=threshold, standard=standard)
        return compose_deal(composing(case), examined)

    return with_words(solve_case_deal(case, deal, draws=draws), in_words)
