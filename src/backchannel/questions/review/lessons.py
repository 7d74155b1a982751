"""What outcomes teach, as rows of a table and in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backchannel.language.levels import type_name
from backchannel.questions.reasoning.ask import LearnedTypes
from backchannel.questions.review.document import Lesson, ReviewView
from backchannel.questions.review.teaching import ReviewedRival, RivalShift, Teaching
from backchannel.questions.rivals.compose import LARGEST_LOG, rival_title
from backchannel.questions.rivals.sentences import factor_text
from backchannel.questions.sensitivity.sentences import short_number
from backchannel.questions.update.ask import UpdatedAssumption
from backchannel.wording.nouns import and_list
from backchannel.wording.percents import change_in_points, percent
from backchannel.wording.pieces import clean, clean_or_none
from backchannel.wording.prose import sentence_case
from backchannel.wording.words import Wording

MOST_NAMED = 3
"""Assumptions that a sentence names."""
LEAST_SDS = 0.05
"""A smaller change of an assumption, in standard deviations, is not worth a row."""
LEAST_LOG = 0.05
"""A smaller change of the logarithm of a Bayes factor, about 5%, is not worth a row."""
MOST_SHOWN = {"assumption": 6, "rival": 4, "type": 6}
"""Most rows of each kind in a table for reading."""

LESSONS_NOTE = (
    "Assumptions: the mean over the draws, and its change in standard deviations (sd). Rivals: the Bayes factor "
    "against the case. Types: the probability."
)
"""What the numbers of a table of lessons are."""


def lessons(
    wording: Wording, teaches: Teaching, rivals: Sequence[tuple[ReviewedRival, RivalShift]]
) -> list[Lesson]:
    """What some outcomes teach, first what stands out, each kind by itself.

    Args:
        wording: The words of the case.
        teaches: What they teach about assumptions and types.
        rivals: The rivals that were weighed, each with what these outcomes change.
    """
    ranked = sorted(rivals, key=lambda pair: -abs(np.nan_to_num(pair[1].change)))
    rows = [
        *(_assumption(wording, one) for one in teaches.assumptions),
        *(_rival(wording, rival, shift) for rival, shift in ranked),
        *_types(wording, teaches.types),
    ]
    return sorted(rows, key=lambda row: not row.stands_out)


def shown_lessons(rows: Sequence[Lesson]) -> list[Lesson]:
    """The rows of a table for reading: what stands out, the largest changes of each kind."""
    shown = []
    for kind, most in MOST_SHOWN.items():
        shown += [row for row in rows if row.about == kind and row.stands_out][:most]
    return shown


@dataclass(frozen=True)
class LessonPart:
    """What one outcome teaches, or all together, in a table for reading."""

    title: str
    rows: Sequence[Lesson]
    rest: str
    """What the table leaves out; empty where it shows all."""


def lesson_parts(view: ReviewView) -> list[LessonPart]:
    """The table of what each outcome teaches, then what all of them do together."""
    parts = [(f"{one.title}: {one.label}", one.teaches) for one in view.outcomes]
    if len(parts) > 1:
        parts.append(("all together", view.teaches))
    return [LessonPart(title, shown_lessons(rows), hidden_text(rows)) for title, rows in parts]


def lesson_title(row: Lesson) -> str:
    """What a row is about, where rows of all kinds stand in one table."""
    return f"rival: {row.label}" if row.about == "rival" else row.label


def hidden_text(rows: Sequence[Lesson]) -> str:
    """Say what a table for reading leaves out; empty where it shows all.

    >>> hidden_text([])
    ''
    """
    rest = len([row for row in rows if not row.stands_out])
    more = len(rows) - rest - len(shown_lessons(rows))
    parts = [f"{more} more that it moves"] if more else []
    parts += [f"{rest} that it hardly moves, or not beyond chance"] if rest else []
    return and_list(parts) if parts else ""


def taught_text(rows: Sequence[Lesson]) -> str:
    """What an outcome teaches, in sentences; empty if nothing stands out."""
    by_kind = {
        kind: [row for row in rows if row.about == kind and row.stands_out] for kind in MOST_SHOWN
    }
    sentences = []
    moved = [
        f"{row.label} from {row.before_text} to {row.after_text}"
        for row in by_kind["assumption"][:MOST_NAMED]
    ]
    if moved:
        sentences.append(f"It moves {and_list(moved)}.")
    for says, sign in (("gains", 1), ("loses", -1)):
        row = next((r for r in by_kind["rival"] if sign * _size(r) > 0), None)
        if row is not None:
            sentences.append(
                f"The rival “{row.label}” {says}: its Bayes factor goes from {row.before_text} to {row.after_text}."
            )
    types = [
        f"{row.label} goes from {row.before_text} to {row.after_text}" for row in by_kind["type"]
    ]
    if types:
        sentences.append(f"{sentence_case(and_list(types))}.")
    return " ".join(sentences)


def _size(row: Lesson) -> float:
    """The change of a rival's logarithm; −∞ where the rival gives the outcomes no chance."""
    return -math.inf if row.change is None else row.change


def _assumption(wording: Wording, one: UpdatedAssumption) -> Lesson:
    return Lesson(
        about="assumption",
        name=one.parameter,
        label=wording.parameter(one.parameter),
        before=clean(one.before[0]),
        after=clean(one.after[0]),
        change=clean(one.in_sds),
        stands_out=one.stands_out and abs(one.in_sds) >= LEAST_SDS,
        before_text=_number(one.before[0]),
        after_text=_number(one.after[0]),
        change_text=f"{_signed(one.in_sds)} sd",
    )


def _rival(wording: Wording, rival: ReviewedRival, shift: RivalShift) -> Lesson:
    before, after = factor_of(rival.before), factor_of(rival.before + shift.change)
    times = factor_of(shift.change)
    return Lesson(
        about="rival",
        name=rival.rival.name,
        label=rival_title(wording, rival.rival),
        before=before or 0.0,
        after=after,
        change=clean_or_none(shift.change),
        stands_out=shift.stands_out and abs(shift.change) >= LEAST_LOG,
        before_text=factor_text(before or 0.0),
        after_text="undefined" if after is None else factor_text(after),
        change_text="" if times is None else f"× {factor_text(times)}",
    )


def _types(wording: Wording, types: LearnedTypes) -> list[Lesson]:
    return [
        Lesson(
            about="type",
            name=f"{player}: {type_name(share.type)}",
            label=f"{wording.player(player)} at {type_name(share.type)}",
            before=clean(share.before),
            after=clean(share.after),
            change=clean(share.after - share.before),
            stands_out=share.is_moved,
            before_text=percent(share.before),
            after_text=percent(share.after),
            change_text=f"{change_in_points(share.before, share.after)} points",
        )
        for player, shares in types.of_player.items()
        for share in shares
    ]


def factor_of(logarithm: float) -> float | None:
    """A Bayes factor, from its natural logarithm; `None` where that is undefined."""
    if math.isnan(logarithm):
        return None
    return clean(math.exp(min(logarithm, LARGEST_LOG)))


def _number(number: float) -> str:
    return short_number(number).replace("-", "−")


def _signed(number: float) -> str:
    return f"{number:+.1f}".replace("-", "−")
