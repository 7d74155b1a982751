"""Causes of an outcome: the conditions under which `why` has an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from backchannel.diagram.beliefs import Observation
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import actual_values
from backchannel.diagram.surgery import Intervention
from backchannel.language.names import NodeName, Value

MOST_CAUSES = 12
"""Most causes of one question."""


@dataclass(frozen=True)
class Obstacle:
    """A reason why a question has no answer; `cause` is empty if the reason is the outcome."""

    cause: str
    message: str


def find_obstacles(
    outcome: tuple[NodeName, Value],
    causes: Mapping[str, Intervention],
    record: Sequence[Observation],
    diagram: Diagram,
) -> list[Obstacle]:
    """List the reasons why an outcome cannot be explained by some causes.

    Args:
        outcome: The node and its value.
        causes: The causes that are undone, by name.
        record: The observations.
        diagram: The case's graph.
    """
    obstacles = [Obstacle("", text) for text in _about_outcome(outcome, record)]
    if len(causes) > MOST_CAUSES:
        text = f"{len(causes)} causes are too many for one question. Name at most {MOST_CAUSES}."
        obstacles.append(Obstacle("", text))
    for name, cause in causes.items():
        obstacles += [Obstacle(name, text) for text in _about_cause(outcome, cause, record)]
    for (name, cause_before), (other_name, later_cause) in combinations(causes.items(), 2):
        for text in _contradictions(cause_before, later_cause, diagram):
            obstacles.append(Obstacle(other_name, f"it contradicts the cause '{name}': {text}"))
    return obstacles


def _about_outcome(outcome: tuple[NodeName, Value], record: Sequence[Observation]) -> Iterator[str]:
    node, value = outcome
    entries = [entry for entry in record if entry.node == node]
    others = [entry for entry in entries if entry.value != value]
    certain = [entry for entry in others if entry.reliability == 1]
    if not entries:
        yield (
            f"the record does not say what {node} was, and `why` explains what happened. Record the "
            "outcome, or ask `what_if`."
        )
    elif certain or len(others) == len(entries):
        was = (certain or others)[0]
        yield (
            f"the record says that {node} was {was.value} ({was.date}), so {node} = {value} did not "
            f"happen. Ask why {node} was {was.value}, or correct the record."
        )


def _about_cause(
    outcome: tuple[NodeName, Value], cause: Intervention, record: Sequence[Observation]
) -> Iterator[str]:
    node, value = outcome
    if node in cause.do or node in cause.mechanisms or value in cause.remove.get(node, ()):
        yield f"it changes the outcome itself, {node}. Name what led to it."
        return
    only_sets = not (
        cause.mechanisms
        or cause.parameters
        or cause.remove
        or cause.sees_added
        or cause.sees_removed
        or cause.corrects
        or cause.reasoning
    )
    already = [
        entry for entry in record if entry.node in cause.do and cause.do[entry.node] == entry.value
    ]
    if only_sets and {entry.node for entry in already} == set(cause.do):
        was = already[0]
        yield (
            f"it undoes nothing: by the record, {was.node} was {was.value} already ({was.date}). Set it "
            "to a value that did not happen."
        )


def _contradictions(
    cause: Intervention, other_cause: Intervention, diagram: Diagram
) -> Iterator[str]:
    for node in cause.do.keys() & other_cause.do.keys():
        if cause.do[node] != other_cause.do[node]:
            yield f"{node} cannot be both {cause.do[node]} and {other_cause.do[node]}."
    for name in cause.parameters.keys() & other_cause.parameters.keys():
        if cause.parameters[name] != other_cause.parameters[name]:
            yield f"{name} cannot be both {cause.parameters[name]:g} and {other_cause.parameters[name]:g}."
    for player in cause.reasoning.keys() & other_cause.reasoning.keys():
        if cause.reasoning[player] != other_cause.reasoning[player]:
            yield f"{player} cannot reason in two ways at once."
    for node in cause.mechanisms.keys() & other_cause.mechanisms.keys():
        if cause.mechanisms[node] != other_cause.mechanisms[node]:
            yield f"{node} cannot come about in two ways at once."
    for first, second in ((cause, other_cause), (other_cause, cause)):
        for node in first.do.keys() & second.mechanisms.keys():
            yield f"{node} cannot be set to {first.do[node]} and come about in another way."
        for node in first.do.keys() & second.remove.keys():
            if first.do[node] in second.remove[node]:
                yield f"{node} cannot be {first.do[node]} if that action is removed."
        for node in first.sees_added.keys() & second.sees_removed.keys():
            for seen in set(first.sees_added[node]) & set(second.sees_removed[node]):
                yield f"{node} cannot both see {seen} and not see it."
    for node in cause.remove.keys() & other_cause.remove.keys():
        removed = {*cause.remove[node], *other_cause.remove[node]}
        if removed >= set(actual_values(diagram.node[node])):
            yield f"together they leave {node} no action."
