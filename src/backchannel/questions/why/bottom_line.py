"""The bottom line of a why: whether it would have happened without its causes, and which weighs most."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.case.lowered import CaseQuestion
from backchannel.questions.composing import Composing
from backchannel.questions.statement import (
    Statement,
    adverb,
    cut,
    shorter_and_shorter,
    with_range,
)
from backchannel.questions.unanswered import Unanswered, answered
from backchannel.questions.why.document import CausePart, Why
from backchannel.questions.why.explain import WhyAnswer
from backchannel.wording.words import HARDLY, points


def bottom_line(
    composing: Composing, found: Sequence[WhyAnswer | Unanswered], question: CaseQuestion
) -> Statement:
    """State what would have happened without all causes, and the cause with the largest share."""
    explanation = next(
        why.explanation for why in answered(found) if why.question.name == question.name
    )
    why = next(part for part in composing.parts["why"].whys if part.name == question.name)
    would_have = why.total.mean <= 0.5
    number, low, high = why.total.mean, why.total.low, why.total.high
    other, by_draw = why.total.independent, explanation.total_by_draw
    if would_have:
        number, low, high, other = 1 - number, 1 - high, 1 - low, 1 - other
        by_draw = 1 - by_draw
    chance = with_range(number, low, high)
    return Statement(
        texts=(
            *shorter_and_shorter(lambda most: _sentence(why, number, chance, most)),
            f"{_without(why, number, chance, 4)}.",
        ),
        of=f"{why.title}: {why.label}, without {_causes(why)}",
        number=number,
        low=low,
        high=high,
        influences=composing.influences(by_draw, explanation.weights),
        effective_draws=explanation.effective_draws,
        left_out=explanation.left_out,
        other_extreme=other,
    )


def _sentence(why: Why, number: float, chance: str, most: int) -> str:
    text = _without(why, number, chance, most)
    if len(why.causes) == 1:
        return f"{text}."
    first = why.causes[0]
    if first.share.mean < HARDLY:
        return f"{text}; no single cause matters by {points(HARDLY)[1:]} points."
    return f"{text}; {_weighs_most(first, why.total.mean, most)}."


def _without(why: Why, number: float, chance: str, most: int) -> str:
    """Without all causes it would have happened, or not, whichever is more probable."""
    happens = why.total.mean <= 0.5
    sure, no = adverb(number), "" if happens else "not "
    single = len(why.causes) == 1
    start = f"If {cut(why.causes[0].title, most)}" if single else f"Without {_causes(why)}"
    if happens:
        start = f"Even {start[:1].lower()}{start[1:]}"
    if sure:
        return f"{start}, it would {sure} {no}have happened, at {chance}"
    return f"{start}, it would have had a roughly even chance of {'' if happens else 'not '}happening, {chance}"


def _causes(why: Why) -> str:
    return f"these {len(why.causes)} causes"


def _weighs_most(cause: CausePart, total: float, most: int) -> str:
    share, of = points(cause.share.mean)[1:], points(total)[1:]
    return f"“if {cut(cause.title, most)}” matters most ({share} of {of} points)"
