"""A run: ask every question of the registry of one case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backchannel.ensemble.certificate import CertifiedErrors, certify_ensemble, spot_check
from backchannel.ensemble.change import ChangedWorld
from backchannel.ensemble.quantities import mean_worths
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.questions.question import Question
from backchannel.questions.registry import questions
from backchannel.questions.unanswered import Unanswered


@dataclass(frozen=True)
class Findings:
    """The results of a run, before they are put into words."""

    case: SolvedCase
    changed: Sequence[ChangedWorld]
    """The changed worlds that were solved."""
    errors: CertifiedErrors
    """The largest errors of play, in the case and in the changed worlds."""
    worths: Mapping[str, float]
    """The expected worth of each interest given the record, mean over the weighted draws."""
    by_question: Mapping[str, Any]
    """The result of each question's `ask`, by question name."""

    @property
    def unanswered(self) -> list[Unanswered]:
        """The questions that could not be answered."""
        return unanswered_in(self.by_question)


def unanswered_in(results: Mapping[str, Any]) -> list[Unanswered]:
    """The questions that could not be answered, among what was found so far."""
    return [
        answer
        for result in results.values()
        if isinstance(result, list)
        for answer in result
        if isinstance(answer, Unanswered)
    ]


def ask_all(
    case: SolvedCase, *, tell: Callable[[Question, Mapping[str, Any]], None] | None = None
) -> Findings:
    """Ask every question that a run answers.

    Questions that need no changed world come first, so that their answers do not wait for those that do.

    Args:
        case: The case.
        tell: Called after each question with all results so far, by question name.
    """
    asked = [question for question in questions() if question.ask]
    worlds = [
        world
        for question in asked
        if question.worlds
        for world in question.part(question.worlds)(case.lowered)
    ]
    changed: list[ChangedWorld] | None = None
    results: dict[str, Any] = {}
    for question in asked:
        assert question.ask is not None
        if question.worlds and changed is None:
            # All together, which is faster than solving those of one question after another.
            changed = case.prepare(worlds)
        results[question.name] = question.part(question.ask)(case, results)
        if tell is not None:
            tell(question, results)
    errors = certify_ensemble(case.ensemble)
    spot_check(errors, changed or [])
    return Findings(case, changed or [], errors, mean_worths(case.ensemble), results)
