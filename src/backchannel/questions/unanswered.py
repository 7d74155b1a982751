"""Questions that could not be answered: each costs its own answer, and the rest of the run goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from backchannel.language.errors import CommandError, ConvergenceError, TooLargeError

Item = TypeVar("Item")
Answered = TypeVar("Answered")

WITHOUT_ANSWER = (CommandError, ConvergenceError, TooLargeError)
"""The errors that say why a question has no answer; any other is a fault of the program."""


@dataclass(frozen=True)
class Unanswered:
    """A question of a run without an answer."""

    kind: str
    """`why`, `deal`, `what_if`, `scenario` or `claim`; or a question of the registry that has no answer at all."""
    name: str
    """The deal, the claim, the part or question of the case; empty for a question of the registry."""
    reason: str
    """Why it could not be answered, and what to do, for the user."""


def answer_each(
    kind: str,
    asked: Iterable[tuple[str, Item]],
    answer: Callable[[Item], Answered],
) -> list[Answered | Unanswered]:
    """Answer several questions; one that cannot be answered does not end the others.

    Args:
        kind: The kind of question.
        asked: The name of each question, and what to answer.
        answer: Answers one of them.
    """
    answers: list[Answered | Unanswered] = []
    for name, question in asked:
        try:
            answers.append(answer(question))
        except WITHOUT_ANSWER as error:
            answers.append(Unanswered(kind, name, str(error)))
    return answers


def answered(answers: Sequence[Answered | Unanswered]) -> list[Answered]:
    """The answers alone, without the questions that have none."""
    return [answer for answer in answers if not isinstance(answer, Unanswered)]


def unanswered_in(results: Mapping[str, Any]) -> list[Unanswered]:
    """The questions that could not be answered, among results by question name."""
    return [missing for result in results.values() for missing in _missing(result)]


def _missing(result: Any) -> Iterator[Unanswered]:
    if isinstance(result, Unanswered):
        yield result
        return
    parts = result.values() if isinstance(result, Mapping) else result
    if isinstance(parts, Iterable):
        yield from (part for part in parts if isinstance(part, Unanswered))
    yield from getattr(result, "unanswered", ())
