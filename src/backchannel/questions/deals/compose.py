"""Compose a deal's part of the answers document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from backchannel.case.lowered import CaseQuestion
from backchannel.diagram.deals import Commitment, Deal, Package
from backchannel.ensemble.weighted import bounded
from backchannel.language.names import NodeName
from backchannel.questions.composing import Composing, influences
from backchannel.questions.deals.document import (
    DealCaption,
    DealEnforcement,
    DealGain,
    DealHinge,
    DealPackage,
    DealsPart,
    DealSpread,
    DealStep,
    DealView,
)
from backchannel.questions.deals.enforcing import Enforcement
from backchannel.questions.deals.examine import ExaminedDeal
from backchannel.questions.deals.model_futures import base_rates_of
from backchannel.questions.deals.ranking import package_marks
from backchannel.questions.deals.results import Deals, DrawSummary, amount_texts
from backchannel.questions.deals.sentences import TOGETHER, deal_answer, deal_sentences
from backchannel.questions.forecast.outside_compose import carried_text
from backchannel.questions.statistics.assumption_terms import AssumptionTerms
from backchannel.questions.statistics.influence import rank_assumptions
from backchannel.questions.unanswered import Unanswered, answered
from backchannel.wording.nouns import and_list, possessive
from backchannel.wording.pieces import Bounds, clean, cleaned
from backchannel.wording.words import Wording, plain_name

INFLUENCES_PER_NUMBER = 3
"""Assumptions that are named for each number."""
LEFT_OUT = "left out"
"""What stands in place of a promise or an amount that a package leaves out."""


def compose(composing: Composing, deals: Sequence[ExaminedDeal | Unanswered]) -> DealsPart:
    """Compose every deal of the case that could be examined."""
    return DealsPart(deals=[compose_deal(composing, examined) for examined in answered(deals)])


def answer(composing: Composing, question: CaseQuestion) -> tuple[list[str], list[str]]:
    """Answer a question of the case about a deal, in sentences."""
    deals = composing.parts["deals"].deals
    return deal_answer(next(view for view in deals if view.name == question.deal)), []


def compose_deal(composing: Composing, examined: ExaminedDeal) -> DealView:
    """Put a deal into the document's words."""
    wording, numbers, deals = composing.wording, composing.ensemble.numbers, examined.deals
    chosen, enforcement = examined.package, examined.enforcement
    deal, entry = deals.deal, wording.lowered.case.deals[deals.deal.name]
    position = deals.chosen if chosen is None else chosen
    number = deals.packages[position].number
    view = DealView(
        name=deal.name,
        title=deal.title or plain_name(deal.name),
        about=entry.about,
        parties={party: wording.player(party) for party in deal.parties},
        date=deal.date,
        unit=wording.lowered.case.utility_unit,
        alternatives=_alternatives(wording, deal),
        packages=[
            _package(wording, deals, i, is_chosen=i == position) for i in range(len(deals.packages))
        ],
        range=_numbers(deals, deals.in_range),
        pareto=_numbers(deals, deals.pareto),
        nash=None if deals.nash is None else deals.packages[deals.nash].number,
        kalai_smorodinsky=None
        if deals.kalai_smorodinsky is None
        else deals.packages[deals.kalai_smorodinsky].number,
        closest=deals.packages[deals.closest].number,
        chosen=number,
        chosen_because=_because(deals, chosen),
        empty_in=clean(deals.empty_by_draw),
        threshold=examined.threshold,
        standard=examined.standard,
        enforcement=[_enforcement(wording, instrument) for instrument in enforcement],
        base_rates=carried_text(
            wording.lowered,
            wording,
            base_rates_of(composing.ensemble, deal),
            who="the deal carries",
            after="its day",
        ),
        sentences=[],
        caption=DealCaption(
            shows=(
                "expected gain of each party over disagreement, one point per package, in "
                f"{wording.lowered.case.utility_unit}; given the record"
            ),
            draws=deals.n_draws,
            effective_draws=deals.effective_draws,
            left_out=clean(deals.left_out),
            would_change=_hinges(wording, deals, position, numbers),
        ),
    )
    return view.model_copy(update={"sentences": deal_sentences(view)})


def _numbers(deals: Deals, which: np.ndarray) -> list[int]:
    return [deals.packages[i].number for i in np.flatnonzero(which)]


def _because(deals: Deals, chosen: int | None) -> str:
    if chosen is not None:
        return "asked for"
    if deals.in_range.any():
        return "it is the most likely to be kept of those that all parties prefer to no deal"
    return "no package benefits all parties, and in this one the worst-off party loses least"


def _package(wording: Wording, deals: Deals, i: int, *, is_chosen: bool) -> DealPackage:
    package, deal = deals.packages[i], deals.deal
    kept = deals.kept_spread(i)
    step_of = {commitment.node: commitment.step for commitment in deal.commitments}
    return DealPackage(
        number=package.number,
        label=_label(wording, deals, i),
        choices=_choices(wording, deal, package),
        terms=dict(package.terms),
        amounts=dict(amount_texts(deal, package)),
        gains=[
            DealGain(
                player=player,
                title=wording.player(player),
                is_party=player in deal.parties,
                on_paper=_spread(deals.gain(i, player)),
                as_kept=_spread(deals.gain(i, player, kept=True)),
                expects=None
                if (expected := deals.expected(i, player)) is None
                else _spread(expected),
            )
            for player in deals.solved.players
        ],
        steps=[
            DealStep(
                step=step_of[step.node] + 1,
                node=step.node,
                title=wording.node(step.node),
                player=step.player,
                player_title=wording.player(step.player),
                value=step.value,
                label=wording.value(step.node, step.value),
                date=wording.lowered.diagram.dates[step.node],
                able=_finite_or_none(step.able),
                chance=_finite_or_none(step.chance),
                low=_finite_or_none(step.low),
                high=_finite_or_none(step.high),
                bounds=_bounds(step.chance, deals.left_out),
                best_reply=_finite_or_none(step.best_reply),
                together=TOGETHER[step.together] if step.together else "",
                step_chance=None if step.step_chance is None else _finite_or_none(step.step_chance),
            )
            for step in deals.steps(i)
        ],
        kept=clean(kept.mean),
        kept_low=clean(kept.low),
        kept_high=clean(kept.high),
        kept_bounds=_bounds(kept.mean, deals.left_out),
        possible=clean(deals.possible(i)),
        in_range=bool(deals.in_range[i]),
        marks=package_marks(
            in_range=bool(deals.in_range[i]),
            pareto=bool(deals.pareto[i]),
            nash=i == deals.nash,
            kalai_smorodinsky=i == deals.kalai_smorodinsky,
            is_chosen=is_chosen,
        ),
        blocked_by=deals.blockers(i),
        pareto=bool(deals.pareto[i]),
        nash=i == deals.nash,
        kalai_smorodinsky=i == deals.kalai_smorodinsky,
        range_in=clean(deals.range_by_draw[i]),
        nash_in=clean(deals.nash_by_draw[i]),
        kalai_smorodinsky_in=clean(deals.kalai_smorodinsky_by_draw[i]),
    )


def _alternatives(wording: Wording, deal: Deal) -> list[str]:
    """The terms and amounts in which the packages differ: those with alternatives."""
    terms = [wording.node(c.node) for c in _open_terms(deal)]
    return terms + [amount.label for amount in deal.amounts if len(amount.alternatives) > 1]


def _choices(wording: Wording, deal: Deal, package: Package) -> list[str]:
    terms = [_term(wording, package, c.node) for c in _open_terms(deal)]
    amounts = zip(deal.amounts, package.amounts, strict=True)
    return terms + [
        LEFT_OUT if size is None else size.text
        for amount, size in amounts
        if len(amount.alternatives) > 1
    ]


def _open_terms(deal: Deal) -> list[Commitment]:
    """The promises in which packages differ: those with alternatives, or that may be left out."""
    return [c for c in deal.commitments if len(c.values) > 1 or c.step in deal.optional]


def _term(wording: Wording, package: Package, node: NodeName) -> str:
    return wording.value(node, package.terms[node]) if node in package.terms else LEFT_OUT


def _label(wording: Wording, deals: Deals, i: int) -> str:
    """Describe a package by its choices, or by its terms if it is the only one."""
    deal, package = deals.deal, deals.packages[i]
    named = zip(_alternatives(wording, deal), _choices(wording, deal, package), strict=True)
    parts = [f"{name}: {choice}" for name, choice in named]
    terms = [f"{wording.node(c.node)}: {_term(wording, package, c.node)}" for c in deal.commitments]
    return "; ".join(parts or terms)


def _enforcement(wording: Wording, instrument: Enforcement) -> DealEnforcement:
    who = " and ".join(wording.player(player) for player in instrument.players)
    if instrument.kind == "penalty":
        label = f"a penalty on {who} for breaking the deal"
    else:
        label = f"an outside payment to {who} after all promises are kept"
    if len(instrument.players) > 1:
        label += ", the same for each"
    if any(instrument.already):
        label += f" (now {and_list([f'{own:.2f}' for own in instrument.already])})"
    return DealEnforcement(
        kind=instrument.kind,
        players=list(instrument.players),
        label=label,
        size=None if instrument.size is None else clean(instrument.size),
        most=clean(instrument.most),
        already=[clean(own) for own in instrument.already],
        chances=[clean(chance) for chance in instrument.chances],
    )


def _hinges(
    wording: Wording, deals: Deals, i: int, numbers: Mapping[str, np.ndarray]
) -> list[DealHinge]:
    own = {name: np.broadcast_to(row, (max(len(row), 1),)) for name, row in numbers.items()}
    own = {name: row[: deals.n_draws] for name, row in own.items() if len(row) >= deals.n_draws}
    answers = {"the probability that it is kept": deals.solved.through[i, -1]}
    for j, party in enumerate(deals.parties):
        answers[f"{possessive(wording.player(party))} gain on paper"] = deals.solved.on_paper[
            i, :, j
        ]
    terms = AssumptionTerms.of(own, deals.weights)
    hinges = []
    for of, answer in answers.items():
        ranked = influences(rank_assumptions(terms, answer), wording, most=INFLUENCES_PER_NUMBER)
        hinges.append(DealHinge(of=of, assumptions=ranked.named, chance_level=ranked.chance_level))
    return hinges


def _spread(summary: DrawSummary) -> DealSpread:
    return DealSpread(
        mean=clean(summary.mean),
        low=clean(summary.low),
        high=clean(summary.high),
        gains_in=clean(summary.above),
    )


def _bounds(chance: float, left_out: float) -> Bounds | None:
    return cleaned(bounded(chance, left_out)) if np.isfinite(chance) else None


def _finite_or_none(number: float) -> float | None:
    return clean(number) if np.isfinite(number) else None
