"""Sources: where an assumption comes from, how reliable it is, and which sources are copies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
"""First letter of an Admiralty grade: the source. Source: NATO STANAG 2511."""

CREDIBILITY = {
    "1": "confirmed by other sources",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "truth cannot be judged",
}
"""Second letter of an Admiralty grade: the information. Source: NATO STANAG 2511."""


JUDGEMENT = "judgement alone"
UNGRADED = "one ungraded source"
NOTHING = "no reason given"


@dataclass(frozen=True)
class Source:
    """A text or a report that assumptions and observations cite."""

    name: str
    title: str
    author: str = ""
    date: date | None = None
    """Day of the event or of publication."""
    reported: date | None = None
    """Day it became known, if that differs."""
    url: str = ""
    grade: str = ""
    """Admiralty grade, A1 (best) to F6."""
    same_as: str = ""
    """Another source that this one copies; the two count as one."""


@dataclass(frozen=True)
class Reason:
    """A reason for an assumption: a place in a source, or somebody's judgement."""

    source: str = ""
    at: str = ""
    says: str = ""
    judgement: str = ""


def grade_in_words(grade: str) -> str:
    """Describe an Admiralty grade in words.

    >>> grade_in_words("B2")
    'usually reliable, probably true'
    """
    if len(grade) != 2 or grade[0] not in RELIABILITY or grade[1] not in CREDIBILITY:
        return ""
    return f"{RELIABILITY[grade[0]]}, {CREDIBILITY[grade[1]]}"


def original_source(name: str, sources: Mapping[str, Source]) -> str:
    """Follow `same_as` from a copy to its original."""
    seen = {name}
    while name in sources and sources[name].same_as and sources[name].same_as not in seen:
        name = sources[name].same_as
        seen.add(name)
    return name


def count_independent(reasons: Iterable[Reason], sources: Mapping[str, Source]) -> int:
    """Count the sources behind an assumption; copies of one report count once.

    >>> wire = Source("wire", "Wire report")
    >>> paper = Source("paper", "Morning paper", same_as="wire")
    >>> cited = [Reason(source="wire"), Reason(source="paper")]
    >>> count_independent(cited, {"wire": wire, "paper": paper})
    1
    """
    return len({original_source(reason.source, sources) for reason in reasons if reason.source})


def weakness(reasons: Sequence[Reason], sources: Mapping[str, Source]) -> str:
    """Say why an assumption is weakly supported; empty if it is not.

    >>> weakness([Reason(judgement="desk estimate")], {})
    'judgement alone'
    """
    if not reasons:
        return NOTHING
    count = count_independent(reasons, sources)
    if count == 0:
        return JUDGEMENT
    graded = [r for r in reasons if r.source in sources and sources[r.source].grade]
    return UNGRADED if count == 1 and not graded else ""
