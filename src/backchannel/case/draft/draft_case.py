"""Write the draft of a case from what was kept in a worksheet: players, decisions, a record, and questions.

Nothing in a text says what an outcome is worth to whom. So every number of a draft is a placeholder around 0, marked
as a judgement that nobody has made yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePath

from backchannel.case.draft.worksheet import KeptAction, KeptActor, Worksheet
from backchannel.case.edit.yaml_value import flow
from backchannel.language.errors import CommandError
from backchannel.language.identifiers import identifier_of

PLACEHOLDER = "a placeholder of the draft; nobody has judged it yet"
PRIOR = "{uniform: [-0.3, 0.3]}"
PRECISION = "{between: [4, 16]}"
LATER = timedelta(days=90)
"""After the last known day, when a decision comes that the text gives no day for."""
MOST_OTHERS = 3
"""Most other players to whom one decision is given a worth."""


@dataclass(frozen=True)
class DraftDecision:
    """A decision of the draft."""

    name: str
    player: str
    action: KeptAction
    at: date
    day_is_known: bool
    others: tuple[str, ...]
    """Other players to whom it may matter."""

    @property
    def value(self) -> str:
        """The value that stands for the action."""
        return self.action.verb.replace(" ", "_")


def draft_case(sheet: Worksheet) -> str:
    """Write a case of what a worksheet keeps.

    Raises:
        CommandError: Nothing is kept that could be a player and its decision.
    """
    players = _players(sheet)
    decisions = _decisions(sheet, players)
    if not decisions:
        raise CommandError(
            "No actor and action of the worksheet are kept together, so there is nothing to decide. Set `keep: true` "
            "for at least one actor and one of its actions."
        )
    return "\n".join([*_lines(sheet, players, decisions), ""])


def _players(sheet: Worksheet) -> dict[str, KeptActor]:
    players: dict[str, KeptActor] = {}
    for actor in sheet.actors:
        if actor.keep:
            players[identifier_of(actor.name, taken=players, otherwise="player")] = actor
    return players


def _decisions(sheet: Worksheet, players: dict[str, KeptActor]) -> list[DraftDecision]:
    by_name = {name: key for key, actor in players.items() for name in (actor.name, *actor.also)}
    decisions: list[DraftDecision] = []
    taken: set[str] = set(players)
    for action in sheet.actions:
        player = by_name.get(action.actor)
        if not action.keep or player is None:
            continue
        name = identifier_of(f"{player} {action.verb}", taken=taken, otherwise="decision")
        taken.add(name)
        others = dict.fromkeys(by_name[other] for other in action.others if other in by_name)
        others.pop(player, None)
        decisions.append(
            DraftDecision(
                name,
                player,
                action,
                _day(action, sheet.as_of),
                action.day is not None,
                tuple(others)[:MOST_OTHERS],
            )
        )
    return sorted(decisions, key=lambda decision: decision.at)


def _day(action: KeptAction, as_of: date) -> date:
    if action.open:
        return action.day if action.day and action.day > as_of else as_of + LATER
    return min(action.day, as_of) if action.day else as_of


def _lines(
    sheet: Worksheet, players: dict[str, KeptActor], decisions: Sequence[DraftDecision]
) -> Iterator[str]:
    source = identifier_of(
        PurePath(sheet.text).stem,
        taken={*players, *(d.name for d in decisions)},
        otherwise="source",
    )
    yield "# The draft of a case, made from a worksheet. It runs, and says nothing yet: all numbers are placeholders."
    yield "# Go through it from above: add what is missing, merge and drop decisions, put them in order, and replace"
    yield "# each prior and its reason by your own. `backchannel check THIS_FILE` tells you what is wrong."
    yield ""
    yield f"case: {flow('Draft from ' + sheet.text)}"
    yield "utility_unit: all that a player has at stake   # what a worth of 1 means"
    yield f"as_of: {sheet.as_of}   # the last day that the case knows about"
    yield "information: public   # what happened is known, except to those it is `hidden_from`"
    yield ""
    yield "sources:"
    title = flow("Text in " + sheet.text)
    yield f"  {source}: {{title: {title}, file: {flow(sheet.text)}}}   # add author, date and grade"
    yield ""
    yield "players:"
    for key, actor in players.items():
        names = f"   # also: {', '.join(actor.also)}" if actor.also else ""
        why = f"[{{judgement: {PLACEHOLDER}}}, {_reason(source, actor.at)}]"
        yield f"  {key}: {{name: {flow(actor.name)}, precision: {PRECISION}, why: {why}}}{names}"
    yield ""
    yield "parameters:"
    for decision in decisions:
        for player in (decision.player, *decision.others):
            yield f"  {_worth(decision, player)}: {_parameter(decision, players[player], source)}"
    yield ""
    yield "nodes:"
    for decision in decisions:
        yield from _node(decision, players[decision.player], source)
    yield ""
    yield "interests:"
    yield from _interests(players, decisions)
    recorded = [decision for decision in decisions if not decision.action.open]
    if recorded:
        yield ""
        yield "record:"
    for decision in recorded:
        value = "does_not" if decision.action.denied else decision.value
        yield (
            f"  - {{node: {decision.name}, value: {flow(value)}, date: {decision.at}, source: {source}, "
            f"at: {flow(decision.action.at)}}}"
        )
    open_ones = [decision for decision in decisions if decision.action.open] or decisions[-1:]
    yield ""
    yield "questions:"
    yield f"  next: {{forecast: {open_ones[0].name}}}"
    yield from _claims(sheet, source)


def _reason(source: str, at: str) -> str:
    return f"{{source: {source}, at: {flow(at)}}}" if at else f"{{source: {source}}}"


def _worth(decision: DraftDecision, player: str) -> str:
    return f"worth_of_{decision.name}" + ("" if player == decision.player else f"_to_{player}")


def _parameter(decision: DraftDecision, player: KeptActor, source: str) -> str:
    about = f"worth to {player.name} of this step: {_says(decision)}"
    why = f"[{{judgement: {PLACEHOLDER}}}, {_reason(source, decision.action.at)}]"
    return f"{{prior: {PRIOR}, unit: all that is at stake, about: {flow(about)}, why: {why}}}"


def _says(decision: DraftDecision) -> str:
    """Who does what, in the words of the text."""
    action = decision.action
    return f"{action.actor}, {action.verb}" + (f" {action.about}" if action.about else "")


def _node(decision: DraftDecision, player: KeptActor, source: str) -> Iterator[str]:
    action = decision.action
    title = f"{player.name}: {action.verb}" + (f" {action.about}" if action.about else "")
    unknown = "" if decision.day_is_known else "   # the text gives no day: set it"
    yield f"  {decision.name}:"
    yield f"    title: {flow(title)}"
    yield f"    player: {decision.player}"
    yield f"    domain: [{flow(decision.value)}, does_not]"
    yield f"    at: {decision.at}{unknown}"
    yield f"    why: {_reason(source, action.at)}"


def _interests(players: dict[str, KeptActor], decisions: Sequence[DraftDecision]) -> Iterator[str]:
    for player in players:
        terms = [
            f"{_worth(decision, player)} * ({decision.name} == '{decision.value}')"
            for decision in decisions
            if player == decision.player or player in decision.others
        ]
        if terms:
            yield f"  stake_of_{player}: {{player: {player}, worth: {flow(' + '.join(terms))}}}"


def _claims(sheet: Worksheet, source: str) -> Iterator[str]:
    kept = [statement for statement in sheet.statements if statement.keep]
    if not kept:
        return
    yield ""
    yield "# Sentences that may become claims. Say each in your own words, write its test, and remove the marks (#):"
    yield "# - {says: Relief buys freedom, source: NAME, at: ¶ 6, test: \"P(b == 'x', do={'a': 'y'}) > P(b == 'x')\"}"
    yield "# claims:"
    for statement in kept:
        yield f"# {statement.at}: {statement.sentence}"
        yield f"# - {{says: , source: {source}, at: {flow(statement.at)}, test: }}"
