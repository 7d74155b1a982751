"""Why, asked by hand: an outcome and causes from a command line or a notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backchannel.case.lowered import Lowered
from backchannel.diagram.causes import find_obstacles
from backchannel.diagram.surgery import Intervention
from backchannel.language.errors import CommandError
from backchannel.language.names import NOT_APPLICABLE, NodeName, Value, did_you_mean


@dataclass(frozen=True)
class Asked:
    """A question that can be answered: what happened, and what is undone."""

    outcome: tuple[NodeName, Value]
    causes: dict[str, Intervention]
    name: str = ""
    asks: str = ""


def asked_of_case(lowered: Lowered, name: str = "") -> Asked:
    """A `why` question of the case by its name; its first, without one.

    Raises:
        CommandError: There is no such question.
    """
    questions = {q.name: q for q in lowered.questions if q.kind == "why"}
    if not questions:
        raise CommandError(
            "The case asks no `why`. Say what is to be explained: an outcome, and causes."
        )
    if name and name not in questions:
        hint = did_you_mean(name, list(questions))
        raise CommandError(
            f"No `why` question is called '{name}'.{hint} There are: {', '.join(questions)}."
        )
    question = questions[name] if name else next(iter(questions.values()))
    node, value = question.outcomes[0]
    assert value is not None
    causes = {cause: lowered.causes[cause] for cause in question.causes}
    return Asked((node, value), causes, question.name, question.asks)


def asked_by_hand(
    lowered: Lowered,
    outcome: Mapping[NodeName, Value],
    causes: Sequence[str] | Mapping[str, Any],
    read: Callable[..., Intervention],
) -> Asked:
    """An outcome and causes given by hand; all that is wrong is told at once.

    Args:
        lowered: The case.
        outcome: One node and what it was.
        causes: Names of causes of the case; or by any names, mappings in the form of one.
        read: Reads a cause, by its name or as a mapping.

    Raises:
        CommandError: The question has no answer.
    """
    wrong: list[str] = []
    made: dict[str, Intervention] = {}
    named = causes if isinstance(causes, Mapping) else {name: name for name in causes}
    for name, cause in named.items():
        try:
            made[name] = cause if isinstance(cause, Intervention) else read(cause)
        except CommandError as error:
            wrong.append(str(error))
    if not named:
        wrong.append("Name at least one cause that is to be undone.")
    if len(outcome) != 1:
        wrong.append("`why` explains one outcome: give one node and what it was.")
    for node, value in outcome.items():
        wrong += _not_a_value(lowered, node, value)
    if wrong:
        raise CommandError("\n".join(wrong))
    [(node, value)] = outcome.items()
    found = find_obstacles((node, value), made, lowered.record, lowered.diagram)
    if found:
        told = [
            f"{obstacle.cause}: {obstacle.message}"
            if obstacle.cause
            else _sentence(obstacle.message)
            for obstacle in found
        ]
        raise CommandError("\n".join(told))
    return Asked((node, value), made)


def _not_a_value(lowered: Lowered, node: NodeName, value: Value) -> list[str]:
    domains = lowered.diagram.domains
    if node not in domains:
        return [f"No node is called '{node}'.{did_you_mean(str(node), list(domains))}"]
    known = [v for v in domains[node] if v != NOT_APPLICABLE]
    if value in known:
        return []
    hint = did_you_mean(str(value), [str(v) for v in known])
    return [f"{node} cannot be '{value}'.{hint} It can be: {', '.join(map(str, known))}."]


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
