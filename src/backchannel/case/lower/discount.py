"""Discounting of rounds.

In round t a player maximises Σ_{s≥t} δ^(s−t) u_s. Interests are discounted to round 1, as δ^(s−1) u_s, and
each decision of round t has the scale δ^(1−t), which converts them to worths at round t. So precision
always multiplies present worths.
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
    """Discount every interest to round 1, and give every decision the scale of its round.

    An interest that does not repeat belongs to the round of the latest node that it names: it counts in
    full before round 2, and like everything that follows after the last round.
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
    """Warn about players for whom nothing counts after the last round."""
    if case.rounds is None:
        return
    for player in case.players:
        interests = [
            interest for interest in case.rounds.interests.values() if interest.player == player
        ]
        if interests and all(interest.last is None for interest in interests):
            report.warn(
                ("rounds", "interests"),
                f"no interest of {player} has a `last` worth, so nothing after round {case.rounds.n} counts "
                "for it. Give one interest a `last` worth; write 0 if that is intended.",
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
