"""What-ifs in the answers document: each outcome in the case as it is and in the changed case."""

from __future__ import annotations

from pydantic import Field

from backchannel.questions.rounds.document import ChangedFan
from backchannel.wording.pieces import Bounds, Day, Piece


class ValueChange(Piece):
    """One value in the case as it is and in the changed case."""

    value: str | int | float
    label: str
    before: float
    after: float
    difference: float
    low: float
    high: float
    bounds_before: Bounds | None = Field(
        default=None, description="The probability with left-out draws counted as 0 and as 1."
    )
    bounds_after: Bounds | None = None
    bounds: Bounds | None = Field(
        default=None, description="The difference with left-out draws counted as −1 and as 1."
    )


class OutcomeChange(Piece):
    """One outcome under an intervention."""

    node: str
    title: str
    values: list[ValueChange]


class WhatIf(Piece):
    """An intervention and what it changes."""

    name: str
    title: str
    who_knows: str
    record: str = Field(description="Which part of the record both sides use.")
    record_before: Day | None = Field(
        description="Both sides use entries before this day; null: all entries."
    )
    left_out: float = Field(description="Share of draws that did not converge on either side.")
    outcomes: list[OutcomeChange]
    fans: list[ChangedFan] = Field(default=[], description="Repeated outcomes over the rounds.")


class WhatIfPart(Piece):
    """The part of the question `what_if`."""

    what_ifs: list[WhatIf]
