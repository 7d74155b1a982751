"""Lower `unaware`: what a player has not thought of, or overlooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.beliefs import UnawareEntry
from backchannel.diagram.beliefs import Unaware
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision
from backchannel.language.names import NodeName, PlayerName, Value


def read_unaware(
    words: CaseVocabulary, path: KeyPath, entry: UnawareEntry, diagram: Diagram, holder: PlayerName
) -> Unaware:
    """Read what a player is unaware of; wrong entries are reported and left out."""
    return Unaware(
        _actions(words, path, entry, diagram),
        _nodes(words, path, entry, diagram, holder),
        _sees(words, path, entry, diagram),
    )


def _actions(
    words: CaseVocabulary, path: KeyPath, entry: UnawareEntry, diagram: Diagram
) -> dict[NodeName, tuple[Value, ...]]:
    actions_of = {}
    for name, actions in _spread(words, entry.actions):
        here = (*path, "actions", name)
        if _decision(words, here, name, diagram) is None:
            continue
        known = [words.value((*here, i), name, action) for i, action in enumerate(actions)]
        if all(known) and actions:
            actions_of[name] = tuple(actions)
    return actions_of


def _nodes(
    words: CaseVocabulary, path: KeyPath, entry: UnawareEntry, diagram: Diagram, holder: PlayerName
) -> dict[NodeName, Value]:
    value_of = {}
    for name, value in _spread(words, entry.nodes):
        here = (*path, "nodes", name)
        if not words.node(here, name) or not words.value(here, name, value):
            continue
        node = diagram.node[name]
        if isinstance(node, Decision) and node.player == holder:
            words.report.error(
                here, f"{holder} decides {name} itself. Say which `actions` it has not thought of."
            )
            continue
        value_of[name] = value
    return value_of


def _sees(
    words: CaseVocabulary, path: KeyPath, entry: UnawareEntry, diagram: Diagram
) -> dict[NodeName, tuple[NodeName, ...]]:
    overlooked = {}
    for name, others in _spread(words, entry.sees):
        here = (*path, "sees", name)
        decision = _decision(words, here, name, diagram)
        if decision is None:
            continue
        before = len(words.report.problems)
        meant = [words.meant(here, other) for other in others]
        for i, other in enumerate(meant):
            at = (*here, i)
            if not words.node(at, other):
                continue
            if other not in (*decision.sees, *decision.unneeded):
                words.report.error(at, f"{name} does not see {other} in the true case either.")
            elif decision.needs(other):
                words.report.error(
                    at, f"the conditions of {name} (`allowed`, `when`) need {other}."
                )
        if len(words.report.problems) == before and others:
            overlooked[name] = tuple(dict.fromkeys(meant))
    return overlooked


def _spread(words: CaseVocabulary, given: Mapping[str, Any]) -> list[tuple[NodeName, Any]]:
    """List each entry with its nodes: a node that repeats means all its rounds."""
    return [(node, entry) for name, entry in given.items() for node in words.rounds.spread(name)]


def _decision(
    words: CaseVocabulary, path: KeyPath, name: NodeName, diagram: Diagram
) -> Decision | None:
    if not words.node(path, name):
        return None
    node = diagram.node[name]
    if not isinstance(node, Decision):
        words.report.error(path, f"{name} is not a decision.")
        return None
    return node
