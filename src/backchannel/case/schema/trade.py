"""The keys of `trade`: goods, who supplies and demands them, and the routes between."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field

from backchannel.case.schema.parts import CaseEntry, FirstDay, Words
from backchannel.case.schema.reasons import Reasons
from backchannel.case.schema.written_names import Name
from backchannel.case.schema.written_priors import PRIOR_SCHEMA, prior


def _number(value: Any) -> Any:
    """Take an expression, a number, or a prior."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | dict):
        raise ValueError("should be an expression in quotes, a number or a prior.")
    return prior(value) if isinstance(value, dict) else value


TradeNumber: TypeAlias = Annotated[
    Any,
    BeforeValidator(_number),
    Field(json_schema_extra={"anyOf": [{"type": "string"}, *PRIOR_SCHEMA]}),
]
"""An expression over nodes, quantities and parameters; a number; or a prior."""


class DemandEntry(CaseEntry):
    """Who wants the good."""

    size: TradeNumber = Field(description="Demand at price 0, in the good's unit.")
    elasticity: TradeNumber = Field(
        description="By how many percent demand falls if the good becomes 1% dearer; above 0."
    )
    about: Words = ""
    why: Reasons = []


class SupplyEntry(CaseEntry):
    """Who supplies the good."""

    capacity: TradeNumber | None = Field(
        None, description="The most that it supplies; no limit if left out."
    )
    about: Words = ""
    why: Reasons = []


class RouteEntry(CaseEntry):
    """A way from a supplier to a demander."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    from_: Words = Field(alias="from", description="The supplier, from `supply`.")
    to: Words = Field(description="The demander, from `demand`.")
    through: Words = Field("", description="The third country through which it leads.")
    cost: TradeNumber = Field(0, description="Mark-up in logarithms: 0.1 is about 10% dearer.")
    capacity: TradeNumber | None = Field(
        None, description="The most that it carries; no limit if left out."
    )
    partner: Words = Field("", description="For `trade fit`: the partner's name in the data.")
    about: Words = ""
    why: Reasons = []


class TradeEntry(CaseEntry):
    """A good, and how it gets from suppliers to demanders."""

    unit: Words = Field(description="The unit of sizes, capacities and flows.")
    demand: dict[Name, DemandEntry] = Field(min_length=1)
    supply: dict[Name, SupplyEntry] = Field(min_length=1)
    routes: dict[Name, RouteEntry] = Field(min_length=1)
    sensitivity: TradeNumber = Field(description="θ: how strongly shares answer to cost; above 0.")
    since: FirstDay | None = Field(
        None, description="For `trade fit`: first month under sanctions."
    )
    about: Words = ""
    why: Reasons = []
