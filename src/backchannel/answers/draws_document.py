"""The draws in the answers document: what a page needs to weigh them anew as a reader moves a slider.

Columns are base64 text of little-endian numbers, one a draw.
"""

from __future__ import annotations

from pydantic import Field

from backchannel.wording.pieces import Piece


class DrawnAssumption(Piece):
    """One uncertain number in every draw, as its rank in its prior."""

    parameter: str
    exact: bool = Field(
        description="Weighing the draws anew is exactly another `between`; otherwise it is about one."
    )
    scores: str = Field(
        description="Column of uint16: u = number / 65535 is the share of the prior below the draw."
    )
    quantiles: list[float] = Field(
        description="The prior at 0.5%, at 1%, 2% ... 99%, and at 99.5%: 101 numbers."
    )


class DrawnValue(Piece):
    """One value's probability in every draw."""

    value: str | int | float
    given_record: str = Field(
        description=(
            "Column of uint16, probability = number / 65535. One number alone holds in every draw; an "
            "empty column (the node's last value) is one minus the other values."
        )
    )
    prior: str = Field(description="The same before anything was seen.")


class DrawnForecast(Piece):
    """One node in every draw."""

    node: str
    values: list[DrawnValue]


class DrawnChange(Piece):
    """One value's probability in every draw, as it is and changed."""

    value: str | int | float
    before: str = Field(
        description=(
            "Column of uint16, probability = number / 65535. One number alone holds in every draw; an "
            "empty column (the node's last value) is one minus the other values."
        )
    )
    after: str = Field(description="The same in the changed case.")


class DrawnOutcome(Piece):
    """One outcome under an intervention, in every draw."""

    node: str
    values: list[DrawnChange]
    weights_before: str | None = Field(
        description="Column of float32 that sums to 1; null where it is `weights`."
    )
    weights_after: str | None = Field(
        description="Column of float32 that sums to 1; null where it is `weights`."
    )


class DrawnWhatIf(Piece):
    """An intervention in every draw."""

    name: str
    outcomes: list[DrawnOutcome]


class Draws(Piece):
    """The draws, to be reweighted without solving."""

    count: int = Field(
        description="Draws written: the first 4,096 at most, fewer of a case with very many nodes."
    )
    weights: str = Field(
        description="Column of float32: given the record, sum 1; 0 for draws that are left out."
    )
    prior_weights: str = Field(description="Column of float32: before the record, sum 1.")
    caption: str = Field(description="What a slider does, and for which assumptions exactly.")
    assumptions: list[DrawnAssumption]
    forecasts: list[DrawnForecast]
    what_ifs: list[DrawnWhatIf]
