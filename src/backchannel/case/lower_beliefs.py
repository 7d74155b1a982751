"""Lower what players wrongly believe, and the record."""

from __future__ import annotations

from dataclasses import replace

from backchannel.case.document import Path_
from backchannel.case.lower_nodes import Numbers
from backchannel.case.prior_text import must_be_positive, prior_from
from backchannel.case.schema import Case, MechanismEntry, RecordEntry
from backchannel.case.vocabulary import Vocabulary
from backchannel.case.weights import ImplicitParameters, read_weights
from backchannel.diagram.beliefs import Belief, Observation
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived
from backchannel.names import NodeName, believed, did_you_mean
from backchannel.sources import Source, origin


def lower_beliefs(
    case: Case, words: Vocabulary, diagram: Diagram, numbers: Numbers, implicit: ImplicitParameters
) -> tuple[Belief, ...]:
    """Read the belief models; believed parameters get priors of their own in `numbers`."""
    report = words.report
    found = []
    for player, entry in case.beliefs.items():
        path: Path_ = ("beliefs", player)
        if player not in case.players:
            hint = did_you_mean(player, list(case.players))
            report.error(path, f"no player is called '{player}'.{hint}")
            continue
        parameters = {}
        for name, raw in entry.parameters.items():
            here = (*path, "parameters", name)
            if name not in numbers.priors:
                hint = did_you_mean(name, list(case.parameters))
                report.error(here, f"no parameter is called '{name}'.{hint}")
                continue
            is_share = name in case.parameters and case.parameters[name].unit == "probability"
            try:
                prior = prior_from(raw, probability=is_share)
            except ValueError as error:
                report.error(here, str(error))
                continue
            if name.endswith(".precision") and not must_be_positive(prior):
                report.error(here, "a precision is never below 0; its prior reaches below.")
            numbers.priors[believed(player, name)] = prior
            parameters[name] = believed(player, name)
        nodes = {}
        spread = words.rounds.spread
        for name, mechanism in [(n, m) for given, m in entry.nodes.items() for n in spread(given)]:
            here = (*path, "nodes", name)
            node = read_mechanism(words, here, diagram, name, mechanism, implicit, f"{player}.")
            if node is None:
                continue
            if isinstance(diagram.node[name], Decision) and diagram.node[name].player == player:  # type: ignore[union-attr]
                report.error(here, f"{player} decides {name} itself; a belief is about others.")
            nodes[name] = node
        if not parameters and not nodes and not report.problems:
            report.error(path, "a belief needs `parameters` or `nodes` that the player gets wrong.")
        found.append(Belief(player, parameters, nodes))
    return tuple(found)


def read_mechanism(
    words: Vocabulary,
    path: Path_,
    diagram: Diagram,
    name: NodeName,
    entry: MechanismEntry,
    implicit: ImplicitParameters,
    prefix: str,
) -> Chance | Derived | None:
    """Read another mechanism for a node, by the node's own parents or fewer.

    For a decision these are the chances of its actions, given what it sees.
    """
    report = words.report
    if not words.node(path, name):
        return None
    node = diagram.node[name]
    if entry.derived is not None:
        if isinstance(node, Decision):
            report.error(path, "a decision is replaced by chances: use `odds` or `probability`.")
            return None
        value = words.expression((*path, "derived"), entry.derived)
        made: Chance | Derived | None = (
            Derived(name, node.domain, value, node.when, node.date) if value else None
        )
    else:
        kind = "odds" if entry.odds is not None else "probability"
        raw = entry.odds if entry.odds is not None else entry.probability or {}
        weights = read_weights(
            words, (*path, kind), raw, node=name, kind=kind, implicit=implicit, prefix=prefix
        )
        made = None
        if weights:
            made = Chance(name, node.domain, weights, kind == "odds", node.when, node.date)
    if made is None:
        return None
    foreign = sorted((made.names & set(diagram.node)) - set(diagram.parents(name)))
    if foreign and name not in words.broken:
        known = ", ".join(diagram.parents(name)) or "nothing"
        report.error(
            path, f"it depends on {', '.join(foreign)}, but {name} may depend only on: {known}."
        )
        return None
    return replace(made, when=None) if isinstance(node, Decision) else made


def lower_record(case: Case, words: Vocabulary, diagram: Diagram) -> tuple[Observation, ...]:
    """Read the record; every entry names a node, a value it can have, and a source.

    Entries on one node from one report and its copies (`same_as`) count once: the first stands.
    """
    report = words.report
    sources = {name: Source(name, s.title, same_as=s.same_as) for name, s in case.sources.items()}
    told: dict[tuple[NodeName, str], tuple[int, RecordEntry]] = {}
    found = []
    for i, entry in enumerate(case.record):
        path: Path_ = ("record", i)
        if entry.source not in case.sources:
            hint = did_you_mean(entry.source, list(case.sources))
            report.error((*path, "source"), f"no source is called '{entry.source}'.{hint}")
        if not words.node((*path, "node"), entry.node):
            continue
        if not words.value((*path, "value"), entry.node, entry.value):
            continue
        if entry.date > case.as_of:
            report.error(
                (*path, "date"), f"{entry.date} is after the case's day, `as_of: {case.as_of}`."
            )
        if entry.date < diagram.dates[entry.node]:
            report.error(
                (*path, "date"),
                f"{entry.node} comes about on {diagram.dates[entry.node]}; it cannot be seen earlier.",
            )
        report_behind = origin(entry.source, sources)
        j, first = told.setdefault((entry.node, report_behind), (i, entry))
        if first.value != entry.value and first.source != entry.source:
            report.error(
                path,
                f"'{entry.source}' and the source of entry {j + 1} are copies of one report, so "
                f"they cannot say '{entry.value}' here and '{first.value}' there.",
            )
        if j < i and first.value == entry.value:
            report.warn(
                path,
                f"this repeats entry {j + 1}: both come from one report, which counts once.",
            )
            continue
        found.append(
            Observation(entry.node, entry.value, entry.date, entry.reliability, entry.source)
        )
    certain: dict[str, tuple[int, object]] = {}
    for i, entry in enumerate(case.record):
        if entry.reliability < 1:
            continue
        j, other = certain.setdefault(entry.node, (i, entry.value))
        if other != entry.value:
            report.error(
                ("record", i),
                f"{entry.node} was '{other}' by entry {j + 1} and cannot also be '{entry.value}'. "
                "Give the entries a reliability below 1, or remove one.",
            )
    return tuple(found)
