"""Find what actors did or may do, when, and what a text says depends on what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from backchannel.case.draft.actors import ActorMention, words_of
from backchannel.case.draft.candidates import CandidateStatement, Sentence, StatementKind
from backchannel.case.draft.lexicon import ordered_words, word_list
from backchannel.case.draft.verbs import base_forms, past_forms
from backchannel.language.days import Month, days_meant

FAR = 5
"""Most words between an actor and its verb."""
FIRST = 3
"""Most words before the subject of a sentence."""
ABOUT = 7
"""Most words that are kept of what follows a verb."""
OPEN = word_list("open")
"""Words between an actor and its verb, or before the actor, that make the action one that may come."""
DENIED = word_list("denied")
PASSED = word_list("passed")
"""Words that can stand between an actor and its verb."""
CONDITIONAL = ("if", "unless", "provided that", "on condition", "only if", "in case", "as long as", "in return",
               "for this to happen", "otherwise", "depends on", "in exchange", "prerequisite", "until")  # fmt: skip
CAUSAL = ("because", "as a result", "led to", "due to", "therefore", "so that", "in order to", "caused", "prompted",
          "forced", "thanks to", "which is why", "given", "without", "made it", "since then", "fueled", "forcing",
          "facilitated")  # fmt: skip

NOUNS = {
    "attack": "attack",
    "strike": "strike",
    "strikes": "strike",
    "airstrikes": "strike",
    "invasion": "invade",
    "release": "release",
    "withdrawal": "withdraw",
    "threat": "threaten",
    "threats": "threaten",
    "offer": "offer",
    "refusal": "refuse",
    "blockade": "blockade",
    "annexation": "annex",
    "raid": "raid",
    "concession": "concede",
    "demand": "demand",
    "demands": "demand",
    "promise": "promise",
    "promises": "promise",
    "offensive": "attack",
}
"""Nouns that tell of an action of whoever owns them."""

_MARKERS = [
    (kind, marker, re.compile(rf"\b{marker}\b", re.IGNORECASE))
    for kind, markers in (("conditional", CONDITIONAL), ("causal", CAUSAL))
    for marker in markers
]
_NEXT = re.compile(r"[,;:.!?()“”\"—–]|that|who|which|because|if|while|when|after|before|and|but|as")


@dataclass(frozen=True)
class Act:
    """A verb of one actor in one sentence."""

    actor: str
    verb: str
    about: str
    is_open: bool
    is_denied: bool


def acts_in(sentence: Sentence, mentions: Sequence[ActorMention]) -> Iterator[Act]:
    """Yield what actors do in a sentence.

    Four forms are known: a verb of bargaining within a few words after the actor (`Minsk released`), and what goes on
    after it (`by launching`, `and threatened`); a noun that the actor owns (`Minsk’s attack`); and the passive
    (`discarded by Moscow`).
    """
    words = words_of(sentence.text)
    lower = [word.lower() for word in words]
    starts = {mention.start for mention in mentions}
    for mention in mentions:
        if mention.is_possessive or mention.is_adjective:
            yield from _owned(words, lower, mention)
            continue
        at = _verb_after(lower, mention, starts)
        if at is not None:
            is_open = _is_open(lower, mention, at)
            if is_open or lower[at] in past_forms() or lower[at].endswith("s"):
                denied = bool(set(lower[mention.end : at]) & DENIED)
                yield _act(words, lower, mention.actor, at, is_open, denied)
                yield from _further(words, lower, mention.actor, at, is_open)
        elif mention.start <= FIRST:
            yield from _further(words, lower, mention.actor, mention.end, False)
        before = mention.start - 1
        if before > 0 and lower[before] == "by" and lower[before - 1] in past_forms():
            is_open = bool(set(lower[max(0, before - 6) : before]) & OPEN)
            # What follows names the actor and not what it did.
            yield Act(mention.actor, base_forms()[lower[before - 1]], "", is_open, False)


def _act(
    words: Sequence[str], lower: Sequence[str], actor: str, at: int, is_open: bool, is_denied: bool
) -> Act:
    return Act(actor, base_forms()[lower[at]], _about(words, at + 1), is_open, is_denied)


def _verb_after(lower: Sequence[str], mention: ActorMention, starts: set[int]) -> int | None:
    """The place of the verb that an actor is the subject of, if only words that may stand between do."""
    for i in range(mention.end, min(len(lower), mention.end + FAR)):
        word = lower[i]
        if i in starts:
            return None
        if word in base_forms() and not _is_noun(lower, i):
            is_passive = lower[i - 1] in ("is", "was", "were", "been", "being", "are", "be")
            return None if is_passive and word in past_forms() else i
        if word not in PASSED | OPEN | DENIED and not word.endswith("ly"):
            return None
    return None


def _is_open(lower: Sequence[str], mention: ActorMention, at: int) -> bool:
    before = set(lower[max(0, mention.start - 4) : mention.start])
    return bool(set(lower[mention.end : at]) & OPEN) or bool(before & {"if", "unless", "should"})


def _further(
    words: Sequence[str],
    lower: Sequence[str],
    actor: str,
    after: int,
    is_open: bool,
) -> Iterator[Act]:
    """Yield the verbs that go on with the same subject: `by launching`, `, calling`, `and threatened`."""
    for i in range(after + 1, len(lower)):
        if lower[i] in (";", "who", "which"):
            return
        if lower[i] not in base_forms():
            continue
        goes_on = lower[i - 1] in ("by", ",", "and") and lower[i].endswith("ing")
        if goes_on or (lower[i - 1] == "and" and lower[i] in past_forms()):
            yield _act(words, lower, actor, i, is_open, False)


def _owned(words: Sequence[str], lower: Sequence[str], mention: ActorMention) -> Iterator[Act]:
    for i in range(mention.end, min(len(words), mention.end + 4)):
        if verb := NOUNS.get(lower[i]):
            yield Act(mention.actor, verb, _about(words, i + 1), False, False)
            return
        if _NEXT.fullmatch(lower[i]):
            return


def statement_of(sentence: Sentence) -> CandidateStatement | None:
    """Say whether a sentence tells what depends on what, by its first marker."""
    matches = [
        (match.start(), kind, marker)
        for kind, marker, pattern in _MARKERS
        if (match := pattern.search(sentence.text))
    ]
    if not matches or sentence.text.endswith("?"):
        return None
    _, kind, marker = min(matches)
    named: StatementKind = "conditional" if kind == "conditional" else "causal"
    return CandidateStatement(named, marker, sentence)


def _is_noun(words: Sequence[str], i: int) -> bool:
    """Whether a word that may be a verb is a noun here, as after `the`."""
    return i > 0 and words[i - 1] in (
        "the",
        "a",
        "an",
        "of",
        "its",
        "his",
        "her",
        "their",
        "for",
        "in",
        "on",
        "this",
    )


def _about(words: Sequence[str], start: int) -> str:
    kept: list[str] = []
    for word in words[start : start + ABOUT]:
        if _NEXT.fullmatch(word.lower()):
            break
        kept.append(word)
    while kept and kept[-1].lower() in (
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "on",
        "for",
        "with",
        "by",
        "from",
        "his",
    ):
        kept.pop()
    return " ".join(kept)


def days_in(sentence: Sentence, *, year: int | None) -> list[date]:
    """List the days and months that a sentence names, in order.

    Args:
        sentence: The sentence.
        year: The year of a day without one, if it is known.
    """
    days: list[date] = []
    for match in _DAY.finditer(sentence.text):
        written = (
            match[0] if re.search(r"\d{4}", match[0]) else f"{match[0]} {year}" if year else ""
        )
        days += days_meant(written)[:1]
    for match in _MONTH.finditer(_DAY.sub(" ", sentence.text)):
        number = _MONTHS.index(match[1].lower()) + 1
        in_year = int(match[2]) if match[2] else year
        if in_year:
            days.append(Month.of(in_year, number))
    return days


_MONTHS = tuple(ordered_words("months"))
_NAMED = "|".join(name.title() for name in _MONTHS)
_DAY = re.compile(
    rf"\b(?:(?:{_NAMED}) \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}} (?:{_NAMED})(?: \d{{4}})?|\d{{4}}-\d{{2}}-\d{{2}})\b"
)
# "May" alone may be a verb.
_MONTH = re.compile(
    rf"\b(?:in|of|by|since|until|early|late|mid-|mid|last|next|through|during) ?({_NAMED})(?:,? (\d{{4}}))?\b"
)
