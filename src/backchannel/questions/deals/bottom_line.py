"""The bottom line of a deal: whether the package that suits all parties best would be kept."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.case.lowered import CaseQuestion
from backchannel.questions.composing import Composing, Influences
from backchannel.questions.deals.document import DealPackage, DealView
from backchannel.questions.deals.examine import ExaminedDeal
from backchannel.questions.statement import (
    Statement,
    adverb,
    cut,
    percent_or_words,
    shorter_and_shorter,
    with_range,
)
from backchannel.questions.unanswered import Unanswered


def bottom_line(
    composing: Composing, found: Sequence[ExaminedDeal | Unanswered], question: CaseQuestion
) -> Statement:
    """State how probable it is that every promise is kept, and which promise is the weakest."""
    del found
    view = next(view for view in composing.parts["deals"].deals if view.name == question.deal)
    package = next(package for package in view.packages if package.number == view.chosen)
    hinge = view.caption.would_change[0]
    return Statement(
        texts=(
            *shorter_and_shorter(lambda most: _sentence(view, package, most)),
            *shorter_and_shorter(lambda most: f"{_kept(view, package, most)}."),
        ),
        of=f"{view.title}: every promise of package {package.number} is kept",
        number=package.kept,
        low=package.kept_low,
        high=package.kept_high,
        influences=Influences(hinge.assumptions, hinge.chance_level),
        effective_draws=view.caption.effective_draws,
        left_out=view.caption.left_out,
    )


def _sentence(view: DealView, package: DealPackage, most: int) -> str:
    text = _kept(view, package, most)
    steps = [(step.chance, step) for step in package.steps if step.chance is not None]
    if len(steps) < 2:
        return f"{text}."
    chance, weakest = min(steps, key=lambda pair: pair[0])
    promise = f"“{cut(weakest.title, most)}: {cut(weakest.label, most)}”"
    return f"{text}; {weakest.player_title} keeps {promise} with {percent_or_words(chance)}."


def _kept(view: DealView, package: DealPackage, most: int) -> str:
    chance = with_range(package.kept, package.kept_low, package.kept_high)
    which, no = _which(view, package, most), ""
    sure = adverb(package.kept)
    if not sure:
        sure, no = adverb(1 - package.kept), "not "
    if sure:
        return f"{which} would {sure} {no}be kept in full: {chance}"
    return f"{which} would have a roughly even chance of being kept in full: {chance}"


def _which(view: DealView, package: DealPackage, most: int) -> str:
    if len(view.packages) == 1:
        only = "It" if view.range else "It would not give every party a gain, and it"
        return only
    name = f"number {package.number}"
    if len(package.label.split()) <= most:
        name += f" ({package.label})"
    if view.range:
        return f"The best package for all parties, {name},"
    return f"No package gives every party a gain; the closest, {name},"
