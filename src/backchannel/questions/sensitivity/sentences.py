"""Sentences and captions about what decides an outcome."""

from __future__ import annotations

from backchannel.questions.sensitivity.ask import Sensitivity
from backchannel.questions.sensitivity.document import (
    EffectView,
    InverseView,
    RangeView,
    ScenarioView,
    SensitivityView,
    ShiftView,
    TippingView,
)
from backchannel.questions.sensitivity.effects import CONFIDENCE
from backchannel.questions.sensitivity.inverse import Inverse
from backchannel.questions.sensitivity.sample import FEWEST, REPLICAS, Sample
from backchannel.questions.sensitivity.shapley_effects import DRAWS_PER_ASSUMPTION
from backchannel.wording.pieces import Facts
from backchannel.wording.words import counted, estimative_word, percent

NAMED = 3
"""Assumptions that a sentence names."""


def number(value: float) -> str:
    """A number of the case with three digits that count.

    >>> number(0.12345), number(7.1), number(1234.5)
    ('0.123', '7.1', '1,234')
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def one_in(probability: float) -> str:
    """In how many cases something happens once, with two digits that count.

    >>> one_in(0.16), one_in(1 / 22089)
    ('6', '22,000')
    """
    return f"{max(float(f'{1 / max(probability, 1e-9):.2g}'), 2):,.0f}"


def sensitivity_sentences(view: SensitivityView) -> list[str]:
    """What decides an outcome, in a few sentences."""
    outcome = f"“{view.title}: {view.label}” ({percent(view.forecast)})"
    if view.silent:
        return [silence(view)]
    strong = [effect for effect in view.effects if effect.stands_out]
    n = len(view.effects)
    if not strong:
        first = (
            f"None of the {n} assumptions stands out: what moves {outcome} over draws is not to be "
            "told from chance, assumption by assumption. More draws would show finer effects."
        )
        return [first, *_more(view)]
    named = "; ".join(effect_text(effect) for effect in strong[:NAMED])
    count = f"Of {n} assumptions {len(strong)} stand{'s' if len(strong) == 1 else ''} out"
    return [f"{count} in deciding {outcome}: {named}.", *_more(view)]


def _more(view: SensitivityView) -> list[str]:
    sentences = []
    tips = [point for point in view.tipping if point.stands_out]
    if tips:
        sentences.append(f"Nearest to tipping it: {tipping_text(tips[0])}.")
    elif view.tipping:
        sentences.append("No assumption that stands out tips the most likely value by itself.")
    else:
        sentences.append("No assumption by itself, over its range, changes the most likely value.")
    if view.scenario and view.scenario.ranges:
        sentences.append(scenario_text(view, view.scenario))
    elif view.scenario:
        sentences.append("No set of ranges of assumptions holds it better than chance would.")
    if view.information:
        known = 1 - view.information.entropy_left / max(view.information.entropy, 1e-12)
        sentences.append(
            f"If every assumption were known, the forecast of “{view.title}” would be "
            f"{percent(known)} less uncertain (in bits); the rest is left to the players' and "
            "nature's chances."
        )
    sentences.append(view.shapley_says)
    return sentences


def silence(view: SensitivityView) -> str:
    """Why nothing is said about single assumptions."""
    remedy = ""
    if view.silent.startswith("too few"):
        remedy = (
            f" (effective sample size {view.effective_draws:.0f}, at least {FEWEST} are needed): take "
            "more with `--draws`"
        )
    outcome = f"“{view.title}: {view.label}” ({percent(view.forecast)})"
    return f"No assumption decides {outcome}: {view.silent}{remedy}."


def effect_text(effect: EffectView) -> str:
    """How strong an assumption is, and which way it works, in words."""
    ways = {
        "increasing": "more of it, likelier",
        "decreasing": "more of it, less likely",
        "peaked": "likeliest in the middle",
        "U-shaped": "least likely in the middle",
        "wavy": "now more, now less likely",
        "flat": "changes how far draws differ, not their mean",
    }
    return f"{effect.label} ({percent(effect.share)} of the spread; {ways[effect.shape]})"


def tipping_text(point: TippingView) -> str:
    """Where an assumption tips the outcome, in words."""
    side = "above" if point.above else "below"
    span = "" if point.solved else f" ({number(point.low)} to {number(point.high)})"
    return (
        f"{point.label}, now {number(point.median)}; {side} {number(point.at)}{span} the likeliest is "
        f"{point.after_label}"
    )


def range_text(one: RangeView) -> str:
    """A range of one assumption, in words."""
    if one.low is not None and one.high is not None:
        return f"{one.label} is from {number(one.low)} to {number(one.high)}"
    if one.low is not None:
        return f"{one.label} is above {number(one.low)}"
    return f"{one.label} is below {number(one.high or 0.0)}"


def scenario_text(view: SensitivityView | InverseView, box: ScenarioView) -> str:
    """A box in words."""
    ranges = " and ".join(range_text(one) for one in box.ranges)
    return (
        f"Where {ranges} ({percent(box.mass)} of the weight), its chance is {percent(box.density)} "
        f"instead of {percent(box.forecast)}, and {percent(box.coverage)} of its chance lies there; "
        f"in draws that were left out when these ranges were sought it is "
        f"{percent(box.checked_density)}."
    )


def shapley_says(found: Sensitivity) -> str:
    """What Shapley effects say, or why there are none."""
    if found.silent:
        return ""
    if found.shapley is None:
        needed = DRAWS_PER_ASSUMPTION * len(found.sample.names)
        return (
            f"Shapley effects need {needed:,} effective draws ({DRAWS_PER_ASSUMPTION} for each of "
            f"{len(found.sample.names)} assumptions); there are {found.sample.effective_draws:,.0f}."
        )
    return (
        f"Shapley effects account for {percent(min(found.shapley.explained, 1.0))} of the spread; "
        "the rest is left to finer interplay."
    )


def inverse_sentences(view: InverseView) -> list[str]:
    """What would have to be true, in a few sentences."""
    outcome = f"“{view.title}: {view.label}”"
    asked = f"at {'least' if view.at_least else 'most'} {percent(view.asked)}"
    now = f"{percent(view.forecast)} ({estimative_word(view.forecast)})"
    if view.holds_already:
        return [f"{outcome} is {asked} as things are: {now}."]
    sentences = [
        f"{outcome} is {now}. For it to be {asked}, something would have to be different: it is so in "
        f"{percent(view.share)} of the weighted draws."
        if view.share > 0
        else f"{outcome} is {now}, and {asked} in no draw: the nearest has {percent(view.nearest)}."
    ]
    if view.box:
        ranges = " and ".join(range_text(one) for one in view.box.ranges)
        sentences.append(
            f"Most probable ranges: {ranges}. The case gives them {percent(view.box.mass)}; within, "
            f"the chance is {percent(view.box.density)} ({percent(view.box.checked_density)} in draws "
            "that were left out when they were sought)."
        )
    elif view.share > 0:
        sentences.append("No ranges of the assumptions that stand out suffice for it.")
    reached = [one for one in view.shifts if one.reached]
    if reached:
        best = min(reached, key=lambda one: one.surprise)
        few = reached[0]
        sentences.append(
            f"Smallest change of {_count(len(few.shifts))}: {_moves(few.shifts)} "
            f"({_odds(few.unlikely)}); the chance is then {percent(few.chance)}."
        )
        if best is not few:
            sentences.append(
                f"Spread over {_count(len(best.shifts))}, it takes less: {_moves(best.shifts)} "
                f"({_odds(best.unlikely)})."
            )
    elif view.shifts:
        most = max(view.shifts, key=lambda one: one.chance if view.at_least else -one.chance)
        sentences.append(
            f"No change of up to {_count(len(most.shifts))} within the range of the draws reaches it; "
            f"the furthest leads to {percent(most.chance)}."
        )
    if view.shifts and not view.shifts[0].solved:
        sentences.append(
            f"These changes follow a plane through the draws (it explains {percent(view.fit)} of the "
            "log-odds); `--solve` solves the case there."
        )
    return sentences


def _moves(shifts: list[ShiftView]) -> str:
    shown = [f"{one.label} {number(one.median)} → {number(one.to)}" for one in shifts]
    return ", ".join(shown)


def _count(n: int) -> str:
    return "one assumption" if n == 1 else f"{n} assumptions"


def _odds(unlikely: float) -> str:
    return f"as unlikely as 1 in {one_in(unlikely)}"


def effect_facts(found: Sensitivity) -> Facts:
    """The caption of the tornado."""
    noise = f"{percent(found.effects.noise_share)}" if found.effects else "unknown"
    return Facts(
        shows="The chance of the outcome where each assumption is low (5% of the draws below) and "
        "high (5% above), and the share of the spread over draws that it explains alone.",
        rests_on=f"{_draws(found.sample)}; intervals from {REPLICAS} bootstrap samples.",
        would_change=f"other priors. Of {len(found.sample.names)} assumptions without effect, the "
        f"strongest reaches a share of {noise} or more, or as telling a delta, once in "
        f"{round(1 / CONFIDENCE)} times by chance; assumptions below are not marked.",
    )


def tipping_facts(found: Sensitivity) -> Facts:
    """The caption of the tipping points."""
    solved = (
        " Points with others at their medians were solved for." if found.solved_responses else ""
    )
    return Facts(
        shows="The number of an assumption at which the most likely value changes; “now” is its "
        "median given the record."
        + (solved or " Estimated over draws: the other assumptions vary as they do in them."),
        rests_on=f"{_draws(found.sample)}; curves by local lines, intervals from {REPLICAS} "
        "bootstrap samples.",
        would_change="other priors, above all where two values are nearly as likely: then small changes of "
        "other assumptions move these points.",
    )


def scenario_facts(sample: Sample, boxes: int) -> Facts:
    """The caption of the box."""
    return Facts(
        shows=f"Ranges of assumptions, the best of {boxes} boxes from all draws inwards.",
        rests_on=f"{_draws(sample)}; checked in five parts, each left out in turn.",
        would_change="other draws: ranges are chosen because they did well in these. The checked "
        "figures say what is left in others.",
    )


def information_facts(found: Sensitivity) -> Facts:
    """The caption of the value of information."""
    return Facts(
        shows="By how many bits the forecast would sharpen on average if one unknown were learned: "
        "an assumption pinned down, or a node seen before the outcome.",
        rests_on=f"{_draws(found.sample)}; what chance would give is taken off, intervals from "
        f"{REPLICAS} bootstrap samples.",
        would_change="learning something else first: two unknowns can tell more, or less, than the sum "
        "of both.",
    )


def inverse_facts(found: Inverse) -> Facts:
    """The caption of what would have to be true."""
    solved = bool(found.shifts) and found.shifts[0].solved
    how = "the case was solved at each change" if solved else "changes follow a plane through them"
    return Facts(
        shows="The least unlikely ranges and changes of assumptions that make the outcome as likely "
        "as asked for.",
        rests_on=f"{_draws(found.sample)}; {how}.",
        would_change="wider priors, which make far changes less surprising. Assumptions move by "
        "themselves here, even where their priors go together.",
    )


def _draws(sample: Sample) -> str:
    return counted(sample.n_draws, sample.effective_draws, sample.left_out)
