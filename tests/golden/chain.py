"""A diagram of any length: offers and replies, each seeing only the last."""

from __future__ import annotations

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision, Interest
from backchannel.language.expressions import parse
from tests.helpers import day


def chain(rounds: int) -> Diagram:
    """`rounds` offers by one player, each answered by the other."""
    nodes, interests = [], []
    for i in range(rounds):
        sees = (f"reply{i - 1}",) if i else ()
        nodes.append(Decision(f"offer{i}", ("low", "high"), "ann", day(2 * i), sees=sees))
        nodes.append(
            Decision(f"reply{i}", ("yes", "no"), "bob", day(2 * i + 1), sees=(f"offer{i}",))
        )
        worth = parse(f"(reply{i} == 'yes') * (1 - 0.5 * (offer{i} == 'high'))")
        interests.append(Interest(f"gain{i}", "ann", worth))
        pay = parse(f"(reply{i} == 'yes') * (0.5 * (offer{i} == 'high') - 0.2)")
        interests.append(Interest(f"pay{i}", "bob", pay))
    return Diagram(("ann", "bob"), tuple(nodes), tuple(interests))
