"""Compose what is shown of rounds: fans over time."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date

import numpy as np

from backchannel.case.lowered import Lowered
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.weighted import bounded, quantile
from backchannel.language.calendar import Calendar
from backchannel.language.names import NOT_APPLICABLE, in_round
from backchannel.questions.composing import Composing
from backchannel.questions.forecast.ask import HIGH, LOW, Forecast
from backchannel.questions.forecast.outside_compose import pooling_sentence
from backchannel.questions.rounds.ask import Rounds
from backchannel.questions.rounds.document import RoundPoint, RoundsFan, RoundsPart
from backchannel.questions.rounds.expected_numbers import (
    are_numbers,
    expected_by_draw,
    expected_mean,
    extremes,
    number_quantiles,
)
from backchannel.wording.left_out import counted
from backchannel.wording.pieces import clean, cleaned


def compose(composing: Composing, rounds: Rounds) -> RoundsPart:
    """Put the forecasts of all repeated nodes into words."""
    return RoundsPart(rounds=fans(composing, rounds))


def fans(composing: Composing, rounds: Rounds) -> list[RoundsFan]:
    """Make a fan for each of some repeated nodes."""
    return [_fan(composing, name, forecasts) for name, forecasts in rounds.forecasts.items()]


def _fan(composing: Composing, name: str, forecasts: Sequence[Forecast]) -> RoundsFan:
    lowered, ensemble, wording = composing.lowered, composing.ensemble, composing.wording
    calendar = lowered.calendar
    assert calendar is not None
    last = forecasts[-1]
    recorded = {entry.node for entry in lowered.case.record}
    is_number = are_numbers(last.domain)
    answer = expected_by_draw(last) if is_number else last.per_draw[:, int(np.argmax(last.mean))]
    entry = lowered.case.nodes[in_round(name, 1)]
    kind = "number" if is_number else "words"
    influences = composing.influences(answer, last.weights * np.isfinite(answer))
    return RoundsFan(
        node=name,
        title=plain_title(lowered, name),
        kind=kind,
        values=list(last.domain),
        labels=[wording.value(last.node, value) for value in last.domain],
        points=[
            _point(ensemble, forecast, number, calendar, forecast.node in recorded)
            for number, forecast in enumerate(forecasts, start=1)
        ],
        assumptions=influences.named,
        chance_level=influences.chance_level,
        pooling=_pooling(composing, forecasts),
        caption=_caption(ensemble, calendar, kind, entry.grid),
    )


def _pooling(composing: Composing, forecasts: Sequence[Forecast]) -> str:
    """The sentence about base rates of one round, which the others resemble."""
    rated = [forecast for forecast in forecasts if forecast.outside is not None]
    chosen = (rated or forecasts)[-1]
    sentence = pooling_sentence(composing, chosen)
    return f"{composing.wording.node(chosen.node)}: {sentence}" if sentence else ""


def plain_title(lowered: Lowered, name: str) -> str:
    """A repeated node's title without its round."""
    assert lowered.case.rounds is not None
    return lowered.case.rounds.nodes[name].title or name.replace("_", " ")


def _point(
    ensemble: Ensemble, forecast: Forecast, number: int, calendar: Calendar, observed: bool
) -> RoundPoint:
    when = ensemble.diagram.dates[forecast.node]
    expected = spread = None
    quantiles: list[float] = []
    if are_numbers(forecast.domain):
        numbers = expected_by_draw(forecast)
        weights = forecast.weights * np.isfinite(numbers)
        expected = expected_mean(forecast)
        spread = (quantile(numbers, weights, LOW), quantile(numbers, weights, HIGH))
        quantiles = number_quantiles(forecast)
    return RoundPoint(
        round=number,
        node=forecast.node,
        label=calendar.label(number),
        date=None if when == date.min else when,
        observed=observed,
        probabilities=_rounded(forecast.mean),
        low=_rounded(forecast.low),
        high=_rounded(forecast.high),
        inside=None if forecast.inside is None else _rounded(forecast.inside.mean),
        outside=None if forecast.outside is None else _outside(forecast.outside),
        bounds=[cleaned(ends) for ends in zip(*forecast.bounds, strict=True)],
        expected=expected,
        expected_inside=expected_mean(forecast.inside),
        expected_outside=expected_mean(forecast.outside),
        expected_low=spread[0] if spread else None,
        expected_high=spread[1] if spread else None,
        expected_bounds=None
        if expected is None
        else cleaned(bounded(expected, forecast.left_out, **extremes(forecast.domain))),
        quantiles=quantiles,
    )


def _caption(
    ensemble: Ensemble, calendar: Calendar, kind: str, grid: Sequence[float] | None
) -> str:
    what = (
        "Expected number, with its 50% and 90% intervals"
        if kind == "number"
        else "Probability of each value, and its 5–95% range over draws"
    )
    text = (
        f"{what}, from {calendar.label(1)} to {calendar.label(calendar.n)}; "
        f"{counted(ensemble.n_draws, ensemble.effective_draws, ensemble.left_out)}."
    )
    if grid:
        step = min(b - a for a, b in itertools.pairwise(grid))
        text += (
            f" The number is kept on a grid with steps of {step:g} or more: its mean is exact, but its "
            "spread is slightly too wide; narrower steps reduce this error."
        )
    return text


def _outside(outside: Forecast) -> list[float | None]:
    return [
        None if value == NOT_APPLICABLE else clean(chance)
        for value, chance in zip(outside.domain, outside.mean, strict=True)
    ]


def _rounded(numbers: np.ndarray) -> list[float]:
    return [clean(number) for number in numbers]
