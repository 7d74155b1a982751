"""The document of a run in shards: forecasts and what-ifs over all its draws, in the words of the case."""

from __future__ import annotations

from pydantic import Field

from backchannel.questions.forecast.document import ValueSpread
from backchannel.questions.what_if.document import NamedChange, OutcomeChange
from backchannel.wording.pieces import Day, Piece


class ShardedForecast(Piece):
    """The forecast of one node."""

    node: str
    title: str
    date: Day | None
    draws: int = Field(description="How many draws its numbers and its histogram show: all.")
    values: list[ValueSpread]


class ShardedWhatIf(NamedChange):
    """One outcome under an intervention."""

    draws: int = Field(description="How many draws its numbers show: all.")
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
