"""A swap of two players, for laws of deals: its game, its promises and its amounts."""

from __future__ import annotations

import numpy as np

from backchannel.diagram.deals import Amount, Commitment, Deal
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision, Interest
from backchannel.ensemble.ensemble import Ensemble, build_ensemble
from backchannel.language.expressions import constant, parse
from tests.helpers import day

LEVELS = ("low", "high")


def swap(n: int = 1, *, precision: float = 3.0, cost: float = 0.2, gain: float = 0.5) -> Ensemble:
    """Ann gives or not, Bob sees it and gives or not; giving costs less than getting is worth."""
    diagram = Diagram(
        players=("ann", "bob"),
        nodes=(
            Decision("gives", ("yes", "no"), "ann", day(1)),
            Decision("returns", ("yes", "no"), "bob", day(2), sees=("gives",)),
        ),
        interests=(
            Interest("a", "ann", parse("gain * (returns == 'yes') - cost * (gives == 'yes')")),
            Interest("b", "bob", parse("gain * (gives == 'yes') - cost * (returns == 'yes')")),
        ),
    )
    given = {"gain": gain, "cost": cost, "ann.precision": precision, "bob.precision": precision}
    return build_ensemble(diagram, (), {k: np.full(n, float(v)) for k, v in given.items()})


def promise(*amounts: Amount, parties: tuple[str, ...] = ("ann", "bob")) -> Deal:
    """Both give."""
    commitments = (
        Commitment("gives", "ann", ("yes",), 0),
        Commitment("returns", "bob", ("yes",), 1),
    )
    return Deal("swap", parties, commitments, amounts, day(0))


def penalty(player: str, *sizes: float) -> Amount:
    """What a player loses that breaks the deal."""
    return Amount(
        f"penalty on {player}", tuple(map(constant, sizes)), {player: -1.0}, None, (player,)
    )


def payment(player: str, *sizes: float) -> Amount:
    """What a player gets when all is kept."""
    return Amount(f"payment to {player}", tuple(map(constant, sizes)), {player: 1.0}, 1)


def logistic(x: float) -> float:
    return 1.0 / (1.0 + np.exp(-x))
