"""Compose the indicators: what to watch, and the forecast after each event."""

from __future__ import annotations

import numpy as np

from backchannel.ensemble.weighted import bounded
from backchannel.questions.composing import Composing
from backchannel.questions.watch.ask import Indicator, Indicators
from backchannel.questions.watch.document import IfSeen, IndicatorView, Watch, WatchPart
from backchannel.questions.watch.without_indicators import watch_without_indicators
from backchannel.wording.left_out import counted
from backchannel.wording.percents import estimative_word
from backchannel.wording.pieces import clean, cleaned
from backchannel.wording.words import Wording


def compose(composing: Composing, indicators: Indicators) -> WatchPart:
    """Put the indicators of the case's first question into words."""
    return WatchPart(watch=compose_watch(composing, indicators))


def without_watch(composing: Composing, reason: str) -> WatchPart:
    """The part where the question has no answer: the forecast, no events, and the reason."""
    about = composing.lowered.first_question
    first = next(f for f in composing.parts["forecast"].forecasts if f.node == about)
    empty = watch_without_indicators(
        case=composing.lowered.case.case,
        forecast=first,
        left_out=clean(composing.ensemble.left_out),
        caption=f"Open events could not be compared. {reason}",
    )
    return WatchPart(watch=empty)


def compose_watch(composing: Composing, indicators: Indicators) -> Watch:
    """Put indicators into words."""
    wording, ensemble, about = composing.wording, composing.ensemble, indicators.about
    domain, current = indicators.forecast.domain, indicators.forecast
    return Watch(
        case=wording.lowered.case.case,
        about=about,
        title=wording.node(about),
        outcomes=list(domain),
        labels=[wording.value(about, value) for value in domain],
        forecast=_numbers(current.mean) or [],
        left_out=clean(current.left_out),
        forecast_bounds=[cleaned(ends) for ends in zip(*current.bounds, strict=True)],
        indicators=[_view(wording, indicator, current.left_out) for indicator in indicators.ranked],
        caption=(
            f"Open events, and the forecast of “{wording.node(about)}” after each of them; mean "
            f"over {counted(ensemble.n_draws, ensemble.effective_draws, ensemble.left_out)}. "
            "Information is the expected information about the outcome, in bits. New entries of the record "
            "change it."
        ),
    )


def _view(wording: Wording, indicator: Indicator, left_out: float) -> IndicatorView:
    return IndicatorView(
        node=indicator.node,
        title=wording.node(indicator.node),
        due=indicator.due,
        resolves=wording.lowered.case.nodes[indicator.node].resolves,
        teaches=clean(indicator.teaches),
        share=clean(indicator.share),
        values=[
            IfSeen(
                value=value,
                label=wording.value(indicator.node, value),
                probability=clean(indicator.probability[i]),
                word=estimative_word(float(indicator.probability[i])),
                bounds=cleaned(bounded(float(indicator.probability[i]), left_out)),
                if_seen=_numbers(indicator.if_seen(value)),
                if_not=_numbers(indicator.if_not(value)),
            )
            for i, value in enumerate(indicator.domain)
        ],
    )


def _numbers(row: np.ndarray) -> list[float] | None:
    if not np.isfinite(row).all():
        return None
    return [clean(number) for number in row]
