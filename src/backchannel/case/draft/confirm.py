"""Candidates beside a case that exists: which of them it has already, and the changes that add the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from backchannel.case.draft.candidates import CandidateAction, CandidateActor, Candidates
from backchannel.case.draft.draft_case import LATER, PLACEHOLDER
from backchannel.case.edit.operation_models import InsertItem, Operation, SetValue
from backchannel.language.days import read_date
from backchannel.language.identifiers import identifier_of
from backchannel.language.paragraphs import cite_all

RANGE = [-0.3, 0.3]
"""Of the placeholder for what a decision is worth to its player."""
PRECISION = [4, 16]


@dataclass(frozen=True)
class Offer:
    """A candidate, and the changes to a case that take it up."""

    kind: str
    """`player`, `decision` or `claim`."""
    title: str
    paragraphs: tuple[int, ...]
    is_likely: bool
    is_there: bool
    """Whether the case has it already."""
    operations: tuple[Operation, ...]
    """Empty where the case has it, where its player is missing, and for claims, which need a test first."""
    needs: str = ""
    """The player that has to be added first."""
    sentence: str = ""
    """Of a claim: the sentence of the text."""


def offers(candidates: Candidates, content: Mapping[str, Any], *, source: str) -> list[Offer]:
    """Lay the candidates of a text beside the content of a case.

    Args:
        candidates: What rules have marked in the text.
        content: The keys and values of the case, as written.
        source: The name of the text among its sources.
    """
    players = _mapping(content, "players")
    known = {
        name: key
        for key, entry in players.items()
        for name in (key, str(entry.get("name", "")) if isinstance(entry, Mapping) else "")
    }
    keys = {actor.name: _key_of(actor, known) for actor in candidates.actors}
    likely = {actor.name for actor in candidates.actors if actor.is_likely}
    return [
        *(_player(actor, keys[actor.name], players, source) for actor in candidates.actors),
        *(
            _decision(action, keys.get(action.actor), content, source, action.actor in likely)
            for action in candidates.actions
        ),
        *(
            Offer("claim", statement.marker, (statement.sentence.paragraph,), statement.kind == "conditional",
                  False, (), sentence=statement.sentence.text)
            for statement in candidates.statements
        ),
    ]  # fmt: skip


def _mapping(content: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    value = content.get(part)
    return value if isinstance(value, Mapping) else {}


def _key_of(actor: CandidateActor, known: Mapping[str, str]) -> str | None:
    """The player of the case that has one of the names of an actor."""
    own = identifier_of(actor.name, taken=(), otherwise="player")
    return next((known[name] for name in (actor.name, own, *actor.also) if name in known), None)


def _player(
    actor: CandidateActor, key: str | None, players: Mapping[str, Any], source: str
) -> Offer:
    operations: tuple[Operation, ...] = ()
    if key is None:
        name = identifier_of(actor.name, taken=players, otherwise="player")
        at = cite_all(actor.paragraphs)
        value = {
            "name": actor.name,
            "precision": {"between": PRECISION},
            "why": [{"judgement": PLACEHOLDER}, {"source": source, "at": at}],
        }
        operations = (SetValue(kind="set", path=["players", name], value=value),)
    names = ", ".join(actor.also)
    title = f"{actor.name} ({names})" if names else actor.name
    return Offer("player", title, actor.paragraphs, actor.is_likely, key is not None, operations)


def _decision(
    action: CandidateAction,
    player: str | None,
    content: Mapping[str, Any],
    source: str,
    is_likely: bool,
) -> Offer:
    paragraphs = tuple(sorted({sentence.paragraph for sentence in action.sentences}))
    title = f"{action.actor}: {action.verb} {action.about}".strip()
    if player is None:
        return Offer("decision", title, paragraphs, is_likely, False, (), needs=action.actor)
    nodes = _mapping(content, "nodes")
    own = identifier_of(f"{player} {action.verb}", taken=(), otherwise="decision")
    if own in nodes:
        return Offer("decision", title, paragraphs, is_likely, True, ())
    taken = {*nodes, *_mapping(content, "parameters"), *_mapping(content, "interests")}
    name = identifier_of(own, taken=taken, otherwise="decision")
    worth = identifier_of(f"worth of {name}", taken=taken, otherwise="worth")
    reason = {"source": source, "at": cite_all(paragraphs)}
    as_of = _as_of(content)
    node = {
        "title": title,
        "player": player,
        "domain": [action.verb, "does_not"],
        "at": _day(action, as_of).isoformat(),
        "why": reason,
    }
    number = {
        "prior": {"uniform": RANGE},
        "unit": "all that is at stake",
        "about": f"worth to {action.actor} of this step: {title}",
        "why": [{"judgement": PLACEHOLDER}, reason],
    }
    interest = {"player": player, "worth": f"{worth} * ({name} == '{action.verb}')"}
    stake = identifier_of(f"stake in {name}", taken={*taken, name, worth}, otherwise="stake")
    changes: list[Operation] = [
        SetValue(kind="set", path=["parameters", worth], value=number),
        SetValue(kind="set", path=["nodes", name], value=node),
        SetValue(kind="set", path=["interests", stake], value=interest),
    ]
    if not action.is_open:
        entry = {
            "node": name,
            "value": "does_not" if action.is_denied else action.verb,
            "date": node["at"],
            **reason,
        }
        changes.append(InsertItem(kind="insert", path=["record"], value=entry))
    return Offer("decision", title, paragraphs, is_likely, False, tuple(changes))


def _as_of(content: Mapping[str, Any]) -> date:
    try:
        when = read_date(content.get("as_of"))
    except ValueError:
        return date.today()
    return date(when.year, when.month, when.day)


def _day(action: CandidateAction, as_of: date) -> date:
    when = action.when and date(action.when.year, action.when.month, action.when.day)
    if action.is_open:
        return when if when and when > as_of else as_of + LATER
    return min(when, as_of) if when else as_of
