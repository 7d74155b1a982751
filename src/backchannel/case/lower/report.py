"""Collect the problems and warnings of a case, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from backchannel.case.lower.rounds import message_for_every_round, path_in_file
from backchannel.case.read.document import Document, KeyPath, path_text
from backchannel.language.errors import (
    COUNTING_ENDED,
    MOST_COUNTED,
    MOST_PROBLEMS,
    CaseError,
    Place,
    Problem,
)

_NAMED_IN = {
    "no node is called": ("nodes", "rounds"),
    "no decision is called": ("nodes", "rounds"),
    "there is no node, quantity or parameter": ("nodes", "rounds", "quantities", "parameters"),
    "no parameter is called": ("parameters", "players"),
    "no player is called": ("players",),
    "no interest or player is called": ("players", "interests"),
    "no source is called": ("sources",),
    "no deal is called": ("deals",),
    "no cause": ("causes", "questions"),
    "has no wrong belief": ("beliefs",),
}
"""How messages about unknown names begin, and the parts of the case in which these names stand."""


@dataclass
class CaseReport:
    """Collects problems and warnings, so that all are reported at once.

    After `MOST_COUNTED` problems it raises them; it keeps `MOST_PROBLEMS` warnings.
    """

    document: Document
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    unsure_values: set[str] = field(default_factory=set)
    """Nodes whose list of values is wrong."""
    is_too_large: bool = False
    """Some table is too large to be made."""
    _known: set[Problem] = field(default_factory=set)
    _consequences: set[Problem] = field(default_factory=set)
    """Problems that only follow from parts of the file that could not be read; they are not shown."""

    def error(
        self,
        path: KeyPath,
        message: str,
        *,
        column: int | None = None,
        is_consequence: bool = False,
    ) -> None:
        """Add a problem with the value at a path, or with one character of it.

        Args:
            path: The path of the value.
            message: What is wrong, and what to write instead.
            column: The character, counted from 1 within the value.
            is_consequence: It only follows from something that could not be read.
        """
        message = message_for_every_round(message, path)
        path = path_in_file(path, self.document.values)
        place = (
            self.document.place_of_value(path)
            if column is None
            else self.document.place_inside(path, column)
        )
        problem = Problem(place, f"{path_text(path, self.document.data)}: {message}")
        self._add(self.problems, problem)
        if is_consequence or self._is_consequence(path, message):
            self._consequences.add(problem)
        elif len(self.problems) - len(self._consequences) >= MOST_COUNTED:
            raise CaseError(self.shown, unchecked=COUNTING_ENDED)

    def too_large(self, path: KeyPath, message: str) -> None:
        """Add the problem of a table that is too large to be made."""
        self.is_too_large = True
        self.error(path, message)

    @property
    def shown(self) -> list[Problem]:
        """The problems without those that only follow from what could not be read."""
        return [problem for problem in self.problems if problem not in self._consequences]

    def doubts_values(self, name: str) -> bool:
        """Say whether the values of a node could not be read, or are wrong themselves."""
        if name in self.unsure_values:
            return True
        path = path_in_file(("nodes", name), self.document.values)
        keys = {known[: len(path) + 1] for known in self.document.doubtful}
        return bool(keys & {(*path, "domain"), (*path, "grid")})

    def doubts(self, path: KeyPath) -> bool:
        """Say whether the value at a path stands in for something that could not be read."""
        return self.document.doubts(path_in_file(path, self.document.values))

    def doubts_node(self, name: str) -> bool:
        """Say whether a node, its day or its values could not be read."""
        return self.doubts_part(("nodes", name))

    def doubts_part(self, path: KeyPath) -> bool:
        """Say whether the value at a path, or a part of it, could not be read."""
        path = path_in_file(path, self.document.values)
        return self.document.doubts(path) or any(
            known[: len(path)] == path for known in self.document.doubtful
        )

    def _is_consequence(self, path: KeyPath, message: str) -> bool:
        """Say whether a problem only follows from a part of the file that could not be read."""
        if not self.document.doubtful:
            return False
        if self.document.doubts(path):
            return True
        return any(
            start in message and any((key,) in self.document.doubtful for key in keys)
            for start, keys in _NAMED_IN.items()
        )

    def warn(self, path: KeyPath, message: str) -> None:
        """Add a warning, which does not prevent the case from running."""
        message = message_for_every_round(message, path)
        path = path_in_file(path, self.document.values)
        place = self.document.place(path)
        if len(self.warnings) == MOST_PROBLEMS:
            place, message = Place(place.file), "there are more warnings than are listed here."
            self._add(self.warnings, Problem(place, message))
        elif len(self.warnings) < MOST_PROBLEMS:
            self._add(
                self.warnings, Problem(place, f"{path_text(path, self.document.data)}: {message}")
            )

    def raise_if_problems(self) -> None:
        """Raise the problems if there are any."""
        if self.problems:
            raise CaseError(self.shown)

    def _add(self, notes: list[Problem], problem: Problem) -> None:
        if problem not in self._known:
            self._known.add(problem)
            notes.append(problem)
