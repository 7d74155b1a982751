"""The update report: a document that compares two states of a case."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from backchannel.wording.pieces import Bounds, Day, Piece

UPDATE_VERSION = "1.1"


class ValueUpdate(Piece):
    """One value's forecast in both states."""

    value: str | int | float
    label: str
    before: float
    after: float
    word_before: str
    word_after: str
    low: float = Field(description="After: 5% of the weighted draws lie below.")
    high: float = Field(description="After: 5% of the weighted draws lie above.")
    bounds_before: Bounds | None = Field(
        default=None,
        description="The probability before, with left-out draws counted as 0 and as 1.",
    )
    bounds: Bounds | None = Field(default=None, description="The same, after.")


class NodeUpdate(Piece):
    """One node's forecast in both states."""

    node: str
    title: str
    date: Day | None
    distance: float = Field(
        description="Total variation distance: the largest change in the probability of any event about it."
    )
    values: list[ValueUpdate]


class AssumptionUpdate(Piece):
    """An assumption whose distribution changed."""

    parameter: str
    label: str
    before: float = Field(description="Mean given the record, before.")
    after: float
    low: float
    high: float
    in_sds: float = Field(description="Change of the mean, in standard deviations before.")


class ClaimUpdate(Piece):
    """A claim whose verdict changed."""

    id: str
    says: str
    before: str
    after: str
    support_before: float | None
    support_after: float | None


class NewsSurpriseView(Piece):
    """How likely the news was, in the true case or to one player."""

    player: str | None = Field(description="Null: in the true case.")
    title: str
    probability: float
    bits: float | None = Field(
        description="−log2 of the probability; null if the news was impossible."
    )


class CaseDifference(Piece):
    """A place in which two versions of a case differ."""

    kind: Literal["added", "removed", "changed"]
    where: str
    before: Any
    after: Any


class UpdateReport(Piece):
    """What changed between two states of a case, and what that did to the answers."""

    document: Literal["backchannel-moved"] = "backchannel-moved"
    version: str = UPDATE_VERSION
    case: str
    headline: list[str] = Field(description="Sentences.")
    news: list[dict[str, Any]] = Field(description="New entries of the record.")
    differences: list[CaseDifference]
    forecasts: list[NodeUpdate] = Field(description="Largest change first.")
    assumptions: list[AssumptionUpdate] = Field(
        description="Largest change first; changes within simulation noise are left out."
    )
    claims: list[ClaimUpdate] = Field(description="Only those whose verdict changed.")
    surprises: list[NewsSurpriseView]
    draws: int
    effective_before: float
    effective_after: float
    left_out_before: float = Field(default=0.0, description="Share of draws that did not converge.")
    left_out: float = Field(default=0.0, description="The same, after.")
    caption: str = Field(description="What is shown, how many draws, and what would change it.")
