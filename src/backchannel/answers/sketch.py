"""The sketch of a case: its diagram as the text gives it, before the text is checked.

An edit redraws the diagram from it at once, and a case that still has problems has a diagram, too. Where the text
does not say by itself what is drawn, there is no sketch: rounds are written out by the check.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from backchannel.answers.background_document import DiagramInterest, DiagramNode
from backchannel.answers.layout.document import Layout
from backchannel.answers.layout.layout import compose_layout
from backchannel.answers.public_sketch import public_decisions, public_parents
from backchannel.case.edit.find_mentions import find_mentions
from backchannel.case.edit.mentions import list_items, mapping
from backchannel.language.days import read_date
from backchannel.wording.pieces import Piece
from backchannel.wording.words import plain_name


class Sketch(Piece):
    """A diagram, as it stands in the answers document."""

    nodes: list[DiagramNode]
    interests: list[DiagramInterest]
    layout: Layout


def compose_sketch(content: Any) -> Sketch | None:
    """Compose the diagram of a case from what its text says; None where the check has to say it.

    Args:
        content: The plain values of the text, which may have problems.
    """
    nodes = {
        str(name): mapping(entry) for name, entry in mapping(mapping(content).get("nodes")).items()
    }
    # Goods stand in the diagram by what their numbers name, which the check reads.
    waits = mapping(content).get("rounds") or mapping(content).get("trade")
    if waits or not nodes:
        return None
    parents = _parents(content)
    dates, order = _in_time(nodes, _above(parents, nodes))
    if public_decisions(content, nodes):
        seen = public_parents(content, nodes, parents, dates)
        if seen is None:
            return None
        parents |= {("nodes", name): names for name, names in seen.items()}
        dates, order = _in_time(nodes, _above(parents, nodes))
    rank = {name: i for i, name in enumerate(order)}
    drawn = [
        _node(name, nodes[name], dates[name], _sorted(parents.get(("nodes", name), set()), rank))
        for name in order
    ]
    # An arrow that closes a circle is left out; the check says what is wrong.
    drawn = [
        node.model_copy(update={"parents": [p for p in node.parents if rank[p] < rank[node.name]]})
        for node in drawn
    ]
    interests = [
        DiagramInterest(
            name=str(name),
            player=str(mapping(entry).get("player") or ""),
            about=str(mapping(entry).get("about") or ""),
            worth=mapping(entry).get("worth"),
            parents=_sorted(parents.get(("interests", str(name)), set()), rank),
            expected=0.0,
        )
        for name, entry in mapping(mapping(content).get("interests")).items()
    ]
    return Sketch(nodes=drawn, interests=interests, layout=compose_layout(drawn, interests))


def _above(
    parents: Mapping[tuple[str, str], set[str]], nodes: Mapping[str, Any]
) -> dict[str, set[str]]:
    return {name: parents.get(("nodes", name), set()) for name in nodes}


def _parents(content: Any) -> dict[tuple[str, str], set[str]]:
    """By section and name, the nodes that a node or an interest names, through quantities as well."""
    named: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for mention in find_mentions(content):
        if mention.kind in ("node", "quantity") and len(mention.path) > 2 - (
            mention.path[0] == "quantities" and not mention.is_key
        ):
            place = (str(mention.path[0]), str(mention.path[1]))
            named.setdefault(place, set()).add((mention.kind, mention.name))

    def nodes_of(place: tuple[str, str], seen: frozenset[str]) -> Iterator[str]:
        for kind, name in named.get(place, ()):
            if kind == "node":
                yield name
            elif name not in seen:
                yield from nodes_of(("quantities", name), seen | {name})

    known = set(map(str, mapping(mapping(content).get("nodes"))))
    return {
        place: {name for name in nodes_of(place, frozenset()) if name in known and name != place[1]}
        for place in named
        if place[0] in ("nodes", "interests")
    }


def _in_time(
    nodes: Mapping[str, dict[Any, Any]], parents: Mapping[str, set[str]]
) -> tuple[dict[str, date], list[str]]:
    """The date of each node, and all nodes: parents first, then by date, then as the case lists them."""
    given = {name: _day(entry.get("at")) for name, entry in nodes.items()}
    rank = {name: i for i, name in enumerate(nodes)}
    dates: dict[str, date] = {}
    waiting = {name: set(parents[name]) for name in nodes}
    below: dict[str, list[str]] = {name: [] for name in nodes}
    for name, above in parents.items():
        for parent in above:
            below[parent].append(name)

    def dated(name: str) -> date:
        latest = max((dates.get(p, date.min) for p in parents[name]), default=date.min)
        return given[name] or latest

    order: list[str] = []
    ready = [(dated(name), rank[name], name) for name in nodes if not waiting[name]]
    heapq.heapify(ready)
    while len(order) < len(nodes):
        if not ready:  # A circle: the first of those that are left goes first.
            name = next(n for n in nodes if n not in dates)
            waiting[name].clear()
            heapq.heappush(ready, (dated(name), rank[name], name))
        when, _, name = heapq.heappop(ready)
        if name in dates:
            continue
        dates[name] = when
        order.append(name)
        for child in below[name]:
            waiting[child].discard(name)
            if not waiting[child] and child not in dates:
                heapq.heappush(ready, (dated(child), rank[child], child))
    return dates, order


def _node(name: str, entry: dict[Any, Any], when: date, parents: list[str]) -> DiagramNode:
    player = entry.get("player")
    kind = "decision" if player is not None else "derived" if "derived" in entry else "chance"
    values = [v for _, v in list_items(entry.get("domain")) if isinstance(v, str | int | float)]
    return DiagramNode(
        name=name,
        title=str(entry.get("title") or plain_name(name)),
        about=str(entry.get("about") or ""),
        kind=kind,
        player=None if player is None else str(player),
        domain=values,
        date=None if when == date.min else when,
        parents=parents,
        conditional=entry.get("when") is not None,
        reasons=[],
    )


def _day(value: Any) -> date | None:
    try:
        return None if value is None else read_date(value)
    except ValueError:
        return None


def _sorted(names: set[str], rank: Mapping[str, int]) -> list[str]:
    return sorted(names, key=lambda name: rank[name])
