"""Sentences about forecasts, as an analyst would quote them."""

from __future__ import annotations

from datetime import date

from backchannel.case.lowered import CaseQuestion
from backchannel.language.names import split_round
from backchannel.questions.composing import Composing
from backchannel.questions.forecast.document import NodeForecast, ValueForecast
from backchannel.questions.rounds.sentences import fan_sentences
from backchannel.wording.words import day, percent, percent_span


def answer(composing: Composing, question: CaseQuestion) -> tuple[list[str], list[str]]:
    """Answer a question of the case that asks for a forecast, in one round or in all rounds."""
    nodes = [node for node, _ in question.outcomes]
    if len(nodes) > 1:
        base = split_round(nodes[0])[0]
        fans = composing.parts["rounds"].rounds
        return fan_sentences(next(fan for fan in fans if fan.node == base)), []
    forecasts = composing.parts["forecast"].forecasts
    asked = next(forecast for forecast in forecasts if forecast.node == nodes[0])
    return forecast_sentences(asked, composing.lowered.case.as_of), []


def forecast_sentences(forecast: NodeForecast, as_of: date) -> list[str]:
    """Describe a forecast: every value, the most likely first, and how the outcome will be known."""
    ranked = sorted(forecast.values, key=lambda value: -value.probability)
    parts = [_likelihood(value) for value in ranked if value.probability > 0]
    sentences = [
        f"Given the record up to {day(as_of)}, the most likely value of “{forecast.title}” is "
        f"{ranked[0].label}: {percent(ranked[0].probability)} ({ranked[0].word}; "
        f"{percent_span(ranked[0].low, ranked[0].high, ranked[0].bounds, ' over draws')})."
    ]
    if len(parts) > 1:
        sentences.append(f"Other values: {'; '.join(parts[1:])}.")
    if isinstance(forecast.resolves, str):
        sentences.append(f"The outcome will be known {_by(forecast.resolves)}.")
    return sentences


def _likelihood(value: ValueForecast) -> str:
    return (
        f"{value.label} {percent(value.probability)} ({value.word}; "
        f"{percent_span(value.low, value.high, value.bounds)})"
    )


def _by(resolves: str) -> str:
    return resolves if resolves.startswith("by ") else f"by this test: {resolves}"
