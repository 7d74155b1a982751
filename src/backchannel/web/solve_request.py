"""What to solve, and what was solved: the values that the parts of the workbench hand to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backchannel.web.case_facts import CaseFacts


@dataclass(frozen=True)
class CaseText:
    """A text without problems."""

    text: str
    file: str
    """Its path."""


@dataclass(frozen=True)
class SolveRequest:
    """A case, and the sliders with which to solve it."""

    case: CaseText
    facts: CaseFacts
    shifts: Mapping[str, float]
    text_revision: int

    def has_same_answers(self, other: SolveRequest) -> bool:
        """Whether the answers to both are the same."""
        return self.facts.case == other.facts.case and dict(self.shifts) == dict(other.shifts)


@dataclass(frozen=True)
class SolvedAnswers:
    """Answers, and the message that brings them to windows."""

    request: SolveRequest
    number: int
    """Of the task that solved them; the solver keeps its solution under it."""
    message: str
    document: str = ""
    """The answers document; of full answers only."""


@dataclass(frozen=True)
class SolvedRivals:
    """Rivals that a user asked for."""

    of: int
    """The number of the answers that they belong to."""
    message: str
    view: str
    """The part of the answers document, as JSON."""
