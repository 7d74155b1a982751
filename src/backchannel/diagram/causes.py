"""Causes of an outcome: what must hold of them for `why` to have an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from backchannel.diagram.beliefs import Observation
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import actual_values
from backchannel.diagram.surgery import Intervention
from backchannel.language.names import NodeName, Value

MOST = 12
"""Causes that one question can weigh against each other."""


@dataclass(frozen=True)
class Obstacle:
    """Why a question has no answer; `cause` is empty where it is the outcome's fault."""

    cause: str
    message: str


def find_obstacles(
    outcome: tuple[NodeName, Value],
    causes: Mapping[str, Intervention],
    record: Sequence[Observation],
    diagram: Diagram,
) -> list[Obstacle]:
    """Everything that keeps an outcome from being explained by some causes.

    Args:
        outcome: The node and the value that it came out as.
        causes: What is undone, by name.
        record: What was observed.
        diagram: The case's graph.
    """
    found = [Obstacle("", text) for text in _about_outcome(outcome, record)]
    if len(causes) > MOST:
        text = (
            f"{len(causes)} causes are too many to weigh against each other: name at most {MOST}."
        )
        found.append(Obstacle("", text))
    for name, cause in causes.items():
        found += [Obstacle(name, text) for text in _about_cause(outcome, cause, record)]
    for (name, one), (other_name, other) in combinations(causes.items(), 2):
        for text in _contradictions(one, other, diagram):
            found.append(Obstacle(other_name, f"it contradicts the cause '{name}': {text}"))
    return found


def _about_outcome(outcome: tuple[NodeName, Value], record: Sequence[Observation]) -> Iterator[str]:
    node, value = outcome
    entries = [entry for entry in record if entry.node == node]
    others = [entry for entry in entries if entry.value != value]
    certain = [entry for entry in others if entry.reliability == 1]
    if not entries:
        yield (
            f"the record leaves open what {node} was. `why` explains what happened: record it, or "
            "ask `what_if`."
        )
    elif certain or len(others) == len(entries):
        was = (certain or others)[0]
        yield (
            f"the record says that {node} was {was.value} ({was.date}), so {node} = {value} did not "
            f"happen. Ask why {node} was {was.value}, or mend the record."
        )


def _about_cause(
    outcome: tuple[NodeName, Value], cause: Intervention, record: Sequence[Observation]
) -> Iterator[str]:
    node, value = outcome
    if node in cause.do or node in cause.mechanisms or value in cause.remove.get(node, ()):
        yield f"it changes the outcome itself, {node}; name what led to it."
        return
    only_sets = not (
        cause.mechanisms
        or cause.parameters
        or cause.remove
        or cause.sees_added
        or cause.sees_removed
        or cause.corrects
    )
    already = [
        entry for entry in record if entry.node in cause.do and cause.do[entry.node] == entry.value
    ]
    if only_sets and {entry.node for entry in already} == set(cause.do):
        was = already[0]
        yield (
            f"it undoes nothing: {was.node} was {was.value} already, by the record ({was.date}). "
            "Set it to something that did not happen."
        )


def _contradictions(one: Intervention, other: Intervention, diagram: Diagram) -> Iterator[str]:
    for node in one.do.keys() & other.do.keys():
        if one.do[node] != other.do[node]:
            yield f"{node} cannot be both {one.do[node]} and {other.do[node]}."
    for name in one.parameters.keys() & other.parameters.keys():
        if one.parameters[name] != other.parameters[name]:
            yield f"{name} cannot be both {one.parameters[name]:g} and {other.parameters[name]:g}."
    for node in one.mechanisms.keys() & other.mechanisms.keys():
        if one.mechanisms[node] != other.mechanisms[node]:
            yield f"{node} cannot come about in two ways at once."
    for first, second in ((one, other), (other, one)):
        for node in first.do.keys() & second.mechanisms.keys():
            yield f"{node} cannot be set to {first.do[node]} and come about in another way."
        for node in first.do.keys() & second.remove.keys():
            if first.do[node] in second.remove[node]:
                yield f"{node} cannot be {first.do[node]} and have that off its menu."
        for node in first.sees_added.keys() & second.sees_removed.keys():
            for seen in set(first.sees_added[node]) & set(second.sees_removed[node]):
                yield f"{node} cannot both see {seen} and not see it."
    for node in one.remove.keys() & other.remove.keys():
        removed = {*one.remove[node], *other.remove[node]}
        if removed >= set(actual_values(diagram.node[node])):
            yield f"together they leave {node} no action."
