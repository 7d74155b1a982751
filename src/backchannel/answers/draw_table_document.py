"""The document of a table of draws: what each of its columns is, and how it is spread over the draws."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backchannel.wording.pieces import Piece


class DrawnColumn(Piece):
    """One column of the table, over the weighted draws."""

    column: str = Field(description="Its name in the table.")
    title: str
    unit: str
    role: Literal["assumption", "forecast"]
    mean: float | None = Field(description="Null where no draw has a number.")
    low: float | None = Field(description="5% of the weighted draws lie below.")
    high: float | None = Field(description="5% of the weighted draws lie above.")


class DrawTableDocument(Piece):
    """What a table of draws holds."""

    case: str
    draws: int
    effective_draws: float = Field(description="Effective sample size given the record.")
    left_out: float = Field(description="Share of draws that did not converge.")
    columns: list[DrawnColumn]
