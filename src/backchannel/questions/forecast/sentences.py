"""Sentences about forecasts, as an analyst would quote them."""

from __future__ import annotations

from datetime import date

from backchannel.case.lowered import CaseQuestion
from backchannel.language.days import day
from backchannel.language.names import split_round
from backchannel.questions.composing import Composing
from backchannel.questions.forecast.document import NodeForecast
from backchannel.questions.forecast.lead import lead_sentences
from backchannel.questions.rounds.sentences import fan_sentences


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
    """Describe a forecast: what leads, what else is possible, and how the outcome will be known."""
    first, *rest = lead_sentences(forecast)
    sentences = [f"Given the record up to {day(as_of)}, {first}.", *rest]
    if forecast.pooling:
        sentences.append(forecast.pooling)
    if isinstance(forecast.resolves, str):
        sentences.append(f"The outcome will be known {_by(forecast.resolves)}.")
    return sentences


def _by(resolves: str) -> str:
    return resolves if resolves.startswith("by ") else f"by this test: {resolves}"
