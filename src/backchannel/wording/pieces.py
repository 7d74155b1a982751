"""The pieces of which every part of the answers document is made."""

from __future__ import annotations

import datetime
import math
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from backchannel.language.days import read_date

Day = Annotated[
    datetime.date,
    BeforeValidator(read_date),
    PlainSerializer(str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}(-\d{2})?$"}),
]
"""A day, or a month without its day; in JSON as ISO 8601 writes them."""
DECIMALS = 10
"""Decimal places of most numbers: noise in the last digits would make equal runs look different."""


def clean(number: Any) -> float:
    """A number as the document holds it, without rounding noise and without a minus before 0."""
    return round(float(number), DECIMALS) + 0.0


def clean_or_none(number: float | None) -> float | None:
    """Clean a number that may be missing or undefined."""
    return None if number is None or not math.isfinite(number) else clean(number)


Bounds = tuple[float, float]
"""A mean with left-out draws counted at its smallest and at its largest possible value."""


def cleaned(ends: tuple[Any, Any]) -> Bounds:
    """Clean both ends of bounds."""
    return clean(ends[0]), clean(ends[1])


class Piece(BaseModel):
    """A part of the document."""

    model_config = ConfigDict(extra="forbid")


class Influence(Piece):
    """An assumption that stands out from chance, and the share of an answer's variance that it explains."""

    parameter: str
    label: str
    share: float
    direction: float


ChanceLevel = Annotated[
    float | None,
    Field(
        description="The share that the strongest of all assumptions would exceed by chance once in 20 "
        "times; null where nothing can be said of single assumptions."
    ),
]
"""The level of chance of a ranking of assumptions."""


class Facts(Piece):
    """The three parts of a caption."""

    shows: str = Field(description="What is shown.")
    rests_on: str = Field(description="How many draws, and of what kind.")
    would_change: str = Field(description="What would change it.")
