"""Sentences about what decides an outcome, and about what would make one likely."""

from __future__ import annotations

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
from backchannel.wording.words import estimative_word, percent, percents_apart

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
    outcome = f"“{view.title}: {view.label}” ({percent(view.forecast)})"
    if view.silent:
        return [inconclusive_sentence(view)]
    strong = [effect for effect in view.effects if effect.stands_out]
    n = len(view.effects)
    if not strong:
        first = (
            f"None of the {n} assumptions stands out from chance in deciding {outcome} at this number of "
            "draws. More draws would show smaller effects."
        )
        return [first, *_more(view)]
    named = "; ".join(effect_text(effect) for effect in strong[:ASSUMPTIONS_NAMED])
    count = f"Of {n} assumptions {len(strong)} stand{'s' if len(strong) == 1 else ''} out"
    return [f"{count} from chance in deciding {outcome}: {named}.", *_more(view)]


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
        sentences.append(scenario_text(view, view.scenario))
    elif view.scenario:
        sentences.append(
            "No ranges of assumptions predict it better than chance in draws left out of the search."
        )
    if view.information:
        known = 1 - view.information.entropy_left / max(view.information.entropy, 1e-12)
        sentences.append(
            f"If every assumption were known, the forecast of “{view.title}” would be "
            f"{percent(known)} less uncertain (in bits); the rest is randomness of the players and of "
            "chance events."
        )
    sentences.append(view.shapley_says)
    return sentences


def inconclusive_sentence(view: SensitivityView) -> str:
    """State why there are no results for single assumptions."""
    remedy = ""
    if view.silent.startswith("too few"):
        remedy = (
            f" (effective sample size {view.effective_draws:.0f}; at least {FEWEST_EFFECTIVE_DRAWS} "
            "is needed): take more draws with `--draws`"
        )
    outcome = f"“{view.title}: {view.label}” ({percent(view.forecast)})"
    return f"No assumption can be said to decide {outcome}: {view.silent}{remedy}."


def effect_text(effect: EffectView) -> str:
    """State how strong an assumption's effect is, and its direction."""
    ways = {
        "increasing": "larger values make it more likely",
        "decreasing": "larger values make it less likely",
        "peaked": "most likely at middle values",
        "U-shaped": "least likely at middle values",
        "wavy": "goes up and down",
        "flat": "changes the spread, not the mean",
    }
    return f"{effect.label} ({percent(effect.share)} of the variance; {ways[effect.shape]})"


def tipping_text(point: TippingView) -> str:
    """State where an assumption tips the outcome."""
    side = "above" if point.above else "below"
    span = "" if point.solved else f" ({short_number(point.low)} to {short_number(point.high)})"
    return (
        f"{point.label}, now {short_number(point.median)}; {side} {short_number(point.at)}{span} the "
        f"most likely value is {point.after_label}"
    )


def range_text(limits: RangeView) -> str:
    """State the range of one assumption."""
    if limits.low is not None and limits.high is not None:
        return f"{limits.label} is from {short_number(limits.low)} to {short_number(limits.high)}"
    if limits.low is not None:
        return f"{limits.label} is above {short_number(limits.low)}"
    return f"{limits.label} is below {short_number(limits.high or 0.0)}"


def scenario_text(view: SensitivityView | InverseView, box: ScenarioView) -> str:
    """State a box, and the outcome inside."""
    ranges = " and ".join(range_text(limits) for limits in box.ranges)
    return (
        f"Where {ranges} ({percent(box.mass)} of the weight), its probability is "
        f"{' instead of '.join(percents_apart(box.density, box.forecast))}, and {percent(box.coverage)} of its "
        f"total probability lies there. In draws left out of the search for these ranges, it is "
        f"{percent(box.checked_density)}."
    )


def inverse_sentences(view: InverseView) -> list[str]:
    """State in a few sentences what would have to be true."""
    outcome = f"“{view.title}: {view.label}”"
    asked = f"at {'least' if view.at_least else 'most'} {percent(view.asked)}"
    now = f"{percent(view.forecast)} ({estimative_word(view.forecast)})"
    if view.holds_already:
        return [f"{outcome} already is {asked}: {now}."]
    sentences = [
        f"{outcome} is {now}. For it to be {asked}, some assumption would have to change: it is that "
        f"likely in {percent(view.share)} of the weighted draws."
        if view.share > 0
        else f"{outcome} is {now}, and {asked} in no draw: the closest draw has {percent(view.nearest)}."
    ]
    if view.box:
        ranges = " and ".join(range_text(limits) for limits in view.box.ranges)
        sentences.append(
            f"Most probable ranges: {ranges}. Their probability is {percent(view.box.mass)}; within them, "
            f"that of the outcome is {percent(view.box.density)} ({percent(view.box.checked_density)} in "
            "draws left out of the search)."
        )
    elif view.share > 0:
        sentences.append(
            "No ranges of the assumptions that stand out are enough, also in draws left out of the search."
        )
    reached = [change for change in view.shifts if change.reached]
    if reached:
        best = min(reached, key=lambda change: change.surprise)
        fewest = reached[0]
        sentences.append(
            f"Smallest change of {_count(len(fewest.shifts))}: {_moves(fewest.shifts)} "
            f"({_odds(fewest.unlikely)}); the probability is then {percent(fewest.chance)}."
        )
        if best is not fewest:
            sentences.append(
                f"Spread over {_count(len(best.shifts))}, a smaller change is enough: {_moves(best.shifts)} "
                f"({_odds(best.unlikely)})."
            )
    elif view.shifts:
        most = max(
            view.shifts, key=lambda change: change.chance if view.at_least else -change.chance
        )
        sentences.append(
            f"No change of up to {_count(len(most.shifts))} within the range of the draws is enough; "
            f"the largest leads to {percent(most.chance)}."
        )
    if view.shifts and not view.shifts[0].solved:
        sentences.append(
            f"These changes come from a linear regression over the draws (it explains {percent(view.fit)} of "
            "the variance of the log-odds); `--solve` solves the case at the changes."
        )
    return sentences


def _moves(shifts: list[ShiftView]) -> str:
    shown = [
        f"{shift.label} {short_number(shift.median)} → {short_number(shift.to)}" for shift in shifts
    ]
    return ", ".join(shown)


def _count(n: int) -> str:
    return "one assumption" if n == 1 else f"{n} assumptions"


def _odds(unlikely: float) -> str:
    return f"a change at least this far has a probability of 1 in {one_in(unlikely)}"
