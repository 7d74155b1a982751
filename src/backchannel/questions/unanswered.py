"""Questions that could not be answered: each costs its own answer, and the rest of the run goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from backchannel.language.errors import CommandError, ConvergenceError, TooLargeError

Item = TypeVar("Item")
Answered = TypeVar("Answered")


@dataclass(frozen=True)
class Unanswered:
    """A question of a run without an answer."""

    kind: Literal["why", "deal"]
    """The kind of question."""
    name: str
    """The deal, or the question of the case."""
    reason: str
    """Why it could not be answered, and what to do, for the user."""


def answer_each(
    kind: Literal["why", "deal"],
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
        except (CommandError, ConvergenceError, TooLargeError) as error:
            answers.append(Unanswered(kind, name, str(error)))
    return answers


def answered(answers: Sequence[Answered | Unanswered]) -> list[Answered]:
    """The answers alone, without the questions that have none."""
    return [answer for answer in answers if not isinstance(answer, Unanswered)]
