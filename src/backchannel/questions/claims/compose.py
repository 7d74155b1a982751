"""Put verdicts on claims into the document's words."""

from __future__ import annotations

import numpy as np

from backchannel.questions.claims.document import ClaimFinding, ClaimsPart
from backchannel.questions.claims.verdicts import Claims, TestedClaim
from backchannel.questions.composing import Composing, influence
from backchannel.questions.forecast.outside_compose import carried_text
from backchannel.wording.claim_words import claim_words
from backchannel.wording.pieces import clean, clean_or_none, cleaned


def compose(composing: Composing, claims: Claims) -> ClaimsPart:
    """Compose every claim of the case."""
    return ClaimsPart(claims=[compose_claim(composing, tested) for tested in claims])


def compose_claim(composing: Composing, tested: TestedClaim) -> ClaimFinding:
    """Put the verdict on one claim into the document's words."""
    claim = tested.claim
    left, right = tested.sides or (None, None)
    difference, low, high = tested.difference or (None, None, None)
    other = tested.independent
    return ClaimFinding(
        id=claim.name,
        says=claim.says,
        source=claim.source,
        at=claim.at,
        test=claim.test.text,
        test_words=claim_words(composing.wording, claim),
        verdict=tested.verdict.value,
        support=clean_or_none(tested.support),
        prior_support=clean_or_none(tested.prior_support),
        left=clean_or_none(left),
        right=clean_or_none(right),
        difference=clean_or_none(difference),
        low=clean_or_none(low),
        high=clean_or_none(high),
        margin=claim.margin,
        hinges_on=influence(tested.hinges_on, composing.wording) if tested.hinges_on else None,
        left_out=clean(tested.left_out),
        support_bounds=cleaned(tested.support_bounds) if np.isfinite(tested.support) else None,
        verdicts=[verdict.value for verdict in tested.verdicts],
        record_before=tested.cut,
        base_rates=_base_rates(composing, tested),
        verdict_independent=other.verdict.value if other else None,
        support_independent=clean_or_none(other.support) if other else None,
        left_independent=clean_or_none(other.sides[0]) if other and other.sides else None,
        right_independent=clean_or_none(other.sides[1]) if other and other.sides else None,
    )


def _base_rates(composing: Composing, tested: TestedClaim) -> str:
    """Which base rates a test with a change carries; empty without a change, or where none has a say."""
    if tested.carried is None:
        return ""
    lowered, wording = composing.lowered, composing.wording
    return carried_text(lowered, wording, tested.carried, who="the test carries")
