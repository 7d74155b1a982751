"""What `Study.rounds` does."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.questions.composing import composing
from backchannel.questions.forecast.ask import forecast
from backchannel.questions.rounds.ask import Rounds, over_rounds
from backchannel.questions.rounds.compose import fans
from backchannel.wording.result import with_words


def rounds(case: SolvedCase, nodes: Sequence[str] = ()) -> Rounds:
    """Forecast repeated nodes over all rounds; without names, all repeated nodes."""
    result = over_rounds(case.lowered, lambda node: forecast(case.ensemble, node), nodes)
    return with_words(result, lambda it: fans(composing(case), it))
