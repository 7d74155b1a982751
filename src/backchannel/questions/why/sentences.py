"""Sentences about why: necessity, sufficiency, shares and bounds, ready to quote."""

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
    """State the joint effect of all causes, the leading cause, the others, and what cannot be known.

    Args:
        outcome: Title and value of what happened.
        total: P(it would not have happened | all causes undone).
        causes: Largest share first.
        left_out: Share of the draws' weight that did not converge.
    """
    several = len(causes) > 1
    sentences = [_together(outcome, total, causes) if several else _single(outcome, causes[0])]
    if several and causes[0].share.mean >= HARDLY:
        sentences.append(_leading(causes[0], total))
    if several:
        sentences += _others(causes)
        sentences += _sufficient(causes, total)
    sentences += _bounds(causes)
    sentences.append(_assumption(total, causes))
    if warning := left_out_warning(left_out):
        sentences.append(warning)
    return sentences


def _together(outcome: str, total: Reading, causes: Sequence[CausePart]) -> str:
    return (
        f"Given the record: without any of the {len(causes)} suspected causes, the probability that "
        f"“{outcome}” would not have happened is {_worded(total)}; otherwise it would still have happened."
    )


def _single(outcome: str, cause: CausePart) -> str:
    return (
        f"Given the record: if {cause.title}, the probability that “{outcome}” would not have "
        f"happened is {_worded(cause.necessity)}."
    )


def _leading(cause: CausePart, total: Reading) -> str:
    share = f"{_plain(cause.share.mean)} of {_plain(total.mean)} points"
    return (
        f"One cause has the largest share, {share}: if {cause.title}, this alone would have "
        f"prevented it with {_worded(cause.necessity)}."
    )


def _others(causes: Sequence[CausePart]) -> list[str]:
    has_leading = causes[0].share.mean >= HARDLY
    rest = causes[1:] if has_leading else causes
    adding = [cause for cause in rest if cause.share.mean >= HARDLY]
    against = [cause for cause in rest if cause.share.mean <= -HARDLY]
    negligible = [cause for cause in rest if abs(cause.share.mean) < HARDLY]
    sentences = []
    if adding:
        sentences.append(f"Other shares, in points: {'; '.join(map(_share, adding))}.")
    if against:
        sentences.append(
            "Undoing these would have made the outcome more likely, in points: "
            f"{'; '.join(map(_share, against))}."
        )
    if negligible:
        titles = "; ".join(f"if {cause.title}" for cause in negligible)
        sentences.append(f"Almost no share (less than {_plain(HARDLY)} points): {titles}.")
    return sentences


def _share(cause: CausePart) -> str:
    return (
        f"if {cause.title} ({points(cause.share.mean)}; alone it would have prevented it with "
        f"{percent(cause.necessity.mean)})"
    )


def _sufficient(causes: Sequence[CausePart], total: Reading) -> list[str]:
    most = max(causes, key=lambda cause: cause.sufficiency.mean)
    if most.sufficiency.mean - (1 - total.mean) < HARDLY:
        return []
    return [
        f"The most nearly sufficient cause is the one behind “if {most.title}”: with every other cause "
        f"undone, it would still have happened with {_worded(most.sufficiency)}, compared with "
        f"{percent(1 - total.mean)} with all causes undone."
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
        "Where only one node's shocks matter, the probability of having prevented it has bounds that "
        f"hold for any shocks: {each}."
    ]


def _assumption(total: Reading, causes: Sequence[CausePart]) -> str:
    text = (
        "No record can tell how a player who chose one way in one situation would have chosen in "
        "another: these numbers assume the same random shocks in both. If the shocks were independent, "
    )
    if len(causes) == 1:
        return text + f"it would be {percent(total.independent)}."
    ranked = sorted(causes, key=lambda cause: -cause.share.independent)
    first = ranked[0]
    return text + (
        f"the probability with all causes undone would be {percent(total.independent)} and the largest share "
        f"{_plain(first.share.independent)} points, for this cause: if {first.title}."
    )


def decomposition_sentence(
    title: str, outcome: str, total: Reading, parts: Sequence[Through]
) -> str:
    """State the decomposition of one cause's effect in a sentence."""
    visible = [part for part in parts if abs(part.effect.mean) >= HARDLY / 2]
    visible.sort(key=lambda part: -abs(part.effect.mean))
    total_effect = f"If {title}, “{outcome}” is prevented with {percent(total.mean)}"
    if not visible:
        return f"{total_effect}; there is almost no effect to decompose."
    each = ", ".join(
        f"{points(part.effect.mean)} {f'through {part.label}' if part.through else f'as a {part.label}'}"
        for part in visible
    )
    return f"{total_effect}; in points: {each}."


def _worded(reading: Reading) -> str:
    return (
        f"{percent(reading.mean)} ({estimative_word(reading.mean)}; "
        f"{percent_span(reading.low, reading.high, reading.bounds, ' over draws')})"
    )


def _plain(share: float) -> str:
    return points(share).removeprefix("+")
