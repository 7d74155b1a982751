"""What decisions see in the sketch of a case in which information is public.

The rule is that of the check (`diagram/public.py`), on a diagram that knows of each mechanism only which nodes it
names. Where an interest is a sum through a quantity, more arrows may stand until the case is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import networkx as nx

from backchannel.case.edit.mentions import mapping
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived, Interest, Node
from backchannel.diagram.public import see_what_is_public, without_unneeded
from backchannel.language.errors import BackchannelError
from backchannel.language.expressions import Expression, Tree, parse

Entries = Mapping[str, Mapping[Any, Any]]


def public_decisions(content: Any, nodes: Entries) -> frozenset[str]:
    """The decisions that see what is public, because they do not list what they see."""
    if mapping(content).get("information") != "public":
        return frozenset()
    return frozenset(
        name for name, node in nodes.items() if "player" in node and "sees" not in node
    )


def public_parents(
    content: Any,
    nodes: Entries,
    parents: Mapping[tuple[str, str], set[str]],
    dates: Mapping[str, date],
) -> dict[str, set[str]] | None:
    """What each public decision sees and can use; None where arrows close a circle.

    Args:
        content: The plain values of the text.
        nodes: Its nodes, by name.
        parents: By section and name, the nodes that a node or an interest names.
        dates: The date of each node.
    """
    decisions = public_decisions(content, nodes)
    diagram = Diagram(
        players=tuple(map(str, mapping(mapping(content).get("players")))),
        nodes=tuple(
            _node(name, entry, parents.get(("nodes", name), set()), dates[name], name in decisions)
            for name, entry in nodes.items()
        ),
        interests=tuple(
            Interest(
                str(name),
                str(mapping(entry).get("player")),
                _worth(
                    mapping(entry).get("worth"), parents.get(("interests", str(name)), set()), nodes
                ),
            )
            for name, entry in mapping(mapping(content).get("interests")).items()
        ),
    )
    hidden = {name: _players(entry.get("hidden_from")) for name, entry in nodes.items()}
    try:
        seen = see_what_is_public(diagram, decisions=decisions, hidden_from=hidden)
        seen = without_unneeded(seen, decisions=decisions)
    except nx.NetworkXUnfeasible:
        return None
    return {name: set(seen.parents(name)) for name in decisions}


def _node(
    name: str, entry: Mapping[Any, Any], names: set[str], when: date, is_public: bool
) -> Node:
    mechanism = _product(names)
    if "player" in entry:
        return Decision(
            name=name,
            domain=(),
            player=str(entry["player"]),
            date=when,
            sees=() if is_public else tuple(sorted(names)),
            when=mechanism if is_public and names else None,
        )
    if "derived" in entry:
        return Derived(name, (), mechanism, date=when)
    return Chance(name, (), {"any": mechanism}, date=when)


def _worth(worth: Any, names: set[str], nodes: Entries) -> Expression:
    """The worth as it is written, if it names the nodes itself; else a product of the nodes that it depends on."""
    if isinstance(worth, str):
        try:
            written = parse(worth)
        except BackchannelError:
            return _product(names)
        if written.names & nodes.keys() == names:
            return written
    return _product(names)


def _players(written: Any) -> list[str]:
    """One player, or a list of them."""
    return [str(player) for player in (written if isinstance(written, list) else [written])]


def _product(names: set[str]) -> Expression:
    trees = [Tree("name", value=name) for name in sorted(names)]
    if not trees:
        return Expression(Tree("number", value=0.0))
    whole = trees[0]
    for tree in trees[1:]:
        whole = Tree("*", (whole, tree))
    return Expression(whole)
