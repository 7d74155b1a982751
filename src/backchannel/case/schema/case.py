"""The keys of the case file as a whole."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from backchannel.case.schema.asked import BaseRateEntry, ClaimEntry, QuestionEntry, RecordEntry
from backchannel.case.schema.beliefs import BeliefEntry, MechanismEntry
from backchannel.case.schema.deals import DealEntry
from backchannel.case.schema.interventions import CauseEntry, RivalEntry, ScenarioEntry
from backchannel.case.schema.nodes import InterestEntry, NodeEntry, RoundsEntry
from backchannel.case.schema.numbers import (
    CorrelationEntry,
    ParameterEntry,
    PlayerEntry,
    PriorsEntry,
    QuantityText,
    SourceEntry,
)
from backchannel.case.schema.parts import BareNumber, CaseEntry, DayOrMonth, Words
from backchannel.case.schema.trade import TradeEntry
from backchannel.case.schema.written_names import Name, NodeRef

WhoKnows: TypeAlias = Literal["listed", "public"]


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
        description="What level 0 does at a decision, given what it sees; otherwise all actions are equally likely.",
    )
    record: list[RecordEntry] = []
    base_rates: list[BaseRateEntry] = []
    base_rate_weight: BareNumber = Field(
        0.5,
        description="Weight of the case in the pool where a base rate gives none, from 0 to 1; "
        "`backchannel score --learn-weight` learns it from resolved forecasts.",
    )
    causes: dict[Name, CauseEntry] = {}
    rivals: dict[Name, RivalEntry] = {}
    scenarios: dict[Name, ScenarioEntry] = {}
    deals: dict[Name, DealEntry] = {}
    questions: dict[Name, QuestionEntry] = {}
    claims: list[ClaimEntry] = []
