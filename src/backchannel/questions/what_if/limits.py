"""Which what-ifs are too large, known before anything is solved."""

from __future__ import annotations

from backchannel.case.lowered import Lowered
from backchannel.language.errors import TooLargeError
from backchannel.questions.counterfactuals.limits import claim_past


def too_large(lowered: Lowered) -> list[str]:
    """Say which what-ifs a run cannot answer in the memory there is."""
    problems = []
    for question in lowered.questions:
        if question.kind == "what_if":
            try:
                claim_past(lowered, [lowered.interventions[question.intervention]])
            except TooLargeError as error:
                problems.append(f"questions.{question.name}: {error}")
    return problems
