"""A run: ask every question of the registry of one case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backchannel.ensemble.certificate import CertifiedErrors, certify_ensemble, spot_check
from backchannel.ensemble.change import ChangedWorld
from backchannel.ensemble.pooling import pooled
from backchannel.ensemble.quantities import mean_worths
from backchannel.ensemble.solved_case import SolvedCase
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
        return [
            answer
            for result in self.by_question.values()
            if isinstance(result, list)
            for answer in result
            if isinstance(answer, Unanswered)
        ]


def ask_all(case: SolvedCase) -> Findings:
    """Ask every question that a run answers."""
    asked = [question for question in questions() if question.ask]
    worlds = [
        world
        for question in asked
        if question.worlds
        for world in question.part(question.worlds)(case.lowered)
    ]
    changed = case.prepare(worlds)
    results: dict[str, Any] = {}
    for question in asked:
        assert question.ask is not None
        results[question.name] = question.part(question.ask)(case, results)
    errors = certify_ensemble(case.ensemble)
    spot_check(errors, changed)
    return Findings(case, changed, errors, mean_worths(pooled(case.ensemble)), results)
