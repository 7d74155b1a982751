"""Compose a deal's part of the answers document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from backchannel.case.lowered import CaseQuestion
from backchannel.questions.composing import Composing, influences
from backchannel.questions.deals.compose_package import alternative_names, compose_package
from backchannel.questions.deals.document import (
    DealCaption,
    DealEnforcement,
    DealHinge,
    DealsPart,
    DealView,
)
from backchannel.questions.deals.enforcing import Enforcement
from backchannel.questions.deals.examine import ExaminedDeal
from backchannel.questions.deals.model_futures import base_rates_of
from backchannel.questions.deals.results import Deals
from backchannel.questions.deals.sentences import deal_answer, deal_sentences
from backchannel.questions.forecast.outside_compose import carried_text
from backchannel.questions.statistics.assumption_terms import AssumptionTerms
from backchannel.questions.statistics.influence import rank_assumptions
from backchannel.questions.unanswered import Unanswered, answered
from backchannel.wording.nouns import and_list, possessive
from backchannel.wording.pieces import clean
from backchannel.wording.words import Wording, plain_name

INFLUENCES_PER_NUMBER = 3
"""Assumptions that are named for each number."""


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
        alternatives=alternative_names(wording, deal),
        packages=[
            compose_package(wording, deals, i, is_chosen=i == position)
            for i in range(len(deals.packages))
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
