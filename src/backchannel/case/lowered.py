"""A lowered case: everything that an analyst wrote, checked and ready for the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from backchannel.case.lower.rounds import rounds_of
from backchannel.case.schema.case import Case
from backchannel.diagram.base_rates import BaseRate
from backchannel.diagram.beliefs import Belief, Observation
from backchannel.diagram.claim_tests import Claim
from backchannel.diagram.deals import Deal
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.rivals import WrittenRival
from backchannel.diagram.surgery import Intervention
from backchannel.language.calendar import Calendar
from backchannel.language.correlations import Correlation
from backchannel.language.errors import CommandError, Problem
from backchannel.language.expressions import Tree
from backchannel.language.names import NodeName, ParameterName, RecordView, Value
from backchannel.language.priors import Prior


@dataclass(frozen=True)
class CaseQuestion:
    """A question that the case file asks."""

    name: str
    asks: str
    """The question in words; may be empty."""
    kind: Literal["forecast", "what_if", "why", "deal"]
    outcomes: tuple[tuple[NodeName, Value | None], ...]
    """Nodes, and for each the value that the question is about, if any."""
    intervention: str = ""
    """The name of the intervention of a `what_if`."""
    view: RecordView = "record"
    """Of a `what_if`: given the whole record, or as it looked before the change."""
    causes: tuple[str, ...] = ()
    deal: str = ""
    """The name of the deal of a `deal` question."""

    @property
    def what_if(self) -> str:
        """The name of its part of the document: an intervention seen from before is another part."""
        return f"{self.intervention}:before" if self.view == "before" else self.intervention


@dataclass(frozen=True)
class CaseScenario:
    """Sliders and changes of the case under one name."""

    name: str
    title: str
    """In words; the name itself where the case gives no other."""
    about: str
    sliders: Mapping[ParameterName, float]
    """By assumption, the normal score of its prior at which the slider stands."""
    intervention: Intervention | None
    """All changes together; `None` where the scenario has sliders alone."""


@dataclass(frozen=True)
class Lowered:
    """A checked case, ready for the engine."""

    case: Case
    """The case, with its rounds expanded into ordinary nodes and interests."""
    diagram: Diagram
    priors: Mapping[ParameterName, Prior]
    """Priors of all numbers: precisions, discounts, parameters, ICD 203 words, and believed numbers."""
    correlations: tuple[Correlation, ...]
    linear: Mapping[ParameterName, str]
    """Numbers that a fit makes from covariates, with their formulas."""
    sampled: frozenset[ParameterName]
    """Numbers whose prior is the posterior of a fit."""
    beliefs: tuple[Belief, ...]
    record: tuple[Observation, ...]
    base_rates: tuple[BaseRate, ...]
    causes: Mapping[str, Intervention]
    interventions: Mapping[str, Intervention]
    """Causes, and interventions that questions define, by name."""
    rivals: tuple[WrittenRival, ...]
    scenarios: Mapping[str, CaseScenario]
    deals: Mapping[str, Deal]
    questions: tuple[CaseQuestion, ...]
    claims: tuple[Claim, ...]
    warnings: tuple[Problem, ...]
    markets: Mapping[str, Tree] = field(default_factory=dict)
    """By good, the operation that settles its market."""

    @property
    def ahead(self) -> list[NodeName]:
        """Nodes that come about after the case's day and were not observed, in order of time."""
        seen = {entry.node for entry in self.record}
        dates = self.diagram.dates
        return [n for n in self.diagram.order if dates[n] > self.case.as_of and n not in seen]

    @property
    def calendar(self) -> Calendar | None:
        """When the rounds are; `None` if nothing repeats."""
        return rounds_of(self.case).calendar

    @property
    def first_question(self) -> NodeName:
        """The node of the case's first forecast question, in its last round if it repeats.

        A case that asks for no forecast is about its last node in time.
        """
        for question in self.questions:
            if question.kind == "forecast":
                return question.outcomes[-1][0]
        return self.diagram.order[-1]


def check_runnable(lowered: Lowered) -> None:
    """Check that every number has a prior.

    Raises:
        CommandError: A number has only a formula of covariates.
    """
    if bare := _without_prior(lowered):
        raise CommandError(
            f"{', '.join(bare)}: without a `prior`, only with a formula of covariates (`linear`), the "
            "case cannot be run. Fit it to data (`backchannel fit CASE DATA`), or give a prior."
        )


def is_runnable(lowered: Lowered) -> bool:
    """Whether every number has a prior."""
    return not _without_prior(lowered)


def _without_prior(lowered: Lowered) -> list[str]:
    return [n for n in lowered.linear if lowered.case.parameters[n].prior is None]
