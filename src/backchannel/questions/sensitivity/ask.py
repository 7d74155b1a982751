"""What decides it: an outcome's sensitivity to every assumption, from the draws already solved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pandas as pd

from backchannel.diagram.diagram import Diagram
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.errors import CommandError
from backchannel.language.names import (
    ICD_203,
    ICD_203_SYNONYMS,
    NodeName,
    Value,
    did_you_mean,
    probability_range,
)
from backchannel.questions.forecast.ask import Forecast
from backchannel.questions.sensitivity.classes import slice_draws
from backchannel.questions.sensitivity.discovery import Scenario, discover
from backchannel.questions.sensitivity.effects import Effects, effects_of, standing_out
from backchannel.questions.sensitivity.information import Information, information_of
from backchannel.questions.sensitivity.inverse import Inverse, inverse
from backchannel.questions.sensitivity.nearest_point import solved_inverse
from backchannel.questions.sensitivity.new_draws import solved_responses
from backchannel.questions.sensitivity.responses import Response, responses_of
from backchannel.questions.sensitivity.sample import FEWEST, NEVER_VARIES, Sample, sample_of
from backchannel.questions.sensitivity.shapley_effects import (
    ShapleyEffects,
    enough_for_shapley,
    shapley_effects,
)
from backchannel.questions.sensitivity.tipping import TippingPoint, tipping_points
from backchannel.wording.result import Result


class Silent(Enum):
    """Why nothing can be said about single assumptions."""

    NO_ASSUMPTIONS = "no assumption of the case is uncertain"
    NEVER_VARIES = "the outcome has the same chance in every draw"
    TOO_FEW = "too few draws speak for the record"


@dataclass(frozen=True)
class Sensitivity(Result):
    """What the chance of one outcome depends on; parts are `None` where `silent` says why."""

    sample: Sample
    silent: Silent | None
    effects: Effects | None = None
    """How much each assumption moves it."""
    shapley: ShapleyEffects | None = None
    """Fair shares; `None` as well where the draws are worth fewer than 20 for each assumption."""
    responses: tuple[Response, ...] = ()
    """How it goes along each assumption, over draws."""
    tipping: tuple[TippingPoint, ...] = ()
    """Where an assumption changes the most likely value, the others varying as in the draws."""
    solved_responses: tuple[Response, ...] = ()
    """How it goes along each assumption with the others at their medians: new solves, on request."""
    solved_tipping: tuple[TippingPoint, ...] | None = None
    """Where that changes the most likely value; `None` when it was not solved for."""
    scenario: Scenario | None = None
    """The ranges of assumptions that hold it."""
    information: Information | None = None
    """What learning each unknown would do to the forecast of its node."""

    @property
    def stands_out(self) -> tuple[str, ...]:
        """Assumptions whose effect is more than chance would give the strongest of so many."""
        found = self.effects.effects if self.effects else ()
        return tuple(effect.parameter for effect in found if effect.stands_out)

    def to_frame(self) -> pd.DataFrame:
        """One row an assumption, the strongest first."""
        tips = {point.parameter: point.at for point in self.tipping}
        solved = {point.parameter: point.at for point in self.solved_tipping or ()}
        learning = self.information.learning if self.information else ()
        bits = {one.unknown: one.bits for one in learning if not one.is_node}
        shares = {
            one.parameter: one.share for one in (self.shapley.effects if self.shapley else ())
        }
        rows = [
            {
                "assumption": effect.parameter,
                "share": effect.share,
                "share low": effect.share_range[0],
                "share high": effect.share_range[1],
                "delta": effect.delta,
                "delta low": effect.delta_range[0],
                "delta high": effect.delta_range[1],
                "shapley": shares.get(effect.parameter),
                "shape": effect.shape.value,
                "by chance": effect.by_chance,
                "stands out": effect.stands_out,
                "tips at": tips.get(effect.parameter),
                "tips at, others at medians": solved.get(effect.parameter),
                "bits": bits.get(effect.parameter),
            }
            for effect in (self.effects.effects if self.effects else ())
        ]
        return pd.DataFrame(rows)


def what_decides(
    ensemble: Ensemble,
    node: NodeName,
    value: Value | None = None,
    *,
    solve: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Sensitivity:
    """Say what decides an outcome.

    Args:
        ensemble: The solved case.
        node: The node that the outcome is about.
        value: One of its values; the likeliest, if left out.
        solve: Solve along every assumption as well, the others at their medians.
        progress: Called with the number of new draws solved.

    Raises:
        CommandError: There is no such node or value, or `solve` meets medians that have no play.
    """
    sample = sample_of(ensemble, node, check_outcome(ensemble.diagram, node, value))
    silent = _silent(sample)
    if silent is not None:
        return Sensitivity(sample, silent)
    sliced = slice_draws(sample)
    responses = responses_of(sample)
    solved = solved_responses(ensemble, sample, progress=progress) if solve else ()
    return Sensitivity(
        sample=sample,
        silent=None,
        effects=effects_of(sliced),
        shapley=shapley_effects(sample) if enough_for_shapley(sample) else None,
        responses=responses,
        tipping=tipping_points(responses, sample.domain),
        solved_responses=solved,
        solved_tipping=tipping_points(solved, sample.domain) if solve else None,
        scenario=discover(sample),
        information=information_of(ensemble, sliced),
    )


def what_would_it_take(
    ensemble: Ensemble,
    node: NodeName,
    value: Value,
    likely: str | float | None = None,
    *,
    solve: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Inverse:
    """Say what would have to be true for an outcome to be likely.

    Args:
        ensemble: The solved case.
        node: The node that the outcome is about.
        value: One of its values.
        likely: How likely: an ICD 203 word, or a chance; more likely than not, if left out. A word
            for less than an even chance asks for at most that.
        solve: Solve the case at the changes found.
        progress: Called with the number of new draws solved.

    Raises:
        CommandError: There is no such node, value or word; the outcome never varies; too few draws
            speak for the record.
    """
    spelt = check_outcome(ensemble.diagram, node, value, likely)
    chance, at_least = asked_chance(likely)
    sample = sample_of(ensemble, node, spelt)
    silent = _silent(sample)
    if silent is not None:
        raise CommandError(f"Nothing can be said of {node} = {value}: {silent.value}.")
    found = inverse(sample, chance, at_least=at_least, stands_out=standing_out(sample))
    if solve and not found.holds_already:
        found = solved_inverse(ensemble, found, progress=progress)
    return found


def check_outcome(
    diagram: Diagram,
    node: NodeName,
    value: Value | None,
    likely: str | float | None = None,
) -> Value | None:
    """Check a question before anything is solved for it.

    Returns:
        The value as the domain spells it.

    Raises:
        CommandError: There is no such node, value or word; all that is wrong is said at once.
    """
    problems = []
    known = list(diagram.domains)
    words = [str(one) for one in diagram.domains.get(node, ())]
    if node not in known:
        problems.append(
            f"No node is called '{node}'.{did_you_mean(str(node), known)} "
            f"There are: {', '.join(known)}."
        )
    elif value is not None and str(value) not in words:
        problems.append(
            f"{node} is never '{value}'.{did_you_mean(str(value), words)} It is one of: "
            f"{', '.join(words)}."
        )
    try:
        asked_chance(likely)
    except CommandError as wrong:
        problems.append(str(wrong))
    if problems:
        raise CommandError("\n".join(problems))
    return None if value is None else diagram.domains[node][words.index(str(value))]


def asked_chance(likely: str | float | None) -> tuple[float, bool]:
    """Read how likely an outcome is to be: the chance, and whether it is the least or the most.

    >>> asked_chance("likely"), asked_chance("unlikely"), asked_chance(None)
    ((0.55, True), (0.45, False), (0.5, True))

    Raises:
        CommandError: It is no ICD 203 word and no number between 0 and 1.
    """
    if likely is None:
        return 0.5, True
    text = str(likely).strip()
    found = probability_range(text)
    if found is not None:
        low, high = found
        return (low, True) if high > 0.5 else (high, False)
    try:
        chance = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        chance = -1.0
    if 0 < chance < 1:
        return chance, True
    words = [*ICD_203, *ICD_203_SYNONYMS]
    raise CommandError(
        f"'{text}' is no way to say how likely.{did_you_mean(text, words)} Give a number between "
        f"0 and 1 or one of: {', '.join(ICD_203)}."
    )


def _silent(sample: Sample) -> Silent | None:
    if not sample.names:
        return Silent.NO_ASSUMPTIONS
    if sample.spread < NEVER_VARIES:
        return Silent.NEVER_VARIES
    if sample.effective_draws < FEWEST:
        return Silent.TOO_FEW
    return None


@dataclass(frozen=True)
class FirstDecided:
    """What decides the likeliest value of the case's first question, and what its runner-up would take."""

    forecast: Forecast
    decided: Sensitivity
    it_takes: Inverse | None


def ask(case: SolvedCase, found: Mapping[str, Any]) -> FirstDecided:
    """What a run asks: about the case's first question."""
    first: Forecast = found["forecast"][case.lowered.first_question][0]
    ranked = sorted(
        zip(first.mean, first.domain, strict=True), key=lambda pair: -round(pair[0], 10)
    )
    (_, likeliest), *others = ranked
    decided = what_decides(case.ensemble, first.node, likeliest)
    it_takes = None
    if others and decided.silent is None:
        it_takes = what_would_it_take(case.ensemble, first.node, others[0][1])
    return FirstDecided(first, decided, it_takes)
