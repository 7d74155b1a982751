"""Errors for users: each names the place, the problem and the remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST_PROBLEMS = 100
"""How many problems of one case are listed; the rest are only counted."""
MOST_COUNTED = 2_000
"""How many problems of one case are counted; then its check ends."""
COUNTING_ENDED = "The check of the case ended there."
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
    """One error or warning: its place, what is wrong, and what to do about it."""

    place: Place
    message: str

    @property
    def short(self) -> str:
        """The message, with its middle cut out if it is very long."""
        message = self.message
        if len(message) <= LONGEST_MESSAGE:
            return message
        return f"{message[: LONGEST_MESSAGE * 2 // 3]} … {message[-LONGEST_MESSAGE // 3 :]}"

    def __str__(self) -> str:
        return f"{self.place}: {self.short}" if str(self.place) else self.short


class BackchannelError(Exception):
    """An error that a user can fix; its text is written for the user."""

    exit_code = 2

    def __reduce__(self) -> Any:
        """Travel between processes as it is: some errors are made from other arguments than they keep."""
        return _restored, (type(self), self.args, vars(self))


def _restored(
    kind: type[BackchannelError], arguments: tuple[Any, ...], fields: dict[str, Any]
) -> BackchannelError:
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(fields)
    return error


class CaseError(BackchannelError):
    """The case cannot be run; `problems` lists the reasons, at most 100."""

    exit_code = 1

    def __init__(self, problems: Sequence[Problem], *, unchecked: str = "") -> None:
        """Sort the problems by their places.

        Args:
            problems: What is wrong.
            unchecked: A sentence that says why a part of the case was not checked; empty where all of it was.
        """
        self.counted = tuple(sorted(problems, key=lambda problem: problem.place))
        """Every problem that was found, also those that are not listed."""
        self.unchecked = unchecked
        self.problems = self.counted[:MOST_PROBLEMS]
        n = len(self.counted)
        count = f"At least {n:,}" if unchecked else f"{n:,}"
        count += f" problem{'s' if n != 1 else ''}"
        listed = f"; {len(self.problems)} are listed" if n > MOST_PROBLEMS else ""
        reason = f" {unchecked}" if unchecked else ""
        self.not_listed = f"{count}{listed}.{reason}" if listed or unchecked else ""
        lines = [*map(str, self.problems), f"{count}{listed}.{reason} Nothing was run."]
        super().__init__("\n".join(lines))


class CommandError(BackchannelError):
    """The question is wrong: an unknown name, a value outside a domain, a bad option.

    A message of several lines lists one problem on each; after 100, the rest are only counted.
    """

    exit_code = 2

    def __init__(self, message: str) -> None:
        lines = message.split("\n", MOST_PROBLEMS)
        if len(lines) > MOST_PROBLEMS:
            n_more = lines.pop().count("\n") + 1
            lines.append(f"{n_more + MOST_PROBLEMS:,} problems; {MOST_PROBLEMS} are listed.")
        super().__init__("\n".join(lines))


class TooLargeError(BackchannelError):
    """The request needs more memory than is allowed; nothing was allocated."""

    exit_code = 2


class ConvergenceError(BackchannelError):
    """Too few draws converged to give an answer."""

    exit_code = 3


class ExpressionError(BackchannelError):
    """The text is not a valid expression; `column` counts from 1 within it."""

    exit_code = 1

    def __init__(self, message: str, column: int = 1) -> None:
        self.message = message
        self.column = column
        super().__init__(message)


class MechanismError(BackchannelError):
    """In some context of some draw, a mechanism gives numbers that are not probabilities."""

    exit_code = 1

    def __init__(self, node: str, message: str) -> None:
        self.node = node
        self.message = message
        super().__init__(f"nodes.{node}: {message}")


class RecordError(BackchannelError):
    """The record contradicts the case; `entry` counts from 0."""

    exit_code = 1

    def __init__(self, entry: int, message: str) -> None:
        self.entry = entry
        self.message = message
        super().__init__(f"record[{entry + 1}]: {message}")
