"""Put base rates beside forecasts: what the case alone and the base rate alone say, and why they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from backchannel.case.lowered import Lowered
from backchannel.diagram.base_rates import BaseRate
from backchannel.ensemble.outside import OutsideView
from backchannel.ensemble.pooling import carried_nodes, having_a_say
from backchannel.ensemble.weighted import mean
from backchannel.language.names import NodeName
from backchannel.questions.composing import Composing
from backchannel.questions.forecast.ask import Forecast
from backchannel.questions.forecast.document import NodeBaseRate
from backchannel.questions.what_if.document import AS_IT_IS
from backchannel.wording.percents import VISIBLE, percent
from backchannel.wording.pieces import clean, cleaned
from backchannel.wording.words import Wording

WEIGHTS = tuple(i / 10 for i in range(11))
"""Weights of the case for which the pool is written down, so that a page can show it."""
AGREE = 0.05
"""Inside and outside that differ by no more than this are said to agree."""


def compose_base_rate(composing: Composing, forecast: Forecast) -> NodeBaseRate | None:
    """The reference class of a node; `None` without one."""
    rate = _rate(composing, forecast.node)
    if rate is None:
        return None
    return NodeBaseRate(
        of=rate.of,
        total=rate.total,
        weight=rate.weight,
        has_a_say=forecast.outside is not None and rate.weight < 1.0,
        sources=list(rate.sources),
    )


def compose_beside(composing: Composing, forecast: Forecast, i: int) -> dict[str, Any]:
    """The fields of one value that hold the case's and the base rate's own chances."""
    beside: dict[str, Any] = {}
    if forecast.inside is not None:
        beside["inside"] = clean(forecast.inside.mean[i])
    rate = _rate(composing, forecast.node)
    value = forecast.domain[i]
    if forecast.outside is not None and rate is not None and value in rate.counts:
        beside["outside"] = clean(forecast.outside.mean[i])
        beside["outside_range"] = cleaned((forecast.outside.low[i], forecast.outside.high[i]))
        beside["count"] = rate.counts[value]
        beside["by_weight"] = [
            clean(mean(pooled[:, i], forecast.weights)) for pooled in _at_weights(rate, forecast)
        ]
    return beside


def _at_weights(rate: BaseRate, forecast: Forecast) -> Iterator[np.ndarray]:
    """The pooled chances in every draw, for a row of weights."""
    assert forecast.inside is not None
    assert forecast.outside is not None
    for weight in WEIGHTS:
        view = OutsideView(replace(rate, weight=weight), forecast.outside.per_draw)
        yield view.pool(np.nan_to_num(forecast.inside.per_draw))


def pooling_sentence(composing: Composing, forecast: Forecast) -> str:
    """Say why the case, the base rate and the pool differ; empty where no base rate enters."""
    rate, inside = _rate(composing, forecast.node), forecast.inside
    if inside is None:
        return ""
    if rate is None or forecast.outside is None:
        return _moved_sentence(composing, forecast, inside)
    counted = [i for i, value in enumerate(forecast.domain) if value in rate.counts]
    alone, outside = inside.mean, forecast.outside.mean
    widest = max(counted, key=lambda i: abs(alone[i] - outside[i]))
    value = forecast.domain[widest]
    label = composing.wording.value(forecast.node, value)
    shown = percent(alone[widest]), percent(outside[widest])
    times = f"{rate.counts[value]:g} of {rate.total:g}: {rate.of}"
    if abs(alone[widest] - outside[widest]) <= AGREE:
        return (
            f"The case alone and its base rate ({times}) agree within {100 * AGREE:.0f} points on "
            f"{label}: {shown[0]} and {shown[1]}."
        )
    return (
        f"For “{label}” the case alone gives {shown[0]} and the base rate {shown[1]} "
        f"({times}). The base rate counts what happened in all circumstances; the case reasons from the "
        f"players' interests and the record. With weight {rate.weight:g} on the case, the two together give "
        f"{percent(forecast.mean[widest])}."
    )


def _moved_sentence(composing: Composing, forecast: Forecast, inside: Forecast) -> str:
    """Say which base rates move a node that has none of its own; empty if they hardly do."""
    changes = forecast.mean - inside.mean
    most = int(np.argmax(np.abs(changes)))
    shown = percent(inside.mean[most]), percent(forecast.mean[most])
    if abs(changes[most]) < VISIBLE or shown[0] == shown[1]:
        return ""
    node = forecast.node
    views = having_a_say(composing.ensemble)
    titles = [f"“{composing.wording.node(view.node)}”" for view in views if view.node != node]
    whose = titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"
    return (
        f"The base rate{'s' if len(titles) > 1 else ''} of {whose} move{'' if len(titles) > 1 else 's'} "
        f"“{composing.wording.value(node, forecast.domain[most])}” from {percent(inside.mean[most])} to "
        f"{percent(forecast.mean[most])}."
    )


def carried_text(
    lowered: Lowered,
    wording: Wording,
    carried: Sequence[NodeName],
    *,
    who: str = "both sides carry",
    after: str = "the change",
) -> str:
    """Say which base rates an answer about a change carries; empty for a case in which none has a say.

    Args:
        lowered: The case.
        wording: Its words.
        carried: Nodes whose base rates enter.
        who: What carries them, with the verb.
        after: From when on base rates do not enter.

    >>> from backchannel.case.lower.lower import lower
    >>> from backchannel.case.open import open_case
    >>> lowered = lower(*open_case("sanctions-threat")[:2])
    >>> carried_text(lowered, Wording(lowered), [])
    ''
    """
    recorded = {entry.node for entry in lowered.record}
    if carried:
        titles = [f"“{wording.node(node)}”" for node in carried]
        whose = titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"
        return f"{who} the base rate{'s' if len(titles) > 1 else ''} of {whose}"
    if any(r.weight < 1 and r.node not in recorded for r in lowered.base_rates):
        return f"no base rate enters, as those of the case are about what comes after {after}"
    return ""


def before_label(composing: Composing, carried: Sequence[NodeName]) -> str:
    """What the side without the change is called: the forecast, or what it is without some base rates."""
    if len(carried) == len(carried_nodes(composing.ensemble)):
        return AS_IT_IS
    return "with earlier base rates only" if carried else "without base rates"


def _rate(composing: Composing, node: NodeName) -> BaseRate | None:
    return next((rate for rate in composing.lowered.base_rates if rate.node == node), None)
