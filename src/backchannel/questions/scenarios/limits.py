"""Which scenarios are too large, known before anything is solved."""

from __future__ import annotations

from backchannel.case.lowered import Lowered
from backchannel.language.errors import TooLargeError
from backchannel.questions.counterfactuals.limits import claim_past


def too_large(lowered: Lowered) -> list[str]:
    """Say which scenarios a run cannot compare in the memory there is."""
    problems = []
    for name, made in lowered.scenarios.items():
        if made.intervention is not None:
            try:
                claim_past(lowered, [made.intervention])
            except TooLargeError as error:
                problems.append(f"scenarios.{name}: {error}")
    return problems
