"""Keys of sources, players and numbers of the case file."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from backchannel.case.schema.parts import CaseEntry, DayOrMonth, ExpressionText, Words, plain_number
from backchannel.case.schema.prior_text import DEFAULT_PRECISION
from backchannel.case.schema.reasoning import (
    AT_EQUILIBRIUM,
    PlayerPrecision,
    ReasoningText,
)
from backchannel.case.schema.reasons import Reasons
from backchannel.case.schema.written_names import Name
from backchannel.case.schema.written_priors import PriorText


class SourceEntry(CaseEntry):
    """A text that assumptions and observations cite."""

    title: Words
    author: Words = ""
    date: DayOrMonth | None = Field(
        None, description="Day or month of the event or of publication."
    )
    reported: DayOrMonth | None = Field(
        None, description="Day or month in which it became known, if that differs."
    )
    url: Words = ""
    file: Words = Field(
        "",
        description="The text of the source: a file (.txt, .md, .html, .pdf) in the folder of the case.",
    )
    grade: Words = Field(
        "", description="Admiralty grade: A to F for the source, 1 to 6 for the information."
    )
    same_as: Words = Field("", description="The source that this one copies; the two count as one.")


class PlayerEntry(CaseEntry):
    """A player."""

    name: Words
    precision: PlayerPrecision = Field(
        DEFAULT_PRECISION,
        description="Logit precision per utility unit; `inf` is the limit of best replies. If left out, "
        "from 4 to 16, which is reported as an assumption.",
    )
    reasoning: ReasoningText = Field(
        AT_EQUILIBRIUM,
        description="How it thinks about the others: equilibrium, a level, a hierarchy or a mixture.",
    )
    discount: PriorText | None = Field(None, description="Discount factor per round, at most 1.")
    weights: dict[Name, ExpressionText] = Field(
        {},
        description="Swing weights: for each ranked interest of the player, what going from its worst outcome to "
        "its best is worth, relative to the others.",
    )
    about: Words = ""
    why: Reasons = []

    @property
    def has_default_precision(self) -> bool:
        """Whether the file gives no precision."""
        return "precision" not in self.model_fields_set

    @property
    def gives_numbers(self) -> bool:
        """Whether the file says how precise the player is, how it reasons, or how it discounts."""
        return bool({"precision", "reasoning", "discount"} & self.model_fields_set)


class ParameterEntry(CaseEntry):
    """An uncertain number, or one that a fit makes from covariates."""

    prior: PriorText | None = None
    linear: Words | None = Field(
        None,
        description="For `fit`: a formula of covariates as in R, such as `1 + balance + regime`.",
    )
    unit: Words = Field(description="What 1 means; `probability` keeps the number between 0 and 1.")
    about: Words = Field("", description="A label for tables, in a few words.")
    why: Reasons

    @model_validator(mode="after")
    def _is_known(self) -> ParameterEntry:
        if self.prior is None and self.linear is None:
            raise ValueError("has neither a `prior` nor a formula of covariates (`linear`).")
        return self


class CorrelationEntry(CaseEntry):
    """A rank correlation between two numbers."""

    between: tuple[Words, Words]
    rank: Annotated[float, plain_number("a number above -1 and below 1")] = Field(
        description="Spearman's rank correlation."
    )
    why: Reasons = []


class PriorsEntry(CaseEntry):
    """Numbers whose priors are replaced by the posterior of a fit."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    from_: Words = Field(
        alias="from", description="File that `backchannel fit CASE DATA --posterior FILE` wrote."
    )
    numbers: list[Words] = Field(
        [], description="The numbers to take from the fit; all of the case's, if left out."
    )


class QuantityEntry(CaseEntry):
    """A named expression, which replaces its name wherever that is used."""

    value: ExpressionText
    unit: Words = ""
    about: Words = ""
    why: Reasons = []


def _from_expression(value: Any) -> Any:
    return {"value": value} if isinstance(value, str | int | float) else value


QuantityText = Annotated[
    QuantityEntry,
    BeforeValidator(_from_expression, json_schema_input_type=ExpressionText | QuantityEntry),
]
