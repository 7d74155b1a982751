"""The case file: its keys, as an analyst writes them."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from backchannel.case.schema.beliefs import BeliefEntry, CorrectionText, MechanismEntry
from backchannel.case.schema.deals import DealEntry
from backchannel.case.schema.parts import (
    AnnouncementText,
    CaseEntry,
    Day,
    ExpressionText,
    Name,
    NamesOrOne,
    NodeRef,
    PrecisionText,
    PriorText,
    Reasons,
    Scalar,
    ValueKey,
    Weights,
    Words,
)
from backchannel.case.schema.rounds import Count, Grid, Period, RoundDay, Start


class SourceEntry(CaseEntry):
    """A text that assumptions and observations cite."""

    title: Words
    author: Words = ""
    date: Day | None = Field(None, description="Day of the event or of publication.")
    reported: Day | None = Field(None, description="Day it became known, where that differs.")
    url: Words = ""
    grade: Words = Field(
        "", description="Admiralty grade: A to F for the source, 1 to 6 for what it says."
    )
    same_as: Words = Field("", description="The source that this one copies; both count once.")


class PlayerEntry(CaseEntry):
    """Who decides."""

    name: Words
    precision: PrecisionText = Field(
        description="Logit precision per utility unit; inf: the limit, best replies."
    )
    discount: PriorText | None = Field(
        None, description="What a worth of the next round is worth in this one, at most 1."
    )
    about: Words = ""
    why: Reasons = []


class ParameterEntry(CaseEntry):
    """An uncertain number, or one that data make of covariates."""

    prior: PriorText | None = None
    linear: Words | None = Field(
        None, description="For `fit`: a formula of covariates, as in R: `1 + balance + regime`."
    )
    unit: Words = Field(description="What 1 means; `probability` keeps the number between 0 and 1.")
    about: Words = Field("", description="What it is, in a few words, for tables.")
    why: Reasons

    @model_validator(mode="after")
    def _is_known(self) -> ParameterEntry:
        if self.prior is None and self.linear is None:
            raise ValueError("has no `prior`, and no formula (`linear`) that makes it of data.")
        return self


class CorrelationEntry(CaseEntry):
    """Two numbers that move together."""

    between: tuple[Words, Words]
    rank: float = Field(description="Spearman's rank correlation.")
    why: Reasons = []


class PriorsEntry(CaseEntry):
    """Numbers whose distribution a fit has found, in the place of their own priors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    from_: Words = Field(
        alias="from", description="File that `backchannel fit CASE DATA --posterior FILE` wrote."
    )
    numbers: list[Words] = Field(
        [], description="Which to take; all that the case has, if left out."
    )


class QuantityEntry(CaseEntry):
    """A continuous helper, written in wherever it is named."""

    value: ExpressionText
    unit: Words = ""
    about: Words = ""
    why: Reasons = []


class NodeEntry(CaseEntry):
    """A variable: exactly one of `chance`, `player` and `derived`."""

    title: Words = Field("", description="Label for tables and pictures.")
    about: Words = Field("", description="What it stands for, in a sentence.")
    domain: list[Scalar] = Field([], description="Ordered values: words or numbers.")
    grid: Grid | None = Field(
        None, description="Ordered numbers that a derived number is put on, its mean kept."
    )
    values: dict[ValueKey, Words] = Field({}, description="What each value means.")
    at: Day | None = Field(None, description="Day on which it comes about.")
    when: ExpressionText | None = Field(
        None, description="Exists only where this holds; else it is n/a."
    )
    why: Reasons = []
    resolves: Words | dict[ValueKey, Words] | None = Field(
        None, description="By what public test, and by when, the outcome will be known."
    )
    chance: bool | None = None
    probability: Weights | None = None
    odds: Weights | None = None
    player: Words | None = None
    sees: list[Words] | None = None
    allowed: dict[ValueKey, ExpressionText] | None = None
    derived: ExpressionText | None = None

    repeats: ClassVar[bool] = False
    """Stands in `rounds`."""

    @model_validator(mode="after")
    def _is_one_kind(self) -> NodeEntry:
        if not self.domain and self.grid is None:
            raise ValueError("has no `domain`: list the values it can have, at least one.")
        if self.grid is not None and (self.domain or self.derived is None):
            raise ValueError("has a `grid`, which is for derived numbers and stands for a domain.")
        kinds = [self.chance is not None, self.player is not None, self.derived is not None]
        if sum(kinds) != 1:
            raise ValueError(
                "is exactly one of three kinds: `chance: true`, `player: NAME` or `derived: EXPRESSION`."
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
                raise ValueError(f"has `{key}`, which only {owner} has.")
        if self.chance is False:
            raise ValueError("has `chance: false`; write `chance: true`, or leave it out.")
        if self.chance and (self.probability is None) == (self.odds is None):
            raise ValueError("is chance, and needs exactly one of `probability` and `odds`.")
        if self.player is not None and self.at is None and not self.repeats:
            raise ValueError("is a decision, and needs its day: `at: YYYY-MM-DD`.")
        return self


class InterestEntry(CaseEntry):
    """What one player gets."""

    player: Words
    worth: ExpressionText | Annotated[dict[ValueKey, Any], Field(description="A table.")]
    about: Words = ""
    why: Reasons = []


class RoundNodeEntry(NodeEntry):
    """A node of the block that repeats; `NAME@prev` is its value in the round before."""

    start: Start | None = Field(None, description="Its value before round 1.")
    day: RoundDay | None = Field(None, description="Day of the round on which it comes about.")

    repeats: ClassVar[bool] = True

    @model_validator(mode="after")
    def _is_dated_by_round(self) -> RoundNodeEntry:
        if self.at is not None:
            raise ValueError("repeats, and has no one day: say on which `day` of the round it is.")
        return self


class RoundInterestEntry(InterestEntry):
    """What one player gets in every round."""

    last: ExpressionText | Annotated[dict[ValueKey, Any], Field(description="A table.")] | None = (
        Field(
            None,
            description="What everything after the last round is worth, seen from the round after.",
        )
    )


class RoundsEntry(CaseEntry):
    """What repeats: a block of nodes and interests, and when its rounds are."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    n: Count = Field(description="How many rounds.")
    every: Period = Field(description="How long a round is: week, month, quarter, 10 days.")
    begins: Day | None = Field(
        None, alias="from", description="First day of round 1; the day after `as_of`, if left out."
    )
    nodes: dict[Name, RoundNodeEntry] = Field(min_length=1)
    interests: dict[Name, RoundInterestEntry] = {}


class RecordEntry(CaseEntry):
    """Something that was observed."""

    node: Words
    value: Scalar
    date: Day
    source: Words
    reliability: float = Field(1.0, gt=0, le=1, description="Probability that it is as reported.")
    at: Words = Field("", description="Where in the source.")


class SeesChange(CaseEntry):
    """What a decision sees besides, or no longer."""

    add: list[Words] = []
    drop: list[Words] = []


class InterventionEntry(CaseEntry):
    """A change made by hand, and who learns of it when."""

    title: Words = ""
    about: Words = ""
    do: dict[NodeRef, Scalar] = {}
    parameters: dict[Words, float] = {}
    mechanisms: dict[NodeRef, MechanismEntry] = {}
    remove: dict[NodeRef, list[Scalar]] = {}
    sees: dict[NodeRef, SeesChange] = {}
    beliefs: dict[Name, CorrectionText] = Field(
        {},
        description="`PLAYER: true_case` corrects what it believes; `PLAYER: {OTHER: true_case}` "
        "what it thinks that another believes.",
    )
    announced: AnnouncementText = True
    told: list[Words] | None = None


class QuestionEntry(CaseEntry):
    """A question that `run` answers: one of `forecast`, `what_if`, `why` and `deal`."""

    asks: Words = Field("", description="The question in words.")
    forecast: Words | None = None
    what_if: InterventionEntry | Words | None = None
    outcome: Words | dict[NodeRef, Scalar] | list[Words] | None = None
    why: dict[NodeRef, Scalar] | None = None
    causes: NamesOrOne = []
    deal: Words | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> QuestionEntry:
        kinds = (self.forecast, self.what_if, self.why, self.deal)
        if sum(x is not None for x in kinds) != 1:
            raise ValueError("asks exactly one of `forecast`, `what_if`, `why` and `deal`.")
        if self.what_if is not None and self.outcome is None:
            raise ValueError("asks `what_if`, and needs the `outcome` to look at.")
        if self.why is not None and (len(self.why) != 1 or not self.causes):
            raise ValueError(
                "asks `why` of one outcome, as in `why: {reply: fight}`, with its `causes`."
            )
        return self


class ClaimEntry(CaseEntry):
    """A statement found in a source, with the query that tests it."""

    id: Name | None = None
    says: Words
    source: Words
    at: Words = ""
    test: Words
    margin: float = Field(0.05, ge=0, description="Difference up to which two sides agree.")


def _from_expression(value: Any) -> Any:
    return {"value": value} if isinstance(value, str | int | float) else value


QuantityText = Annotated[
    QuantityEntry,
    BeforeValidator(_from_expression, json_schema_input_type=ExpressionText | QuantityEntry),
]


class Case(CaseEntry):
    """Everything an analyst wrote."""

    case: Words = Field(description="Title.")
    question: Words = ""
    about: Words = ""
    utility_unit: Words = Field(description="What 1 means in every interest.")
    as_of: Day = Field(description="The day up to which the case knows.")
    sources: dict[Name, SourceEntry] = {}
    players: dict[Name, PlayerEntry]
    parameters: dict[Name, ParameterEntry] = {}
    correlations: list[CorrelationEntry] = []
    priors: PriorsEntry | None = None
    quantities: dict[Name, QuantityText] = {}
    nodes: dict[Name, NodeEntry] = {}
    interests: dict[Name, InterestEntry] = {}
    rounds: RoundsEntry | None = None
    beliefs: dict[Name, BeliefEntry] = {}
    record: list[RecordEntry] = []
    causes: dict[Name, InterventionEntry] = {}
    deals: dict[Name, DealEntry] = {}
    questions: dict[Name, QuestionEntry] = {}
    claims: list[ClaimEntry] = []
