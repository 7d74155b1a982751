"""What `Study.claims` does."""

from __future__ import annotations

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.questions.claims.ask import judge_case
from backchannel.questions.claims.compose import compose
from backchannel.questions.claims.verdicts import Claims
from backchannel.questions.composing import composing
from backchannel.wording.result import with_words


def claims(case: SolvedCase) -> Claims:
    """Test every claim of the case."""
    return with_words(judge_case(case), lambda it: compose(composing(case), it).claims)
