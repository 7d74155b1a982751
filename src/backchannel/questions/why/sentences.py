"""Sentences on why: necessity, sufficiency, shares and bounds, as an analyst would quote them."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.questions.why.document import CausePart, Reading, Through
from backchannel.wording.words import (
    HARDLY,
    estimative_word,
    left_out_warning,
    percent,
    percent_span,
    points,
)


def why_sentences(
    outcome: str, total: Reading, causes: Sequence[CausePart], left_out: float
) -> list[str]:
    """Why: what all causes did together, the leading one, the rest, and what cannot be known.

    Args:
        outcome: Title and value of what happened.
        total: P(it would not have happened | all causes undone).
        causes: Largest share first.
        left_out: Share of the draws' weight that did not settle.
    """
    several = len(causes) > 1
    sentences = [_together(outcome, total, causes) if several else _single(outcome, causes[0])]
    if several and causes[0].share.mean >= HARDLY:
        sentences.append(_leading(causes[0], total))
    if several:
        sentences += _others(causes)
        sentences += _enough(causes, total)
    sentences += _bounds(causes)
    sentences.append(_assumption(total, causes))
    if warning := left_out_warning(left_out):
        sentences.append(warning)
    return sentences


def _together(outcome: str, total: Reading, causes: Sequence[CausePart]) -> str:
    return (
        f"Given all that was recorded, “{outcome}” would not have happened with a probability of "
        f"{_worded(total)} had none of the {len(causes)} suspected causes been there; otherwise it "
        "would have happened all the same."
    )


def _single(outcome: str, cause: CausePart) -> str:
    return (
        f"Given all that was recorded: if {cause.title}, “{outcome}” would not have happened with a "
        f"probability of {_worded(cause.necessity)}."
    )


def _leading(cause: CausePart, total: Reading) -> str:
    share = f"{_plain(cause.share.mean)} of {_plain(total.mean)} points"
    return (
        f"The largest share, {share}, falls on one cause: if {cause.title}, that alone would have "
        f"prevented it with {_worded(cause.necessity)}."
    )


def _others(causes: Sequence[CausePart]) -> list[str]:
    led = causes[0].share.mean >= HARDLY
    rest = causes[1:] if led else causes
    adding = [cause for cause in rest if cause.share.mean >= HARDLY]
    against = [cause for cause in rest if cause.share.mean <= -HARDLY]
    idle = [cause for cause in rest if abs(cause.share.mean) < HARDLY]
    found = []
    if adding:
        found.append(f"Other shares, in points: {'; '.join(map(_share, adding))}.")
    if against:
        found.append(
            "Undoing these would have made it more certain, in points: "
            f"{'; '.join(map(_share, against))}."
        )
    if idle:
        titles = "; ".join(f"if {cause.title}" for cause in idle)
        found.append(f"Hardly any share (less than a point): {titles}.")
    return found


def _share(cause: CausePart) -> str:
    return (
        f"if {cause.title} ({points(cause.share.mean)}; alone it would have prevented it with "
        f"{percent(cause.necessity.mean)})"
    )


def _enough(causes: Sequence[CausePart], total: Reading) -> list[str]:
    most = max(causes, key=lambda cause: cause.sufficiency.mean)
    if most.sufficiency.mean - (1 - total.mean) < HARDLY:
        return []
    return [
        f"Nearest to being enough by itself: with every other cause undone, and only “if {most.title}” "
        f"not, it would still have happened with {_worded(most.sufficiency)}, against "
        f"{percent(1 - total.mean)} with all undone."
    ]


def _bounds(causes: Sequence[CausePart]) -> list[str]:
    known = [cause for cause in causes if cause.bounds is not None and cause.bounds[1] > 0]
    if not known:
        return []
    each = "; ".join(
        f"if {cause.title}: {percent(cause.bounds[0])} to {percent(cause.bounds[1])}"
        for cause in known
        if cause.bounds is not None
    )
    return [
        "Where one node alone decides anew, the chance of having prevented it is bounded whatever "
        f"its shocks: {each}."
    ]


def _assumption(total: Reading, causes: Sequence[CausePart]) -> str:
    text = (
        "No record can tell how whoever leaned one way in one situation would have leaned in another: "
        "these numbers take the leanings (shocks) to be the same in both; were they independent, "
    )
    if len(causes) == 1:
        return text + f"it would be {percent(total.independent)}."
    ranked = sorted(causes, key=lambda cause: -cause.share.independent)
    first = ranked[0]
    return text + (
        f"the probability with all undone would be {percent(total.independent)} and the largest share "
        f"{_plain(first.share.independent)} points, for: if {first.title}."
    )


def apart_sentence(title: str, outcome: str, total: Reading, parts: Sequence[Through]) -> str:
    """One cause taken apart, in a sentence."""
    telling = [part for part in parts if abs(part.effect.mean) >= HARDLY / 2]
    telling.sort(key=lambda part: -abs(part.effect.mean))
    whole = f"If {title}, “{outcome}” is prevented with {percent(total.mean)}"
    if not telling:
        return f"{whole}; there is hardly any effect to take apart."
    each = ", ".join(
        f"{points(part.effect.mean)} {part.label if not part.through else f'through {part.label}'}"
        for part in telling
    )
    return f"{whole}; in points: {each}."


def _worded(reading: Reading) -> str:
    return (
        f"{percent(reading.mean)} ({estimative_word(reading.mean)}; "
        f"{percent_span(reading.low, reading.high, reading.bounds, ' over draws')})"
    )


def _plain(share: float) -> str:
    return points(share).removeprefix("+")
