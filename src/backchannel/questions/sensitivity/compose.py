"""Put sensitivity into the document's words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from backchannel.case.lower.origin import origin_of
from backchannel.ensemble.weighted import bounded
from backchannel.language.names import ParameterName
from backchannel.questions.composing import Composing
from backchannel.questions.rounds.document import EXPECTED_NUMBER
from backchannel.questions.sensitivity.ask import FirstDecided, Sensitivity
from backchannel.questions.sensitivity.discovery import Scenario
from backchannel.questions.sensitivity.document import (
    BoxView,
    CurveView,
    EffectView,
    InformationView,
    InverseView,
    LearningView,
    RangeView,
    ScenarioView,
    SensitivityPart,
    SensitivityView,
    ShiftsView,
    ShiftView,
    StepView,
    TippingView,
)
from backchannel.questions.sensitivity.effects import Effect
from backchannel.questions.sensitivity.information import Information
from backchannel.questions.sensitivity.inverse import Inverse, Shifts
from backchannel.questions.sensitivity.responses import Response
from backchannel.questions.sensitivity.sentences import (
    effect_facts,
    information_facts,
    inverse_facts,
    inverse_sentences,
    scenario_facts,
    sensitivity_sentences,
    shapley_says,
    tipping_facts,
)
from backchannel.questions.sensitivity.tipping import TippingPoint
from backchannel.wording.pieces import clean, cleaned
from backchannel.wording.words import Wording


def compose(composing: Composing, found: FirstDecided) -> SensitivityPart:
    """What decides the case's first question, and which assumptions move it most."""
    first = next(
        forecast
        for forecast in composing.parts["forecast"].forecasts
        if forecast.node == found.forecast.node
    )
    likeliest = max(first.values, key=lambda value: value.probability)
    matter_most, matter_for = first.assumptions, f"{first.title}: {likeliest.label}"
    for fan in composing.parts["rounds"].rounds:
        # Of a number the expectation is what anybody would ask for, not its likeliest value.
        if fan.kind == "number" and fan.points[-1].node == first.node:
            matter_most, matter_for = fan.assumptions, f"{first.title}: {EXPECTED_NUMBER}"
    wording, it_takes = composing.wording, found.it_takes
    return SensitivityPart(
        matter_most=matter_most,
        matter_for=matter_for,
        sensitivity=compose_sensitivity(wording, found.decided),
        what_it_would_take=compose_inverse(wording, it_takes) if it_takes else None,
    )


def compose_sensitivity(wording: Wording, found: Sensitivity) -> SensitivityView:
    """What decides an outcome, as a document."""
    sample = found.sample
    effects = found.effects.effects if found.effects else ()
    solved = found.solved_tipping
    view = SensitivityView(
        node=sample.node,
        title=wording.node(sample.node),
        value=sample.value,
        label=wording.value(sample.node, sample.value),
        forecast=clean(sample.weights @ sample.answer),
        left_out=clean(sample.left_out),
        forecast_bounds=cleaned(bounded(sample.weights @ sample.answer, sample.left_out)),
        draws=sample.n_draws,
        effective_draws=clean(sample.effective_draws),
        silent=found.silent.value if found.silent else "",
        noise_share=clean(found.effects.noise_share) if found.effects else None,
        noise_delta=clean(found.effects.noise_delta) if found.effects else None,
        effects=[_effect(wording, found, effect) for effect in effects],
        shapley_says=shapley_says(found),
        together=[
            (wording.parameter(one), wording.parameter(other))
            for one, other in (found.shapley.pairs if found.shapley else ())
        ],
        tipping=[_tipping(wording, found, point, False) for point in found.tipping],
        solved_tipping=None
        if solved is None
        else [_tipping(wording, found, point, True) for point in solved],
        scenario=_scenario(wording, found.scenario, found) if found.scenario else None,
        information=_information(wording, found.information, found) if found.information else None,
        facts=effect_facts(found),
        tipping_facts=tipping_facts(found),
        sentences=[],
    )
    return view.model_copy(update={"sentences": sensitivity_sentences(view)})


def compose_inverse(wording: Wording, found: Inverse) -> InverseView:
    """What would have to be true for an outcome to be likely, as a document."""
    sample = found.sample
    view = InverseView(
        node=sample.node,
        title=wording.node(sample.node),
        value=sample.value,
        label=wording.value(sample.node, sample.value),
        forecast=clean(sample.weights @ sample.answer),
        left_out=clean(sample.left_out),
        forecast_bounds=cleaned(bounded(sample.weights @ sample.answer, sample.left_out)),
        asked=found.chance,
        at_least=found.at_least,
        holds_already=found.holds_already,
        share=clean(found.share),
        share_bounds=cleaned(bounded(found.share, sample.left_out)),
        nearest=clean(found.nearest),
        at_medians=clean(found.at_medians),
        fit=clean(found.fit),
        box=_scenario(wording, found.box, found) if found.box else None,
        shifts=[_shifts(wording, shifts) for shifts in found.shifts],
        sentences=[],
        facts=inverse_facts(found),
    )
    return view.model_copy(update={"sentences": inverse_sentences(view)})


def _effect(wording: Wording, found: Sensitivity, effect: Effect) -> EffectView:
    name = effect.parameter
    response = _of(found.responses, name)
    solved = _of(found.solved_responses, name)
    assert response is not None
    shapley = {one.parameter: one for one in (found.shapley.effects if found.shapley else ())}
    column = found.sample.column
    ends = np.interp(
        found.sample.quantiles(np.array([0.05, 0.95]))[:, found.sample.names.index(name)],
        response.at,
        response.chances[:, column],
    )
    return EffectView(
        parameter=name,
        label=wording.parameter(name),
        unit=_unit(wording, name),
        share=clean(effect.share),
        share_range=_pair(effect.share_range),
        delta=clean(effect.delta),
        delta_range=_pair(effect.delta_range),
        shapley=clean(shapley[name].share) if shapley else None,
        shapley_range=_pair(shapley[name].share_range) if shapley else None,
        shape=effect.shape.value,
        stands_out=effect.stands_out,
        by_chance=float(effect.by_chance),
        median=clean(response.median),
        chance_low=clean(ends[0]),
        chance_high=clean(ends[1]),
        steps=[
            StepView(
                low=_brief(step.low),
                high=_brief(step.high),
                mean=_brief(step.mean),
                error=_brief(step.error),
            )
            for step in effect.steps
        ],
        curve=_curve(response, column),
        solved_curve=_curve(solved, column) if solved else None,
    )


def _of(responses: Sequence[Response], name: ParameterName) -> Response | None:
    return next((one for one in responses if one.parameter == name), None)


def _curve(response: Response, column: int) -> CurveView:
    low, high = response.band(column)
    return CurveView(
        at=[_brief(x) for x in response.at],
        chance=[_brief(x) for x in response.chances[:, column]],
        low=[_brief(x) for x in low],
        high=[_brief(x) for x in high],
    )


def _tipping(
    wording: Wording, found: Sensitivity, point: TippingPoint, solved: bool
) -> TippingView:
    return TippingView(
        parameter=point.parameter,
        label=wording.parameter(point.parameter),
        unit=_unit(wording, point.parameter),
        at=clean(point.at),
        above=point.above,
        before=point.before,
        before_label=wording.value(found.sample.node, point.before),
        after=point.after,
        after_label=wording.value(found.sample.node, point.after),
        low=clean(point.interval[0]),
        high=clean(point.interval[1]),
        found_in=clean(point.found_in),
        median=clean(point.median),
        stands_out=point.parameter in found.stands_out,
        solved=solved,
    )


def _scenario(wording: Wording, scenario: Scenario, found: Sensitivity | Inverse) -> ScenarioView:
    # Asked for at most a chance, the box was sought for the opposite of the outcome.
    turned = isinstance(found, Inverse) and not found.at_least
    return ScenarioView(
        ranges=[
            RangeView(
                parameter=one.parameter,
                label=wording.parameter(one.parameter),
                unit=_unit(wording, one.parameter),
                low=clean(one.low) if math.isfinite(one.low) else None,
                high=clean(one.high) if math.isfinite(one.high) else None,
                by_chance=float(one.by_chance),
            )
            for one in scenario.box.restrictions
        ],
        mass=clean(scenario.box.mass),
        density=clean(_turned(scenario.box.density, turned)),
        coverage=clean(scenario.box.coverage),
        forecast=clean(_turned(scenario.forecast, turned)),
        checked_density=clean(_turned(scenario.checked_density, turned)),
        checked_coverage=clean(scenario.checked_coverage),
        trajectory=[
            BoxView(
                mass=clean(box.mass),
                density=clean(_turned(box.density, turned)),
                coverage=clean(box.coverage),
                restricted=len(box.restrictions),
            )
            for box in scenario.trajectory
        ],
        facts=scenario_facts(found.sample, len(scenario.trajectory)),
    )


def _information(wording: Wording, information: Information, found: Sensitivity) -> InformationView:
    return InformationView(
        entropy=clean(information.entropy),
        entropy_left=clean(information.entropy_left),
        brier=clean(information.brier),
        brier_left=clean(information.brier_left),
        noise=clean(information.noise),
        learning=[
            LearningView(
                unknown=one.unknown,
                label=wording.node(one.unknown) if one.is_node else wording.parameter(one.unknown),
                kind="node" if one.is_node else "assumption",
                bits=clean(one.bits),
                bits_range=_pair(one.bits_range),
                score=clean(one.score),
            )
            for one in information.learning
        ],
        facts=information_facts(found),
    )


def _shifts(wording: Wording, shifts: Shifts) -> ShiftsView:
    return ShiftsView(
        shifts=[
            ShiftView(
                parameter=one.parameter,
                label=wording.parameter(one.parameter),
                unit=_unit(wording, one.parameter),
                median=clean(one.median),
                to=clean(one.to),
                share=clean(one.share),
            )
            for one in shifts.shifts
        ],
        surprise=clean(shifts.surprise),
        unlikely=clean(shifts.unlikely),
        chance=clean(shifts.chance),
        reached=shifts.reached,
        solved=shifts.solved,
    )


def _unit(wording: Wording, name: ParameterName) -> str:
    return origin_of(wording.lowered, name)[1]


def _turned(chance: float, turned: bool) -> float:
    return 1 - chance if turned else chance


def _pair(ends: tuple[float, float]) -> tuple[float, float]:
    return clean(ends[0]), clean(ends[1])


def _brief(number: Any) -> float:
    """Five digits, which no picture shows the end of; there are thousands of these numbers."""
    return float(f"{float(number):.5g}") + 0.0
