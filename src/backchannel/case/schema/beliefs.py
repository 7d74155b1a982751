"""The keys of mechanisms, and of what players wrongly believe, overlook or have not thought of."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from backchannel.case.schema.parts import (
    PRIOR_SCHEMA,
    CaseEntry,
    ExpressionText,
    Name,
    NodeRef,
    Reasons,
    Scalar,
    Weights,
    Words,
    prior,
)

TRUE_CASE = "true_case"
ACTUAL = "actual"

_NUMBER_NAME = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)*")


def _believed(value: Any) -> Any:
    if isinstance(value, str) and _NUMBER_NAME.fullmatch(value):
        return value
    return prior(value)


def _correction(value: Any) -> Any:
    if isinstance(value, str) or (isinstance(value, dict) and value):
        return value
    raise ValueError(f"should be `{TRUE_CASE}`, or whose beliefs it gets right after all.")


BelievedNumber: TypeAlias = Annotated[
    Any,
    BeforeValidator(_believed),
    Field(json_schema_extra={"anyOf": [*PRIOR_SCHEMA, {"type": "string"}]}),
]
"""A prior, the name of a number of the case, or `true_case`."""
CorrectionText: TypeAlias = Annotated[
    Any,
    BeforeValidator(_correction),
    Field(json_schema_extra={"anyOf": [{"enum": [TRUE_CASE, ACTUAL]}, {"type": "object"}]}),
]


class MechanismEntry(CaseEntry):
    """Another way in which a chance or derived node comes about."""

    probability: Weights | None = None
    odds: Weights | None = None
    derived: ExpressionText | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> MechanismEntry:
        if sum(x is not None for x in (self.probability, self.odds, self.derived)) != 1:
            raise ValueError("needs exactly one of `probability`, `odds` and `derived`.")
        return self


class UnawareEntry(CaseEntry):
    """What a player has not thought of, or overlooks."""

    actions: dict[NodeRef, list[Scalar]] = Field(
        {}, description="Actions, by decision, that it has not thought of: its own or others'."
    )
    nodes: dict[NodeRef, Scalar] = Field(
        {}, description="Nodes that it takes for settled, each at the value given here."
    )
    sees: dict[NodeRef, list[Words]] = Field(
        {}, description="By decision, what is there to be seen and is overlooked."
    )


class BeliefEntry(CaseEntry):
    """What one player wrongly takes to be so; within `about`, what it thinks another takes so."""

    parameters: dict[Words, BelievedNumber] = {}
    nodes: dict[NodeRef, MechanismEntry | Words] = {}
    unaware: UnawareEntry | None = None
    about: Words | dict[Name, BeliefEntry | Words] = Field(
        "", description="What it thinks that others believe, by player; or a description in words."
    )
    in_words: Words = Field("", description="A description, where `about` names players.")
    why: Reasons = []

    @property
    def others(self) -> dict[str, BeliefEntry | str]:
        """What it thinks that others believe."""
        return self.about if isinstance(self.about, dict) else {}

    @property
    def description(self) -> str:
        """The belief in words."""
        return self.in_words or (self.about if isinstance(self.about, str) else "")
