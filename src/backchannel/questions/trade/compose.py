"""Put the flows of goods into the document's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float

from backchannel.case.good_markets import GoodMarket
from backchannel.ensemble.weighted import mean, quantile
from backchannel.questions.composing import Composing
from backchannel.questions.forecast.ask import HIGH, LOW
from backchannel.questions.forecast.outside_compose import before_label
from backchannel.questions.trade.ask import GoodChange, GoodNow, TradeFlows
from backchannel.questions.trade.document import (
    AmountChange,
    ExpectedAmount,
    FlowsAt,
    FlowsView,
    GoodFlows,
    GoodView,
    RouteView,
    TradePart,
    TradePlace,
)
from backchannel.wording.interventions import if_clause
from backchannel.wording.pieces import clean
from backchannel.wording.words import plain_name


def compose(composing: Composing, trade: TradeFlows) -> TradePart:
    """Put all goods, and every intervention's flows, into words."""
    goods = dict.fromkeys(now.place.good for now in trade.now)
    return TradePart(
        goods=[
            _good(composing, good, [now for now in trade.now if now.place.good == good])
            for good in goods
        ],
        flows=[
            FlowsView(
                name=change.name,
                title=if_clause(composing.wording, change.name, change.intervention),
                before_label=before_label(composing, change.goods[0].carried),
                is_counterfactual=any(good.independent is not None for good in change.goods),
                goods=[_changed(composing, good) for good in change.goods],
            )
            for change in trade.changes
        ],
    )


def _good(composing: Composing, good: str, times: Sequence[GoodNow]) -> GoodView:
    entry = composing.lowered.case.trade[good]
    return GoodView(
        good=good,
        title=plain_name(good),
        unit=entry.unit,
        suppliers=[
            TradePlace(name=name, title=one.about or plain_name(name))
            for name, one in entry.supply.items()
        ],
        demanders=[
            TradePlace(name=name, title=title) for name, title in _demanders(composing, good)
        ],
        routes=[
            RouteView(
                name=name,
                title=title,
                through=entry.routes[name].through,
                supplier=entry.routes[name].from_,
                demander=entry.routes[name].to,
            )
            for name, title in _routes(composing, good)
        ],
        times=[_now(composing, time) for time in times],
    )


def _now(composing: Composing, now: GoodNow) -> FlowsAt:
    market = now.place.function.market

    def amounts(function: str, names: Sequence[str]) -> list[ExpectedAmount]:
        rows = [now.amounts[now.place.function.outcome(function, name)] for name in names]
        return [_amount(row, now.weights) for row in rows]

    return FlowsAt(
        round=now.place.round,
        label=_label(composing, now.place),
        routes=amounts("flow", market.route_names),
        delivered=amounts("delivered", market.demanders),
        prices=amounts("price", market.demanders),
    )


def _amount(row: Float[np.ndarray, " draw"], weights: Float[np.ndarray, " draw"]) -> ExpectedAmount:
    if not np.isfinite(row[weights > 0]).all():
        return ExpectedAmount(expected=None, low=None, high=None)
    return ExpectedAmount(
        expected=clean(float(mean(row, weights))),
        low=clean(quantile(row, weights, LOW)),
        high=clean(quantile(row, weights, HIGH)),
    )


def _changed(composing: Composing, change: GoodChange) -> GoodFlows:
    place = change.place
    outcome: Callable[[str, str], int] = place.function.outcome
    routes, demanders = _routes(composing, place.good), _demanders(composing, place.good)
    prices = [(outcome("price", name), name, title) for name, title in demanders]
    return GoodFlows(
        good=place.good,
        title=plain_name(place.good),
        unit=composing.lowered.case.trade[place.good].unit,
        round=place.round,
        label=_label(composing, place),
        routes=[_difference(change, outcome("flow", n), n, title) for n, title in routes],
        delivered=[_difference(change, outcome("delivered", n), n, t) for n, t in demanders],
        prices=[
            _difference(change, at, name, title)
            for at, name, title in prices
            if _is_finite(change, at)
        ],
    )


def _is_finite(change: GoodChange, at: int) -> bool:
    used = change.weights > 0
    return all(np.isfinite(side[at][used]).all() for side in (change.before, change.after))


def _difference(change: GoodChange, at: int, name: str, title: str) -> AmountChange:
    weights = change.weights
    gap = change.after[at] - change.before[at]
    other = change.independent
    return AmountChange(
        name=name,
        title=title,
        before=clean(float(mean(change.before[at], weights))),
        after=clean(float(mean(change.after[at], weights))),
        after_independent=None if other is None else clean(float(mean(other[at], weights))),
        difference=clean(float(mean(gap, weights))),
        low=clean(quantile(gap, weights, LOW)),
        high=clean(quantile(gap, weights, HIGH)),
    )


def _routes(composing: Composing, good: str) -> list[tuple[str, str]]:
    routes = composing.lowered.case.trade[good].routes
    return [
        (
            name,
            route.about or (f"through {route.through}" if route.through else plain_name(name)),
        )
        for name, route in routes.items()
    ]


def _demanders(composing: Composing, good: str) -> list[tuple[str, str]]:
    demand = composing.lowered.case.trade[good].demand
    return [(name, entry.about or plain_name(name)) for name, entry in demand.items()]


def _label(composing: Composing, place: GoodMarket) -> str:
    calendar = composing.lowered.calendar
    return calendar.label(place.round) if calendar and place.round else ""
