"""Captions of what decides an outcome: what is shown, what it rests on, and what would change it."""

from __future__ import annotations

from backchannel.questions.sensitivity.ask import Sensitivity
from backchannel.questions.sensitivity.inverse import Inverse
from backchannel.questions.sensitivity.sample import REPLICAS, Sample
from backchannel.questions.sensitivity.shapley_effects import DRAWS_PER_ASSUMPTION
from backchannel.questions.statistics.additive_fit import CONFIDENCE, LEAST_SHARE
from backchannel.wording.left_out import counted
from backchannel.wording.percents import percent
from backchannel.wording.pieces import Facts


def shapley_says(answer: Sensitivity) -> str:
    """State what the Shapley effects explain, or why there are none."""
    if answer.inconclusive:
        return ""
    if answer.shapley is None:
        needed = DRAWS_PER_ASSUMPTION * len(answer.sample.names)
        return (
            f"Shapley effects need an effective sample size of {needed:,} ({DRAWS_PER_ASSUMPTION} for each "
            f"of {len(answer.sample.names)} assumptions); it is {answer.sample.effective_draws:,.0f}."
        )
    return (
        f"Shapley effects account for {percent(min(answer.shapley.explained, 1.0))} of the variance; "
        "the rest comes from finer interactions."
    )


def effect_facts(answer: Sensitivity) -> Facts:
    """The caption of the tornado chart."""
    return Facts(
        shows="The probability of the outcome at a low value of each assumption (5% of the draws below) "
        "and at a high value (5% above), and the share of the variance over draws that it explains beside "
        "the others.",
        rests_on=f"{_draws(answer.sample)}; intervals from {REPLICAS} bootstrap samples.",
        would_change=f"other priors.{_noise(answer)}",
    )


def _noise(answer: Sensitivity) -> str:
    """What chance alone would give; empty where nothing can be said of single assumptions."""
    if not answer.effects:
        return ""
    return (
        f" If none of the other assumptions had an effect, the strongest of all {len(answer.sample.names)} would "
        f"still reach a share of {percent(answer.effects.noise_share)} once in {round(1 / CONFIDENCE)} times by "
        f"chance; assumptions below this level, or below {percent(LEAST_SHARE)}, are not marked."
    )


def tipping_facts(answer: Sensitivity) -> Facts:
    """The caption of the tipping points."""
    solved = (
        " Points with the others at their medians are solved." if answer.solved_responses else ""
    )
    return Facts(
        shows="The value of an assumption at which the most likely value changes; “now” is its "
        "median given the record."
        + (solved or " Estimated over draws: the other assumptions vary as in the draws."),
        rests_on=f"{_draws(answer.sample)}; curves by local linear regression, intervals from {REPLICAS} "
        "bootstrap samples.",
        would_change="other priors, especially where two outcomes are almost equally likely: then small "
        "changes of other assumptions move these points.",
    )


def scenario_facts(sample: Sample, boxes: int) -> Facts:
    """The caption of the box."""
    return Facts(
        shows=f"Ranges of assumptions: the best of {boxes} nested boxes.",
        rests_on=f"{_draws(sample)}; checked by cross-validation in five parts.",
        would_change="other draws: the ranges are chosen because they fit these draws. The cross-validated "
        "figures show the result in other draws; ranges that do not hold there are not shown.",
    )


def information_facts(answer: Sensitivity) -> Facts:
    """The caption of the value of information."""
    return Facts(
        shows="By how many bits learning one unknown would reduce the forecast's entropy on average: "
        "measuring an assumption, or observing a node before the outcome.",
        rests_on=f"{_draws(answer.sample)}; corrected for chance; intervals from "
        f"{REPLICAS} bootstrap samples.",
        would_change="learning something else first: two unknowns together can give more, or less, than the "
        "sum of both.",
    )


def inverse_facts(answer: Inverse) -> Facts:
    """The caption of what would have to be true."""
    solved = bool(answer.shifts) and answer.shifts[0].solved
    how = "the case was solved at each change" if solved else "changes come from a regression"
    return Facts(
        shows="The most probable ranges and changes of assumptions that make the outcome as likely "
        "as asked.",
        rests_on=f"{_draws(answer.sample)}; {how}.",
        would_change="wider priors, which make large changes more probable. Each assumption moves "
        "independently here, even where priors are correlated.",
    )


def _draws(sample: Sample) -> str:
    return counted(sample.n_draws, sample.effective_draws, sample.left_out)
