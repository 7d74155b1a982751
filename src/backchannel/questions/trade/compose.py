"""Put the flows of goods into the document's words."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.ensemble.weighted import mean, quantile
from backchannel.questions.composing import Composing
from backchannel.questions.forecast.ask import HIGH, LOW
from backchannel.questions.trade.ask import GoodChange, TradeChange
from backchannel.questions.trade.document import AmountChange, FlowsView, GoodFlows, TradePart
from backchannel.wording.interventions import if_clause
from backchannel.wording.pieces import clean
from backchannel.wording.words import plain_name


def compose(composing: Composing, changes: Sequence[TradeChange]) -> TradePart:
    """Put every intervention's flows into words."""
    return TradePart(
        flows=[
            FlowsView(
                name=change.name,
                title=if_clause(composing.wording, change.name, change.intervention),
                is_counterfactual=any(good.independent is not None for good in change.goods),
                goods=[_good(composing, good) for good in change.goods],
            )
            for change in changes
        ]
    )


def _good(composing: Composing, change: GoodChange) -> GoodFlows:
    entry = composing.lowered.case.trade[change.good]
    routes = [
        _amount(change, at, name, route.about or _way(name, route.through), route.through)
        for at, (name, route) in enumerate(entry.routes.items())
    ]
    demanders = [
        _amount(change, len(routes) + at, name, demand.about or plain_name(name), "")
        for at, (name, demand) in enumerate(entry.demand.items())
    ]
    return GoodFlows(
        good=change.good,
        title=plain_name(change.good),
        unit=entry.unit,
        routes=routes,
        delivered=demanders,
    )


def _way(name: str, through: str) -> str:
    return f"through {through}" if through else plain_name(name)


def _amount(change: GoodChange, at: int, name: str, title: str, through: str) -> AmountChange:
    weights = change.weights
    gap = change.after[at] - change.before[at]
    other = change.independent
    return AmountChange(
        name=name,
        title=title,
        through=through,
        before=clean(float(mean(change.before[at], weights))),
        after=clean(float(mean(change.after[at], weights))),
        after_independent=None if other is None else clean(float(mean(other[at], weights))),
        difference=clean(float(mean(gap, weights))),
        low=clean(quantile(gap, weights, LOW)),
        high=clean(quantile(gap, weights, HIGH)),
    )
