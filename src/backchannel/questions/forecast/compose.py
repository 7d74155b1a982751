"""Put forecasts into the document's words."""

from __future__ import annotations

from datetime import date

import numpy as np
from jaxtyping import Float

from backchannel.ensemble.weighted import quantile
from backchannel.questions.composing import Composing
from backchannel.questions.forecast.ask import Forecast, Foreseen
from backchannel.questions.forecast.document import ForecastPart, NodeForecast, ValueForecast
from backchannel.wording.pieces import clean, cleaned
from backchannel.wording.words import estimative_word

LEVELS = [round(0.05 * i, 2) for i in range(1, 20)]


def compose(composing: Composing, found: Foreseen) -> ForecastPart:
    """Every node's forecast."""
    return ForecastPart(forecasts=[compose_forecast(composing, *sides) for sides in found.values()])


def compose_forecast(composing: Composing, found: Forecast, prior: Forecast) -> NodeForecast:
    """One node's forecast with its distribution over draws.

    Args:
        composing: The case and its words.
        found: The forecast given the record.
        prior: The forecast before anything was seen.
    """
    case = composing.lowered.case
    entry = case.nodes[found.node]
    when = composing.ensemble.diagram.dates[found.node]
    likeliest = int(np.argmax(found.mean))
    return NodeForecast(
        node=found.node,
        title=composing.wording.node(found.node),
        date=None if when == date.min else when,
        observed=found.node in {recorded.node for recorded in case.record},
        resolves=entry.resolves,
        values=[_value(composing, found, prior, i) for i in range(len(found.domain))],
        assumptions=composing.influences(found.per_draw[:, likeliest], found.weights),
    )


def _value(composing: Composing, found: Forecast, prior: Forecast, i: int) -> ValueForecast:
    draws, (low_bounds, high_bounds) = found.per_draw[:, i], found.bounds
    return ValueForecast(
        value=found.domain[i],
        label=composing.wording.value(found.node, found.domain[i]),
        probability=clean(found.mean[i]),
        low=clean(found.low[i]),
        high=clean(found.high[i]),
        bounds=cleaned((low_bounds[i], high_bounds[i])),
        word=estimative_word(float(found.mean[i])),
        prior=clean(prior.mean[i]),
        quantiles=[clean(quantile(draws, found.weights, at)) for at in LEVELS],
        histogram=_histogram(draws, found.weights),
    )


def _histogram(
    draws: Float[np.ndarray, " draw"], weights: Float[np.ndarray, " draw"]
) -> list[float]:
    used = weights > 0
    counts, _ = np.histogram(draws[used], bins=20, range=(0, 1), weights=weights[used])
    return [clean(share) for share in counts / max(counts.sum(), 1e-300)]
