"""Discounting: in each round a player looks at the future as it is worth to it then.

At round t a player maximises Σ_{s≥t} δ^(s−t) u_s. Worths are counted from round 1, as δ^(s−1) u_s, and
each decision of round t carries the scale δ^(1−t) that turns them into what they are worth at t. So
precision always multiplies worths of the present.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from backchannel.case.lower.report import CaseReport
from backchannel.case.lower.rounds import AFTER, Calendar, rounds_of
from backchannel.case.schema.case import Case
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision, Interest, Node
from backchannel.language.expressions import Expression, Tree
from backchannel.language.names import discount_of, split_round


def discounted(diagram: Diagram, case: Case) -> Diagram:
    """Weigh every worth by its round, and let every decision look from its own.

    What does not repeat counts in the round in which the latest node that it names comes about:
    before round 2 in full, after the last round like what follows it.
    """
    calendar = rounds_of(case).calendar
    patient = {name for name, player in case.players.items() if player.discount is None}
    if calendar is None or patient == set(case.players):
        return diagram
    interests = tuple(
        interest if interest.player in patient else _weighed(diagram, interest, calendar)
        for interest in diagram.interests
    )
    nodes = tuple(
        _looking(node, calendar)
        if isinstance(node, Decision) and node.player not in patient
        else node
        for node in diagram.nodes
    )
    return replace(diagram, nodes=nodes, interests=interests)


def warn_of_endings(case: Case, report: CaseReport) -> None:
    """Note players for whom the world ends with the last round."""
    if case.rounds is None:
        return
    for player in case.players:
        own = [one for one in case.rounds.interests.values() if one.player == player]
        if own and all(one.last is None for one in own):
            report.warn(
                ("rounds", "interests"),
                f"no interest of {player} says what follows round {case.rounds.n}: nothing is worth "
                "anything to it after that. Give one of them a `last` worth (0, if that is meant).",
            )


def _weighed(diagram: Diagram, interest: Interest, calendar: Calendar) -> Interest:
    number = split_round(interest.name)[1]
    if number == AFTER:
        rounds = calendar.n
    elif number:
        rounds = int(number) - 1
    else:
        latest = max((diagram.dates[n] for n in diagram.scope(interest)), default=date.min)
        rounds = calendar.index(latest)
    if rounds == 0:
        return interest
    weight = _power(discount_of(interest.player), rounds)
    worth = Expression(Tree("*", (weight, interest.worth.tree)), interest.worth.text)
    return replace(interest, worth=worth)


def _looking(decision: Decision, calendar: Calendar) -> Node:
    number = split_round(decision.name)[1]
    rounds = int(number) - 1 if number else calendar.index(decision.date)
    if rounds == 0:
        return decision
    return replace(decision, scale=Expression(_power(discount_of(decision.player), -rounds)))


def _power(name: str, exponent: int) -> Tree:
    return Tree("**", (Tree("name", value=name), Tree("number", value=float(exponent))))
