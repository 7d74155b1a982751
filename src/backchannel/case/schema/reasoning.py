"""The keys that say how a player reasons, and how its precision depends on the choice."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import Discriminator, Field, Tag, model_validator

from backchannel.case.schema.parts import BareNumber, CaseEntry, ValueKey, Words
from backchannel.case.schema.written_priors import (
    FinitePrecisionText,
    NumberPriorText,
    PrecisionText,
)
from backchannel.language.levels import USUAL_MOST

AT_EQUILIBRIUM = "equilibrium"
"""The word for a player who knows everyone's odds; the default."""
USUAL_TYPES = (AT_EQUILIBRIUM, *(f"level {level}" for level in range(USUAL_MOST + 1)))
"""Types that an editor offers; with `max_level` there are more."""

BY_COMPLEXITY, EVERYWHERE, IN_KEYS, IN_A_WORD = BRANCHES = (
    "by_complexity",
    "everywhere",
    "in_keys",
    "in_a_word",
)
"""Names of branches of a choice, by which errors of the form are told apart; no user sees them."""


class ReasoningEntry(CaseEntry):
    """How a player reasons: exactly one of `level`, `hierarchy` and `mixture`."""

    level: BareNumber | None = Field(
        None, description="How many steps it thinks ahead: it takes all others one level lower."
    )
    hierarchy: NumberPriorText | None = Field(
        None,
        description="Mean level of a cognitive hierarchy: Poisson levels, cut off at max_level.",
    )
    mixture: dict[ValueKey, Any] | None = Field(
        None,
        description="Shares of types, such as {equilibrium: 0.5, level 1: 0.5}.",
        json_schema_extra={"properties": {kind: {"type": "number"} for kind in USUAL_TYPES}},
    )
    max_level: BareNumber | None = Field(None, description="The highest level; 4, if left out.")

    @model_validator(mode="after")
    def _is_one_kind(self) -> ReasoningEntry:
        if sum(x is not None for x in (self.level, self.hierarchy, self.mixture)) != 1:
            raise ValueError("needs exactly one of `level`, `hierarchy` and `mixture`.")
        return self


class ReasoningChangeEntry(CaseEntry):
    """Another way of reasoning in a what-if: exactly one of `level` and `further`."""

    level: BareNumber | None = Field(None, description="The level at which it would have thought.")
    further: BareNumber | None = Field(
        None, description="By how many steps it would have thought on."
    )

    @model_validator(mode="after")
    def _is_one_kind(self) -> ReasoningChangeEntry:
        if (self.level is None) == (self.further is None):
            raise ValueError("needs exactly one of `level` and `further`.")
        return self


class ComplexityEntry(CaseEntry):
    """A precision that depends on how complex a choice is.

    The precision at a decision is `base` times exp of the sum of the other numbers, each times its
    covariate: ln(actions / 2), ln(contexts), ln(payoff range).
    """

    base: FinitePrecisionText = Field(
        description="Precision at a choice of two actions, in one context, with a payoff range of 1."
    )
    actions: NumberPriorText | None = Field(
        None, description="Power of half the number of actions."
    )
    contexts: NumberPriorText | None = Field(None, description="Power of the number of contexts.")
    range: NumberPriorText | None = Field(
        None, description="Power of the payoff range; -1 makes precision relative to the range."
    )


class LinearPrecisionEntry(CaseEntry):
    """A precision by complexity."""

    linear: ComplexityEntry


def _kind_of_precision(value: Any) -> str:
    is_linear = isinstance(value, LinearPrecisionEntry) or (
        isinstance(value, dict) and "linear" in value
    )
    return BY_COMPLEXITY if is_linear else EVERYWHERE


def _kind_of_reasoning(value: Any) -> str:
    return IN_A_WORD if isinstance(value, str) else IN_KEYS


PlayerPrecision: TypeAlias = Annotated[
    Annotated[LinearPrecisionEntry, Tag(BY_COMPLEXITY)] | Annotated[PrecisionText, Tag(EVERYWHERE)],
    Discriminator(_kind_of_precision),
]
_Word: TypeAlias = Annotated[
    Words, Field(json_schema_extra={"enum": [AT_EQUILIBRIUM]}), Tag(IN_A_WORD)
]
ReasoningText: TypeAlias = Annotated[
    Annotated[ReasoningEntry, Tag(IN_KEYS)] | _Word, Discriminator(_kind_of_reasoning)
]
ReasoningChangeText: TypeAlias = Annotated[
    Annotated[ReasoningChangeEntry, Tag(IN_KEYS)] | _Word, Discriminator(_kind_of_reasoning)
]


def base_precision(raw: Any) -> Any:
    """The precision of a player as written, without its dependence on complexity."""
    return raw.linear.base if isinstance(raw, LinearPrecisionEntry) else raw


def as_written(entry: ReasoningEntry | str) -> Any:
    """A way of reasoning as the file writes it."""
    return entry if isinstance(entry, str) else entry.model_dump(exclude_none=True)
