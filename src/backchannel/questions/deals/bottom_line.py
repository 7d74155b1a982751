"""The bottom line of a deal: whether the package that suits all parties best would be kept."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.case.lowered import CaseQuestion
from backchannel.questions.composing import Composing, Influences
from backchannel.questions.deals.document import DealPackage, DealView
from backchannel.questions.deals.examine import ExaminedDeal
from backchannel.questions.statement import Statement, cut, shorter_and_shorter
from backchannel.questions.unanswered import Unanswered
from backchannel.wording.percents import percent_range, said
from backchannel.wording.prose import adverb, in_cases


def bottom_line(
    composing: Composing, answer: Sequence[ExaminedDeal | Unanswered], question: CaseQuestion
) -> Statement:
    """State how probable it is that every promise is kept, and which promise is the weakest."""
    del answer
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
    return f"{text}; the weakest promise, {promise} by {weakest.player_title}, is kept {in_cases(chance)}."


def _kept(view: DealView, package: DealPackage, most: int) -> str:
    chance = f"all of it would be kept in {said(package.kept)} of cases"
    span = percent_range(package.kept_low, package.kept_high)
    if span != said(package.kept):
        chance += f" ({span})"
    which = _which(view, package, most)
    if sure := adverb(package.kept):
        return f"{which} would {sure} hold: {chance}"
    if fails := adverb(1 - package.kept):
        return f"{which} would {fails} fail: {chance}"
    return f"{which} would hold or fail with about even chances: {chance}"


def _which(view: DealView, package: DealPackage, most: int) -> str:
    if len(view.packages) == 1:
        return "The deal" if view.range else "The deal would not give every party a gain, and it"
    name = f"number {package.number} of {len(view.packages):,}"
    if len(package.label.split()) <= most:
        name += f" ({package.label})"
    if view.range:
        return f"The best package for all parties, {name},"
    return f"No package gives every party a gain; the closest, {name},"
