"""What decides it: an outcome's sensitivity to every assumption, from the draws already solved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np

from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.ensemble.weighted import most_likely
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value
from backchannel.questions.forecast.ask import Forecast
from backchannel.questions.sensitivity.discovery import Scenario, discover
from backchannel.questions.sensitivity.effects import (
    AssumptionEffects,
    effects_of,
)
from backchannel.questions.sensitivity.information import Information, information_of
from backchannel.questions.sensitivity.inverse import Inverse, find_inverse
from backchannel.questions.sensitivity.nearest_point import solved_inverse
from backchannel.questions.sensitivity.new_draws import solved_responses
from backchannel.questions.sensitivity.outcome import check_outcome, read_chance
from backchannel.questions.sensitivity.responses import Response, responses_of
from backchannel.questions.sensitivity.sample import (
    Sample,
    sample_of,
)
from backchannel.questions.sensitivity.shapley_effects import (
    ShapleyEffects,
    enough_for_shapley,
    shapley_effects,
)
from backchannel.questions.sensitivity.slices import slice_draws
from backchannel.questions.sensitivity.tipping import TippingPoint, tipping_points
from backchannel.questions.statistics.influence import FEWEST_EFFECTIVE_DRAWS, NEVER_VARIES
from backchannel.questions.unanswered import Unanswered, answer_each
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd


class Inconclusive(Enum):
    """Why the draws allow no statement about single assumptions."""

    NO_ASSUMPTIONS = "no assumption of the case is uncertain"
    NEVER_VARIES = "the outcome has the same chance in every draw"
    TOO_FEW = "too few draws match the record"


@dataclass(frozen=True)
class Sensitivity(Result):
    """What the chance of one outcome depends on; without parts where `inconclusive` says why."""

    sample: Sample
    inconclusive: Inconclusive | None
    effects: AssumptionEffects | None = None
    """How much each assumption moves it."""
    shapley: ShapleyEffects | None = None
    """Shapley effects; `None` also where the effective sample size is below 20 per assumption."""
    responses: tuple[Response, ...] = ()
    """Its chance along each assumption, over draws."""
    tipping: tuple[TippingPoint, ...] = ()
    """Where an assumption changes the most likely value, while the others vary as in the draws."""
    solved_responses: tuple[Response, ...] = ()
    """Its chance along each assumption with the others at their medians: solved on request."""
    solved_tipping: tuple[TippingPoint, ...] | None = None
    """Where that changes the most likely value; `None` when not requested."""
    scenario: Scenario | None = None
    """The ranges of assumptions within which it mostly happens."""
    information: Information | None = None
    """How much learning each unknown would sharpen the forecast of its node."""

    @property
    def stands_out(self) -> tuple[str, ...]:
        """Assumptions that stand out from chance, strongest first."""
        effects = self.effects.effects if self.effects else ()
        return tuple(effect.parameter for effect in effects if effect.stands_out)

    def to_frame(self) -> pd.DataFrame:
        """One row per assumption, the strongest first."""
        import pandas as pd

        tips = {point.parameter: point.at for point in self.tipping}
        solved = {point.parameter: point.at for point in self.solved_tipping or ()}
        learning = self.information.learning if self.information else ()
        bits = {unknown.unknown: unknown.bits for unknown in learning if not unknown.is_node}
        shares = {
            effect.parameter: effect.share
            for effect in (self.shapley.effects if self.shapley else ())
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
                "moves spread": effect.moves_spread,
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
    """Find what decides an outcome.

    Args:
        ensemble: The solved case.
        node: The node that the outcome is about.
        value: One of its values; if left out, the most likely one.
        solve: Also solve the case along every assumption, with the others at their medians.
        progress: Called with the number of new draws solved.

    Raises:
        CommandError: There is no such node or value, or the case cannot be solved at the medians.
    """
    sample = sample_of(ensemble, node, check_outcome(ensemble.diagram, node, value))
    inconclusive = _why_inconclusive(sample)
    if inconclusive is not None:
        return Sensitivity(sample, inconclusive)
    sliced = slice_draws(sample)
    responses = responses_of(sample)
    solved = solved_responses(ensemble, sample, progress=progress) if solve else ()
    return Sensitivity(
        sample=sample,
        inconclusive=None,
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
    """Find what would have to be true for an outcome to be likely.

    Args:
        ensemble: The solved case.
        node: The node that the outcome is about.
        value: One of its values.
        likely: How likely: an ICD 203 word, or a probability; if left out, more likely than not. A
            word for less than an even chance asks for at most that.
        solve: Also solve the case at the changes.
        progress: Called with the number of new draws solved.

    Raises:
        CommandError: There is no such node, value or word; the outcome never varies; too few draws
            match the record.
    """
    checked_value = check_outcome(ensemble.diagram, node, value, likely)
    chance, at_least = read_chance(likely)
    sample = sample_of(ensemble, node, checked_value)
    inconclusive = _why_inconclusive(sample)
    if inconclusive is not None:
        raise CommandError(f"Nothing can be said about {node} = {value}: {inconclusive.value}.")
    stands_out = [ranked.parameter for ranked in sample.ranking.named]
    answer = find_inverse(sample, chance, at_least=at_least, stands_out=stands_out)
    if solve and not answer.holds_already:
        answer = solved_inverse(ensemble, answer, progress=progress)
    return answer


def _why_inconclusive(sample: Sample) -> Inconclusive | None:
    if not sample.names:
        return Inconclusive.NO_ASSUMPTIONS
    if sample.spread < NEVER_VARIES:
        return Inconclusive.NEVER_VARIES
    if sample.effective_draws < FEWEST_EFFECTIVE_DRAWS:
        return Inconclusive.TOO_FEW
    return None


IT_TAKES = "what it would take"


@dataclass(frozen=True)
class FirstQuestionAnswer:
    """What decides the most likely value of the case's first question, and what the second would take."""

    forecast: Forecast
    decided: Sensitivity
    it_takes: Inverse | None
    unanswered: Sequence[Unanswered] = ()
    """`what it would take`, where it could not be answered."""


def ask(case: SolvedCase, earlier: Mapping[str, Any]) -> FirstQuestionAnswer:
    """Answer for the case's first question, for a run."""
    first: Forecast = earlier["forecast"][case.lowered.first_question][0]
    top = most_likely(first.mean)
    decided = what_decides(case.ensemble, first.node, first.domain[top])
    it_takes = None
    if len(first.domain) > 1 and decided.inconclusive is None:
        others = np.where(np.arange(len(first.mean)) == top, -1.0, first.mean)
        other = first.domain[most_likely(others)]
        (it_takes,) = answer_each(
            "sensitivity",
            [(IT_TAKES, other)],
            lambda value: what_would_it_take(case.ensemble, first.node, value),
        )
        if isinstance(it_takes, Unanswered):
            return FirstQuestionAnswer(first, decided, None, [it_takes])
    return FirstQuestionAnswer(first, decided, it_takes)
