"""What `Study.forecast` does."""

from __future__ import annotations

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.names import NodeName
from backchannel.questions.composing import composing
from backchannel.questions.forecast import ask
from backchannel.questions.forecast.ask import Forecast
from backchannel.questions.forecast.compose import compose_forecast
from backchannel.questions.forecast.document import NodeForecast
from backchannel.wording.result import with_words


def forecast(case: SolvedCase, node: NodeName) -> Forecast:
    """Forecast one node given the record."""
    case.check_node(node)

    def words(it: Forecast) -> NodeForecast:
        # Only the document shows the forecast before the record.
        prior = ask.forecast(case.ensemble, node, use_record=False)
        return compose_forecast(composing(case), it, prior)

    return with_words(ask.forecast(case.ensemble, node), words)
