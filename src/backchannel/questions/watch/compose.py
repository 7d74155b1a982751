"""Compose the indicators: what to watch, and what each event would do to the forecast."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.weighted import bounded
from backchannel.language.names import NodeName
from backchannel.questions.forecast.ask import forecast
from backchannel.questions.watch.ask import Indicator
from backchannel.questions.watch.document import IfSeen, IndicatorView, Watch
from backchannel.wording.pieces import clean, cleaned
from backchannel.wording.words import Wording, counted, estimative_word


def compose_watch(
    wording: Wording, ensemble: Ensemble, about: NodeName, found: Sequence[Indicator]
) -> Watch:
    """Put indicators into words."""
    domain = ensemble.diagram.domains[about]
    now = forecast(ensemble, about)
    return Watch(
        case=wording.lowered.case.case,
        about=about,
        title=wording.node(about),
        outcomes=list(domain),
        labels=[wording.value(about, value) for value in domain],
        forecast=_numbers(now.mean) or [],
        left_out=clean(now.left_out),
        forecast_bounds=[cleaned(ends) for ends in zip(*now.bounds, strict=True)],
        indicators=[_view(wording, one, now.left_out) for one in found],
        caption=(
            f"Events that can still be seen, and what “{wording.node(about)}” would become; mean "
            f"over {counted(ensemble.n_draws, ensemble.effective_draws, ensemble.left_out)}. "
            "Bits: expected information about the outcome. What is recorded meanwhile changes it."
        ),
    )


def _view(wording: Wording, one: Indicator, left_out: float) -> IndicatorView:
    return IndicatorView(
        node=one.node,
        title=wording.node(one.node),
        due=one.due,
        resolves=wording.lowered.case.nodes[one.node].resolves,
        teaches=clean(one.teaches),
        share=clean(one.share),
        values=[
            IfSeen(
                value=value,
                label=wording.value(one.node, value),
                probability=round(float(one.probability[i]), 10),
                word=estimative_word(float(one.probability[i])),
                bounds=cleaned(bounded(float(one.probability[i]), left_out)),
                if_seen=_numbers(one.if_seen(value)),
                if_not=_numbers(one.if_not(value)),
            )
            for i, value in enumerate(one.domain)
        ],
    )


def _numbers(row: np.ndarray) -> list[float] | None:
    if not np.isfinite(row).all():
        return None
    return [clean(number) for number in row]
