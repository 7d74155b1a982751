"""The merge report: where two versions of a case agree and differ, and what moves the answer."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from backchannel.wording.pieces import Facts, Piece


class AgreedSection(Piece):
    """How much of one section is the same in both versions."""

    section: str
    entries: int


class DisagreementView(Piece):
    """One place in which the versions differ."""

    kind: Literal["structure", "numbers", "record", "questions", "words"]
    where: str
    first: Any
    second: Any
    in_first: bool
    in_second: bool
    changed_by: Literal["first", "second", "both", "unknown"] = Field(
        description="Who changed it since the base; unknown without a base."
    )


class GroupValue(Piece):
    """What a group of disagreements does to one value of the outcome."""

    value: str | int | float
    label: str
    share: float = Field(description="Its Shapley share of the difference between the two answers.")
    error: float = Field(description="Standard error of the share over draws.")
    alone: float = Field(
        description="The difference where it alone is switched in the first version."
    )


class GroupView(Piece):
    """Disagreements that are switched together."""

    entries: list[str]
    title: str
    distance: float = Field(description="Total variation distance of its share.")
    values: list[GroupValue]


class OutcomeValue(Piece):
    """One value of the outcome in both versions."""

    value: str | int | float
    label: str
    first: float
    second: float


class MergeView(Piece):
    """Two versions of a case compared."""

    document: Literal["backchannel-merge"] = "backchannel-merge"
    version: str = "1.0"
    first: str = Field(description="What the first version is called.")
    second: str
    has_base: bool
    sentences: list[str]
    agreed: list[AgreedSection]
    disagreements: list[DisagreementView]
    node: str | None = Field(description="The outcome; null where no effect was worked out.")
    title: str
    outcome: list[OutcomeValue]
    groups: list[GroupView] = Field(description="Those that move the outcome most first.")
    facts: Facts
