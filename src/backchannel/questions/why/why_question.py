"""Questions of why: from the case, or given by hand in a command line or a notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backchannel.case.lowered import Lowered
from backchannel.diagram.causes import find_obstacles
from backchannel.diagram.surgery import Intervention
from backchannel.language.errors import CommandError
from backchannel.language.names import NOT_APPLICABLE, NodeName, Value, did_you_mean
from backchannel.language.values import explain_no_value

WORLDS = 64
"""Worlds drawn in each draw, unless the user asks for another number."""
RUN_WORLDS = 32
"""Worlds in each of these draws."""
RUN_DRAWS = 256
"""Draws that a run uses for each `why`; the command uses all."""


@dataclass(frozen=True)
class WhyQuestion:
    """A checked question: what happened, and which causes are undone."""

    outcome: tuple[NodeName, Value]
    causes: dict[str, Intervention]
    name: str = ""
    asks: str = ""


def question_of_case(lowered: Lowered, name: str = "") -> WhyQuestion:
    """Find a `why` question of the case by its name; without a name, its first.

    Raises:
        CommandError: There is no such question.
    """
    questions = {q.name: q for q in lowered.questions if q.kind == "why"}
    if not questions:
        raise CommandError(
            "The case has no `why` question. Give what to explain: --outcome NODE=VALUE and at least one "
            "--cause NAME (in Python, `outcome` and `causes`)."
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
    return WhyQuestion((node, value), causes, question.name, question.asks)


def question_by_hand(
    lowered: Lowered,
    outcome: Mapping[NodeName, Value],
    causes: Sequence[str] | Mapping[str, Any],
    read: Callable[..., Intervention],
) -> WhyQuestion:
    """Check an outcome and causes given by hand; all problems are reported at once.

    Args:
        lowered: The case.
        outcome: One node and its value.
        causes: Names of causes of the case; or new names, each with a mapping in the form of a cause.
        read: Reads a cause, from its name or a mapping.

    Raises:
        CommandError: The question has no answer.
    """
    problems: list[str] = []
    interventions: dict[str, Intervention] = {}
    named = causes if isinstance(causes, Mapping) else {name: name for name in causes}
    for name, cause in named.items():
        try:
            interventions[name] = cause if isinstance(cause, Intervention) else read(cause)
        except CommandError as error:
            problems.append(str(error))
    if not named:
        problems.append("Name at least one cause to undo.")
    if len(outcome) != 1:
        problems.append("`why` explains one outcome: give one node and its value.")
    for node, value in outcome.items():
        problems += _not_a_value(lowered, node, value)
    if problems:
        raise CommandError("\n".join(problems))
    [(node, value)] = outcome.items()
    obstacles = find_obstacles((node, value), interventions, lowered.record, lowered.diagram)
    if obstacles:
        messages = [
            f"{trouble.cause}: {trouble.message}" if trouble.cause else _sentence(trouble.message)
            for trouble in obstacles
        ]
        raise CommandError("\n".join(messages))
    return WhyQuestion((node, value), interventions)


def _not_a_value(lowered: Lowered, node: NodeName, value: Value) -> list[str]:
    domains = lowered.diagram.domains
    if node not in domains:
        return [f"No node is called '{node}'.{did_you_mean(str(node), list(domains))}"]
    known = [v for v in domains[node] if v != NOT_APPLICABLE]
    if value in known:
        return []
    return [f"{node} cannot be '{value}'.{explain_no_value(value, known, lists_all=True)}"]


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
