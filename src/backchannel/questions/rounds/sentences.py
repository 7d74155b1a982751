"""Sentences about rounds: repeated nodes over time, and what interventions change in them."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.language.names import NOT_APPLICABLE
from backchannel.questions.forecast.lead import lead_text
from backchannel.questions.rounds.document import ChangedFan, ChangedPoint, RoundPoint, RoundsFan
from backchannel.questions.what_if.document import AS_IT_IS, WhatIf
from backchannel.wording.left_out import BOUNDS_SHOWN, left_out_text, span_text
from backchannel.wording.percents import HARDLY, estimative_word, said, shown_ends
from backchannel.wording.pieces import Bounds
from backchannel.wording.prose import UNMOVED, adverb, listed, moves, sentence_case


def fan_sentences(fan: RoundsFan) -> list[str]:
    """Describe a repeated node from the first round to the last."""
    first, last = fan.points[0], fan.points[-1]
    if fan.kind == "number":
        return _number_sentences(fan, first, last)
    shown = [k for k in range(len(fan.values)) if last.probabilities[k] > 0]
    i = max(shown, key=lambda k: last.probabilities[k])
    sentences = [_lead(fan, last, i)]
    middle = fan.points[(len(fan.points) - 1) // 2]
    earlier = {p.label: said(p.probabilities[i]) for p in (first, middle) if p.round != last.round}
    if earlier:
        sentences.append(
            f"Before that: {', '.join(f'{was} in {when}' for when, was in earlier.items())}."
        )
    others = sorted((k for k in shown if k != i), key=lambda k: -last.probabilities[k])
    rest = [_other(fan, last, k) for k in others]
    return sentences + listed(f"Other value{'s' * (len(rest) > 1)} in {last.label}", rest)


def _number_sentences(fan: RoundsFan, first: RoundPoint, last: RoundPoint) -> list[str]:
    start, end = _expected(first), _expected(last)
    low, quarter, _, three_quarters, high = last.quantiles
    if first.round == last.round:
        course = f"“{fan.title}” is expected to be {end} in {last.label}."
    elif start == end:
        course = f"“{fan.title}” is expected to stay at {end}, from {first.label} to {last.label}."
    else:
        verb = "fall" if (last.expected or 0) < (first.expected or 0) else "rise"
        course = f"“{fan.title}” is expected to {verb} from {start} in {first.label} to {end} in {last.label}."
    return [
        course,
        f"In {last.label} it lies between {_number(quarter)} and {_number(three_quarters)} with a probability "
        f"of 50%, and between {_number(low)} and {_number(high)} with 90%.",
    ]


def _lead(fan: RoundsFan, last: RoundPoint, i: int) -> str:
    title = f"“{fan.title}” in {last.label}"
    chance, span = last.probabilities[i], _span(last, i, " over draws")
    if fan.values[i] == NOT_APPLICABLE:
        if does_not := adverb(chance):
            return f"{title} will {does_not} not come up ({said(chance)}{span and f'; {span}'})."
        return f"{title} does not come up in {said(chance)} of cases{span and f' ({span})'}."
    if sum(p > 0 for p in last.probabilities) == 1:
        return f"{title} is “{fan.labels[i]}” in every draw."
    return (
        sentence_case(lead_text(title, fan.labels[i], chance, estimative_word(chance), span)) + "."
    )


def changed_sentences(what_if: WhatIf, fans: Sequence[ChangedFan]) -> list[str]:
    """Describe what an intervention changes: in the round with the largest change, and in the last."""
    sentences: list[str] = []
    for fan in fans:
        last = fan.points[-1]
        most = max(fan.points, key=lambda point: abs(point.difference))
        sentences.append(_changed(what_if, fan, most))
        if most.round != last.round:
            sentences.append(f"In {last.label} it {_verb(what_if)} {_instead(fan, last)}.")
        if last.after_independent is not None:
            show = _number if fan.value is None else said
            other, here = show(last.after_independent), show(last.after)
            if other != here:
                sentences.append(caution(sentences, f"{other} in {last.label}", here))
    return sentences


def _changed(what_if: WhatIf, fan: ChangedFan, most: ChangedPoint) -> str:
    verb = _verb(what_if)
    if fan.value is None:
        what = f"the number of “{fan.title}” expected for {most.label}"
        hardly = abs(most.difference) < HARDLY * max(abs(most.before), 1e-9)
        way = "about the same" if hardly else "larger" if most.difference > 0 else "smaller"
    else:
        what = f"“{fan.title}: {fan.label}” in {most.label}"
        hardly = abs(most.difference) < HARDLY
        way = (
            "about as likely" if hardly else "more likely" if most.difference > 0 else "less likely"
        )
    return f"{condition_text(what_if)}{what} {verb} {way}: {_instead(fan, most)}."


def condition_text(what_if: WhatIf) -> str:
    """What is changed, as the beginning of a sentence; after the view, where it is not that of the forecasts."""
    view = "" if what_if.before_label == AS_IT_IS else f"{what_if.before_label}, "
    return sentence_case(f"{view}if {what_if.title}, ")


def _verb(what_if: WhatIf) -> str:
    return "would have been" if what_if.is_counterfactual else "is"


def _instead(fan: ChangedFan, point: ChangedPoint) -> str:
    if fan.value is None:
        after, before = _number(point.after), _number(point.before)
        span = f"{number_moves(point.low, point.high)} over draws"
        span += _left_out(point.bounds, point.difference)
    else:
        after, before = said(point.after), said(point.before)
        ends = shown_ends(point.before, point.after, point.low, point.high)
        span = f"{moves(*ends, point.bounds)} over draws"
    return (
        f"{after} instead of {before} ({span})"
        if after != before
        else f"{after} in both cases ({span})"
    )


def caution(earlier: Sequence[str], other: str, here: str) -> str:
    """Say what the answer is at the other extreme of what no data can test; in full where it is new.

    Args:
        earlier: The sentences before.
        other: The answer with independent shocks.
        here: The answer with the same shocks.
    """
    if any(sentence.startswith("Caution: ") for sentence in earlier):
        return f"At the other extreme it is {other}, not {here}."
    return (
        "Caution: this assumes that the random shocks are the same with and without the change. No data can test "
        f"that. At the other extreme, with independent shocks, it is {other}, not {here}."
    )


def _other(fan: RoundsFan, last: RoundPoint, k: int) -> str:
    span = _span(last, k)
    return f"“{fan.labels[k]}” {said(last.probabilities[k])}{span and f' ({span})'}"


def _span(point: RoundPoint, i: int, note: str = "") -> str:
    bounds = point.bounds[i] if point.bounds else None
    return span_text(point.probabilities[i], (point.low[i], point.high[i]), bounds, note)


def _expected(point: RoundPoint) -> str:
    bounds = point.expected_bounds
    left_out = ""
    if bounds and bounds[1] - bounds[0] > BOUNDS_SHOWN * max(abs(bounds[0]), abs(bounds[1])):
        left_out = f" ({left_out_text(bounds, _between)})"
    return f"{_number(point.expected)}{left_out}"


def _left_out(bounds: Bounds | None, difference: float) -> str:
    if bounds is None or bounds[1] - bounds[0] <= BOUNDS_SHOWN * max(abs(difference), 1e-9):
        return ""
    return f", or {left_out_text(bounds, number_moves)}"


def _between(low: float, high: float) -> str:
    return f"{_number(low)} to {_number(high)}"


def number_moves(low: float, high: float) -> str:
    """The range of a change of a number, in words that need no sign.

    >>> number_moves(-101.0, -0.22), number_moves(-53.0, 0.1), number_moves(0.0, 0.0)
    ('0.22 to 101 lower', '53 lower to 0.1 higher', 'the same')
    """
    if low == high == 0:
        return UNMOVED
    if low < 0 < high:
        return f"{number_text(-low)} lower to {number_text(high)} higher"
    small, large = (number_text(end) for end in sorted((abs(low), abs(high))))
    side = "lower" if high <= 0 else "higher"
    return f"{small} {side}" if small == large else f"{small} to {large} {side}"


def _number(number: float | None) -> str:
    return "nothing" if number is None else number_text(number)


def number_text(number: float) -> str:
    """A number with a useful number of digits.

    >>> number_text(1187.4), number_text(3.25)
    ('1,187', '3.2')
    """
    return f"{number:,.0f}" if abs(number) >= 20 else f"{number:.2g}"


def signed_text(number: float) -> str:
    """A change of a number, with its sign.

    >>> signed_text(-12.3)
    '−12'
    """
    return f"{'+' if number >= 0 else '−'}{number_text(abs(number))}"
