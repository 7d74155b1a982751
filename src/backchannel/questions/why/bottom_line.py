"""The bottom line of a why: whether it would have happened without its causes, and which weighs most."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.case.lowered import CaseQuestion
from backchannel.questions.composing import Composing
from backchannel.questions.statement import (
    LABEL_WORDS,
    Statement,
    cut,
    in_brackets,
    shorter_and_shorter,
)
from backchannel.questions.unanswered import Unanswered, answered
from backchannel.questions.why.document import Why
from backchannel.questions.why.explain import WhyAnswer
from backchannel.questions.why.sentences import COUNTS
from backchannel.wording.percents import HARDLY, said
from backchannel.wording.prose import adverb, in_points, whole_points

EVEN = 0.5
"""The outcome is told the way round that is more likely than this."""


def bottom_line(
    composing: Composing, answer: Sequence[WhyAnswer | Unanswered], question: CaseQuestion
) -> Statement:
    """State what would have happened without all causes, and the cause with the largest share."""
    explanation = next(
        why.explanation for why in answered(answer) if why.question.name == question.name
    )
    why = next(part for part in composing.parts["why"].whys if part.name == question.name)
    would_have = why.total.mean <= EVEN
    number, low, high = why.total.mean, why.total.low, why.total.high
    other, by_draw = why.total.independent, explanation.total_by_draw
    if would_have:
        number, low, high, other = 1 - number, 1 - high, 1 - low, 1 - other
        by_draw = 1 - by_draw
    chance = in_brackets(number, low, high)
    return Statement(
        texts=_texts(why, chance),
        of=f"{why.title}: {why.label}, without its causes",
        number=number,
        low=low,
        high=high,
        influences=composing.influences(by_draw, explanation.weights),
        effective_draws=explanation.effective_draws,
        left_out=explanation.left_out,
        other_extreme=other,
        other_extreme_text=f"{said(other)}, not {said(number)}",
    )


def _texts(why: Why, chance: str) -> tuple[str, ...]:
    full = _without(why, chance, LABEL_WORDS[0])
    texts = []
    if len(why.causes) > 1:
        texts = [f"{full}; {lead}." for lead in _leading(why)]
    return (*texts, *shorter_and_shorter(lambda most: f"{_without(why, chance, most)}."))


def _leading(why: Why) -> list[str]:
    """The cause with the largest share, with the share and without."""
    first = why.causes[0]
    if first.share.mean < HARDLY:
        return [f"no single cause counts for {in_points(HARDLY)} or more"]
    name = f"that {first.happened}" if first.happened else f"the opposite of “{first.title}”"
    share, joint = whole_points(first.share.mean), in_points(why.total.mean)
    # Other causes can have negative shares, so that one share is larger than all together.
    with_share = [f"what counts most is {name} ({share} of {joint})"]
    is_part = first.share.mean <= why.total.mean
    return [*(with_share if is_part else []), f"what counts most is {name}"]


def _without(why: Why, chance: str, most: int) -> str:
    """Say how likely the outcome would have been without all causes, the way round that is more likely."""
    prevented, n = why.total.mean, len(why.causes)
    outcome = f"“{cut(f'{why.title}: {why.label}', most)}”"
    if n == 1:
        start = f"If {cut(why.causes[0].title, most)}, {outcome}"
    else:
        start = f"Without the {COUNTS[n] if n < len(COUNTS) else n} causes, {outcome}"
    if prevented <= 0:
        return f"{start} would still have happened"
    if does_not := adverb(prevented):
        return f"{start} would {does_not} not have happened {chance}"
    if does := adverb(1 - prevented):
        return f"{start} would {does} still have happened {chance}"
    otherwise = "still happening" if prevented <= EVEN else "not happening"
    return f"{start} would have had a roughly even chance of {otherwise} {chance}"
