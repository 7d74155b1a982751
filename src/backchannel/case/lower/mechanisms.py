"""Lower the mechanisms that beliefs and interventions put in place of a node's own."""

from __future__ import annotations

from dataclasses import replace

from backchannel.case.lower.implicit import ImplicitParameters
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.lower.weights import read_weights
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import MechanismEntry
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived
from backchannel.language.names import NodeName


def read_mechanism(
    words: CaseVocabulary,
    path: KeyPath,
    diagram: Diagram,
    name: NodeName,
    entry: MechanismEntry,
    implicit: ImplicitParameters,
    prefix: str,
) -> Chance | Derived | None:
    """Read another mechanism of a node, which may depend on the node's own parents only.

    For a decision it gives the chances of its actions, given what it sees.
    """
    report = words.report
    if not words.node(path, name):
        return None
    node = diagram.node[name]
    if entry.derived is not None:
        if isinstance(node, Decision):
            report.error(path, "the mechanism of a decision needs `odds` or `probability`.")
            return None
        value = words.expression((*path, "derived"), entry.derived)
        lowered: Chance | Derived | None = (
            Derived(name, node.domain, value, node.when, node.date) if value else None
        )
    else:
        kind = "odds" if entry.odds is not None else "probability"
        raw = entry.odds if entry.odds is not None else entry.probability or {}
        weights = read_weights(
            words, (*path, kind), raw, node=name, kind=kind, implicit=implicit, prefix=prefix
        )
        lowered = None
        if weights:
            lowered = Chance(name, node.domain, weights, kind == "odds", node.when, node.date)
    if lowered is None:
        return None
    foreign = sorted((lowered.names & set(diagram.node)) - set(diagram.parents(name)))
    if foreign and name not in words.broken:
        known = ", ".join(diagram.parents(name)) or "nothing"
        report.error(
            path, f"it depends on {', '.join(foreign)}, but {name} can only depend on: {known}."
        )
        return None
    return replace(lowered, when=None) if isinstance(node, Decision) else lowered
