"""The draws in the answers document: what a page needs to reweight them as a reader moves a slider.

Columns are base64 text of little-endian numbers, one for each draw.
"""

from __future__ import annotations

from pydantic import Field

from backchannel.wording.pieces import Piece

COLUMN = (
    "Column of uint16, probability = number / 65535. A single number holds in every draw. An empty "
    "column (of the node's last value) means 1 minus the other values."
)
WEIGHTS = "Column of float32 that sums to 1; null if it equals `weights`."


class DrawnAssumption(Piece):
    """One uncertain number in every draw, as its rank in its prior."""

    parameter: str
    exact: bool = Field(
        description="Whether reweighting gives exactly another prior of the kind `between`, or an approximation."
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
    given_record: str = Field(description=COLUMN)
    prior: str = Field(description="The same before anything was recorded.")


class DrawnForecast(Piece):
    """One node in every draw."""

    node: str
    values: list[DrawnValue]


class DrawnChange(Piece):
    """The probability of one value in every draw, in the case as it is and in the changed case."""

    value: str | int | float
    before: str = Field(description=COLUMN)
    after: str = Field(description="The same in the changed case.")


class DrawnOutcome(Piece):
    """One outcome under an intervention, in every draw."""

    node: str
    values: list[DrawnChange]
    weights_before: str | None = Field(description=WEIGHTS)
    weights_after: str | None = Field(description=WEIGHTS)


class DrawnWhatIf(Piece):
    """An intervention in every draw."""

    name: str
    outcomes: list[DrawnOutcome]


class Draws(Piece):
    """The draws, which a page can reweight without solving."""

    count: int = Field(
        description="Number of draws written: at most the first 4,096, and fewer for a case with very many nodes."
    )
    weights: str = Field(
        description="Column of float32: weights given the record, with sum 1; 0 for draws that are left out."
    )
    prior_weights: str = Field(
        description="Column of float32: weights before the record, with sum 1."
    )
    caption: str = Field(
        description="What a slider does, and for how many assumptions this is exact."
    )
    assumptions: list[DrawnAssumption]
    forecasts: list[DrawnForecast]
    what_ifs: list[DrawnWhatIf]
