"""Verdicts on claims, and what each verdict rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from backchannel.diagram.claim_tests import Claim
from backchannel.language.names import NodeName
from backchannel.questions.unanswered import Unanswered
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd

    from backchannel.questions.statistics.influence import RankedAssumption

BUILT_IN = 0.999
"""Share of prior draws from which a claim counts as assumed by the case, not shown."""


VERDICT_LIMITS = (0.1, 0.4, 0.6, 0.9)
"""Shares of the draws at which the verdict changes, from contradicted to borne out."""


class Verdict(StrEnum):
    """What the case says of a claim."""

    BORNE_OUT = "borne out"
    LEANS = "leans towards it"
    OPEN = "open"
    LEANS_AGAINST = "leans against it"
    CONTRADICTED = "contradicted"
    NO_DIFFERENCE = "no difference"
    BUILT_IN = "built in"


@dataclass(frozen=True)
class TestedClaim:
    """The verdict on one claim, and what it rests on."""

    claim: Claim
    verdict: Verdict
    support: float
    """Weighted share of draws in which the test holds."""
    prior_support: float
    """The same share before the record: draws unweighted."""
    sides: tuple[float, float] | None
    """Weighted means of the two sides, where the test compares two numbers."""
    difference: tuple[float, float, float] | None
    """Left side minus right side: the mean, and the 5–95% range over draws."""
    hinges_on: RankedAssumption | None
    """The assumption that moves it most; `None` if none stands out from chance."""
    left_out: float
    """Share of draws left out because play did not converge in some world of the test."""
    support_bounds: tuple[float, float]
    """The support if the test failed in all left-out draws, and if it held in all."""
    verdicts: tuple[Verdict, ...]
    """The verdict with those at both bounds; a single one where left-out draws do not matter."""
    cut: date | None
    """The test uses the record before this day; `None`: the whole record."""
    independent: TestedClaim | None = None
    """Of a counterfactual: the same with independent shocks, the other extreme of what no record can show."""
    carried: tuple[NodeName, ...] | None = None
    """Of a test with a change: nodes whose base rates enter, which come about before it; `None` without a change,
    where all enter."""


@dataclass(frozen=True)
class Claims(Result):
    """The verdicts on a case's claims."""

    findings: Sequence[TestedClaim]
    unanswered: Sequence[Unanswered] = ()
    """The claims that could not be tested."""

    def __iter__(self) -> Iterator[TestedClaim]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def to_frame(self) -> pd.DataFrame:
        """One row per claim."""
        import pandas as pd

        rows = [
            {
                "claim": finding.claim.name,
                "says": finding.claim.says,
                "verdict": finding.verdict.value,
                "support": finding.support,
                "at least": finding.support_bounds[0],
                "at most": finding.support_bounds[1],
                "independent": (finding.independent or finding).support,
                "difference": finding.difference[0] if finding.difference else None,
                "hinges on": finding.hinges_on.parameter if finding.hinges_on else "",
            }
            for finding in self.findings
        ]
        return pd.DataFrame(rows)


def grade(support: float, prior_support: float) -> Verdict:
    """Grade a claim by the share of draws in which its test holds.

    >>> grade(0.95, 0.8).value
    'borne out'
    """
    if prior_support >= BUILT_IN:
        return Verdict.BUILT_IN
    contradicted, against, leans, borne_out = VERDICT_LIMITS
    if support >= borne_out:
        return Verdict.BORNE_OUT
    if support > leans:
        return Verdict.LEANS
    if support >= against:
        return Verdict.OPEN
    if support > contradicted:
        return Verdict.LEANS_AGAINST
    return Verdict.CONTRADICTED
