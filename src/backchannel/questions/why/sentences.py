"""Sentences about why: the causes together, the leading one, the others, and what no data can test."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.questions.why.document import CausePart, Reading, Through
from backchannel.wording.left_out import left_out_warning, span_text
from backchannel.wording.percents import HARDLY, VISIBLE, percent_range, said
from backchannel.wording.pieces import Bounds
from backchannel.wording.prose import (
    adverb,
    in_cases,
    in_points,
    listed,
    whole_points,
)

COUNTS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
"""Small numbers as a sentence writes them."""


def why_sentences(
    outcome: str, total: Reading, causes: Sequence[CausePart], left_out: float
) -> list[str]:
    """State the joint effect of all causes, the leading cause, the others, and what cannot be known.

    Args:
        outcome: Title and value of what happened.
        total: P(it would not have happened | all causes undone).
        causes: Largest share first.
        left_out: Share of the draws' weight that did not converge.
    """
    if len(causes) == 1:
        sentences = [_without(f"If {causes[0].title}", outcome, causes[0].necessity)]
    else:
        sentences = [_without(f"Without these {_count(len(causes))} causes", outcome, total)]
        sentences += _leading(causes[0], total)
        sentences += _others(causes)
        sentences += _sufficient(causes, total)
    sentences += _bounds(causes)
    sentences.append(_caution(total, causes))
    if warning := left_out_warning(left_out):
        sentences.append(warning)
    return sentences


def _without(condition: str, outcome: str, prevented: Reading) -> str:
    """Say how likely the outcome would have been, the way round that is more likely than not."""
    happened = 1 - prevented.mean
    if prevented.mean in (0, 1):
        return f"{condition}, “{outcome}” would {_not_happened(prevented.mean)}."
    if does_not := adverb(prevented.mean):
        return (
            f"{condition}, “{outcome}” would {does_not} not have happened ({_numbers(prevented)})."
        )
    numbers = _numbers(_reversed(prevented))
    if does := adverb(happened):
        return f"{condition}, “{outcome}” would {does} still have happened ({numbers})."
    return f"{condition}, it would have been about even whether “{outcome}” happened ({numbers})."


def _leading(cause: CausePart, total: Reading) -> list[str]:
    if cause.share.mean < HARDLY:
        return [f"No cause has a share of {in_points(HARDLY)} or more."]
    share, joint = whole_points(cause.share.mean), whole_points(total.mean)
    if total.mean > 0 and share < joint:
        size = f"{share} of the {in_points(total.mean)} that they account for together"
    elif total.mean > 0 and share == joint:
        size = f"all {in_points(total.mean)} that they account for together"
    else:
        size = f"a share of {in_points(cause.share.mean)}"
    return [
        f"What counts most is {_that(cause)}: {size}.",
        f"If {cause.title}, and nothing else had been different, it would "
        f"{_not_happened(cause.necessity.mean)}{_brackets(cause.necessity)}.",
    ]


def _that(cause: CausePart) -> str:
    """Name a cause, after "is"."""
    return f"that {cause.happened}" if cause.happened else _named(cause)


def _others(causes: Sequence[CausePart]) -> list[str]:
    rest = causes[1:] if causes[0].share.mean >= HARDLY else causes
    adding = [cause for cause in rest if cause.share.mean >= HARDLY]
    against = [cause for cause in rest if cause.share.mean <= -HARDLY]
    negligible = [cause for cause in rest if abs(cause.share.mean) < HARDLY]
    sentences = listed(
        "Smaller shares" if len(adding) > 1 else "A smaller share", [*map(_sized, adding)]
    )
    lead = f"{'These causes' if len(against) > 1 else 'This cause'} made it less likely"
    sentences += listed(lead, [*map(_sized, against)])
    if len(negligible) == len(causes):
        return sentences
    none = f"{'These causes have' if len(negligible) > 1 else 'This cause has'} almost no share"
    return sentences + listed(none, [_named(cause) for cause in negligible])


def _sized(cause: CausePart) -> str:
    return f"{_named(cause)} ({in_points(cause.share.mean)})"


def _named(cause: CausePart) -> str:
    """A cause in a list: what happened, or else the opposite of what undoes it."""
    return cause.happened or f"the opposite of “{cause.title}”"


def _sufficient(causes: Sequence[CausePart], total: Reading) -> list[str]:
    most = max(causes, key=lambda cause: cause.sufficiency.mean)
    if most.sufficiency.mean - (1 - total.mean) < HARDLY:
        return []
    return [
        f"With only one of the causes, {_that(most)}, it would have happened {in_cases(most.sufficiency.mean)}"
        f"{_brackets(most.sufficiency)}; with none of them, {in_cases(1 - total.mean)}."
    ]


def _bounds(causes: Sequence[CausePart]) -> list[str]:
    known = [
        f"if {cause.title}, in {percent_range(*cause.bounds)} of cases"
        for cause in causes
        if cause.bounds is not None and cause.bounds[1] > 0 and _says_something(cause.bounds)
    ]
    return listed(
        "For any dependence between the shocks, it would not have happened this often", known, "And"
    )


def _says_something(bounds: Bounds) -> bool:
    return tuple(round(100 * end) for end in bounds) != (0, 100)


def _not_happened(chance: float) -> str:
    """How often something would not have happened, after "would"."""
    if chance <= 0:
        return "still have happened"
    if chance < VISIBLE:
        return f"still have happened {in_cases(1 - chance)}"
    return "never have happened" if chance >= 1 else f"not have happened {in_cases(chance)}"


def _caution(total: Reading, causes: Sequence[CausePart]) -> str:
    caution = (
        "Caution: these numbers assume that the random shocks are the same with and without the causes. No data "
        "can test that."
    )
    other = "At the other extreme, with independent shocks,"
    if len(causes) == 1:
        here, there = causes[0].necessity.mean, total.independent
        if abs(here - there) < HARDLY:
            return f"{caution} {other} they are almost the same."
        return f"{caution} {other} it would {_not_happened(there)}, not {said(here)}."
    ranked = max(causes, key=lambda cause: cause.share.independent)
    gaps = [
        abs(reading.independent - reading.mean) for reading in (total, *(c.share for c in causes))
    ]
    if max(gaps) < HARDLY:
        return f"{caution} {other} they are almost the same."
    return (
        f"{caution} {other} the causes together account for {in_points(total.independent)}, not "
        f"{whole_points(total.mean)}. {_largest(ranked, causes[0])}"
    )


def _largest(ranked: CausePart, leading: CausePart) -> str:
    size = in_points(ranked.share.independent)
    if ranked.cause == leading.cause:
        return f"The same cause then counts most ({size})."
    return f"What then counts most is {_that(ranked)} ({size})."


def decomposition_sentence(
    title: str, outcome: str, total: Reading, parts: Sequence[Through]
) -> str:
    """State the decomposition of one cause's effect in a sentence or two."""
    visible = [part for part in parts if abs(part.effect.mean) >= HARDLY / 2]
    visible.sort(key=lambda part: -abs(part.effect.mean))
    lead = f"If {title}, “{outcome}” would {_not_happened(total.mean)}."
    if not visible:
        return f"{lead} There is almost no effect to take apart."
    each = [
        f"{in_points(part.effect.mean)}{' the other way' if part.effect.mean < 0 else ''} "
        f"{f'through {part.label}' if part.through else 'directly'}"
        for part in visible
    ]
    return " ".join([lead, *listed("This effect comes from these parts", each)])


def _count(n: int) -> str:
    return COUNTS[n] if n < len(COUNTS) else str(n)


def _numbers(reading: Reading) -> str:
    span = span_text(reading.mean, (reading.low, reading.high), reading.bounds, " over draws")
    return f"{said(reading.mean)}{span and f'; {span}'}"


def _brackets(reading: Reading) -> str:
    span = span_text(reading.mean, (reading.low, reading.high), reading.bounds, " over draws")
    return span and f" ({span})"


def _reversed(reading: Reading) -> Reading:
    """The reading of the opposite event."""
    bounds: Bounds | None = reading.bounds and (1 - reading.bounds[1], 1 - reading.bounds[0])
    return reading.model_copy(
        update={
            "mean": 1 - reading.mean,
            "low": 1 - reading.high,
            "high": 1 - reading.low,
            "bounds": bounds,
        }
    )
