"""The pieces that every part of the answers document is made of."""

from __future__ import annotations

import datetime

from pydantic import BaseModel, ConfigDict

Day = datetime.date


class Piece(BaseModel):
    """A part of the document."""

    model_config = ConfigDict(extra="forbid")


class Influence(Piece):
    """An assumption and how much of an answer's spread it explains alone."""

    parameter: str
    label: str
    share: float
    direction: float
