"""The keys of `deals:` in the case file."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from backchannel.case.schema.parts import (
    CaseEntry,
    DayOrMonth,
    ExpressionText,
    Scalar,
    Words,
    plain_number,
)
from backchannel.case.schema.reasons import Reasons
from backchannel.case.schema.written_names import Name, NodeRef
from backchannel.diagram.deals import Together


def _alternatives(value: Any) -> Any:
    if value == []:
        raise ValueError("is an empty list. Give at least one value.")
    return value if isinstance(value, list) else [value]


Alternatives: TypeAlias = Annotated[
    list[Scalar],
    BeforeValidator(_alternatives, json_schema_input_type=Scalar | list[Scalar]),
]
"""One value of a node, or a list; each package takes one value of it."""

Amounts: TypeAlias = Annotated[
    list[ExpressionText],
    BeforeValidator(_alternatives, json_schema_input_type=ExpressionText | list[ExpressionText]),
]
"""A number or an expression over parameters, or a list; each package takes one entry of it."""


class DealStepEntry(CaseEntry):
    """One step of a deal."""

    do: dict[NodeRef, Alternatives] = Field(
        description="By decision, the promised action; a list means alternatives.",
        json_schema_extra={"minProperties": 1},
    )
    optional: bool = Field(
        False, description="Whether a package may leave the step out; both are then examined."
    )
    together: Together | None = Field(
        None,
        description="How the promises of the step are kept at the same time. `unseen`: each party acts "
        "before it learns what the others did. `escrow`: nobody acts unless all agree.",
    )
    about: Words = ""


class GuaranteeEntry(CaseEntry):
    """A payment if promises are kept, or a punishment if they are broken."""

    by: Words | None = Field(
        None,
        description="The player that pays or punishes; by default somebody outside of the case.",
    )
    pays: dict[Name, Amounts] | None = None
    punishes: dict[Name, Amounts] | None = None
    when: Literal["kept", "breach"] | None = None
    after: (
        Annotated[int, plain_number("the number of a step, from 1 on", least=1.0, is_whole=True)]
        | None
    ) = Field(None, ge=1, description="The step, counted from 1, after which the payment is made.")
    costs: Amounts | None = Field(
        None,
        description="Cost to `by`; by default what it pays, and nothing for a punishment.",
    )
    about: Words = ""

    @model_validator(mode="after")
    def _is_one_kind(self) -> GuaranteeEntry:
        if (self.pays is None) == (self.punishes is None):
            raise ValueError("needs exactly one of `pays` and `punishes`.")
        if self.punishes is not None and (self.when == "kept" or self.after is not None):
            raise ValueError("has `punishes`, which can only happen on a `breach`.")
        if self.after is not None and self.when == "breach":
            raise ValueError("has `after` and `when: breach`; only one of them can hold.")
        if self.costs is not None and self.by is None:
            raise ValueError("has `costs` and needs the player that bears them: `by`.")
        return self


class DealEntry(CaseEntry):
    """A deal, or a family of deals: parties, dated steps, penalties and guarantees."""

    title: Words = ""
    about: Words = ""
    parties: list[Words] = Field(json_schema_extra={"minItems": 2})
    at: DayOrMonth | None = Field(
        None, description="Day of the deal; by default the day of its first step."
    )
    steps: list[DealStepEntry] = Field(json_schema_extra={"minItems": 1})
    breach: dict[Name, Amounts] = Field(
        {}, description="By party, what it loses if it breaks the deal; a list means alternatives."
    )
    guarantees: list[GuaranteeEntry] = []
    why: Reasons = []

    @model_validator(mode="after")
    def _is_a_deal(self) -> DealEntry:
        if len(self.parties) < 2:
            raise ValueError("needs at least two `parties`.")
        if not self.steps or not all(step.do for step in self.steps):
            raise ValueError("needs at least one step, and a `do` in each step.")
        return self
