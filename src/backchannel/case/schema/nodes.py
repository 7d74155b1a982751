"""Keys of nodes and interests, and of the block that repeats them in rounds."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field, model_validator

from backchannel.case.schema.parts import (
    CaseEntry,
    Day,
    DayOrMonth,
    ExpressionText,
    NamesOrOne,
    Scalar,
    ValueKey,
    Weights,
    Words,
)
from backchannel.case.schema.reasons import Reasons
from backchannel.case.schema.rounds import Count, Grid, Length, Period, RoundDay, Start
from backchannel.case.schema.written_names import Name


class NodeEntry(CaseEntry):
    """A variable: exactly one of `chance`, `player` and `derived`."""

    title: Words = Field("", description="Label for tables and pictures.")
    about: Words = Field("", description="What the node means, in a sentence.")
    domain: list[Scalar] = Field([], description="Ordered values: words or numbers.")
    grid: Grid | None = Field(
        None,
        description="Ordered numbers; a derived number is split between its two neighbours so that its mean is kept.",
    )
    values: dict[ValueKey, Words] = Field({}, description="What each value means.")
    at: DayOrMonth | None = Field(
        None, description="Day on which the node comes about; a month counts as its last day."
    )
    when: ExpressionText | None = Field(
        None, description="The node exists only if this holds; otherwise it is n/a."
    )
    why: Reasons = []
    resolves: Words | dict[ValueKey, Words] | None = Field(
        None, description="The public test, and its date, by which the outcome will be known."
    )
    chance: bool | None = None
    probability: Weights | None = None
    odds: Weights | None = None
    player: Words | None = None
    sees: list[Words] | None = Field(
        None, description="What the player knows when it decides; see `information`."
    )
    hidden_from: NamesOrOne = Field(
        [], description="With `information: public`, players who do not learn the value."
    )
    allowed: dict[ValueKey, ExpressionText] | None = None
    derived: ExpressionText | None = None

    repeats: ClassVar[bool] = False
    """Whether the node stands in `rounds`."""

    @model_validator(mode="after")
    def _is_one_kind(self) -> NodeEntry:
        if not self.domain and self.grid is None:
            raise ValueError("has no `domain`. List the values that it can have, at least one.")
        if self.grid is not None and (self.domain or self.derived is None):
            raise ValueError("has a `grid`, which only a derived node without a `domain` can have.")
        kinds = [self.chance is not None, self.player is not None, self.derived is not None]
        if sum(kinds) != 1:
            raise ValueError(
                "needs exactly one of `chance: true`, `player: NAME` and `derived: EXPRESSION`."
            )
        foreign = {
            "sees": self.sees is not None and self.player is None,
            "allowed": self.allowed is not None and self.player is None,
            "probability": self.probability is not None and not self.chance,
            "odds": self.odds is not None and not self.chance,
        }
        for key, wrong in foreign.items():
            if wrong:
                owner = (
                    "a decision (`player: NAME`)"
                    if key in ("sees", "allowed")
                    else "`chance: true`"
                )
                raise ValueError(f"has `{key}`, which only {owner} can have.")
        if self.chance is False:
            raise ValueError("has `chance: false`. Write `chance: true`, or leave it out.")
        if self.chance and (self.probability is None) == (self.odds is None):
            raise ValueError("is a chance node and needs exactly one of `probability` and `odds`.")
        if self.player is not None and self.at is None and not self.repeats:
            raise ValueError(
                "is a decision and needs its day or month: `at: YYYY-MM-DD` or `at: YYYY-MM`."
            )
        return self


class InterestEntry(CaseEntry):
    """What one player wants: a worth in the utility unit."""

    player: Words
    worth: (
        ExpressionText
        | Annotated[dict[ValueKey, Any], Field(description="A table, or an order with `ranks`.")]
    )
    about: Words = ""
    why: Reasons = []


class RoundNodeEntry(NodeEntry):
    """A node of `rounds`, which repeats; `NAME@prev` is its value in the previous round."""

    start: Start | None = Field(None, description="The value before round 1.")
    day: RoundDay | None = Field(
        None, description="Day of the round on which the node comes about."
    )

    repeats: ClassVar[bool] = True

    @model_validator(mode="after")
    def _is_dated_by_round(self) -> RoundNodeEntry:
        if self.at is not None:
            raise ValueError(
                "is repeated in every round, so it cannot have `at`. Give its `day` of the round."
            )
        return self


class RoundInterestEntry(InterestEntry):
    """What one player wants in every round."""

    last: ExpressionText | Annotated[dict[ValueKey, Any], Field(description="A table.")] | None = (
        Field(
            None,
            description="The worth of everything after the last round, seen from the next round.",
        )
    )


class RoundsEntry(CaseEntry):
    """Nodes and interests that repeat, and the dates of the rounds."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    n: Count = Field(description="Number of rounds.")
    every: Period = Field(description="Length of a round: week, month, quarter, 10 days.")
    begins: Day | None = Field(
        None, alias="from", description="First day of round 1; by default the day after `as_of`."
    )
    length: Length = Field(
        {},
        description="By one node of the block and its values, how many periods a round lasts; 1 if left out.",
    )
    nodes: dict[Name, RoundNodeEntry] = Field(min_length=1)
    interests: dict[Name, RoundInterestEntry] = {}
