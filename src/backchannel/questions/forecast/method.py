"""What `Study.forecast` does."""

from __future__ import annotations

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.names import NodeName
from backchannel.questions.composing import composing
from backchannel.questions.forecast.ask import Forecast, with_prior
from backchannel.questions.forecast.compose import compose_forecast
from backchannel.wording.result import with_words


def forecast(case: SolvedCase, node: NodeName) -> Forecast:
    """Forecast one node given the record."""
    case.check_node(node)
    given_record, prior = with_prior(case.ensemble, node)
    return with_words(given_record, lambda it: compose_forecast(composing(case), it, prior))
