"""A run: every question of the registry asked of one case, in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backchannel.ensemble.certificate import Evidence, certify_ensemble, spot_check
from backchannel.ensemble.change import Changed
from backchannel.ensemble.quantities import mean_worths
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.questions.registry import questions


@dataclass(frozen=True)
class Findings:
    """What a run found out, before it is put into words."""

    case: SolvedCase
    changed: Sequence[Changed]
    """The changed worlds that were solved."""
    evidence: Evidence
    """What the certificate says of all of them."""
    worths: Mapping[str, float]
    """What each interest is expected to be worth given the record, mean over the weighted draws."""
    by_question: Mapping[str, Any]
    """What each question's `ask` found, by the question's name."""


def ask_all(case: SolvedCase) -> Findings:
    """Ask a case everything that a run answers."""
    asked = [question for question in questions() if question.ask]
    worlds = [
        world
        for question in asked
        if question.worlds
        for world in question.part(question.worlds)(case.lowered)
    ]
    changed = case.prepare(worlds)
    found: dict[str, Any] = {}
    for question in asked:
        assert question.ask is not None
        found[question.name] = question.part(question.ask)(case, found)
    evidence = certify_ensemble(case.ensemble)
    spot_check(evidence, changed)
    return Findings(case, changed, evidence, mean_worths(case.ensemble), found)
