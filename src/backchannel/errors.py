"""What can go wrong, in the user's words: place, problem and remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if str(self.place) else self.message


class BackchannelError(Exception):
    """Anything that a user can mend; its text is meant to be read by one."""

    exit_code = 2


class CaseError(BackchannelError):
    """The case cannot be run; `problems` holds every reason that was found."""

    exit_code = 1

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.place))
        count = f"{len(self.problems)} problem{'s' if len(self.problems) != 1 else ''}"
        lines = [*(str(problem) for problem in self.problems), f"{count}. Nothing was run."]
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
