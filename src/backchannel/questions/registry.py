"""The registry of questions: the answers document, the commands, the page and `Study` all use it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from backchannel.questions.question import Question

if TYPE_CHECKING:
    from backchannel.case.lowered import Lowered

ROOMS = (
    "forecast",
    "rounds",
    "what_if",
    "scenarios",
    "trade",
    "why",
    "deals",
    "claims",
    "review",
    "rivals",
    "surprise",
    "reasoning",
    "sensitivity",
    "watch",
    "branches",
    "update",
    "merge",
)
"""The questions of the package, in the order in which a run asks and shows them."""

_added: list[Question] = []


def questions() -> tuple[Question, ...]:
    """Every question: those of the package, then those that were registered."""
    rooms = (import_module(f"backchannel.questions.{room}") for room in ROOMS)
    return (*(room.QUESTION for room in rooms), *_added)


def register(question: Question) -> None:
    """Add a question to the registry.

    Raises:
        ValueError: A question has this name already.
    """
    if question.name in {known.name for known in questions()}:
        raise ValueError(f"There is a question called '{question.name}' already.")
    _added.append(question)


@contextmanager
def registered(question: Question) -> Iterator[None]:
    """Add a question, and remove it at the end of the block."""
    register(question)
    try:
        yield
    finally:
        _added.remove(question)


def method(name: str) -> Any:
    """The function behind a method of `Study`."""
    for question in questions():
        if name in question.methods:
            return question.part(question.methods[name])
    raise KeyError(name)


def limits(lowered: Lowered) -> list[str]:
    """A sentence for each question of a case that is too large to be answered, before it is solved."""
    return [
        limit
        for question in questions()
        if question.limits is not None
        for limit in question.part(question.limits)(lowered)
    ]
