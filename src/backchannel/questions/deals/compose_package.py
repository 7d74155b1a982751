"""Compose one package of a deal: what it consists of, what each player gains, and how its promises are kept."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from backchannel.diagram.deals import Commitment, Deal, Package
from backchannel.ensemble.weighted import bounded
from backchannel.language.names import NodeName
from backchannel.questions.deals.document import DealGain, DealPackage, DealSpread, DealStep
from backchannel.questions.deals.draw_summary import DrawSummary
from backchannel.questions.deals.ranking import package_marks
from backchannel.questions.deals.results import Deals
from backchannel.questions.deals.sentences import TOGETHER
from backchannel.wording.pieces import Bounds, clean, cleaned
from backchannel.wording.words import Wording

LEFT_OUT = "left out"
"""What stands in place of a promise or an amount that a package leaves out."""


def compose_package(wording: Wording, deals: Deals, i: int, *, is_chosen: bool) -> DealPackage:
    """Put the package at one position into the document's words."""
    package, deal = deals.packages[i], deals.deal
    kept = deals.kept_spread(i)
    step_of = {commitment.node: commitment.step for commitment in deal.commitments}
    return DealPackage(
        number=package.number,
        label=_label(wording, deals, i),
        choices=_choices(wording, deal, package),
        terms=dict(package.terms),
        amounts=dict(_amount_texts(deal, package)),
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


def alternative_names(wording: Wording, deal: Deal) -> list[str]:
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


def _label(wording: Wording, deals: Deals, i: int) -> str:
    """Describe a package by its choices, or by its terms if it is the only one."""
    deal, package = deals.deal, deals.packages[i]
    named = zip(alternative_names(wording, deal), _choices(wording, deal, package), strict=True)
    parts = [f"{name}: {choice}" for name, choice in named]
    terms = [f"{wording.node(c.node)}: {_term(wording, package, c.node)}" for c in deal.commitments]
    return "; ".join(parts or terms)


def _open_terms(deal: Deal) -> list[Commitment]:
    """The promises in which packages differ: those with alternatives, or that may be left out."""
    return [c for c in deal.commitments if len(c.values) > 1 or c.step in deal.optional]


def _term(wording: Wording, package: Package, node: NodeName) -> str:
    return wording.value(node, package.terms[node]) if node in package.terms else LEFT_OUT


def _amount_texts(deal: Deal, package: Package) -> Mapping[str, str]:
    """The amounts of a package, by their labels."""
    return {
        amount.label: str(size.text)
        for amount, size in zip(deal.amounts, package.amounts, strict=True)
        if size is not None
    }


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
