"""What a text may give a case: candidate actors, actions, dates, and conditional or causal sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

StatementKind = Literal["conditional", "causal"]

OFTEN = 5
"""Mentions from which an actor is likely a player, also where no action of it is found."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text, and the paragraph in which it stands."""

    text: str
    paragraph: int


@dataclass(frozen=True)
class CandidateActor:
    """Somebody who may be a player."""

    name: str
    also: tuple[str, ...]
    """Other names that the text has for it."""
    paragraphs: tuple[int, ...]
    mentions: int
    acts: int
    """How many candidate actions it has."""

    @property
    def is_likely(self) -> bool:
        """Whether it acts and is named more than once, or is named often."""
        return (self.acts > 0 and self.mentions > 1) or self.mentions >= OFTEN


@dataclass(frozen=True)
class CandidateAction:
    """Something that an actor did, or may do."""

    actor: str
    verb: str
    """Its base form, such as `release`."""
    about: str
    """What follows the verb, in the words of the text, cut short."""
    is_open: bool
    """Whether the text speaks of it as something that may come, and never as something that happened."""
    is_denied: bool
    """Whether the text only says that it did not happen."""
    others: tuple[str, ...]
    """Other actors that the same sentences name."""
    sentences: tuple[Sentence, ...]
    when: date | None
    """The first day or month that these sentences name."""


@dataclass(frozen=True)
class CandidateStatement:
    """A sentence that says what depends on what."""

    kind: StatementKind
    marker: str
    """The word that marks it, such as `if`."""
    sentence: Sentence


@dataclass(frozen=True)
class Candidates:
    """All candidates of a text, the most prominent actors first, the rest in the order of the text."""

    actors: tuple[CandidateActor, ...]
    actions: tuple[CandidateAction, ...]
    statements: tuple[CandidateStatement, ...]
    dates: tuple[tuple[date, Sentence], ...]
