"""Collect the problems and warnings of a case, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from backchannel.case.lower.rounds import message_for_every_round, path_in_file
from backchannel.case.read.case_file import path_text
from backchannel.case.read.document import Document, KeyPath
from backchannel.language.errors import MOST_PROBLEMS, CaseError, Place, Problem


@dataclass
class CaseReport:
    """Collects problems and warnings, so that all are reported at once.

    After `MOST_PROBLEMS` problems it raises them; it keeps as many warnings.
    """

    document: Document
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    _known: set[Problem] = field(default_factory=set)

    def error(self, path: KeyPath, message: str, *, column: int | None = None) -> None:
        """Add a problem with the value at a path, or with one character of it."""
        message = message_for_every_round(message, path)
        path = path_in_file(path, self.document.values)
        place = (
            self.document.place_of_value(path)
            if column is None
            else self.document.place_inside(path, column)
        )
        self._add(self.problems, Problem(place, f"{path_text(path)}: {message}"))
        if len(self.problems) > MOST_PROBLEMS:
            raise CaseError(self.problems[:-1], are_all=False)

    def warn(self, path: KeyPath, message: str) -> None:
        """Add a warning, which does not prevent the case from running."""
        message = message_for_every_round(message, path)
        path = path_in_file(path, self.document.values)
        place = self.document.place(path)
        if len(self.warnings) == MOST_PROBLEMS:
            place, message = Place(place.file), "there are more warnings than are listed here."
            self._add(self.warnings, Problem(place, message))
        elif len(self.warnings) < MOST_PROBLEMS:
            self._add(self.warnings, Problem(place, f"{path_text(path)}: {message}"))

    def raise_if_problems(self) -> None:
        """Raise the problems if there are any."""
        if self.problems:
            raise CaseError(self.problems)

    def _add(self, notes: list[Problem], problem: Problem) -> None:
        if problem not in self._known:
            self._known.add(problem)
            notes.append(problem)
