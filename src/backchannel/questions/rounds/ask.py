"""Rounds: the forecasts of a repeated node in every round."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backchannel.case.lower.named import repeated
from backchannel.case.lowered import Lowered
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.names import NodeName, in_round
from backchannel.questions.forecast.ask import Forecast
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Rounds(Result):
    """The forecasts of repeated nodes over the rounds."""

    forecasts: Mapping[str, Sequence[Forecast]]
    """By the name of a repeated node, its forecasts in the order of rounds."""

    def to_frame(self) -> pd.DataFrame:
        """One row for each value in each round: the columns of a forecast, and the round's number."""
        import pandas as pd

        frames = [
            forecast.to_frame().assign(node=name, round=number)
            for name, over_time in self.forecasts.items()
            for number, forecast in enumerate(over_time, start=1)
        ]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def ask(case: SolvedCase, earlier: Mapping[str, Any]) -> Rounds:
    """Collect the forecasts of all repeated nodes, which the question `forecast` has made already."""
    return over_rounds(case.lowered, lambda node: earlier["forecast"][node][0])


def over_rounds(
    lowered: Lowered, forecast: Callable[[NodeName], Forecast], names: Sequence[str] = ()
) -> Rounds:
    """Collect the forecasts of some repeated nodes in every round; without names, of all repeated nodes.

    Raises:
        CommandError: A node does not repeat.
    """
    return Rounds(
        {
            name: [forecast(node) for node in in_all_rounds(lowered, name)]
            for name in repeated(lowered.case, names)
        }
    )


def in_all_rounds(lowered: Lowered, name: str) -> list[NodeName]:
    """The names of a repeated node in each round."""
    calendar = lowered.calendar
    assert calendar is not None
    return [in_round(name, number) for number in range(1, calendar.n + 1)]
