"""Which claims are too large to be tested, known before anything is solved."""

from __future__ import annotations

from collections.abc import Iterator

from backchannel.case.lowered import Lowered
from backchannel.diagram.claim_tests import Claim
from backchannel.diagram.surgery import Intervention
from backchannel.language.errors import TooLargeError
from backchannel.questions.counterfactuals.limits import claim_past


def too_large(lowered: Lowered) -> list[str]:
    """Say which claims a run cannot test in the memory there is."""
    problems = []
    for claim in lowered.claims:
        try:
            claim_past(lowered, _changes(lowered, claim))
        except TooLargeError as error:
            problems.append(f"The claim {claim.name}: {error}")
    return problems


def _changes(lowered: Lowered, claim: Claim) -> Iterator[Intervention]:
    """Everything that the test of a claim changes."""
    for quantity in claim.test.quantities:
        yield from (lowered.interventions[name] for name in quantity.interventions)
        if quantity.do:
            yield Intervention(do=quantity.do)
