"""The keys of mechanisms and of players' wrong beliefs."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from backchannel.case.schema.parts import CaseEntry, ExpressionText, Scalar, Weights, Words
from backchannel.case.schema.reasoning import ReasoningText
from backchannel.case.schema.reasons import Reasons
from backchannel.case.schema.written_names import Name, NodeRef
from backchannel.case.schema.written_priors import PRIOR_SCHEMA, prior

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
    raise ValueError(
        f"should be `{TRUE_CASE}`, or a mapping of players to `{TRUE_CASE}` or `{ACTUAL}`."
    )


BelievedNumber: TypeAlias = Annotated[
    Any,
    BeforeValidator(_believed),
    Field(json_schema_extra={"anyOf": [*PRIOR_SCHEMA, {"type": "string"}]}),
]
"""A prior, the name of another number, or `true_case`."""
CorrectionText: TypeAlias = Annotated[
    Any,
    BeforeValidator(_correction),
    Field(json_schema_extra={"anyOf": [{"enum": [TRUE_CASE, ACTUAL]}, {"type": "object"}]}),
]


class MechanismEntry(CaseEntry):
    """Another mechanism of a chance or derived node."""

    probability: Weights | None = None
    odds: Weights | None = None
    derived: ExpressionText | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> MechanismEntry:
        if sum(x is not None for x in (self.probability, self.odds, self.derived)) != 1:
            raise ValueError("needs exactly one of `probability`, `odds` and `derived`.")
        return self


class UnawareEntry(CaseEntry):
    """Actions and nodes that a player has not thought of, and what it overlooks."""

    actions: dict[NodeRef, list[Scalar]] = Field(
        {}, description="By decision, actions that it has not thought of; its own or others'."
    )
    nodes: dict[NodeRef, Scalar] = Field(
        {}, description="Nodes that it takes as fixed, each at the given value."
    )
    sees: dict[NodeRef, list[Words]] = Field(
        {}, description="By decision, nodes that could be seen but are overlooked."
    )


class BeliefEntry(CaseEntry):
    """What one player wrongly believes; in `about`, what it thinks that another believes."""

    parameters: dict[Words, BelievedNumber] = {}
    nodes: dict[NodeRef, MechanismEntry | Words] = {}
    unaware: UnawareEntry | None = None
    reasoning: dict[Name, ReasoningText] = Field(
        {}, description="By player, how it thinks that the other reasons."
    )
    about: Words | dict[Name, BeliefEntry | Words] = Field(
        "",
        description="By player, what it thinks that the other believes; or a description in words.",
    )
    in_words: Words = Field("", description="A description, if `about` names players.")
    why: Reasons = []

    @property
    def others(self) -> dict[str, BeliefEntry | str]:
        """By player, what it thinks that the other believes."""
        return self.about if isinstance(self.about, dict) else {}

    @property
    def description(self) -> str:
        """The belief in words."""
        return self.in_words or (self.about if isinstance(self.about, str) else "")
