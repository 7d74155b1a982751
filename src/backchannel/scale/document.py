"""The document of a run in shards: forecasts and what-ifs over all its draws, in the words of the case."""

from __future__ import annotations

from pydantic import Field

from backchannel.questions.what_if.document import OutcomeChange
from backchannel.wording.pieces import Bounds, Day, Piece


class SpreadOfValue(Piece):
    """The forecast of one value, and its distribution over the draws."""

    value: str | int | float
    label: str
    probability: float
    low: float = Field(description="5% of the weighted draws lie below.")
    high: float = Field(description="5% of the weighted draws lie above.")
    bounds: Bounds = Field(description="The probability with left-out draws counted as 0 and as 1.")
    word: str = Field(description="The ICD 203 word of the probability.")
    quantiles: list[float] = Field(
        description="Quantiles over the weighted draws at 5%, 10%, ... 95%."
    )
    histogram: list[float] = Field(
        description="Share of the weighted draws in each of 20 equal intervals from 0 to 1."
    )


class ShardedForecast(Piece):
    """The forecast of one node."""

    node: str
    title: str
    date: Day | None
    draws: int = Field(description="How many draws its numbers and its histogram show: all.")
    values: list[SpreadOfValue]


class ShardedWhatIf(Piece):
    """One outcome under an intervention."""

    name: str
    title: str
    who_knows: str
    draws: int = Field(description="How many draws its numbers show: all.")
    record_before: Day | None = Field(
        description="Both sides use entries of the record before this day; null: all entries."
    )
    before_label: str = Field(description="What the side without the change is called.")
    is_counterfactual: bool
    left_out: float = Field(description="Share of draws that did not converge on either side.")
    outcome: OutcomeChange


class ShardedAnswers(Piece):
    """Everything that a run in shards answers."""

    version: str = "1.0"
    case: str
    draws: int = Field(description="How many draws all numbers and pictures rest on.")
    seed: int
    effective_draws: float = Field(description="Effective sample size given the record.")
    left_out: float = Field(description="Share of draws that did not converge.")
    forecasts: list[ShardedForecast]
    what_ifs: list[ShardedWhatIf]
