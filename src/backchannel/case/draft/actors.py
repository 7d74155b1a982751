"""Find who acts in a text: states with their other names, and people and bodies by their capital letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

from backchannel.case.draft.candidates import Sentence
from backchannel.case.draft.lexicon import word_list

ROLES = word_list("roles")
"""Words before the name of a person that are no part of it."""
NO_NAMES = word_list("no names")
BODIES = word_list("bodies")
"""Words after a name that make it a body that acts."""
MOST_WORDS = 5
"""Words of the longest name."""

_WORD = re.compile(r"(?:[A-Z]\.){2,}|\d+(?:[.,]\d+)*|[^\W\d_](?:[\w'’]|-(?=\w))*|[^\w\s]")
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass
class Actor:
    """A name, with every way in which the text writes it."""

    name: str
    is_state: bool
    also: Counter[str] = field(default_factory=Counter)
    places: list[Sentence] = field(default_factory=list)


@dataclass(frozen=True)
class ActorMention:
    """An actor in a sentence, by the words from `start` to `end`."""

    actor: str
    start: int
    end: int
    is_possessive: bool
    is_adjective: bool


def words_of(text: str) -> list[str]:
    """Split a sentence into words and signs.

    >>> words_of("The U.S. didn’t win-win, did it?")
    ['The', 'U.S.', 'didn’t', 'win-win', ',', 'did', 'it', '?']
    """
    return _WORD.findall(text)


def find_actors(sentences: Sequence[Sentence]) -> tuple[dict[str, Actor], list[list[ActorMention]]]:
    """Find the actors of a text, and where each sentence names them."""
    split = [words_of(sentence.text) for sentence in sentences]
    inner = _capitals_within(split)
    spans = [list(_spans(words, inner)) for words in split]
    owners = _owners(split, spans)
    full = _full_names(split, spans)
    actors: dict[str, Actor] = {}
    mentions: list[list[ActorMention]] = []
    for sentence, words, of_sentence in zip(sentences, split, spans, strict=True):
        here: list[ActorMention] = []
        for start, end in of_sentence:
            written = _plain(words[start:end])
            state, is_adjective = _state(written)
            name = state or owners.get(full.get(written, written)) or full.get(written, written)
            actor = actors.setdefault(name, Actor(name, bool(states().get(name))))
            actor.also[written] += 1
            actor.places.append(sentence)
            is_possessive = bool(_POSSESSIVE.search(words[end - 1]))
            here.append(ActorMention(name, start, end, is_possessive, is_adjective))
        mentions.append(here)
    return actors, mentions


@cache
def states() -> Mapping[str, tuple[str, bool]]:
    """By each name of a state or union, its first name, and whether the name is an adjective such as `Israeli`."""
    known: dict[str, tuple[str, bool]] = {}
    for line in (Path(__file__).parent / "states.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, others = line.partition(":")
            known[name] = (name, False)
            for other in filter(None, (other.strip() for other in others.split(","))):
                is_adjective = other.endswith(
                    ("an", "ish", "ese", "ian", "i", "ch", "ic", "ek", "ss", "ak", "yz")
                )
                known[other] = (
                    name,
                    is_adjective and other not in {"Milan", "Helsinki", "Nairobi"},
                )
    return known


def _state(written: str) -> tuple[str, bool]:
    return states().get(written, ("", False))


def _plain(words: Sequence[str]) -> str:
    """Write a name without a possessive ending."""
    return _POSSESSIVE.sub("", " ".join(words))


def _capitals_within(split: Sequence[Sequence[str]]) -> set[str]:
    """Words that stand with a capital letter within a sentence, where grammar asks for none."""
    return {
        _plain([word])
        for words in split
        for before, word in pairwise(words)
        if word[0].isupper() and before not in _OPENING
    }


def _spans(words: Sequence[str], inner: set[str]) -> Iterator[tuple[int, int]]:
    """Yield the names of a sentence; roles before a name, and words such as March, are left out."""
    i = 0
    while i < len(words):
        known = next(
            (n for n in range(MOST_WORDS, 0, -1) if _plain(words[i : i + n]) in states()), 0
        )
        if known:
            yield i, i + known
            i += known
        elif _is_name(words, i, inner):
            end = i + 1
            while (
                end < len(words) and end - i < MOST_WORDS and not _POSSESSIVE.search(words[end - 1])
            ):
                if not _is_name(words, end, inner) or _starts_state(words, end):
                    break
                end += 1
            yield i, end
            i = end
        else:
            i += 1


def _starts_state(words: Sequence[str], i: int) -> bool:
    return any(_plain(words[i : i + n]) in states() for n in range(MOST_WORDS, 0, -1))


def _is_name(words: Sequence[str], i: int, inner: set[str]) -> bool:
    word = _plain([words[i]])
    if len(word) < 2 or not word[0].isupper() or word.lower() in ROLES | NO_NAMES | _STARTERS:
        return False
    if i == 0 or words[i - 1] in _OPENING:
        # At the start of a sentence, only a word that has a capital letter elsewhere too is a name.
        return word in inner or (i + 1 < len(words) and words[i + 1] in inner)
    return True


_OPENING = ("“", '"', "‘", ":", "(")
_STARTERS = word_list("starters")


def _full_names(
    split: Sequence[Sequence[str]], spans: Sequence[Sequence[tuple[int, int]]]
) -> dict[str, str]:
    """By each form of a name, its last name: `Alexander Lukashenko` and `Lukashenko` are one."""
    written = Counter(
        _plain(words[start:end])
        for words, of in zip(split, spans, strict=True)
        for start, end in of
    )
    full: dict[str, str] = {}
    for name in written:
        last = name.split()[-1]
        if " " in name and name not in states() and last in written and last.lower() not in BODIES:
            full[name] = last
    return full


def _owners(
    split: Sequence[Sequence[str]], spans: Sequence[Sequence[tuple[int, int]]]
) -> dict[str, str]:
    """By the last name of a person, the state whose leader the text calls them: `Israeli Prime Minister X`."""
    owners: dict[str, str] = {}
    for words, of_sentence in zip(split, spans, strict=True):
        for (start, end), (begins, ends) in pairwise(of_sentence):
            state, is_adjective = _state(_plain(words[start:end]))
            other, _ = _state(_plain(words[begins:ends]))
            between = [word.lower() for word in words[end:begins]]
            if state and not other and is_adjective and between and set(between) <= ROLES:
                owners.setdefault(_plain(words[begins:ends]).split()[-1], state)
            elif other and not state and not between and words[begins] in ("White", "Downing"):
                owners.setdefault(_plain(words[start:end]).split()[-1], other)
    return owners
