"""Put verdicts on claims into the document's words."""

from __future__ import annotations

import numpy as np

from backchannel.questions.claims.ask import Claims, Finding
from backchannel.questions.claims.document import ClaimFinding, ClaimsPart
from backchannel.questions.composing import Composing, influence
from backchannel.wording.pieces import clean, clean_or_none, cleaned


def compose(composing: Composing, found: Claims) -> ClaimsPart:
    """Every claim of the case."""
    return ClaimsPart(claims=[compose_claim(composing, finding) for finding in found])


def compose_claim(composing: Composing, finding: Finding) -> ClaimFinding:
    """One claim's verdict."""
    claim = finding.claim
    left, right = finding.sides or (None, None)
    difference, low, high = finding.difference or (None, None, None)
    return ClaimFinding(
        id=claim.name,
        says=claim.says,
        source=claim.source,
        at=claim.at,
        test=claim.test.text,
        verdict=finding.verdict.value,
        support=clean_or_none(finding.support),
        prior_support=clean_or_none(finding.prior_support),
        left=clean_or_none(left),
        right=clean_or_none(right),
        difference=clean_or_none(difference),
        low=clean_or_none(low),
        high=clean_or_none(high),
        margin=claim.margin,
        hinges_on=influence(finding.hinges_on, composing.wording) if finding.hinges_on else None,
        left_out=clean(finding.left_out),
        support_bounds=cleaned(finding.support_bounds) if np.isfinite(finding.support) else None,
        verdicts=[verdict.value for verdict in finding.verdicts],
        record_before=finding.cut,
    )
