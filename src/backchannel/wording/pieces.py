"""The pieces that every part of the answers document is made of."""

from __future__ import annotations

import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

Day = datetime.date
DIGITS = 10
"""Decimal places of most numbers: rounding noise of the last digits would make equal runs look different."""


def clean(number: Any) -> float:
    """A number as the document holds it, without rounding noise and without a minus before 0."""
    return round(float(number), DIGITS) + 0.0


Bounds = tuple[float, float]


def cleaned(ends: tuple[Any, Any]) -> Bounds:
    """Both ends of bounds as the document holds them."""
    return clean(ends[0]), clean(ends[1])


class Piece(BaseModel):
    """A part of the document."""

    model_config = ConfigDict(extra="forbid")


class Influence(Piece):
    """An assumption and how much of an answer's spread it explains alone."""

    parameter: str
    label: str
    share: float
    direction: float


class Facts(Piece):
    """What a caption says."""

    shows: str = Field(description="What is shown.")
    rests_on: str = Field(description="How many draws, and of what kind.")
    would_change: str = Field(description="What would change it.")
