"""Put forecasts into the document's words."""

from __future__ import annotations

from datetime import date

import numpy as np
from jaxtyping import Float

from backchannel.ensemble.weighted import most_likely, quantiles
from backchannel.questions.composing import Composing
from backchannel.questions.forecast.ask import Forecast, NodeForecasts
from backchannel.questions.forecast.document import (
    ForecastPart,
    NodeForecast,
    ValueForecast,
    ValueSpread,
)
from backchannel.questions.forecast.outside_compose import (
    compose_base_rate,
    compose_beside,
    pooling_sentence,
)
from backchannel.wording.percents import estimative_word
from backchannel.wording.pieces import clean, cleaned
from backchannel.wording.words import Wording

QUANTILE_LEVELS = [round(0.05 * i, 2) for i in range(1, 20)]


def compose(composing: Composing, forecasts: NodeForecasts) -> ForecastPart:
    """Put every node's forecast into words."""
    return ForecastPart(
        forecasts=[compose_forecast(composing, *sides) for sides in forecasts.values()]
    )


def compose_forecast(composing: Composing, given_record: Forecast, prior: Forecast) -> NodeForecast:
    """Put one node's forecast into words, with its distribution over draws.

    Args:
        composing: The case and its words.
        given_record: The forecast given the record.
        prior: The forecast before anything was recorded.
    """
    case = composing.lowered.case
    entry = case.nodes[given_record.node]
    when = composing.ensemble.diagram.dates[given_record.node]
    top = most_likely(given_record.mean)
    influences = composing.influences(given_record.per_draw[:, top], given_record.weights)
    values = [_value(composing, given_record, prior, i) for i in range(len(given_record.domain))]
    return NodeForecast(
        node=given_record.node,
        title=composing.wording.node(given_record.node),
        date=None if when == date.min else when,
        observed=given_record.node in {recorded.node for recorded in case.record},
        resolves=entry.resolves,
        values=values,
        assumptions=influences.named,
        chance_level=influences.chance_level,
        base_rate=compose_base_rate(composing, given_record),
        pooling=pooling_sentence(composing, given_record),
    )


def compose_spread(wording: Wording, view: Forecast, i: int) -> ValueSpread:
    """Put the probability of one value into words, with its distribution over draws.

    Args:
        wording: The words of the case.
        view: The forecast of its node.
        i: Its place in the domain.
    """
    draws, (low_bounds, high_bounds) = view.per_draw[:, i], view.bounds
    return ValueSpread(
        value=view.domain[i],
        label=wording.value(view.node, view.domain[i]),
        probability=clean(view.mean[i]),
        low=clean(view.low[i]),
        high=clean(view.high[i]),
        bounds=cleaned((low_bounds[i], high_bounds[i])),
        word=estimative_word(float(view.mean[i])),
        quantiles=[clean(at) for at in quantiles(draws, view.weights, QUANTILE_LEVELS)],
        histogram=_histogram(draws, view.weights),
    )


def _value(composing: Composing, given_record: Forecast, prior: Forecast, i: int) -> ValueForecast:
    return ValueForecast(
        **dict(compose_spread(composing.wording, given_record, i)),
        prior=clean(prior.mean[i]),
        **compose_beside(composing, given_record, i),
    )


def _histogram(
    draws: Float[np.ndarray, " draw"], weights: Float[np.ndarray, " draw"]
) -> list[float]:
    used = weights > 0
    counts, _ = np.histogram(draws[used], bins=20, range=(0, 1), weights=weights[used])
    return [clean(share) for share in counts / max(counts.sum(), 1e-300)]
