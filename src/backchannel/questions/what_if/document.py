"""What-ifs in the answers document: each outcome without and with an intervention."""

from __future__ import annotations

from pydantic import Field

from backchannel.language.names import RecordView
from backchannel.questions.rounds.document import ChangedFan
from backchannel.wording.pieces import Bounds, Day, Piece

AS_IT_IS = "as it is"
"""What the forecast given the whole record is called."""


class PairedChange(Piece):
    """A number without and with an intervention."""

    before: float = Field(
        description="Without the intervention; of an outcome, `before_label` says in which view."
    )
    after: float
    after_independent: float | None = Field(
        default=None,
        description="Of a counterfactual: `after` with independent random shocks in every situation, the other "
        "extreme of what no record can show.",
    )
    difference: float
    low: float = Field(description="5% of the weighted draws change by less.")
    high: float = Field(description="5% of the weighted draws change by more.")


class ValueChange(PairedChange):
    """One value without and with the intervention."""

    value: str | int | float
    label: str
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


class NamedChange(Piece):
    """An intervention, and the two sides that are compared."""

    name: str
    title: str
    who_knows: str
    record_before: Day | None = Field(
        description="Both sides use entries before this day; null: all entries."
    )
    left_out: float = Field(description="Share of draws that did not converge on either side.")
    before_label: str = Field(
        default=AS_IT_IS,
        description="What `before` is called: “as it is” is the forecast given the whole record, and nothing else.",
    )
    is_counterfactual: bool = Field(
        default=False,
        description="Whether the change comes before the end of the record, and is given the whole record.",
    )


class WhatIf(NamedChange):
    """An intervention and what it changes."""

    record: str = Field(description="Which part of the record both sides use.")
    view: RecordView = Field(
        default="record",
        description="record: given the whole record. before: given what was recorded before the change.",
    )
    outcomes: list[OutcomeChange]
    fans: list[ChangedFan] = Field(default=[], description="Repeated outcomes over the rounds.")


class WhatIfPart(Piece):
    """The part of the question `what_if`."""

    what_ifs: list[WhatIf]
