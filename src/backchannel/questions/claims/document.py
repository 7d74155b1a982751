"""Claims in the answers document: each with its verdict and what the verdict rests on."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from backchannel.wording.pieces import Bounds, Day, Influence, Piece


class ClaimFinding(Piece):
    """A claim and its verdict."""

    id: str
    says: str
    source: str
    at: str
    test: str = Field(description="The test as the case writes it.")
    test_words: str = Field(
        default="", description="The test in a sentence; empty where it has no words."
    )
    verdict: str
    support: float | None
    prior_support: float | None
    left: float | None
    right: float | None
    difference: float | None
    low: float | None
    high: float | None
    margin: float
    hinges_on: Influence | None
    left_out: float = Field(default=0.0, description="Share of draws that did not converge.")
    support_bounds: Bounds | None = Field(
        default=None,
        description="The support if the test failed in all left-out draws, and if it held in all.",
    )
    verdicts: list[str] = Field(
        default=[],
        description="All verdicts that the left-out draws allow; only one if they do not matter.",
    )
    record_before: Day | None
    base_rates: str = Field(
        default="",
        description="Of a test with a change: which base rates enter, as a clause; empty without a change, or where "
        "none has a say.",
    )
    verdict_independent: str | None = Field(
        default=None,
        description="Of a counterfactual: the verdict with independent random shocks in every situation, the other "
        "extreme of what no record can show.",
    )
    support_independent: float | None = Field(default=None, description="The support of the same.")
    left_independent: float | None = Field(default=None, description="Its left side.")
    right_independent: float | None = Field(default=None, description="Its right side.")


class ClaimsPart(Piece):
    """The case's claims with their verdicts."""

    claims: list[ClaimFinding]


def shown_difference(claim: ClaimFinding) -> float | None:
    """The difference of both sides as they are shown beside it, with two decimals."""
    if claim.left is None or claim.right is None:
        return claim.difference
    return round(round(claim.left, 2) - round(claim.right, 2), 2)


def tally(claims: Sequence[ClaimFinding]) -> str:
    """Count the claims with each verdict."""
    counts: dict[str, int] = {}
    for claim in claims:
        counts[claim.verdict] = counts.get(claim.verdict, 0) + 1
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
