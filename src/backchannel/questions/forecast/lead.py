"""What leads in a forecast, as an editor would write it: never the most likely value beside “unlikely”."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.language.names import NOT_APPLICABLE
from backchannel.questions.forecast.document import NodeForecast, ValueForecast
from backchannel.wording.left_out import span_text
from backchannel.wording.nouns import and_list
from backchannel.wording.percents import percent, said
from backchannel.wording.prose import adverb, listed

MOST_TIED = 3
"""Values with equal chances that one sentence names."""


def lead_sentences(forecast: NodeForecast) -> list[str]:
    """Say what leads, as a clause without a full stop, and then in whole sentences what else is possible."""
    title = f"“{forecast.title}”"
    ranked = sorted(forecast.values, key=lambda value: -value.probability)
    possible = [value for value in ranked if value.probability > 0]
    first = possible[0]
    arising = [value for value in possible if value.value != NOT_APPLICABLE]
    if len(possible) == 1:
        if first.value == NOT_APPLICABLE:
            return [f"{title} does not come up"]
        return [f"{title} is “{first.label}”" + ("" if forecast.observed else " in every draw")]
    if first.value == NOT_APPLICABLE:
        if len(arising) == 1:
            return [_whether(title, first)]
        total = sum(value.probability for value in arising)
        parts = [f"“{value.label}” {said(value.probability / total)}" for value in arising]
        return [_whether(title, first), *listed("If it does", parts)]
    tied = [value for value in arising if percent(value.probability) == percent(first.probability)]
    if len(tied) > 1:
        return [*_tie(title, tied), *_others(possible, tied)]
    span = span_text(first.probability, (first.low, first.high), first.bounds, " over draws")
    lead = lead_text(title, first.label, first.probability, first.word, span)
    return [lead, *_others(possible, [first])]


def lead_text(title: str, label: str, chance: float, word: str, span: str) -> str:
    """Name the most likely value; where it is less likely than not, without the word that says so.

    >>> lead_text("“The reply”", "frees", 0.72, "likely", "40–90%")
    'the most likely value of “The reply” is “frees”, with 72% (likely; 40–90%)'
    >>> lead_text("“The reply”", "frees", 0.42, "unlikely", "7–82%")
    'no value of “The reply” is more likely than not; “frees” leads with 42% (7–82%)'
    """
    if round(100 * chance) < 50:
        leads = f"“{label}” leads with {said(chance)}{span and f' ({span})'}"
        return f"no value of {title} is more likely than not; {leads}"
    return f"the most likely value of {title} is “{label}”, with {said(chance)} ({word}{span and f'; {span}'})"


def _whether(title: str, absent: ValueForecast) -> str:
    """Say how likely it is that a node comes up at all, where not coming up is the most likely."""
    chance = 1 - absent.probability
    bounds = absent.bounds and (1 - absent.bounds[1], 1 - absent.bounds[0])
    span = span_text(chance, (1 - absent.high, 1 - absent.low), bounds, " over draws")
    numbers = f"(the chance that it does is {said(chance)}{span and f'; {span}'})"
    if does := adverb(chance):
        return f"{title} will {does} come up {numbers}"
    if does_not := adverb(absent.probability):
        return f"{title} will {does_not} not come up {numbers}"
    return f"it is about even whether {title} comes up {numbers}"


def _tie(title: str, tied: Sequence[ValueForecast]) -> list[str]:
    """Say that several values lead together."""
    each = f"with {said(tied[0].probability)} each"
    names = [f"“{value.label}”" for value in tied]
    ranges = [
        f"“{value.label}” {span}"
        for value in tied
        if (span := span_text(value.probability, (value.low, value.high), value.bounds))
    ]
    if len(tied) > MOST_TIED:
        return [
            f"{title} is open between {len(tied)} values, {each}",
            *(listed("Their ranges over draws", ranges) or listed("They are these", names)),
        ]
    return [
        f"{title} is open between {and_list(names)}, {each}",
        *listed("Their ranges over draws", ranges),
    ]


def _others(possible: Sequence[ValueForecast], named: Sequence[ValueForecast]) -> list[str]:
    rest = [value for value in possible if value not in named]
    return listed("Other values" if len(rest) > 1 else "Other value", [*map(_likelihood, rest)])


def _likelihood(value: ValueForecast) -> str:
    span = span_text(value.probability, (value.low, value.high), value.bounds)
    return f"“{value.label}” {said(value.probability)}{span and f' ({span})'}"
