"""Print forecasts in a terminal: a row for each value, with a bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from backchannel.console.bars import bar
from backchannel.console.plain_table import plain_table
from backchannel.language.days import day
from backchannel.language.names import round_number
from backchannel.questions.forecast.document import NodeForecast, ValueForecast
from backchannel.wording.left_out import is_bounded, percent_span
from backchannel.wording.percents import percent

BOUNDS = "with left-out draws"
"""The heading of the bounds that count left-out draws as 0 and as 1."""


def show(answers: Any, out: Console) -> None:
    """Print the forecasts of open nodes that happen once; rounds are printed separately."""
    as_of = answers.case.as_of
    ahead = [f for f in answers.forecasts if f.date is None or f.date > as_of]
    once = [f for f in ahead if round_number(f.node) is None]
    show_forecasts([f for f in once if not f.observed], out)


def show_forecasts(forecasts: Sequence[NodeForecast], out: Console) -> None:
    """Print forecasts with a bar for each value: solid up to the mean, shaded up to the 95th percentile."""
    if not forecasts:
        return
    beside = any(v.inside is not None for f in forecasts for v in f.values)
    chance = ["inside", "outside", "pooled"] if beside else ["chance"]
    columns = ["outcome", "value", "", *chance, "5–95%", "in words"]
    bounded = any(is_bounded(v.bounds) for f in forecasts for v in f.values)
    if bounded:
        columns.append(BOUNDS)
    table = plain_table(
        *columns,
        title="What next",
        right={*chance, "5–95%"},
        whole={"", *chance, "5–95%", "in words"},
    )
    for forecast in forecasts:
        for i, value in enumerate(forecast.values):
            row = [
                _titled(forecast) if i == 0 else "",
                value.label,
                bar(value.probability, value.high, out),
                *(_beside(value) if beside else []),
                percent(value.probability),
                percent_span(value.low, value.high, None),
                value.word,
            ]
            if bounded:
                row.append(percent_span(*value.bounds, None))
            table.add_row(*row)
        table.add_section()
    out.print(table)
    for forecast in forecasts:
        if forecast.pooling:
            out.print(f"{forecast.title}: {forecast.pooling}", markup=False)
    out.print()


def _titled(forecast: NodeForecast) -> str:
    return forecast.title + (f", {day(forecast.date)}" if forecast.date else "")


def _beside(value: ValueForecast) -> list[str]:
    """What the case alone and the base rate alone say of a value."""
    return ["" if said is None else percent(said) for said in (value.inside, value.outside)]
