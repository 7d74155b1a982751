"""Flows of goods in the answers document: as they are, and without and with each intervention."""

from __future__ import annotations

from pydantic import Field

from backchannel.questions.what_if.document import AS_IT_IS, PairedChange
from backchannel.wording.pieces import Piece


class ExpectedAmount(Piece):
    """An expected amount or price, given the whole record, and its range over draws."""

    expected: float | None = Field(
        description="Mean over draws; null for a price where it may be that nothing arrives."
    )
    low: float | None = Field(description="5% of the weighted draws expect less.")
    high: float | None = Field(description="5% of the weighted draws expect more.")


class TradePlace(Piece):
    """Who supplies or demands a good."""

    name: str
    title: str


class RouteView(Piece):
    """A way from a supplier to a demander."""

    name: str
    title: str
    through: str = Field(default="", description="The third country through which it leads.")
    supplier: str = Field(description="The name of the supplier at which it begins.")
    demander: str = Field(description="The name of the demander at which it ends.")


class FlowsAt(Piece):
    """What a good does at one time."""

    round: int | None = Field(default=None, description="Of a good that follows the rounds.")
    label: str = Field(default="", description="The round in words; empty without rounds.")
    routes: list[ExpectedAmount] = Field(description="In the order of the good's routes.")
    delivered: list[ExpectedAmount] = Field(description="In the order of the good's demanders.")
    prices: list[ExpectedAmount] = Field(
        description="In the order of the good's demanders: mark-ups in logarithms."
    )


class GoodView(Piece):
    """A good: who supplies and demands it, by which routes, and what it does as it is."""

    good: str
    title: str
    unit: str
    suppliers: list[TradePlace]
    demanders: list[TradePlace]
    routes: list[RouteView]
    times: list[FlowsAt] = Field(description="One, or one for each round that it follows.")


class AmountChange(PairedChange):
    """What a route carries, or what a demander gets or pays, without and with the intervention."""

    name: str
    title: str


class GoodFlows(Piece):
    """One good, at one time."""

    good: str
    title: str
    unit: str
    round: int | None = None
    label: str = Field(default="", description="The round in words; empty without rounds.")
    routes: list[AmountChange]
    delivered: list[AmountChange]
    prices: list[AmountChange] = Field(
        description="Mark-ups in logarithms, of the demanders to whom something can always flow."
    )


class FlowsView(Piece):
    """An intervention, and what it does to the flows of all goods."""

    name: str
    title: str
    before_label: str = Field(
        default=AS_IT_IS,
        description="What `before` is called: “as it is” is what is expected given the whole record and every "
        "base rate.",
    )
    is_counterfactual: bool
    goods: list[GoodFlows]


class TradePart(Piece):
    """The part of the question `trade`."""

    goods: list[GoodView] = Field(default=[], description="What goods do as it is.")
    flows: list[FlowsView] = Field(
        default=[],
        description="What goods do, without and with each intervention of the questions.",
    )
