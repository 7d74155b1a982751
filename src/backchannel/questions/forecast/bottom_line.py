"""The bottom line of a forecast: the value that leads, or that none is more likely than not."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.case.lowered import CaseQuestion
from backchannel.language.names import NOT_APPLICABLE, split_round
from backchannel.questions.composing import Composing, Influences
from backchannel.questions.forecast.ask import NodeForecasts
from backchannel.questions.forecast.document import NodeForecast, ValueForecast
from backchannel.questions.rounds.bottom_line import number_statement
from backchannel.questions.rounds.document import RoundsFan
from backchannel.questions.statement import (
    Statement,
    cut,
    in_brackets,
    shorter_and_shorter,
    with_range,
)
from backchannel.wording.nouns import and_list
from backchannel.wording.percents import estimative_word, said
from backchannel.wording.prose import adverb, sentence_case

EVEN = "roughly even chance"
"""The word of ICD 203 that is not an adjective."""


def bottom_line(composing: Composing, answer: NodeForecasts, question: CaseQuestion) -> Statement:
    """State the forecast of a node; of a repeated node that of the last round."""
    node = question.outcomes[-1][0]
    given_record = answer[node][0]
    fan = _fan_of_number(composing, question)
    if fan is not None:
        return number_statement(fan, given_record.effective_draws, given_record.left_out)
    forecast = next(f for f in composing.parts["forecast"].forecasts if f.node == node)
    first = max(forecast.values, key=lambda value: value.probability)
    number, low, high = first.probability, first.low, first.high
    of = f"{forecast.title}: {first.label}"
    is_absent = first.value == NOT_APPLICABLE
    if is_absent:
        # What a reader wants to know is whether it comes up.
        number, low, high, of = 1 - number, 1 - high, 1 - low, f"{forecast.title}: it comes up"
    return Statement(
        texts=shorter_and_shorter(lambda most: forecast_sentence(forecast, most)),
        of=of,
        number=number,
        low=low,
        high=high,
        influences=Influences(forecast.assumptions, forecast.chance_level),
        effective_draws=given_record.effective_draws,
        left_out=given_record.left_out,
        node="" if is_absent else node,
        value=None if is_absent else first.value,
    )


def _fan_of_number(composing: Composing, question: CaseQuestion) -> RoundsFan | None:
    """The rounds of a number that was asked about in all rounds."""
    base = split_round(question.outcomes[-1][0])[0]
    fans = [fan for fan in composing.parts["rounds"].rounds if fan.node == base]
    is_number = len(question.outcomes) > 1 and fans and fans[0].kind == "number"
    return fans[0] if is_number else None


def forecast_sentence(forecast: NodeForecast, most: int) -> str:
    """State which value leads, and how likely it is.

    Args:
        forecast: The node's forecast.
        most: Most words of a name; the node's title is in the sentence only if it is that short.
    """
    ranked = sorted(forecast.values, key=lambda value: -value.probability)
    text = _lead([value for value in ranked if value.probability > 0], forecast.observed, most)
    if len(forecast.title.split()) > most:
        return f"{sentence_case(text)}."
    return f"{forecast.title}: {text}."


def _lead(possible: Sequence[ValueForecast], is_observed: bool, most: int) -> str:
    first = possible[0]
    label = f"“{cut(first.label, most)}”"
    if first.value == NOT_APPLICABLE:
        return _whether(possible, most)
    if len(possible) == 1:
        return f"{label} is {'on record' if is_observed else 'certain in this case'}"
    span = first.probability, first.low, first.high
    chance, brackets = with_range(*span), in_brackets(*span)
    tied = [value for value in possible if said(value.probability) == said(first.probability)]
    if len(tied) > 1:
        names = and_list([f"“{cut(value.label, most)}”" for value in tied])
        return f"it is open between {names}, with {chance} each"
    if round(100 * first.probability) < 50:
        return f"no single outcome is more likely than not; {label} leads with {chance}"
    word = estimative_word(first.probability)
    if word == EVEN:
        leads = ", and leads" if len(possible) > 2 else ""
        return f"{label} has a {EVEN} {brackets}{leads}"
    return f"{label} is {word} {brackets}"


def _whether(possible: Sequence[ValueForecast], most: int) -> str:
    """Say how likely it is that the node comes up at all, where not coming up is the most likely."""
    absent, *arising = possible
    if not arising:
        return "it does not come up"
    chance = with_range(1 - absent.probability, 1 - absent.high, 1 - absent.low)
    if does := adverb(1 - absent.probability):
        text = f"it will {does} come up, with {chance}"
    elif does_not := adverb(absent.probability):
        text = f"it will {does_not} not come up; the chance that it does is {chance}"
    else:
        text = f"it comes up with about even chances: {chance}"
    if len(arising) < 2:
        return text
    share = arising[0].probability / (1 - absent.probability)
    return f"{text}; if it does, “{cut(arising[0].label, most)}” leads with {said(share)}"
