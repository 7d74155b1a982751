"""The keys of `deals:` in the case file."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from backchannel.case.schema.parts import Day, ExpressionText, Name, NodeRef, Reasons, Scalar, Words


def _alternatives(value: Any) -> Any:
    if value == []:
        raise ValueError("is an empty list; give at least one value.")
    return value if isinstance(value, list) else [value]


Alternatives: TypeAlias = Annotated[
    list[Scalar],
    BeforeValidator(_alternatives, json_schema_input_type=Scalar | list[Scalar]),
]
"""One value of a node, or a list of which each package takes one."""

Amounts: TypeAlias = Annotated[
    list[ExpressionText],
    BeforeValidator(_alternatives, json_schema_input_type=ExpressionText | list[ExpressionText]),
]
"""A number or an expression over parameters, or a list of which each package takes one."""


class _Piece(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DealStepEntry(_Piece):
    """One step of a deal: what is done in it."""

    do: dict[NodeRef, Alternatives] = Field(
        description="Decisions and what is promised; a list means alternatives.",
        json_schema_extra={"minProperties": 1},
    )
    about: Words = ""


class GuaranteeEntry(_Piece):
    """A payment for keeping, or a punishment for breaking, by a party or a third."""

    by: Words | None = Field(
        None, description="The player that gives it; nobody in the case, if left out."
    )
    pays: dict[Name, Amounts] | None = None
    punishes: dict[Name, Amounts] | None = None
    when: Literal["kept", "breach"] | None = None
    after: int | None = Field(None, ge=1, description="Paid when this step has been kept, from 1.")
    costs: Amounts | None = Field(
        None,
        description="What it costs `by`: what it pays, if left out; a punishment costs nothing.",
    )
    about: Words = ""

    @model_validator(mode="after")
    def _is_one_kind(self) -> GuaranteeEntry:
        if (self.pays is None) == (self.punishes is None):
            raise ValueError("needs exactly one of `pays` and `punishes`.")
        if self.punishes is not None and (self.when == "kept" or self.after is not None):
            raise ValueError("has `punishes`, which falls due on a `breach` only.")
        if self.after is not None and self.when == "breach":
            raise ValueError("has `after`, and cannot wait for a `breach` as well.")
        if self.costs is not None and self.by is None:
            raise ValueError("has `costs`, and needs the player that bears them: `by`.")
        return self


class DealEntry(_Piece):
    """A family of packages: parties, dated steps, penalties and guarantees."""

    title: Words = ""
    about: Words = ""
    parties: list[Words] = Field(json_schema_extra={"minItems": 2})
    at: Day | None = Field(
        None, description="Day of the deal; that of its first step, if left out."
    )
    steps: list[DealStepEntry] = Field(json_schema_extra={"minItems": 1})
    breach: dict[Name, Amounts] = Field(
        {}, description="What a party loses when it breaks the deal; a list means alternatives."
    )
    guarantees: list[GuaranteeEntry] = []
    why: Reasons = []

    @model_validator(mode="after")
    def _is_a_deal(self) -> DealEntry:
        if len(self.parties) < 2:
            raise ValueError("needs at least two `parties`.")
        if not self.steps or not all(step.do for step in self.steps):
            raise ValueError("needs at least one step, and something to `do` in each.")
        return self
