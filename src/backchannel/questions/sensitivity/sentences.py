"""Sentences about what decides an outcome, and about what would make one likely."""

from __future__ import annotations

from backchannel.language.names import NOT_APPLICABLE
from backchannel.questions.sensitivity.document import (
    EffectView,
    InverseView,
    RangeView,
    ScenarioView,
    SensitivityView,
    ShiftView,
    TippingView,
)
from backchannel.questions.statistics.influence import FEWEST_EFFECTIVE_DRAWS
from backchannel.wording.percents import said, said_apart
from backchannel.wording.prose import listed, sentence_case

ASSUMPTIONS_NAMED = 3
"""Assumptions that a sentence names."""


def short_number(value: float) -> str:
    """Format a number of the case with three significant digits.

    >>> short_number(0.12345), short_number(7.1), short_number(1234.5)
    ('0.123', '7.1', '1,234')
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def one_in(probability: float) -> str:
    """Format a probability as one in so many, with two significant digits.

    >>> one_in(0.16), one_in(1 / 22089)
    ('6', '22,000')
    """
    return f"{max(float(f'{1 / max(probability, 1e-9):.2g}'), 2):,.0f}"


def sensitivity_sentences(view: SensitivityView) -> list[str]:
    """State in a few sentences what decides an outcome."""
    outcome = f"“{view.title}: {view.label}” ({said(view.forecast)})"
    if view.silent:
        return [inconclusive_sentence(view)]
    strong = [effect for effect in view.effects if effect.stands_out]
    n = len(view.effects)
    if not strong:
        return [
            f"No assumption stands out from chance in deciding {outcome}, of {n} examined. More draws would show "
            "smaller effects.",
            *_more(view),
        ]
    stand = "stands" if len(strong) == 1 else "stand"
    return [
        f"Of {n} assumption{'s' if n > 1 else ''}, {len(strong)} {stand} out from chance in deciding {outcome}.",
        *listed(
            "The strongest" if len(strong) > 1 else "It is this",
            [*map(effect_text, strong[:ASSUMPTIONS_NAMED])],
        ),
        *_more(view),
    ]


def _more(view: SensitivityView) -> list[str]:
    sentences = []
    tips = [point for point in view.tipping if point.stands_out]
    if tips:
        sentences.append(f"The closest tipping point: {tipping_text(tips[0])}.")
    elif view.tipping:
        sentences.append("No assumption that stands out changes the most likely value by itself.")
    else:
        sentences.append("No single assumption changes the most likely value within its range.")
    if view.scenario and view.scenario.ranges:
        sentences += scenario_sentences(view, view.scenario)
    elif view.scenario:
        sentences.append(
            "No ranges of assumptions predict it better than chance in draws left out of the search."
        )
    if view.information:
        known = 1 - view.information.entropy_left / max(view.information.entropy, 1e-12)
        sentences.append(
            f"If every assumption were known, the forecast of “{view.title}” would be {said(known)} less uncertain "
            "(in bits). The rest is the randomness of players and of chance events."
        )
    if view.shapley_says:
        sentences.append(view.shapley_says)
    return sentences


def inconclusive_sentence(view: SensitivityView) -> str:
    """State why there are no results for single assumptions."""
    outcome = f"“{view.title}: {view.label}” ({said(view.forecast)})"
    text = f"What decides {outcome} cannot be told: {view.silent}"
    if view.silent.startswith("too few"):
        return (
            f"{text} (effective sample size {view.effective_draws:.0f}; at least {FEWEST_EFFECTIVE_DRAWS} "
            "is needed). Take more draws with `--draws`."
        )
    return f"{text}."


def effect_text(effect: EffectView) -> str:
    """State how strong an assumption's effect is, and its direction."""
    ways = {
        "increasing": "larger values make it more likely",
        "decreasing": "larger values make it less likely",
        "peaked": "middle values make it more likely",
        "U-shaped": "middle values make it less likely",
        "wavy": "it goes up and down",
        "flat": "it changes the spread, not the mean",
    }
    return f"{effect.label} ({said(effect.share)} of the variance; {ways[effect.shape]})"


def tipping_text(point: TippingView) -> str:
    """State where an assumption tips the outcome, as a clause."""
    way = "rises above" if point.above else "falls below"
    span = "" if point.solved else f" ({short_number(point.low)} to {short_number(point.high)})"
    then = f"“{point.after_label}” becomes the most likely value"
    if point.after == NOT_APPLICABLE:
        then = "most likely it does not come up"
    return f"if “{point.label}”, now {short_number(point.median)}, {way} {short_number(point.at)}{span}, {then}"


def range_text(limits: RangeView) -> str:
    """State the range of one assumption."""
    if limits.low is not None and limits.high is not None:
        return f"{limits.label} is from {short_number(limits.low)} to {short_number(limits.high)}"
    if limits.low is not None:
        return f"{limits.label} is above {short_number(limits.low)}"
    return f"{limits.label} is below {short_number(limits.high or 0.0)}"


def scenario_sentences(view: SensitivityView | InverseView, box: ScenarioView) -> list[str]:
    """State a box, and the outcome inside."""
    where = "these ranges" if len(box.ranges) > 1 else "this range"
    return [
        *listed(f"The outcome happens mostly in {where}", [*map(range_text, box.ranges)]),
        f"There its probability is {' instead of '.join(said_apart(box.density, box.forecast))} "
        f"({said(box.checked_density)} in draws left out of the search for the ranges).",
        f"{sentence_case(where)} hold{'' if len(box.ranges) > 1 else 's'} in {said(box.mass)} of the weighted "
        f"draws, which have {said(box.coverage)} of the outcome's total probability.",
    ]


def inverse_sentences(view: InverseView) -> list[str]:
    """State in a few sentences what would have to be true."""
    outcome = f"“{view.title}: {view.label}”"
    asked = f"at {'least' if view.at_least else 'most'} {said(view.asked)}"
    now = said(view.forecast)
    if view.holds_already:
        return [f"The probability of {outcome} is {asked} already: {now}."]
    sentences = [
        f"The probability of {outcome} is {now}. The question is what would make it {asked}."
    ]
    if view.share > 0:
        sentences.append(f"It is {asked} in {said(view.share)} of the weighted draws.")
    else:
        sentences.append(f"It is {asked} in no draw; the closest draw has {said(view.nearest)}.")
    if view.box:
        sentences += listed(
            "The most probable ranges that are enough", [*map(range_text, view.box.ranges)]
        )
        sentences.append(
            f"They have a probability of {said(view.box.mass)}. Within them, the outcome has a probability of "
            f"{said(view.box.density)} ({said(view.box.checked_density)} in draws left out of the search)."
        )
    elif view.share > 0:
        sentences.append(
            "No ranges of the assumptions that stand out are enough, once they are checked in draws left out of the "
            "search."
        )
    reached = [change for change in view.shifts if change.reached]
    if reached:
        best = min(reached, key=lambda change: change.surprise)
        fewest = reached[0]
        sentences += listed(
            f"The smallest change of {_count(len(fewest.shifts))} that is enough",
            _moves(fewest.shifts),
        )
        sentences.append(
            f"The probability is then {said(fewest.chance)}; {_odds(fewest.unlikely)}."
        )
        if best is not fewest:
            sentences += listed(
                f"Spread over {_count(len(best.shifts))}, a smaller change is enough",
                _moves(best.shifts),
            )
            sentences.append(f"{sentence_case(_odds(best.unlikely))}.")
    elif any(change.shifts for change in view.shifts):
        most = max(
            view.shifts, key=lambda change: change.chance if view.at_least else -change.chance
        )
        sentences.append(
            f"No change of up to {_count(len(most.shifts))} within the range of the draws is enough; "
            f"the largest leads to {said(most.chance)}."
        )
    if view.shifts and view.shifts[0].shifts and not view.shifts[0].solved:
        sentences.append(
            f"These changes come from a linear regression over the draws, which explains {said(view.fit)} of the "
            "variance of the log-odds. With `--solve` the case is solved at the changes."
        )
    return sentences


def _moves(shifts: list[ShiftView]) -> list[str]:
    return [
        f"{shift.label} from {short_number(shift.median)} to {short_number(shift.to)}"
        for shift in shifts
    ]


def _count(n: int) -> str:
    return "one assumption" if n == 1 else f"{n} assumptions"


def _odds(unlikely: float) -> str:
    return f"a change this large has a probability of 1 in {one_in(unlikely)}"
