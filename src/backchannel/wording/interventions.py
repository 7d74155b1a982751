"""Interventions in words: what happened, its absence, and who learns of a change when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from backchannel.case.schema.interventions import CauseEntry, InterventionEntry
from backchannel.diagram.surgery import Intervention, ReasoningChange
from backchannel.language.days import day
from backchannel.language.levels import type_name
from backchannel.language.names import NodeName, Value, round_number, split_round
from backchannel.wording.nouns import and_list
from backchannel.wording.words import Wording


def if_clause(wording: Wording, name: str, made: Intervention) -> str:
    """An intervention as a clause that follows "if": the freed leader had kept silent."""
    entry = _entry(wording, name)
    if isinstance(entry, CauseEntry) and entry.undone:
        return entry.undone
    return entry.title if entry and entry.title else describe(wording, made)


def what_happened(wording: Wording, name: str) -> str:
    """What a cause was, as a clause that follows "because": the freed leader spoke out; empty if untold.

    A cause with one name names its absence.
    """
    entry = wording.lowered.case.causes.get(name)
    return entry.title if entry and entry.undone else ""


def _entry(wording: Wording, name: str) -> InterventionEntry | None:
    case = wording.lowered.case
    if name in case.causes:
        return case.causes[name]
    asked = case.questions[name].what_if if name in case.questions else None
    return asked if isinstance(asked, InterventionEntry) else None


def describe(wording: Wording, made: Intervention) -> str:
    """Describe an intervention without a name by what it changes: “The offer: full” holds."""
    set_by_hand = settings(wording, made.do)
    holds = "hold" if len(set_by_hand) > 1 else "holds"
    parts = [f"{and_list(set_by_hand)} {holds}"] if set_by_hand else []
    parts += [
        f"{_number(wording, name)} is {_amount(value)}" for name, value in made.parameters.items()
    ]
    parts += [f"{_node(wording, name)} comes about in another way" for name in made.mechanisms]
    parts += [
        f"{_node(wording, name)} cannot be {' or '.join(wording.value(name, value) for value in values)}"
        for name, values in made.remove.items()
    ]
    parts += [
        f"the player of {_node(wording, name)} also sees {_nodes(wording, seen)}"
        for name, seen in made.sees_added.items()
    ]
    parts += [
        f"the player of {_node(wording, name)} does not see {_nodes(wording, seen)}"
        for name, seen in made.sees_removed.items()
    ]
    parts += [f"{wording.player(player)} has true beliefs" for player in made.corrects]
    parts += [
        f"{wording.player(player)} {_reasons(change)}" for player, change in made.reasoning.items()
    ]
    believed = {"true_case": "the true case", "actual": "what that player actually believes"}
    parts += [
        f"{wording.view(view)} believes {believed[how]}"
        for view, how in made.corrects_about.items()
    ]
    return " and ".join(parts)


def _reasons(change: ReasoningChange) -> str:
    if change.level is None:
        steps = "one step" if change.further == 1 else f"{change.further} steps"
        return f"thinks {steps} further"
    return f"reasons at {type_name(change.level)}"


def settings(wording: Wording, do: Mapping[NodeName, Value]) -> list[str]:
    """Name what is set, each as “The offer: full”; consecutive rounds with the same value are named together."""
    runs: list[tuple[NodeName, Value, list[int]]] = []
    parts = []
    for name, value in do.items():
        number = round_number(name)
        if number is None:
            parts.append(wording.event(name, value))
        elif runs and _follows(runs[-1], name, value, number):
            runs[-1][2].append(number)
        else:
            runs.append((name, value, [number]))
    for name, value, rounds in runs:
        when = f"round {rounds[0]}" if len(rounds) == 1 else f"rounds {rounds[0]} to {rounds[-1]}"
        title = wording.repeated(split_round(name)[0])
        parts.append(f"“{title}: {wording.value(name, value)}” in {when}")
    return parts


def _follows(run: tuple[NodeName, Value, list[int]], name: NodeName, value: Value, at: int) -> bool:
    other, set_to, rounds = run
    same = split_round(other)[0] == split_round(name)[0] and set_to == value
    return same and rounds[-1] == at - 1


def _node(wording: Wording, name: NodeName) -> str:
    return f"“{wording.node(name)}”"


def _nodes(wording: Wording, names: tuple[NodeName, ...]) -> str:
    return and_list([_node(wording, name) for name in names])


def _number(wording: Wording, name: str) -> str:
    return f"“{wording.parameter(name)}”"


def _amount(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def who_knows(made: Intervention, wording: Wording) -> str:
    """Say who learns of an intervention, and when; a sentence without its capital and full stop."""
    if made.announced == "never" or made.told == ():
        return "nobody is told, so everyone plays as before"
    known_to = "everyone" if made.told is None else and_list([*map(wording.player, made.told)])
    ending = "" if made.told is not None and len(made.told) > 1 else "s"
    if made.announced == "start":
        return f"{known_to} know{ending} of the change from the start"
    if isinstance(made.announced, date):
        return f"{known_to} learn{ending} of the change on {day(made.announced)}"
    return f"{known_to} learn{ending} of the change when it happens"
