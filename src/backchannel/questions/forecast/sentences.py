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
    first = ranked[0]
    span = percent_span(first.low, first.high, first.bounds, " over draws")
    lead = lead_text(f"“{forecast.title}”", first.label, first.probability, first.word, span)
    sentences = [f"Given the record up to {day(as_of)}, {lead}."]
    if len(parts) > 1:
        sentences.append(f"Other values: {'; '.join(parts[1:])}.")
    if forecast.pooling:
        sentences.append(forecast.pooling)
    if isinstance(forecast.resolves, str):
        sentences.append(f"The outcome will be known {_by(forecast.resolves)}.")
    return sentences


def lead_text(title: str, label: str, chance: float, word: str, span: str) -> str:
    """Name the most likely value; where it is less likely than not, without the word that says so.

    >>> lead_text("“The reply”", "frees", 0.72, "likely", "40%–90%")
    'the most likely value of “The reply” is frees: 72% (likely; 40%–90%)'
    >>> lead_text("“The reply”", "frees", 0.42, "unlikely", "7%–82%")
    'no value of “The reply” is more likely than not; frees leads with 42% (7%–82%)'
    """
    if round(100 * chance) < 50:
        return f"no value of {title} is more likely than not; {label} leads with {percent(chance)} ({span})"
    return f"the most likely value of {title} is {label}: {percent(chance)} ({word}; {span})"


def _likelihood(value: ValueForecast) -> str:
    return (
        f"{value.label} {percent(value.probability)} ({value.word}; "
        f"{percent_span(value.low, value.high, value.bounds)})"
    )


def _by(resolves: str) -> str:
    return resolves if resolves.startswith("by ") else f"by this test: {resolves}"
