"""The bottom line of a forecast: the value that leads, or that none is more likely than not."""

from __future__ import annotations

from backchannel.case.lowered import CaseQuestion
from backchannel.language.names import NOT_APPLICABLE, split_round
from backchannel.questions.composing import Composing, Influences
from backchannel.questions.forecast.ask import NodeForecasts
from backchannel.questions.forecast.document import NodeForecast, ValueForecast
from backchannel.questions.rounds.bottom_line import number_statement
from backchannel.questions.rounds.document import RoundsFan
from backchannel.questions.statement import (
    Statement,
    adverb,
    cut,
    percent_or_words,
    shorter_and_shorter,
    with_range,
)
from backchannel.wording.words import VISIBLE, estimative_word

EVEN = "roughly even chance"


def bottom_line(composing: Composing, found: NodeForecasts, question: CaseQuestion) -> Statement:
    """State the forecast of a node; of a repeated node that of the last round."""
    node = question.outcomes[-1][0]
    given_record = found[node][0]
    fan = _fan_of_number(composing, question)
    if fan is not None:
        return number_statement(fan, given_record.effective_draws, given_record.left_out)
    forecast = next(f for f in composing.parts["forecast"].forecasts if f.node == node)
    ranked = sorted(forecast.values, key=lambda value: -value.probability)
    first = ranked[0]
    return Statement(
        texts=shorter_and_shorter(lambda most: forecast_sentence(forecast, ranked, most)),
        of=f"{forecast.title}: {first.label}",
        number=first.probability,
        low=first.low,
        high=first.high,
        influences=Influences(forecast.assumptions, forecast.chance_level),
        effective_draws=given_record.effective_draws,
        left_out=given_record.left_out,
        node=node,
        value=first.value,
    )


def _fan_of_number(composing: Composing, question: CaseQuestion) -> RoundsFan | None:
    """The rounds of a number that was asked about in all rounds."""
    base = split_round(question.outcomes[-1][0])[0]
    fans = [fan for fan in composing.parts["rounds"].rounds if fan.node == base]
    is_number = len(question.outcomes) > 1 and fans and fans[0].kind == "number"
    return fans[0] if is_number else None


def forecast_sentence(forecast: NodeForecast, ranked: list[ValueForecast], most: int) -> str:
    """State which value leads, and how likely it is.

    Args:
        forecast: The node's forecast.
        ranked: Its values, the most probable first.
        most: Most words of a name; the node's title is in the sentence only if it is that short.
    """
    text = _lead(forecast, ranked, most)
    if len(forecast.title.split()) > most:
        return f"{text[:1].upper()}{text[1:]}."
    return f"{forecast.title}: {text}."


def _lead(forecast: NodeForecast, ranked: list[ValueForecast], most: int) -> str:
    first = ranked[0]
    chance = with_range(first.probability, first.low, first.high)
    label = f"“{cut(first.label, most)}”"
    if first.value == NOT_APPLICABLE:
        return _not_arising(ranked, chance, most)
    if forecast.observed and round(100 * first.probability) == 100:
        return f"{label} is on record"
    if first.probability >= 1:
        return f"{label} is certain in this case"
    if round(100 * first.probability) < 50:
        return f"no single outcome is more likely than not; {label} leads with {chance}"
    word = estimative_word(first.probability)
    if word == EVEN:
        return f"{label} has a {EVEN}, {chance}{', and leads' if len(ranked) > 2 else ''}"
    return f"{label} is {word}, at {chance}"


def _not_arising(ranked: list[ValueForecast], chance: str, most: int) -> str:
    first = ranked[0].probability
    if round(100 * first) < 50:
        text = f"no single outcome is more likely than not; that it does not arise leads with {chance}"
    elif sure := adverb(first):
        text = f"it {sure} does not arise, {chance}"
    else:
        text = f"there is a {EVEN}, {chance}, that it does not arise"
    if len(ranked) < 2 or ranked[1].probability < VISIBLE:
        return text
    second = ranked[1]
    return f"{text}; next is “{cut(second.label, most)}” with {percent_or_words(second.probability)}"
