"""Compose the answers document from a solved case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from backchannel.answers.document import (
    Answer,
    ClaimFinding,
    Influence,
    NodeForecast,
    OutcomeChange,
    ValueChange,
    ValueForecast,
    WhatIf,
)
from backchannel.answers.sentences import forecast_sentences, what_if_sentences
from backchannel.case.lowered import CaseQuestion, Lowered
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.weighted import quantile
from backchannel.language.names import NodeName, split_round
from backchannel.questions.claims.ask import Finding
from backchannel.questions.deals.document import DealView
from backchannel.questions.deals.sentences import deal_answer
from backchannel.questions.forecast.ask import Forecast, forecast
from backchannel.questions.influences import influence
from backchannel.questions.rounds.compose import changed_fans
from backchannel.questions.rounds.document import RoundsFan
from backchannel.questions.rounds.sentences import fan_sentences
from backchannel.questions.statistics.influence import Cut, rank_assumptions
from backchannel.questions.what_if.ask import Comparison
from backchannel.questions.why.document import Why
from backchannel.wording.pieces import Bounds, clean, cleaned
from backchannel.wording.words import Wording, day, estimative_word, who_knows

LEVELS = [round(0.05 * i, 2) for i in range(1, 20)]
MOST_INFLUENCES = 5


@dataclass(frozen=True)
class Composer:
    """Puts results into the document's words."""

    lowered: Lowered
    ensemble: Ensemble
    wording: Wording
    cuts: dict[bytes, Cut] = field(default_factory=dict, compare=False, repr=False)
    """Assumptions in bins, by the weights; most nodes have the same."""

    def forecast(self, found: Forecast, prior: Forecast) -> NodeForecast:
        """One node's forecast with its distribution over draws."""
        entry = self.lowered.case.nodes[found.node]
        recorded = {entry.node for entry in self.lowered.case.record}
        when = self.ensemble.diagram.dates[found.node]
        likeliest = int(np.argmax(found.mean))
        low_bounds, high_bounds = found.bounds
        values = []
        for i, value in enumerate(found.domain):
            draws = found.per_draw[:, i]
            values.append(
                ValueForecast(
                    value=value,
                    label=self.wording.value(found.node, value),
                    probability=clean(found.mean[i]),
                    low=clean(found.low[i]),
                    high=clean(found.high[i]),
                    bounds=cleaned((low_bounds[i], high_bounds[i])),
                    word=estimative_word(float(found.mean[i])),
                    prior=clean(prior.mean[i]),
                    quantiles=[clean(quantile(draws, found.weights, at)) for at in LEVELS],
                    histogram=_histogram(draws, found.weights),
                )
            )
        return NodeForecast(
            node=found.node,
            title=self.wording.node(found.node),
            date=None if when == date.min else when,
            observed=found.node in recorded,
            resolves=entry.resolves,
            values=values,
            assumptions=self.influences(found, likeliest),
        )

    def influences(self, found: Forecast, value: int) -> list[Influence]:
        """The assumptions that move one value's probability most."""
        answer = np.where(found.weights > 0, found.per_draw[:, value], 0.0)
        key = found.weights.tobytes()
        if key not in self.cuts:
            self.cuts[key] = Cut.of(self.ensemble.numbers, found.weights)
        ranked = rank_assumptions(self.ensemble.numbers, answer, found.weights, cut=self.cuts[key])
        return [
            influence(hinge, self.wording) for hinge in ranked[:MOST_INFLUENCES] if hinge.share > 0
        ]

    def what_if(self, name: str, comparisons: Sequence[Comparison]) -> WhatIf:
        """An intervention and its outcomes."""
        first = comparisons[0]
        cut = first.cut
        if cut is None:
            record = "both sides know the whole record"
        elif any(entry.date < cut for entry in self.ensemble.record):
            record = f"both sides know what was recorded before {day(cut)}"
        else:
            record = "both sides look ahead from before the record, which only weighs the draws"
        return WhatIf(
            name=name,
            title=self.wording.intervention(name, first.intervention),
            who_knows=who_knows(first.intervention, self.wording),
            record=record,
            record_before=cut,
            left_out=clean(first.left_out),
            outcomes=[self._outcome(comparison) for comparison in comparisons],
            fans=changed_fans(self.lowered, comparisons),
        )

    def _outcome(self, comparison: Comparison) -> OutcomeChange:
        node = comparison.before.node
        values = []
        for i, value in enumerate(comparison.before.domain):
            difference, low, high = comparison.of(value)
            values.append(
                ValueChange(
                    value=value,
                    label=self.wording.value(node, value),
                    before=clean(comparison.before.mean[i]),
                    after=clean(comparison.after.mean[i]),
                    difference=clean(difference),
                    low=clean(low),
                    high=clean(high),
                    bounds_before=_at(comparison.before.bounds, i),
                    bounds_after=_at(comparison.after.bounds, i),
                    bounds=_at(comparison.bounds, i),
                )
            )
        return OutcomeChange(node=node, title=self.wording.node(node), values=values)

    def claim(self, finding: Finding) -> ClaimFinding:
        """A claim's verdict."""
        claim = finding.claim
        left, right = finding.sides or (None, None)
        difference, low, high = finding.difference or (None, None, None)
        return ClaimFinding(
            id=claim.name,
            says=claim.says,
            source=claim.source,
            at=claim.at,
            test=claim.test.text,
            verdict=finding.verdict.value,
            support=_maybe(finding.support),
            prior_support=_maybe(finding.prior_support),
            left=_maybe(left),
            right=_maybe(right),
            difference=_maybe(difference),
            low=_maybe(low),
            high=_maybe(high),
            margin=claim.margin,
            hinges_on=influence(finding.hinges_on, self.wording) if finding.hinges_on else None,
            left_out=clean(finding.left_out),
            support_bounds=cleaned(finding.support_bounds)
            if np.isfinite(finding.support)
            else None,
            verdicts=[one.value for one in finding.verdicts],
            record_before=finding.cut,
        )

    def answer(
        self,
        question: CaseQuestion,
        forecasts: Mapping[NodeName, NodeForecast],
        what_ifs: Mapping[str, WhatIf],
        whys: Mapping[str, Why],
        deals: Sequence[DealView] = (),
        rounds: Sequence[RoundsFan] = (),
    ) -> Answer:
        """A question's answer in sentences."""
        nodes = [node for node, _ in question.outcomes]
        if question.kind == "forecast" and len(nodes) > 1:
            base = split_round(nodes[0])[0]
            sentences = fan_sentences(next(fan for fan in rounds if fan.node == base))
            used: list[str] = []
        elif question.kind == "forecast":
            sentences = forecast_sentences(forecasts[nodes[0]], self.lowered.case.as_of)
            used = []
        elif question.kind == "deal":
            sentences = deal_answer(next(d for d in deals if d.name == question.deal))
            used = []
        elif question.kind == "what_if":
            used = [question.intervention]
            sentences = what_if_sentences(question.outcomes, what_ifs[question.intervention])
        else:
            used = []
            sentences = whys[question.name].sentences
        return Answer(
            name=question.name,
            asks=question.asks or question.name.replace("_", " "),
            kind=question.kind,
            sentences=sentences,
            outcomes=nodes,
            what_ifs=used,
        )

    def prior(self, node: NodeName) -> Forecast:
        """The forecast before anything was seen."""
        return forecast(self.ensemble, node, use_record=False)


def asked_outcomes(
    questions: Sequence[CaseQuestion],
) -> dict[str, list[NodeName]]:
    """For each intervention that questions make, the nodes that they look at."""
    found: dict[str, list[NodeName]] = {}
    for question in questions:
        if question.intervention:
            nodes = found.setdefault(question.intervention, [])
            nodes += [node for node, _ in question.outcomes if node not in nodes]
    return found


def _histogram(draws: np.ndarray, weights: np.ndarray) -> list[float]:
    used = weights > 0
    counts, _ = np.histogram(draws[used], bins=20, range=(0, 1), weights=weights[used])
    return [clean(share) for share in counts / max(counts.sum(), 1e-300)]


def _at(ends: tuple[np.ndarray, np.ndarray], i: int) -> Bounds:
    return cleaned((ends[0][i], ends[1][i]))


def _maybe(number: float | None) -> float | None:
    return None if number is None or not np.isfinite(number) else clean(number)
