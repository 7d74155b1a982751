"""Sentences about a deal: which packages all parties prefer, which would be kept, and what would help."""

from __future__ import annotations

from collections.abc import Mapping

from backchannel.diagram.deals import Together
from backchannel.language.days import day
from backchannel.questions.deals.document import DealEnforcement, DealPackage, DealStep, DealView
from backchannel.questions.deals.gain_sentences import (
    fairness_sentences,
    gain_sentences,
    range_sentences,
)
from backchannel.wording.left_out import percent_span
from backchannel.wording.nouns import and_list
from backchannel.wording.percents import percent, said
from backchannel.wording.prose import in_cases, listed, sentence_case

TOGETHER: Mapping[Together, str] = {"unseen": "unseen by the others", "escrow": "in escrow"}
"""How promises of one step are kept at the same time, in words."""


def deal_sentences(view: DealView) -> list[str]:
    """State the results of a deal, for a reader of nothing else."""
    chosen = next(p for p in view.packages if p.number == view.chosen)
    sentences = [*_holds(view), *range_sentences(view), *fairness_sentences(view)]
    sentences += [*gain_sentences(view, chosen), *_steps(chosen)]
    if chosen.possible < 0.995:
        sentences.append(
            f"{sentence_case(in_cases(1 - chosen.possible))}, some promise cannot be kept, because the action is not "
            "available then. The deal lapses, and no party is punished. The chances of single promises are those "
            "where the promise can be kept."
        )
    sentences += _enforced(view)
    return sentences + _base_rates(view)


def deal_answer(view: DealView) -> list[str]:
    """Answer a question about a deal in short."""
    chosen = next(p for p in view.packages if p.number == view.chosen)
    return [
        *_holds(view),
        *range_sentences(view),
        *_steps(chosen),
        *_enforced(view)[:1],
        *_base_rates(view),
    ]


def _base_rates(view: DealView) -> list[str]:
    """Which base rates enter; nothing where none of the case has a say."""
    return [f"({sentence_case(view.base_rates)}.)"] if view.base_rates else []


def _holds(view: DealView) -> list[str]:
    chosen = next(p for p in view.packages if p.number == view.chosen)
    best = max(view.packages, key=lambda p: p.kept)
    span = percent_span(chosen.kept_low, chosen.kept_high, chosen.kept_bounds, " over draws")
    holds = f"All of it would be kept {in_cases(chosen.kept)} ({span})."
    if len(view.packages) == 1:
        return [holds]
    sentences = listed(
        f"Package {chosen.number} of {len(view.packages):,} is examined here", [chosen.label]
    )
    sentences.append(holds)
    if best.number == chosen.number or percent(best.kept) == percent(chosen.kept):
        return sentences
    blockers = [view.parties[name] for name in best.blocked_by]
    sentences += listed(
        f"Package {best.number} is the most likely to be kept ({said(best.kept)})", [best.label]
    )
    if blockers:
        sentences.append(f"But {and_list(blockers)} would not gain from package {best.number}.")
    return sentences


def _steps(chosen: DealPackage) -> list[str]:
    parts = []
    for i, step in enumerate(chosen.steps):
        same = [other for other in chosen.steps if step.together and other.step == step.step]
        promise = f"“{step.title}: {step.label}” by {day(step.date)}"
        after = ", if all earlier promises are kept" if i else ""
        if same:
            after = "" if same[0] is chosen.steps[0] else ", if all earlier steps are kept"
        does = "agrees to" if step.together == TOGETHER["escrow"] else "keeps"
        if step.chance is None:
            parts.append(f"The promise {promise} is never reached.")
        else:
            parts.append(
                f"{sentence_case(step.player_title)} {does} {promise} {in_cases(step.chance)}{after}."
            )
        if same and step is same[-1] and step.step_chance is not None:
            parts += _joint(step, after)
    return parts


def _joint(step: DealStep, after: str) -> list[str]:
    """What it means that the promises of a step are kept at the same time, and how often all are."""
    cases = f"{in_cases(step.step_chance or 0.0)}{after}."
    if step.together == TOGETHER["escrow"]:
        rule = f"Step {step.step} is in escrow: nobody acts unless all agree."
        return [rule, f"All of them agree {cases}"]
    rule = f"In step {step.step} everyone acts before it learns what the others did."
    return [rule, f"All of them keep their promises {cases}"]


def promise_condition(package: DealPackage) -> str:
    """State on what the chances of a package's promises are conditional."""
    joint = any(step.together for step in package.steps)
    return f"each if all earlier {'steps' if joint else 'promises'} are kept"


def _enforced(view: DealView) -> list[str]:
    if not view.enforcement:
        return []
    if all(instrument.size == 0 for instrument in view.enforcement):
        return [f"Without further enforcement, {requirement_text(view)}."]
    parts = [
        _size_text(view, instrument)
        for instrument in view.enforcement
        if instrument.size is not None
    ]
    short = [instrument for instrument in view.enforcement if instrument.size is None]
    which = "" if len(view.packages) == 1 else f" of package {view.chosen}"
    least = said(view.threshold)
    goal = f"make every promise{which} at least {least} safe"
    if view.standard != "chance":
        goal = f"make keeping every promise{which} a best reply in at least {least} of cases"
    if not parts:
        most = max(instrument.most for instrument in view.enforcement)
        return [f"No single penalty or payment up to {most:.2f} is enough to {goal}."]
    enough = "this is enough" if len(parts) == 1 else "one of these is enough"
    sentences = [" ".join(listed(f"To {goal}, {enough}", parts, "Or"))]
    if short:
        labels = [instrument.label for instrument in short]
        sentences += listed(
            f"None of these is enough by itself, even with {short[0].most:.2f} more",
            labels,
            "Nor is",
        )
    return sentences


def requirement_text(view: DealView) -> str:
    """State as a clause what an instrument must achieve."""
    least = said(view.threshold)
    if view.standard == "chance":
        return f"every promise is kept in at least {least} of cases"
    return f"keeping every promise is a best reply in at least {least} of cases"


def _size_text(view: DealView, instrument: DealEnforcement) -> str:
    assert instrument.size is not None
    names = _who(view, instrument)
    size, who = f"{instrument.size:.2f}", and_list(names)
    each = " each" if len(names) > 1 else ""
    more = ""
    if any(instrument.already):
        more = f" more{each} than now ({and_list([f'{own:.2f}' for own in instrument.already])})"
    if instrument.kind == "penalty":
        return f"breaking the deal costs {who} at least {size}{more or each}"
    paid = f"{who} {'are each' if each else 'is'} paid at least {size}{more.replace(each, '', 1)}"
    return f"{paid} once all promises are kept"


def _who(view: DealView, instrument: DealEnforcement) -> list[str]:
    makers = {step.player: step.player_title for p in view.packages for step in p.steps}
    return [makers[player] for player in instrument.players]
