"""The answers document: everything a run says, and everything a picture of it needs.

The schema is versioned: a minor version adds fields, a major one changes or removes them.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from backchannel.answers.draws_document import Draws
from backchannel.answers.layout.document import Layout
from backchannel.questions.deals.document import DealView
from backchannel.questions.rounds.document import ChangedFan, RoundsFan
from backchannel.questions.sensitivity.document import InverseView, SensitivityView
from backchannel.questions.surprise.document import SurpriseView
from backchannel.questions.watch.document import Watch
from backchannel.questions.why.document import Why
from backchannel.wording.pieces import Bounds as Bounds
from backchannel.wording.pieces import Day as Day
from backchannel.wording.pieces import Influence as Influence
from backchannel.wording.pieces import Piece as Piece
from backchannel.wording.vocabulary_document import Vocabulary

VERSION = "1.3"


class CaseHead(Piece):
    """Which case was run."""

    name: str
    title: str
    question: str
    about: str
    utility_unit: str
    as_of: Day


class Run(Piece):
    """How it was run."""

    draws: int
    draws_asked: int
    seed: int
    seconds: float
    versions: dict[str, str]


class Certificate(Piece):
    """The evidence that the answers rest on equilibrium play."""

    line: str
    draws: int
    converged: int
    left_out: float = Field(description="Share of draws that did not settle in the case itself.")
    worst_left_out: float = Field(
        default=0.0, description="The largest such share, over the case and all changed worlds."
    )
    warning: str = Field(
        default="", description="Says that many draws are left out; empty where they are few."
    )
    worst_residual: float = Field(description="Largest gap between a rule and the logit response.")
    worst_regret: float = Field(description="Most that one decision could gain, in nats.")
    loss: dict[str, float] = Field(
        description="By player, the most that logit play gives up against best replies, mean over draws."
    )
    effective_draws: float
    surprised: int = Field(description="Draws whose record is impossible in some player's model.")
    worlds: int = Field(description="Changed worlds that were solved.")
    equilibria: int = Field(description="Equilibria that were solved in all.")
    followed: int = Field(
        0, description="Draws in which the branch was followed, in the case or a belief model."
    )
    folds: int = Field(0, description="Draws, of those followed, in which the branch folds.")
    spot_checked: int = Field(description="Draws of each changed world that were certified.")


class ValueForecast(Piece):
    """One value of one node."""

    value: str | int | float
    label: str
    probability: float
    low: float = Field(description="5% of the weighted draws lie below.")
    high: float = Field(description="5% of the weighted draws lie above.")
    bounds: Bounds = Field(description="With left-out draws counted as 0 and as 1.")
    word: str = Field(description="ICD 203.")
    prior: float = Field(description="Before anything was seen.")
    quantiles: list[float] = Field(description="At 5%, 10%, ... 95% of the weighted draws.")
    histogram: list[float] = Field(
        description="Share of the weighted draws in each twentieth of 0–1."
    )


class NodeForecast(Piece):
    """One node."""

    node: str
    title: str
    date: Day | None
    observed: bool
    resolves: str | dict[str, str] | None
    values: list[ValueForecast]
    assumptions: list[Influence] = Field(description="What moves the likeliest value most.")


class ValueChange(Piece):
    """One value in the case as it is and in the changed case."""

    value: str | int | float
    label: str
    before: float
    after: float
    difference: float
    low: float
    high: float
    bounds_before: Bounds | None = Field(
        default=None, description="With left-out draws counted as 0 and as 1; so in all bounds."
    )
    bounds_after: Bounds | None = None
    bounds: Bounds | None = Field(
        default=None, description="Of the difference, with left-out draws counted as −1 and as 1."
    )


class OutcomeChange(Piece):
    """One outcome under an intervention."""

    node: str
    title: str
    values: list[ValueChange]


class WhatIf(Piece):
    """An intervention and what it changes."""

    name: str
    title: str
    who_knows: str
    record: str = Field(description="Which part of the record both sides know.")
    record_before: Day | None = Field(description="They know what came before; null: all of it.")
    left_out: float = Field(description="Share of draws that did not settle on either side.")
    outcomes: list[OutcomeChange]
    fans: list[ChangedFan] = Field(default=[], description="Repeated outcomes over the rounds.")


class Answer(Piece):
    """A question of the case and its answer in sentences."""

    name: str
    asks: str
    kind: Literal["forecast", "what_if", "why", "deal"]
    sentences: list[str]
    outcomes: list[str] = Field(description="Nodes that it looks at.")
    what_ifs: list[str] = Field(description="Names of the what-ifs that it rests on, in order.")


class ClaimFinding(Piece):
    """A claim and its verdict."""

    id: str
    says: str
    source: str
    at: str
    test: str
    verdict: str
    support: float | None
    prior_support: float | None
    left: float | None
    right: float | None
    difference: float | None
    low: float | None
    high: float | None
    margin: float
    hinges_on: Influence | None
    left_out: float = Field(default=0.0, description="Share of draws that did not settle.")
    support_bounds: Bounds | None = Field(
        default=None, description="If it failed in all left-out draws, and if it held in all."
    )
    verdicts: list[str] = Field(
        default=[], description="All that left-out draws could make of the verdict; one if none."
    )
    record_before: Day | None


class ReasonGiven(Piece):
    """Why an assumption is made."""

    source: str
    at: str
    says: str
    judgement: str


class Assumption(Piece):
    """An uncertain number: what is assumed, why, and what the record makes of it."""

    parameter: str
    label: str
    unit: str
    kind: Literal["parameter", "precision", "discount", "belief", "word"]
    prior: Any = Field(description="As the case writes it.")
    median: float
    low: float
    high: float
    mean_given_record: float
    low_given_record: float
    high_given_record: float
    reasons: list[ReasonGiven]
    independent_sources: int
    weakness: str = Field(
        description="Empty, or why it stands on weak ground: judgement alone, one ungraded source."
    )


class DiagramNode(Piece):
    """A node as a picture needs it."""

    name: str
    title: str
    about: str
    kind: Literal["chance", "decision", "derived"]
    player: str | None
    domain: list[str | int | float]
    date: Day | None
    parents: list[str]
    conditional: bool = Field(description="Exists only where its `when` holds.")
    reasons: list[ReasonGiven]


class DiagramInterest(Piece):
    """An interest as a picture needs it."""

    name: str
    player: str
    about: str
    worth: Any
    parents: list[str]
    expected: float = Field(description="Expected worth given the record, mean over draws.")


class Rule(Piece):
    """How a decision is taken: mean over the weighted draws, by context."""

    decision: str
    sees: list[str]
    actions: list[str | int | float]
    contexts: list[list[str | int | float]]
    probabilities: list[list[float]]


class PlayerView(Piece):
    """A player, and what it wrongly believes."""

    name: str
    title: str
    about: str
    misbelieves: str
    believes: dict[str, dict[str, float]] = Field(
        description="By number that it gets wrong: mean of the true and of the believed."
    )


class Event(Piece):
    """A day of the timeline: what happened, or what is decided."""

    date: Day
    node: str
    title: str
    kind: Literal["recorded", "open", "past"]
    value: str | int | float | None
    source: str
    reliability: float | None


class SourceView(Piece):
    """A source as the case gives it."""

    name: str
    title: str
    author: str
    date: Day | None
    reported: Day | None
    url: str
    grade: str
    grade_in_words: str
    same_as: str


class Answers(Piece):
    """Everything a run says."""

    document: Literal["backchannel-answers"] = "backchannel-answers"
    version: str = VERSION
    case: CaseHead
    run: Run
    certificate: Certificate
    answers: list[Answer]
    forecasts: list[NodeForecast]
    rounds: list[RoundsFan] = Field(default=[], description="Repeated nodes over the rounds.")
    what_ifs: list[WhatIf]
    whys: list[Why]
    claims: list[ClaimFinding]
    deals: list[DealView]
    surprise: SurpriseView | None = Field(
        default=None, description="What players who err expect; null where nobody errs."
    )
    watch: Watch = Field(description="What can still be seen, and what it would teach.")
    assumptions: list[Assumption]
    matter_most: list[Influence] = Field(
        description="Assumptions that move the first forecast most."
    )
    matter_for: str = Field(description="The outcome that they move.")
    sensitivity: SensitivityView = Field(description="What decides that outcome.")
    what_it_would_take: InverseView | None = Field(
        description="For the runner-up to be more likely than not; null where nothing can be said."
    )
    players: list[PlayerView]
    nodes: list[DiagramNode]
    interests: list[DiagramInterest]
    rules: list[Rule]
    timeline: list[Event]
    sources: list[SourceView]
    warnings: list[str]
    draws: Draws | None = Field(
        default=None, description="The draws themselves, to be reweighted in a page."
    )
    vocabulary: Vocabulary | None = Field(
        default=None, description="The terms that the document uses, with their limits."
    )
    layout: Layout | None = Field(default=None, description="Where the diagram's parts lie.")


NodeForecast.model_rebuild()
