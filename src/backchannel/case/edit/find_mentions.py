"""Find every place of a case file at which the name of something stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from backchannel.case.edit.mentions import (
    OF_GOOD,
    SECTIONS,
    CaseNames,
    Mention,
    list_items,
    mapping,
)
from backchannel.case.edit.part_mentions import PartMentions
from backchannel.case.read.document import KeyPath

CHANGES_OF_GOOD = ("size", "elasticity", "capacity", "cost")


def find_mentions(data: Any) -> list[Mention]:
    """List the mentions of all names in the plain values of a case file; the file may have problems."""
    data = mapping(data)
    parts = PartMentions(CaseNames(data))
    return [
        *_definitions(parts, data),
        *_numbers(parts, data),
        *_nodes(parts, mapping(data.get("nodes")), ("nodes",)),
        *_interests(parts, mapping(data.get("interests")), ("interests",)),
        *_rounds(parts, mapping(data.get("rounds"))),
        *_trade(parts, mapping(data.get("trade"))),
        *_beliefs(parts, data),
        *_evidence(parts, data),
        *_worlds(parts, data),
        *_deals(parts, mapping(data.get("deals"))),
        *_questions(parts, mapping(data.get("questions"))),
    ]


def _definitions(parts: PartMentions, data: dict[Any, Any]) -> Iterator[Mention]:
    for section, kind in SECTIONS.items():
        for name in mapping(data.get(section)):
            yield from parts.key(kind, name, (section, name))


def _numbers(parts: PartMentions, data: dict[Any, Any]) -> Iterator[Mention]:
    for name, entry in mapping(data.get("sources")).items():
        path: KeyPath = ("sources", name, "same_as")
        yield from parts.name("source", mapping(entry).get("same_as"), path, goes=path)
    for name, entry in mapping(data.get("players")).items():
        for interest, weight in mapping(mapping(entry).get("weights")).items():
            path = ("players", name, "weights", interest)
            yield from parts.key("interest", interest, path)
            yield from parts.expression(weight, path)
        yield from parts.reasons(mapping(entry).get("why"), ("players", name, "why"))
    for name, entry in mapping(data.get("parameters")).items():
        yield from parts.reasons(mapping(entry).get("why"), ("parameters", name, "why"))
    for i, entry in list_items(data.get("correlations")):
        here: KeyPath = ("correlations", i)
        for j, name in list_items(mapping(entry).get("between")):
            yield from parts.number(name, (*here, "between", j), goes=here)
        yield from parts.reasons(mapping(entry).get("why"), (*here, "why"))
    for i, name in list_items(mapping(data.get("priors")).get("numbers")):
        path = ("priors", "numbers", i)
        yield from parts.number(name, path, goes=path)
    for name, entry in mapping(data.get("quantities")).items():
        here = ("quantities", name)
        yield from parts.expression(entry, here)
        yield from parts.expression(mapping(entry).get("value"), (*here, "value"))
        yield from parts.reasons(mapping(entry).get("why"), (*here, "why"))


def _nodes(parts: PartMentions, nodes: dict[Any, Any], path: KeyPath) -> Iterator[Mention]:
    for node, value in nodes.items():
        entry, here, name = mapping(value), (*path, node), str(node)
        yield from parts.all_names("value", entry.get("domain"), (*here, "domain"), inside=name)
        for part in ("values", "resolves", "allowed"):
            for key in mapping(entry.get(part)):
                yield from parts.key("value", key, (*here, part, key), name)
        for key, allowed in mapping(entry.get("allowed")).items():
            yield from parts.expression(allowed, (*here, "allowed", key))
        yield from parts.expression(entry.get("when"), (*here, "when"))
        yield from parts.mechanism(entry, here, name)
        start = entry.get("start")
        if start in [value for _, value in list_items(entry.get("domain"))]:
            yield from parts.name(
                "value", start, (*here, "start"), goes=(*here, "start"), inside=name
            )
        else:
            yield from parts.expression(start, (*here, "start"), result_of=name)
        yield from parts.name("player", entry.get("player"), (*here, "player"), goes=here)
        yield from parts.all_names("node", entry.get("sees"), (*here, "sees"))
        yield from parts.all_names("player", entry.get("hidden_from"), (*here, "hidden_from"))
        yield from parts.reasons(entry.get("why"), (*here, "why"))


def _interests(parts: PartMentions, interests: dict[Any, Any], path: KeyPath) -> Iterator[Mention]:
    for name, value in interests.items():
        entry, here = mapping(value), (*path, name)
        yield from parts.name("player", entry.get("player"), (*here, "player"), goes=here)
        for part in ("worth", "last"):
            yield from parts.worth(entry.get(part), (*here, part))
        yield from parts.reasons(entry.get("why"), (*here, "why"))


def _rounds(parts: PartMentions, rounds: dict[Any, Any]) -> Iterator[Mention]:
    nodes, interests = mapping(rounds.get("nodes")), mapping(rounds.get("interests"))
    for node in nodes:
        yield from parts.key("node", node, ("rounds", "nodes", node))
    for name in interests:
        yield from parts.key("interest", name, ("rounds", "interests", name))
    for node, periods in mapping(rounds.get("length")).items():
        here = ("rounds", "length", node)
        yield from parts.key("node", node, here)
        for value in mapping(periods):
            yield from parts.key("value", value, (*here, value), node)
    yield from _nodes(parts, nodes, ("rounds", "nodes"))
    yield from _interests(parts, interests, ("rounds", "interests"))


def _trade(parts: PartMentions, trade: dict[Any, Any]) -> Iterator[Mention]:
    for good, value in trade.items():
        entry, here = mapping(value), ("trade", good)
        for part, kind in OF_GOOD.items():
            for name, detail in mapping(entry.get(part)).items():
                at = (*here, part, name)
                yield from parts.key(kind, name, at, str(good))
                for number in CHANGES_OF_GOOD:
                    yield from parts.expression(mapping(detail).get(number), (*at, number))
                yield from parts.reasons(mapping(detail).get("why"), (*at, "why"))
        for name, route in mapping(entry.get("routes")).items():
            at = (*here, "routes", name)
            ends = mapping(route)
            yield from parts.name(
                "supplier", ends.get("from"), (*at, "from"), goes=at, inside=str(good)
            )
            yield from parts.name(
                "demander", ends.get("to"), (*at, "to"), goes=at, inside=str(good)
            )
        yield from parts.expression(entry.get("sensitivity"), (*here, "sensitivity"))
        yield from parts.reasons(entry.get("why"), (*here, "why"))


def _beliefs(parts: PartMentions, data: dict[Any, Any]) -> Iterator[Mention]:
    for player, entry in mapping(data.get("beliefs")).items():
        yield from parts.key("player", player, ("beliefs", player))
        yield from parts.belief(entry, ("beliefs", player))
    yield from parts.mechanisms(data.get("level_0"), ("level_0",))


def _evidence(parts: PartMentions, data: dict[Any, Any]) -> Iterator[Mention]:
    for section in ("record", "base_rates"):
        for i, value in list_items(data.get(section)):
            entry, here = mapping(value), (section, i)
            node = str(entry.get("node")).partition("@")[0]
            yield from parts.name("node", entry.get("node"), (*here, "node"), goes=here)
            yield from parts.name(
                "value", entry.get("value"), (*here, "value"), goes=here, inside=node
            )
            yield from parts.name("source", entry.get("source"), (*here, "source"), goes=here)
            for key in mapping(entry.get("counts")):
                yield from parts.key("value", key, (*here, "counts", key), node)
            yield from parts.reasons(entry.get("why"), (*here, "why"))
    for i, value in list_items(data.get("claims")):
        entry, here = mapping(value), ("claims", i)
        yield from parts.name("claim", entry.get("id"), (*here, "id"), goes=here)
        yield from parts.name("source", entry.get("source"), (*here, "source"), goes=here)
        yield from parts.expression(entry.get("test"), (*here, "test"), goes=here)


def _worlds(parts: PartMentions, data: dict[Any, Any]) -> Iterator[Mention]:
    for section in ("causes", "rivals"):
        for name, value in mapping(data.get(section)).items():
            here = (section, name)
            yield from parts.intervention(value, here)
            for i, node in list_items(mapping(value).get("order")):
                yield from parts.name("node", node, (*here, "order", i), goes=here)
            dropped = mapping(value).get("drop_interest")
            yield from parts.all_names("interest", dropped, (*here, "drop_interest"))


def _deals(parts: PartMentions, deals: dict[Any, Any]) -> Iterator[Mention]:
    for name, value in deals.items():
        entry, here = mapping(value), ("deals", name)
        yield from parts.all_names("player", entry.get("parties"), (*here, "parties"))
        for i, step in list_items(entry.get("steps")):
            yield from parts.settings(mapping(step).get("do"), (*here, "steps", i, "do"))
        yield from _amounts(parts, entry.get("breach"), (*here, "breach"))
        for i, guarantee in list_items(entry.get("guarantees")):
            at, terms = (*here, "guarantees", i), mapping(guarantee)
            yield from parts.name("player", terms.get("by"), (*at, "by"), goes=at)
            for part in ("pays", "punishes"):
                yield from _amounts(parts, terms.get(part), (*at, part))
            yield from parts.expression(terms.get("costs"), (*at, "costs"))
        yield from parts.reasons(entry.get("why"), (*here, "why"))


def _amounts(parts: PartMentions, value: Any, path: KeyPath) -> Iterator[Mention]:
    for player, amount in mapping(value).items():
        yield from parts.key("player", player, (*path, player))
        yield from parts.expression(amount, (*path, player))


def _questions(parts: PartMentions, questions: dict[Any, Any]) -> Iterator[Mention]:
    for name, value in questions.items():
        entry, here = mapping(value), ("questions", name)
        yield from parts.name("node", entry.get("forecast"), (*here, "forecast"), goes=here)
        yield from parts.name("deal", entry.get("deal"), (*here, "deal"), goes=here)
        yield from parts.name("cause", entry.get("what_if"), (*here, "what_if"), goes=here)
        yield from parts.intervention(entry.get("what_if"), (*here, "what_if"))
        yield from parts.all_names("node", entry.get("outcome"), (*here, "outcome"))
        yield from parts.settings(entry.get("outcome"), (*here, "outcome"))
        yield from parts.settings(entry.get("why"), (*here, "why"))
        yield from parts.all_names("cause", entry.get("causes"), (*here, "causes"))
