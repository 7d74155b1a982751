"""Compose the background of the answers: assumptions, diagram, rules, timeline and sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from backchannel.answers.background_document import (
    Assumption,
    DiagramInterest,
    DiagramNode,
    Event,
    PlayerView,
    ReasonGiven,
    Rule,
    SourceView,
)
from backchannel.case.lower.origin import origin_of
from backchannel.case.lower.shifted import Shifted
from backchannel.case.lowered import Lowered
from backchannel.case.schema.reasons import ReasonEntry
from backchannel.diagram.nodes import Chance, Decision
from backchannel.ensemble.weighted import mean, quantile
from backchannel.language.sources import Reason, Source, count_independent, grade_in_words, weakness
from backchannel.wording.words import Wording

if TYPE_CHECKING:
    from backchannel.ensemble.ensemble import Ensemble


def assumptions(lowered: Lowered, ensemble: Ensemble | None, wording: Wording) -> list[Assumption]:
    """Every uncertain number: its prior, its sources, and its distribution given the record.

    Args:
        lowered: The case.
        ensemble: The solved draws; None where nothing is solved yet, and the prior stands for what remains of it.
        wording: The words of the case.
    """
    sources = sources_of(lowered)
    views = []
    for name, prior in lowered.priors.items():
        # The prior is that of the file, wherever a slider stands; what remains of it is as it was solved.
        prior = prior.prior if isinstance(prior, Shifted) else prior
        kind, unit, raw, reasons = origin_of(lowered, name)
        if name in lowered.sampled and lowered.case.priors:
            raw = {"from": Path(lowered.case.priors.from_).name}
        cited = cited_reasons(reasons)
        median, low, high = prior.at(0.5), prior.at(0.05), prior.at(0.95)
        remaining = (median, low, high)
        if ensemble is not None:
            numbers, weights = ensemble.numbers[name], ensemble.weights
            remaining = (
                float(mean(numbers, weights)),
                quantile(numbers, weights, 0.05),
                quantile(numbers, weights, 0.95),
            )
        views.append(
            Assumption(
                parameter=name,
                label=wording.parameter(name),
                unit=unit,
                kind=kind,
                prior=raw,
                median=median,
                low=low,
                high=high,
                mean_given_record=remaining[0],
                low_given_record=remaining[1],
                high_given_record=remaining[2],
                reasons=_reason_views(reasons),
                independent_sources=count_independent(cited, sources),
                weakness=weakness(cited, sources),
            )
        )
    return views


def nodes(lowered: Lowered, wording: Wording) -> list[DiagramNode]:
    """The diagram's nodes, in order of time."""
    diagram = lowered.diagram
    views = []
    for name in diagram.order:
        node, entry = diagram.node[name], lowered.case.nodes[name]
        is_decision = isinstance(node, Decision)
        views.append(
            DiagramNode(
                name=name,
                title=wording.node(name),
                about=entry.about,
                kind="decision"
                if is_decision
                else "chance"
                if isinstance(node, Chance)
                else "derived",
                player=node.player if isinstance(node, Decision) else None,
                domain=list(node.domain),
                date=_date_or_none(diagram.dates[name]),
                parents=list(diagram.parents(name)),
                conditional=node.when is not None,
                reasons=_reason_views(entry.why),
                mechanism=entry.derived or entry.probability or entry.odds,
                numbers=_numbers(lowered, node.names),
            )
        )
    return views


def interests(lowered: Lowered, worths: Mapping[str, float] | None) -> list[DiagramInterest]:
    """Each player's interests, and their expected worth; 0 where nothing is solved yet."""
    return [
        DiagramInterest(
            name=interest.name,
            player=interest.player,
            about=lowered.case.interests[interest.name].about,
            worth=lowered.case.interests[interest.name].worth,
            parents=list(lowered.diagram.scope(interest)),
            expected=0.0 if worths is None else worths[interest.name],
            numbers=_numbers(lowered, interest.worth.names),
            reasons=_reason_views(lowered.case.interests[interest.name].why),
        )
        for interest in lowered.diagram.interests
    ]


def rules(ensemble: Ensemble) -> list[Rule]:
    """Every decision's rule, mean over the weighted draws."""
    views = []
    for decision in ensemble.diagram.decisions:
        seen = ensemble.diagram.parents(decision.name)
        domains = [ensemble.diagram.domains[name] for name in seen]
        table = mean(ensemble.play.policies[decision.name], ensemble.weights)
        views.append(
            Rule(
                decision=decision.name,
                sees=list(seen),
                actions=list(decision.domain),
                contexts=[list(context) for context in product(*domains)],
                probabilities=np.round(table.reshape(-1, len(decision.domain)), 6).tolist(),
            )
        )
    return views


def players(lowered: Lowered, ensemble: Ensemble | None, wording: Wording) -> list[PlayerView]:
    """The players, and what each is wrong about; without solved draws, no means of numbers."""
    views = []
    for name, entry in lowered.case.players.items():
        belief = next((b for b in lowered.beliefs if b.player == name), None)
        wrong = dict(belief.parameters) if belief and ensemble else {}
        views.append(
            PlayerView(
                name=name,
                title=wording.player(name),
                about=entry.about,
                misbelieves=lowered.case.beliefs[name].description if belief else "",
                believes={
                    true: {
                        "true": float(ensemble.numbers[true].mean()),
                        "believed": float(ensemble.numbers[own].mean()),
                    }
                    for true, own in wrong.items()
                    if ensemble
                },
                reasoning=wording.reasoning(name),
            )
        )
    return views


def timeline(lowered: Lowered, wording: Wording) -> list[Event]:
    """What was recorded and what is still open, by day."""
    case, diagram = lowered.case, lowered.diagram
    recorded = {entry.node for entry in case.record}
    events = [
        Event(
            date=entry.date,
            node=entry.node,
            title=wording.node(entry.node),
            kind="recorded",
            value=entry.value,
            source=entry.source,
            reliability=entry.reliability,
            at=entry.at,
        )
        for entry in case.record
    ]
    for name in diagram.order:
        when = diagram.dates[name]
        if name in recorded or when == date.min:
            continue
        events.append(
            Event(
                date=when,
                node=name,
                title=wording.node(name),
                kind="open" if when > case.as_of else "past",
                value=None,
                source="",
                reliability=None,
            )
        )
    return sorted(events, key=lambda event: event.date)


def source_views(lowered: Lowered) -> list[SourceView]:
    """The sources, with their grades in words."""
    return [
        SourceView(
            name=name,
            grade_in_words=grade_in_words(entry.grade),
            has_file=bool(entry.file),
            **entry.model_dump(exclude={"file"}),
        )
        for name, entry in lowered.case.sources.items()
    ]


def sources_of(lowered: Lowered) -> dict[str, Source]:
    """The case's sources by name, as the rules for grades and copies need them."""
    return {
        name: Source(name, entry.title, grade=entry.grade, same_as=entry.same_as)
        for name, entry in lowered.case.sources.items()
    }


def cited_reasons(reasons: Sequence[ReasonEntry]) -> list[Reason]:
    """Reasons of the case file, as the rules for grades and copies need them."""
    return [Reason(r.source, r.at, r.says, r.judgement) for r in reasons]


def _reason_views(reasons: Sequence[ReasonEntry]) -> list[ReasonGiven]:
    return [
        ReasonGiven(source=r.source, at=r.at, says=r.says, quotes=r.quotes, judgement=r.judgement)
        for r in reasons
    ]


def _numbers(lowered: Lowered, names: Collection[str]) -> list[str]:
    """The numbers among the names of an expression, in the order of the case."""
    return [name for name in lowered.priors if name in names]


def _date_or_none(when: date) -> date | None:
    return None if when == date.min else when
