"""The keys of the case file."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from backchannel.case.schema.beliefs import BeliefEntry, CorrectionText, MechanismEntry
from backchannel.case.schema.deals import DealEntry
from backchannel.case.schema.parts import (
    AnnouncementText,
    BareNumber,
    CaseEntry,
    Day,
    DayOrMonth,
    ExpressionText,
    Name,
    NamesOrOne,
    NodeRef,
    PriorText,
    Reasons,
    Scalar,
    ValueKey,
    Weights,
    Words,
    plain_number,
)
from backchannel.case.schema.prior_text import DEFAULT_PRECISION
from backchannel.case.schema.reasoning import (
    AT_EQUILIBRIUM,
    PlayerPrecision,
    ReasoningChangeText,
    ReasoningText,
)
from backchannel.case.schema.rounds import Count, Grid, Period, RoundDay, Start
from backchannel.case.schema.trade import TradeEntry
from backchannel.language.names import RecordView


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
    nodes: dict[Name, RoundNodeEntry] = Field(min_length=1)
    interests: dict[Name, RoundInterestEntry] = {}


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


class BaseRateEntry(CaseEntry):
    """How often each value of a node came about in cases of the same kind."""

    node: Words
    counts: dict[ValueKey, BareNumber] = Field(
        description="For every value of the node, how often it came about in the reference class."
    )
    of: Words = Field(description="The reference class: what was counted, and over which period.")
    weight: BareNumber = Field(
        0.5,
        description="Weight of the case in the pool, from 0 (the base rate alone) to 1 (the case alone).",
    )
    why: Reasons


class SeesChange(CaseEntry):
    """Nodes that a decision sees in addition, or no longer sees."""

    add: list[Words] = []
    drop: list[Words] = []


class InterventionEntry(CaseEntry):
    """An intervention, and who learns of it when."""

    title: Words = ""
    about: Words = ""
    do: dict[NodeRef, Scalar] = {}
    parameters: dict[Words, Annotated[float, plain_number("a number", may_be_infinite=True)]] = {}
    mechanisms: dict[NodeRef, MechanismEntry] = {}
    remove: dict[NodeRef, list[Scalar]] = {}
    sees: dict[NodeRef, SeesChange] = {}
    beliefs: dict[Name, CorrectionText] = Field(
        {},
        description="`PLAYER: true_case` corrects what a player believes; `PLAYER: {OTHER: true_case}` "
        "what it thinks that another player believes.",
    )
    reasoning: dict[Name, ReasoningChangeText] = Field(
        {}, description="By player, how it would have reasoned: `{level: 2}` or `equilibrium`."
    )
    announced: AnnouncementText = True
    told: list[Words] | None = None


WhoKnows: TypeAlias = Literal["listed", "public"]


class RivalEntry(InterventionEntry):
    """Another structure of the case: the keys of an intervention, as if it had always been so."""

    order: list[Words] = Field([], description="Two decisions, in the order of the rival.")
    drop_interest: NamesOrOne = Field([], description="Interests that nobody has in the rival.")


class CauseEntry(InterventionEntry):
    """An intervention that undoes a cause, with two names: what happened, and its absence."""

    title: Words = Field(
        "",
        description="With `undone`: what happened, as after “because”. Alone: its absence, as after “if”.",
    )
    undone: Words = Field("", description="The absence of what happened, as after “if”.")

    @model_validator(mode="after")
    def _has_two_names(self) -> CauseEntry:
        if self.undone and not self.title:
            raise ValueError(
                "has `undone` and no `title`. Say in `title` what happened, as a clause: the offer was a token."
            )
        if self.undone and self.undone == self.title:
            raise ValueError(
                "has the same `title` and `undone`. `title` says what happened, `undone` what would have been "
                "without it, both as clauses: the offer was a token, the offer had been full."
            )
        for key, words in (("title", self.title), ("undone", self.undone)):
            first, _, rest = words.partition(" ")
            article = "an" if key == "undone" else "a"
            if self.undone and rest and first.lower() in ("if", "because"):
                raise ValueError(
                    f"has {article} `{key}` that begins with “{first}”. Leave the word out: {rest}."
                )
        return self


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
    says: Words
    source: Words
    at: Words = ""
    test: Words
    margin: Annotated[float, plain_number("a number of at least 0", least=0.0)] = Field(
        0.05, ge=0, description="Largest difference at which two sides still count as equal."
    )
    view: RecordView = Field("record", description=VIEW)


def _from_expression(value: Any) -> Any:
    return {"value": value} if isinstance(value, str | int | float) else value


QuantityText = Annotated[
    QuantityEntry,
    BeforeValidator(_from_expression, json_schema_input_type=ExpressionText | QuantityEntry),
]


class Case(CaseEntry):
    """A whole case file."""

    case: Words = Field(description="Title.")
    question: Words = ""
    about: Words = ""
    utility_unit: Words = Field(description="What a worth of 1 means.")
    as_of: DayOrMonth = Field(description="The day up to which the case knows what happened.")
    information: WhoKnows = Field(
        "listed",
        description="`listed` (default): a decision sees what its `sees` lists, or nothing. `public`: a "
        "decision without `sees` sees all that happened on an earlier day, except what is `hidden_from` its player.",
    )
    sources: dict[Name, SourceEntry] = {}
    players: dict[Name, PlayerEntry]
    parameters: dict[Name, ParameterEntry] = {}
    correlations: list[CorrelationEntry] = []
    priors: PriorsEntry | None = None
    quantities: dict[Name, QuantityText] = {}
    trade: dict[Name, TradeEntry] = {}
    nodes: dict[Name, NodeEntry] = {}
    interests: dict[Name, InterestEntry] = {}
    rounds: RoundsEntry | None = None
    beliefs: dict[Name, BeliefEntry] = {}
    level_0: dict[NodeRef, MechanismEntry] = Field(
        {},
        description="What level 0 does at a decision, given what it sees; else all actions alike.",
    )
    record: list[RecordEntry] = []
    base_rates: list[BaseRateEntry] = []
    causes: dict[Name, CauseEntry] = {}
    rivals: dict[Name, RivalEntry] = {}
    deals: dict[Name, DealEntry] = {}
    questions: dict[Name, QuestionEntry] = {}
    claims: list[ClaimEntry] = []
