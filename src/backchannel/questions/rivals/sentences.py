"""Sentences about rivals, as an analyst would quote them."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.questions.rivals.document import MixedForecast, RivalView
from backchannel.wording.percents import percent_range, said

GRADES = (
    (2.0, "not worth more than a bare mention"),
    (6.0, "positive"),
    (10.0, "strong"),
    (float("inf"), "very strong"),
)
"""Twice the logarithm of a Bayes factor up to which each word holds. Source: Kass & Raftery (1995), 3.2."""
MOST_NAMED = 3


def evidence_in_words(logarithm: float) -> str:
    """A Bayes factor in the words of Kass and Raftery, from its natural logarithm.

    >>> evidence_in_words(0.4), evidence_in_words(-2.5)
    ('not worth more than a bare mention', 'positive evidence against it')
    """
    word = next(word for limit, word in GRADES if 2 * abs(logarithm) <= limit)
    if word == GRADES[0][1]:
        return word
    return f"{word} evidence {'for' if logarithm > 0 else 'against'} it"


def rivals_sentences(
    title: str,
    structures: Sequence[RivalView],
    over: Sequence[MixedForecast],
    *,
    hinge: RivalView | None,
) -> list[str]:
    """Say which rivals matter, what the forecast is over all of them, and which assumption it depends on."""
    case, rivals = structures[0], structures[1:]
    if not rivals:
        return [
            "No rival that could be solved changes the answer or the probability of the record."
        ]
    sentences = []
    standing = [rival for rival in rivals if rival.stands_out]
    for rival in standing[:MOST_NAMED]:
        sentences.append(
            f"The record fits this rival about as well as the case, but the rival answers differently: if "
            f"{rival.title}, {value_most_changed(case, rival)}. The Bayes factor is "
            f"{factor_text(rival.bayes_factor)}."
        )
    if len(standing) > MOST_NAMED:
        sentences.append(f"{len(standing) - MOST_NAMED} more rivals are like that.")
    if not standing:
        sentences.append(
            "No rival that fits the record about as well as the case moves the forecast by 10 points or more."
        )
    top = max(over, key=lambda value: value.probability)
    own = next(value for value in case.values if value.value == top.value)
    sentences.append(
        f"Over all {len(structures)} structures, weighted by how well each expected the record, “{title}: "
        f"{top.label}” has {said(top.probability)} ({percent_range(top.low, top.high)} over structures); in the case "
        f"alone it has {said(own.probability)}."
    )
    if hinge is not None and hinge.distance > 0:
        sentences.append(
            f"The answer depends most on one structural assumption: if {hinge.title}, "
            f"{value_most_changed(case, hinge)}. What the record says about it is {hinge.evidence}."
        )
    best = max(rivals, key=lambda rival: rival.bayes_factor)
    if best.bayes_range[0] > 3:
        sentences.append(
            f"The record speaks for a rival: {best.evidence} if {best.title} (Bayes factor "
            f"{factor_text(best.bayes_factor)}). Look at that assumption again."
        )
    return sentences


def factor_text(factor: float) -> str:
    """A Bayes factor in two or three digits.

    >>> factor_text(0.0421), factor_text(3.27), factor_text(1234.5)
    ('1/24', '3.3', '1,234')
    """
    if factor <= 0:
        return "0"
    if factor < 0.1:
        return f"1/{1 / factor:,.0f}"
    return f"{factor:.1f}" if factor < 100 else f"{factor:,.0f}"


def marginal_text(structure: RivalView) -> str:
    """The logarithm of a marginal likelihood with its standard error.

    >>> from backchannel.questions.rivals.document import RivalView
    >>> marginal_text(RivalView.model_construct(log_marginal=-2.345, log_marginal_error=0.021))
    '−2.35 ± 0.02'
    """
    number = f"{structure.log_marginal:.2f}".replace("-", "−")
    return f"{number} ± {structure.log_marginal_error:.2f}"


def factor_range(structure: RivalView) -> str:
    """The Bayes factor two standard errors below and above."""
    low, high = structure.bayes_range
    return f"{factor_text(low)} to {factor_text(high)}"


def value_most_changed(case: RivalView, rival: RivalView) -> str:
    """The value whose chance differs most, with both chances."""
    pairs = list(zip(case.values, rival.values, strict=True))
    own, there = max(pairs, key=lambda pair: abs(pair[1].probability - pair[0].probability))
    return f"“{own.label}” has {said(there.probability)} instead of {said(own.probability)}"
