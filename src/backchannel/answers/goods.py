"""Goods in the diagram: each is one node between the nodes that its numbers depend on and all that use its flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from backchannel.answers.background_document import DiagramGood
from backchannel.case.good_markets import GoodMarket, good_markets
from backchannel.case.lowered import Lowered
from backchannel.diagram.nodes import Chance, Decision, Derived, Interest
from backchannel.language.expressions import Expression, Tree
from backchannel.language.names import in_round
from backchannel.wording.words import plain_name


@dataclass(frozen=True)
class DrawnGood:
    """A good, and which arrows it takes over."""

    view: DiagramGood
    replaced: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By node or interest that uses its flows: nodes on which it depends through the good alone."""


def goods(lowered: Lowered) -> list[DrawnGood]:
    """The goods of a case, in every round that they follow."""
    return [_good(lowered, place) for place in good_markets(lowered)]


def _good(lowered: Lowered, place: GoodMarket) -> DrawnGood:
    diagram = lowered.diagram
    parents = diagram.in_time(Expression(place.market, "").names)
    replaced: dict[str, frozenset[str]] = {}
    for one in (*diagram.nodes, *diagram.interests):
        direct: set[str] = set()
        uses = [_uses(written.tree, place.market, direct) for written in _written(one)]
        if any(uses):
            replaced[one.name] = frozenset(parents) - direct
    name = f"trade.{place.good}"
    return DrawnGood(
        DiagramGood(
            name=name if place.round is None else in_round(name, place.round),
            good=place.good,
            title=plain_name(place.good),
            round=place.round,
            about=lowered.case.trade[place.good].about,
            parents=list(parents),
            feeds=list(replaced),
        ),
        replaced,
    )


def _written(one: Chance | Decision | Derived | Interest) -> Iterator[Expression]:
    if isinstance(one, Interest):
        yield one.worth
        return
    if isinstance(one, Chance):
        yield from one.weights.values()
    elif isinstance(one, Derived):
        yield one.value
    else:
        yield from one.allowed.values()
        if one.scale is not None:
            yield one.scale
    if one.when is not None:
        yield one.when


def _uses(tree: Tree, market: Tree, direct: set[str]) -> bool:
    """Say whether an expression uses a market, and collect the names that it uses beside it."""
    waiting, uses = [tree], False
    passed: set[int] = set()
    while waiting:
        part = waiting.pop()
        # Parts that several operations share are read once.
        if id(part) in passed:
            continue
        passed.add(id(part))
        if part.op == "name":
            direct.add(part.value)
        if part.op == "market" and part == market:
            uses = True
        else:
            waiting.extend(part.parts)
    return uses
