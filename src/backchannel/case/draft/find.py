"""Find the candidates of a text: who may be a player, what may be a decision, and what may be a claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from backchannel.case.draft.actors import Actor, find_actors
from backchannel.case.draft.candidates import (
    CandidateAction,
    CandidateActor,
    Candidates,
    Sentence,
)
from backchannel.case.draft.events import Act, acts_in, days_in, statement_of
from backchannel.case.draft.sentences import split_sentences
from backchannel.case.texts.source_text import SourceText

HEADING = 8
"""Most words of a heading."""


def find_candidates(text: SourceText, *, year: int | None = None) -> Candidates:
    """Mark a text by rules.

    Args:
        text: The text, in English.
        year: The year of days that the text names without one.
    """
    sentences = [
        Sentence(sentence, number)
        for number, paragraph in enumerate(text.paragraphs, 1)
        if not _is_heading(paragraph)
        for sentence in split_sentences(paragraph)
    ]
    actors, mentions = find_actors(sentences)
    acts: dict[tuple[str, str], list[tuple[Act, Sentence, tuple[str, ...]]]] = {}
    for sentence, of_sentence in zip(sentences, mentions, strict=True):
        named = dict.fromkeys(mention.actor for mention in of_sentence)
        for act in acts_in(sentence, of_sentence):
            others = tuple(name for name in named if name != act.actor)
            acts.setdefault((act.actor, act.verb), []).append((act, sentence, others))
    actions = tuple(_action(of_verb, year) for of_verb in acts.values())
    return Candidates(
        tuple(_ranked(actors, actions)),
        actions,
        tuple(statement for s in sentences if (statement := statement_of(s))),
        tuple((day, sentence) for sentence in sentences for day in days_in(sentence, year=year)),
    )


def _is_heading(paragraph: str) -> bool:
    words = paragraph.split()
    capitals = sum(word[0].isupper() for word in words)
    return len(words) <= HEADING and not paragraph.endswith(".") and capitals * 2 >= len(words)


def _action(
    of_verb: Sequence[tuple[Act, Sentence, tuple[str, ...]]], year: int | None
) -> CandidateAction:
    first = max((act for act, _, _ in of_verb), key=lambda act: bool(act.about))
    sentences = tuple(dict.fromkeys(sentence for _, sentence, _ in of_verb))
    days = [day for sentence in sentences for day in days_in(sentence, year=year)]
    return CandidateAction(
        first.actor,
        first.verb,
        first.about,
        is_open=all(act.is_open for act, _, _ in of_verb),
        is_denied=all(act.is_denied for act, _, _ in of_verb),
        others=tuple(dict.fromkeys(name for _, _, others in of_verb for name in others)),
        sentences=sentences,
        when=days[0] if days else None,
    )


def _ranked(actors: dict[str, Actor], actions: Sequence[CandidateAction]) -> list[CandidateActor]:
    acts = Counter(action.actor for action in actions)
    candidates = [
        CandidateActor(
            actor.name,
            tuple(name for name, _ in actor.also.most_common() if name != actor.name),
            tuple(dict.fromkeys(place.paragraph for place in actor.places)),
            len(actor.places),
            acts[actor.name],
        )
        for actor in actors.values()
    ]
    return sorted(candidates, key=lambda actor: (-actor.is_likely, -actor.mentions))
