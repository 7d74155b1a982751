"""The markets of a case's goods: one for each good, or one for each good and round."""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.case.lower.rounds import rounds_of
from backchannel.case.lowered import Lowered
from backchannel.language.expressions import Expression, Tree
from backchannel.trade.function import MarketFunction


@dataclass(frozen=True)
class GoodMarket:
    """The market of a good, in one round if its numbers follow the rounds."""

    good: str
    round: int | None
    market: Tree
    """The operation that settles it."""

    @property
    def function(self) -> MarketFunction:
        """Its outcomes, and their positions."""
        return self.market.value


def good_markets(lowered: Lowered) -> list[GoodMarket]:
    """The markets of a case, by good and round."""
    known = lowered.diagram.node.keys() | lowered.priors.keys()
    rounds = rounds_of(lowered.case)
    places = []
    for good, market in lowered.markets.items():
        written = Expression(market, "")
        if written.names <= known:
            places.append(GoodMarket(good, None, market))
            continue
        for number in range(1, rounds.n + 1):
            in_round = rounds.expression_in_round(written, number)
            if in_round.names <= known:
                places.append(GoodMarket(good, number, in_round.tree))
    return places
