"""What can go wrong, in the user's words: place, problem and remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_PROBLEMS = 100
"""Problems of one case that are listed; what comes after is counted."""
LONGEST_MESSAGE = 1_000
"""Characters of a problem that are shown."""


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file; line and column count from 1, 0 means the whole file."""

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong (or odd), where it stands, and what to do about it."""

    place: Place
    message: str

    @property
    def short(self) -> str:
        """The message, without its middle where it is very long: it may quote what was typed."""
        message = self.message
        if len(message) <= LONGEST_MESSAGE:
            return message
        return f"{message[: LONGEST_MESSAGE * 2 // 3]} … {message[-LONGEST_MESSAGE // 3 :]}"

    def __str__(self) -> str:
        return f"{self.place}: {self.short}" if str(self.place) else self.short


class BackchannelError(Exception):
    """Anything that a user can mend; its text is meant to be read by one."""

    exit_code = 2


class CaseError(BackchannelError):
    """The case cannot be run; `problems` holds the reasons that were found, at most 100."""

    exit_code = 1

    def __init__(self, problems: Sequence[Problem], *, are_all: bool = True) -> None:
        """Keep the problems in order of their places.

        Args:
            problems: What is wrong.
            are_all: The search went on to the end.
        """
        found = sorted(problems, key=lambda problem: problem.place)
        self.problems = tuple(found[:MOST_PROBLEMS])
        n = len(found)
        count = f"{n:,} problem{'s' if n != 1 else ''}" if are_all else f"At least {n:,} problems"
        listed = f"; {len(self.problems)} are listed" if n > MOST_PROBLEMS or not are_all else ""
        self.not_listed = f"{count}{listed}." if listed else ""
        lines = [*map(str, self.problems), f"{count}{listed}. Nothing was run."]
        super().__init__("\n".join(lines))


class CommandError(BackchannelError):
    """The question is wrong: an unknown name, a value outside a domain, a bad option."""

    exit_code = 2


class TooLargeError(BackchannelError):
    """What was asked for would take more memory than it may; nothing was allocated."""

    exit_code = 2


class ConvergenceError(BackchannelError):
    """Too few draws were solved for any answer to be given."""

    exit_code = 3


class ExpressionError(BackchannelError):
    """An expression is not in the language; `column` counts from 1 within its text."""

    exit_code = 1

    def __init__(self, message: str, column: int = 1) -> None:
        self.message = message
        self.column = column
        super().__init__(message)


class MechanismError(BackchannelError):
    """A mechanism gives numbers that are no probabilities, in some context of some draw."""

    exit_code = 1

    def __init__(self, node: str, message: str) -> None:
        self.node = node
        self.message = message
        super().__init__(f"nodes.{node}: {message}")


class RecordError(BackchannelError):
    """The record says something that the case rules out; `entry` counts from 0."""

    exit_code = 1

    def __init__(self, entry: int, message: str) -> None:
        self.entry = entry
        self.message = message
        super().__init__(f"record[{entry + 1}]: {message}")
