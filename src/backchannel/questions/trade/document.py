"""Flows of goods in the answers document, without and with each intervention."""

from __future__ import annotations

from pydantic import Field

from backchannel.wording.pieces import Piece


class AmountChange(Piece):
    """What one route carries, or what one demander gets, without and with the intervention."""

    name: str
    title: str
    through: str = Field(default="", description="The third country through which a route leads.")
    before: float = Field(description="Expected amount as it is, given the whole record.")
    after: float
    after_independent: float | None = Field(
        default=None,
        description="Of a counterfactual: `after` with independent random shocks in every situation, the other "
        "extreme of what no record can show.",
    )
    difference: float
    low: float
    high: float


class GoodFlows(Piece):
    """One good."""

    good: str
    title: str
    unit: str
    routes: list[AmountChange]
    delivered: list[AmountChange]


class FlowsView(Piece):
    """An intervention, and what it does to the flows of all goods."""

    name: str
    title: str
    is_counterfactual: bool
    goods: list[GoodFlows]


class TradePart(Piece):
    """The part of the question `trade`."""

    flows: list[FlowsView] = Field(
        default=[],
        description="What goods do, without and with each intervention of the questions.",
    )
