"""What `Study.review` does."""

from __future__ import annotations

from collections.abc import Mapping

from backchannel.ensemble.solved_case import KnownOutcome, SolvedCase
from backchannel.language.names import NodeName, Value
from backchannel.language.number_ranges import RIVAL_COUNT
from backchannel.language.plain_values import plain
from backchannel.questions.review.ask import Review, review_case
from backchannel.questions.review.compose import compose_review
from backchannel.questions.review.outcomes import read_outcomes
from backchannel.wording.result import with_words
from backchannel.wording.words import Wording


def review(
    case: SolvedCase,
    outcomes: Mapping[NodeName, Value | KnownOutcome] | None = None,
    *,
    rivals: int | None = None,
) -> Review:
    """Compare the case with what came about."""
    most = None if rivals is None else RIVAL_COUNT.read_whole(rivals, "rivals")
    given = case.outcomes if outcomes is None else plain(outcomes)
    reviewed = review_case(case, read_outcomes(case, given), most_rivals=most)
    return with_words(reviewed, lambda it: compose_review(Wording(case.lowered), it))
