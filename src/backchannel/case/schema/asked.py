"""Keys of the record, of base rates, of questions and of claims."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from backchannel.case.schema.interventions import InterventionEntry
from backchannel.case.schema.parts import (
    BareNumber,
    CaseEntry,
    DayOrMonth,
    NamesOrOne,
    Scalar,
    ValueKey,
    Words,
    plain_number,
)
from backchannel.case.schema.reasons import QuotationText, Reasons
from backchannel.case.schema.written_names import Name, NodeRef
from backchannel.language.names import RecordView


class RecordEntry(CaseEntry):
    """An observation."""

    node: Words
    value: Scalar
    date: DayOrMonth
    source: Words
    reliability: Annotated[
        float, plain_number("a probability above 0 and at most 1", above=0.0, most=1.0)
    ] = Field(1.0, gt=0, le=1, description="Probability that the report is right.")
    at: Words = Field("", description="Where in the source.")
    quotes: QuotationText = ""


class BaseRateEntry(CaseEntry):
    """How often each value of a node came about in cases of the same kind."""

    node: Words
    counts: dict[ValueKey, BareNumber] = Field(
        description="For every value of the node, how often it came about in the reference class."
    )
    of: Words = Field(description="The reference class: what was counted, and over which period.")
    weight: BareNumber | None = Field(
        None,
        description="Weight of the case in the pool, from 0 (the base rate alone) to 1 (the case alone); "
        "`base_rate_weight` if left out.",
    )
    why: Reasons


VIEW = (
    "`record` (default): given the whole record, also where the change lies in the past. `before`: as it "
    "looked before the change, given only what was recorded by then."
)


class QuestionEntry(CaseEntry):
    """A question that `run` answers: one of `forecast`, `what_if`, `why` and `deal`."""

    asks: Words = Field("", description="The question in words.")
    forecast: Words | None = None
    what_if: InterventionEntry | Words | None = None
    outcome: Words | dict[NodeRef, Scalar] | list[Words] | None = None
    view: RecordView | None = Field(None, description=VIEW)
    why: dict[NodeRef, Scalar] | None = None
    causes: NamesOrOne = []
    deal: Words | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> QuestionEntry:
        kinds = (self.forecast, self.what_if, self.why, self.deal)
        if sum(x is not None for x in kinds) != 1:
            raise ValueError("needs exactly one of `forecast`, `what_if`, `why` and `deal`.")
        if self.what_if is not None and self.outcome is None:
            raise ValueError("asks `what_if` and needs an `outcome` to compare.")
        if self.view is not None and self.what_if is None:
            raise ValueError("has a `view`, which only a `what_if` can have. Leave it out.")
        if self.why is not None and (len(self.why) != 1 or not self.causes):
            raise ValueError("needs one outcome, as in `why: {reply: fight}`, and its `causes`.")
        return self


class ClaimEntry(CaseEntry):
    """A statement from a source, with the query that tests it."""

    id: Name | None = None
    says: Words = Field(description="The statement in your own words.")
    source: Words
    at: Words = ""
    quotes: QuotationText = ""
    test: Words
    margin: Annotated[float, plain_number("a number of at least 0", least=0.0)] = Field(
        0.05, ge=0, description="Largest difference at which two sides still count as equal."
    )
    view: RecordView = Field("record", description=VIEW)
