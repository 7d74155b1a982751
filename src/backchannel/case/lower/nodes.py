"""Lower the nodes and interests of a case to a diagram."""

from __future__ import annotations

from typing import Any

import networkx as nx

from backchannel.case.lower.dates import check_dates
from backchannel.case.lower.discount import discounted, warn_of_endings
from backchannel.case.lower.grid import on_grid
from backchannel.case.lower.implicit import ImplicitParameters
from backchannel.case.lower.public import check_hidden, is_public, with_public_information
from backchannel.case.lower.report import CaseReport
from backchannel.case.lower.sizes import check_sizes
from backchannel.case.lower.swing_weights import read_swing_weights
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.lower.weights import read_weights, read_worth
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import Case
from backchannel.case.schema.nodes import NodeEntry
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived, Interest, Node
from backchannel.language.expressions import Expression, Tree, constant
from backchannel.language.names import NOT_APPLICABLE, name_hint


def lower_diagram(case: Case, words: CaseVocabulary, implicit: ImplicitParameters) -> Diagram:
    """Make the diagram; a simple node replaces a node with a problem, so that the rest can be checked."""
    report = words.report
    nodes = [_node_or_placeholder(case, words, name, implicit) for name in case.nodes]
    interests = []
    weights = read_swing_weights(case, words)
    for name, entry in case.interests.items():
        _check_player(case, report, ("interests", name, "player"), str(entry.player))
        path: KeyPath = ("interests", name, "worth")
        worth = read_worth(words, path, entry.worth, interest=name, implicit=implicit)
        if worth and name in weights:
            worth = Expression(Tree("*", (worth.tree, weights[name].tree)), worth.text)
        if worth:
            interests.append(Interest(name, entry.player, worth))
    for name in case.players:
        if not any(node.player == name for node in case.nodes.values()):
            report.warn(("players", name), "this player decides nothing.")
        elif not any(interest.player == name for interest in case.interests.values()):
            report.warn(
                ("players", name), "this player has no interest, so its choices are coin tosses."
            )
    warn_of_endings(case, report)
    nodes = _without_circles(case, words, nodes)
    check_hidden(case, report)
    diagram = Diagram(tuple(case.players), tuple(nodes), tuple(interests))
    diagram = discounted(with_public_information(case, report, diagram), case)
    check_dates(words, diagram)
    check_sizes(report, diagram)
    return diagram


def _node(
    case: Case, words: CaseVocabulary, name: str, implicit: ImplicitParameters
) -> Node | None:
    entry = case.nodes[name]
    path = ("nodes", name)
    for key in entry.values:
        words.value((*path, "values", key), name, key)
    if isinstance(entry.resolves, dict):
        for key in entry.resolves:
            words.value((*path, "resolves", key), name, key)
    domain = words.domains[name]
    if entry.player is not None:
        return _decision(case, words, name, entry)
    nodes = set(words.domains) - {name}
    when = _condition(
        words, (*path, "when"), entry.when, nodes, "a condition can be about other nodes only."
    )
    if entry.derived is not None:
        value = words.expression((*path, "derived"), entry.derived)
        if value and entry.grid is not None:
            return Chance(name, domain, on_grid(value, entry.grid), False, when, entry.at)
        return Derived(name, domain, value, when, entry.at) if value else None
    kind = "odds" if entry.odds is not None else "probability"
    raw = entry.odds if entry.odds is not None else entry.probability
    weights = read_weights(words, (*path, kind), raw or {}, node=name, kind=kind, implicit=implicit)
    if weights is None:
        return None
    return Chance(name, domain, weights, kind == "odds", when, entry.at)


def _decision(case: Case, words: CaseVocabulary, name: str, entry: NodeEntry) -> Decision | None:
    report = words.report
    path = ("nodes", name)
    _check_player(case, report, (*path, "player"), str(entry.player))
    sees = []
    for i, given in enumerate(entry.sees or []):
        seen = words.meant(path, given)
        if not words.node((*path, "sees", i), seen):
            continue
        if seen == name or seen in sees:
            report.error(
                (*path, "sees", i), "a decision cannot see itself, and sees each node only once."
            )
            continue
        sees.append(seen)
    if len(entry.domain) < 2:
        report.error((*path, "domain"), "a decision needs at least two actions.")
        report.unsure_values.add(name)
    reason = "the conditions of a decision can only use what it sees. {remedy}"
    # What is public is known only when all nodes are read; the conditions are checked then.
    usable = set(words.domains) - {name} if is_public(case, entry) else set(sees)
    allowed = {}
    for action, text in (entry.allowed or {}).items():
        here = (*path, "allowed", action)
        if words.value(here, name, action):
            condition = words.expression(here, text, only=usable, why_only=reason)
            if condition:
                allowed[action] = condition
    when = _condition(words, (*path, "when"), entry.when, usable, reason)
    if entry.at is None:
        return None
    return Decision(
        name, words.domains[name], str(entry.player), entry.at, tuple(sees), allowed, when
    )


def _condition(
    words: CaseVocabulary, path: KeyPath, text: Any, only: set[str], why_only: str
) -> Expression | None:
    return None if text is None else words.expression(path, text, only=only, why_only=why_only)


def _check_player(case: Case, report: CaseReport, path: KeyPath, player: str) -> None:
    if player not in case.players:
        hint = name_hint(player, list(case.players))
        report.error(path, f"no player is called '{player}'.{hint}")


def _node_or_placeholder(
    case: Case, words: CaseVocabulary, name: str, implicit: ImplicitParameters
) -> Node:
    before = len(words.report.problems)
    node = _node(case, words, name, implicit)
    if len(words.report.problems) > before or node is None:
        words.broken.add(name)
    return _placeholder(case, words, name) if node is None else node


def _placeholder(case: Case, words: CaseVocabulary, name: str) -> Node:
    words.broken.add(name)
    domain = words.domains[name]
    weights = {value: constant(1.0) for value in domain if value != NOT_APPLICABLE}
    return Chance(name, domain, weights, True, None, case.nodes[name].at)


def _without_circles(case: Case, words: CaseVocabulary, nodes: list[Node]) -> list[Node]:
    """Report nodes that depend on each other in a circle, and put simple nodes in their place."""
    names = {node.name for node in nodes}
    while True:
        graph = nx.DiGraph((parent, n.name) for n in nodes for parent in sorted(n.names & names))
        cycle = next(nx.simple_cycles(graph), None)
        if cycle is None:
            return nodes
        first = cycle.index(min(cycle))
        cycle = cycle[first:] + cycle[:first]
        loop = " → ".join([*cycle, cycle[0]])
        words.report.error(
            ("nodes", cycle[0]), f"nodes cannot depend on each other in a circle: {loop}."
        )
        nodes = [_placeholder(case, words, n.name) if n.name in cycle else n for n in nodes]
