"""Lower `trade`: goods become markets, whose outcomes expressions name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from backchannel.case.lower.limits import LimitedNumber
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.lower.weights import ImplicitParameters
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import Case
from backchannel.case.schema.prior_text import prior_from
from backchannel.case.schema.trade import TradeEntry
from backchannel.language.expressions import Expression, Tree, constant
from backchannel.language.names import name_hint
from backchannel.trade.function import MarketFunction
from backchannel.trade.market import Market, RoutePlace

NO_LIMIT = constant(1e300)
"""What stands for a capacity that is left out."""
MOST_ROUTES = 200
"""Most routes of one good; the work to settle a market grows faster than their number."""
NO_REASON = "this needs at least one reason: a source, or somebody's judgement."


@dataclass(frozen=True)
class _Number:
    """A number of a good, and what it may be."""

    path: KeyPath
    raw: Any
    what: str
    least: float
    """The number must be at least this."""
    is_open: bool = False
    """Whether it must be above `least`."""

    @property
    def remedy(self) -> str:
        """What to write where the number can be too small."""
        enough = f"{'above' if self.is_open else 'at or above'} {self.least:g}"
        if isinstance(self.raw, dict):
            return f"Write a prior that stays {enough}."
        if isinstance(self.raw, str):
            start = (
                "Change" if self.is_open else f"Put max({self.least:g}, ...) around it, or change"
            )
            return f"{start} the numbers in it so that it stays {enough}."
        if self.what == "a capacity":
            return "Write 0 if nothing can pass, or leave it out if there is no limit."
        return f"Write a number {enough}."


def lower_trade(case: Case, words: CaseVocabulary, implicit: ImplicitParameters) -> None:
    """Check the goods of a case, and tell its vocabulary what their flows mean."""
    for good, entry in case.trade.items():
        if len(entry.routes) > MOST_ROUTES:
            words.report.error(
                ("trade", good, "routes"),
                f"a good has at most {MOST_ROUTES} routes, not {len(entry.routes):,}. Join routes between the same "
                "places: k routes of one cost are one route that costs ln(k) / sensitivity less.",
            )
            continue
        own = list(_numbers(good, entry))
        is_whole = _check_places(words, good, entry)
        _check_reasons_given(words, good, entry)
        trees = [_read(words, implicit, number) for number in own]
        rounds = words.rounds
        words.limited += [
            LimitedNumber(
                n.path,
                rounds.expression_in_round(Expression(tree, ""), rounds.n or None),
                n.what,
                n.least,
                n.is_open,
                n.remedy,
            )
            for n, tree in zip(own, trees, strict=True)
            if tree is not None and n.raw is not None
        ]
        if is_whole and all(tree is not None for tree in trees):
            function = MarketFunction(_market(entry))
            settled = Tree("market", tuple(tree for tree in trees if tree is not None), function)
            words.markets[good] = settled


def number_paths(good: str, entry: TradeEntry) -> list[KeyPath]:
    """The places of a good's numbers, in the order in which the operation that settles its market has them."""
    return [number.path for number in _numbers(good, entry)]


def _numbers(good: str, entry: TradeEntry) -> Iterator[_Number]:
    """List a good's numbers in the order in which a market takes them."""
    path: KeyPath = ("trade", good)
    for name, route in entry.routes.items():
        yield _Number((*path, "routes", name, "cost"), route.cost, "a cost", -np.inf)
    for name, route in entry.routes.items():
        yield _Number((*path, "routes", name, "capacity"), route.capacity, "a capacity", 0.0)
    for name, supplier in entry.supply.items():
        if supplier.capacity is not None:
            yield _Number((*path, "supply", name, "capacity"), supplier.capacity, "a capacity", 0.0)
    for name, demand in entry.demand.items():
        yield _Number((*path, "demand", name, "size"), demand.size, "a demand", 0.0)
    for name, demand in entry.demand.items():
        here = (*path, "demand", name, "elasticity")
        yield _Number(here, demand.elasticity, "an elasticity", 0.0, is_open=True)
    yield _Number((*path, "sensitivity"), entry.sensitivity, "a sensitivity", 0.0, is_open=True)


def _market(entry: TradeEntry) -> Market:
    suppliers, demanders = list(entry.supply), list(entry.demand)
    return Market(
        suppliers=tuple(suppliers),
        demanders=tuple(demanders),
        route_names=tuple(entry.routes),
        routes=tuple(
            RoutePlace(suppliers.index(r.from_), demanders.index(r.to), bool(r.through))
            for r in entry.routes.values()
        ),
        limited=tuple(i for i, s in enumerate(entry.supply.values()) if s.capacity is not None),
    )


def _check_places(words: CaseVocabulary, good: str, entry: TradeEntry) -> bool:
    """Report routes that begin or end nowhere, and places without a route."""
    report = words.report
    before = len(report.problems)
    for name, route in entry.routes.items():
        path: KeyPath = ("trade", good, "routes", name)
        if route.from_ not in entry.supply:
            hint = name_hint(route.from_, list(entry.supply))
            report.error((*path, "from"), f"no supplier of {good} is called '{route.from_}'.{hint}")
        if route.to not in entry.demand:
            hint = name_hint(route.to, list(entry.demand))
            report.error((*path, "to"), f"no demander of {good} is called '{route.to}'.{hint}")
    for name in entry.demand:
        if not any(route.to == name for route in entry.routes.values()):
            report.error(
                ("trade", good, "demand", name),
                f"no route leads to it. Add a route with `to: {name}`, or remove it.",
            )
    for name in entry.supply:
        if not any(route.from_ == name for route in entry.routes.values()):
            report.error(
                ("trade", good, "supply", name),
                f"no route begins at it. Add a route with `from: {name}`, or remove it.",
            )
    return len(report.problems) == before


def _check_reasons_given(words: CaseVocabulary, good: str, entry: TradeEntry) -> None:
    path: KeyPath = ("trade", good)
    if not entry.why:
        words.report.error(path, NO_REASON)
    groups: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("demand", entry.demand),
        ("supply", entry.supply),
        ("routes", entry.routes),
    )
    for group, parts in groups:
        for name, part in parts.items():
            # A supplier without a capacity has no number.
            is_bare = group == "supply" and entry.supply[name].capacity is None
            if not is_bare and not part.why:
                words.report.error((*path, group, name), NO_REASON)


def _read(words: CaseVocabulary, implicit: ImplicitParameters, number: _Number) -> Tree | None:
    """Read a number as an expression without quantities; a prior becomes a parameter of its own."""
    if number.raw is None:
        return NO_LIMIT.tree
    if isinstance(number.raw, dict):
        name = ".".join(
            str(part) for part in number.path if part not in ("routes", "demand", "supply")
        )
        try:
            read = implicit.add(name, prior_from(number.raw), number.path, text=name)
        except ValueError as error:
            words.report.error(number.path, str(error))
            return None
        words.parameters.add(name)
        return read.tree
    expression = words.number_of_trade(number.path, number.raw)
    return None if expression is None else expression.tree
