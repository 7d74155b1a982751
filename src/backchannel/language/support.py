"""Support: how well a number is supported by what it rests on, from the grades of its sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from backchannel.language.sources import Reason, Source, original_source


class Support(Enum):
    """How well a number is supported."""

    WELL = "well"
    """By a source graded A or B for the source and 1 or 2 for the information, or by an estimate from data."""
    FAIRLY = "fairly"
    """By a source graded C or 3, or by two independent sources without a verdict."""
    WEAKLY = "weakly"
    """By judgement, by one source without a verdict, by a doubtful source, or by nothing."""


@dataclass(frozen=True)
class Backing:
    """The support of a number, and the best of what it rests on."""

    support: Support
    rests_on: str
    """Follows "rests on"."""


_WELL, _FAIR = frozenset("AB12"), frozenset("ABC123")
_NO_VERDICT = frozenset("F6")


def backing_of(
    reasons: Sequence[Reason], sources: Mapping[str, Source], *, is_estimated: bool = False
) -> Backing:
    """Judge what a number rests on; copies of one report count once.

    Args:
        reasons: The reasons that the case gives for the number.
        sources: The case's sources by name.
        is_estimated: Whether the number's prior is the posterior of a fit.

    Source: the grades are those of NATO STANAG 2511; the three classes are ours (decision 35).

    >>> graded = {"gazette": Source("gazette", "Gazette", grade="A1")}
    >>> backing_of([Reason(source="gazette")], graded).rests_on
    'a source graded A1'
    >>> backing_of([Reason(judgement="desk estimate")], graded)
    Backing(support=<Support.WEAKLY: 'weakly'>, rests_on='judgement alone')
    """
    if is_estimated:
        return Backing(Support.WELL, "an estimate from data")
    grades = {
        reason.source: sources[reason.source].grade
        for reason in reasons
        if reason.source in sources
    }
    for support, letters in ((Support.WELL, _WELL), (Support.FAIRLY, _FAIR)):
        good = sorted(grade for grade in grades.values() if grade and letters.issuperset(grade))
        if good:
            return Backing(support, f"a source graded {good[0]}")
    unjudged = [name for name, grade in grades.items() if not grade or _NO_VERDICT & set(grade)]
    independent = len({original_source(name, sources) for name in unjudged})
    if independent > 1:
        return Backing(Support.FAIRLY, f"{independent} ungraded sources")
    if independent == 1:
        return Backing(Support.WEAKLY, "one ungraded source")
    if grades:
        return Backing(Support.WEAKLY, f"a doubtful source, graded {min(grades.values())}")
    if any(reason.judgement for reason in reasons):
        return Backing(Support.WEAKLY, "judgement alone")
    return Backing(Support.WEAKLY, "no source")
