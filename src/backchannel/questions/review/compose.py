"""Put a review into words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from backchannel.questions.composing import Composing
from backchannel.questions.review.ask import Review, ReviewedOutcome, ViewOfOutcome
from backchannel.questions.review.document import (
    FaultView,
    OutcomeReview,
    ReviewedChance,
    ReviewPart,
    ReviewView,
    RivalReview,
)
from backchannel.questions.review.lessons import factor_of, lessons, taught_text
from backchannel.questions.review.teaching import ReviewedRival
from backchannel.questions.rivals.compose import rival_title
from backchannel.questions.rivals.sentences import factor_text
from backchannel.wording.percents import percent
from backchannel.wording.pieces import clean, clean_or_none
from backchannel.wording.words import Wording

HARDLY_ANYTHING = 0.01
"""Bits below which nothing could have been gained that is worth a sentence."""
NOTABLE = 1.0
"""Change of a log Bayes factor from which a rival is named."""


def compose(composing: Composing, review: Review | None) -> ReviewPart:
    """Put the review of a run into words."""
    return ReviewPart(review=compose_review(composing.wording, review) if review else None)


def compose_review(wording: Wording, review: Review) -> ReviewView:
    """Put a review into words."""
    outcomes = [
        _outcome(wording, one, review.rivals, place) for place, one in enumerate(review.outcomes)
    ]
    faults = [
        FaultView(parameter=f.parameter, label=wording.parameter(f.parameter), bits=clean(f.bits))
        for f in review.faults
    ]
    rivals = [
        RivalReview(
            title=rival_title(wording, one.rival),
            factor_before=factor_of(one.before) or 0.0,
            factor_after=factor_of(one.after),
        )
        for one in review.rivals
    ]
    notable = [
        view
        for one, view in zip(review.rivals, rivals, strict=True)
        if abs(one.after - one.before) >= NOTABLE
    ]
    return ReviewView(
        outcomes=outcomes,
        open=[wording.node(node) for node in review.open_nodes],
        joint_bits=clean_or_none(review.joint_bits),
        teaches=lessons(wording, review.teaches, [(one, one.together) for one in review.rivals]),
        faults=faults,
        could_gain=clean(review.could_gain),
        rivals=rivals,
        left_out=[f"{rival_title(wording, m.rival)}: {m.reason}" for m in review.left_out],
        sentences=_sentences(review, outcomes, faults, notable),
    )


def _sentences(
    review: Review,
    outcomes: list[OutcomeReview],
    faults: list[FaultView],
    notable: list[RivalReview],
) -> list[str]:
    if math.isinf(review.joint_bits):
        return [
            "The case gave these outcomes together no chance at all, in any draw. What it rules out has happened: "
            "look for a menu, a condition or a derived node that forbids it."
        ]
    worst = min(outcomes, key=lambda one: one.pooled.chance)
    sentences = [
        f"The forecast gave what came about {percent(worst.pooled.chance)} where it did worst (“{worst.title}: "
        f"{worst.label}”); all {len(outcomes)} outcomes together took the case by {review.joint_bits:.1f} bits."
        if len(outcomes) > 1
        else f"The forecast gave “{worst.title}: {worst.label}” {percent(worst.pooled.chance)}."
    ]
    if review.could_gain < HARDLY_ANYTHING:
        sentences.append("Knowing what the outcomes teach would hardly have changed their chances.")
    elif faults and faults[0].bits > 0:
        sentences.append(
            f"The assumption most at fault is “{faults[0].label}”: with what the outcomes teach about it, the "
            f"forecast would have gained {faults[0].bits:.2f} of the {review.could_gain:.2f} bits that it could gain."
        )
    else:
        sentences.append("No single assumption is at fault by more than chance.")
    sentences += _views(outcomes)
    for rival in notable[:2]:
        assert rival.factor_after is not None
        says = "for" if rival.factor_after > rival.factor_before else "against"
        sentences.append(
            f"The outcomes speak {says} a rival: if {rival.title}, its Bayes factor goes from "
            f"{factor_text(rival.factor_before)} to {factor_text(rival.factor_after)}."
        )
    return sentences


def _views(outcomes: list[OutcomeReview]) -> list[str]:
    """Compare inside, outside and pooled where all three are known."""
    rated = [one for one in outcomes if one.inside is not None and one.outside is not None]
    if not rated:
        return []
    chances = {
        "the case alone": [one.inside.chance for one in rated if one.inside],
        "the base rates alone": [one.outside.chance for one in rated if one.outside],
        "their pool": [one.pooled.chance for one in rated],
    }
    bits = {
        name: sum(-math.log2(max(chance, 1e-300)) for chance in given) / len(given)
        for name, given in chances.items()
    }
    ranked = sorted(bits, key=bits.__getitem__)
    listed = "; ".join(f"{name} {bits[name]:.2f}" for name in ranked)
    counted = "1 outcome" if len(rated) == 1 else f"{len(rated)} outcomes"
    return [f"On {counted} with a base rate, bits a node (lower is better): {listed}."]


def _outcome(
    wording: Wording, one: ReviewedOutcome, rivals: Sequence[ReviewedRival], place: int
) -> OutcomeReview:
    observed = one.observed
    teaches = lessons(wording, one.teaches, [(rival, rival.alone[place]) for rival in rivals])
    return OutcomeReview(
        node=observed.node,
        title=wording.node(observed.node),
        value=observed.value,
        label=wording.value(observed.node, observed.value),
        date=observed.date,
        source=observed.source,
        pooled=_chance(one.pooled),
        inside=None if one.inside is None else _chance(one.inside),
        outside=None if one.outside is None else _chance(one.outside),
        taught=taught_text(teaches),
        teaches=teaches,
    )


def _chance(view: ViewOfOutcome) -> ReviewedChance:
    return ReviewedChance(
        chance=clean(view.chance), bits=clean_or_none(view.bits), brier=clean(view.brier)
    )
