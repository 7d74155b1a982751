"""Put sensitivity into the document's words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backchannel.ensemble.weighted import bounded, most_likely
from backchannel.language.names import ParameterName
from backchannel.questions.composing import Composing
from backchannel.questions.forecast.document import NodeForecast
from backchannel.questions.rounds.document import EXPECTED_NUMBER, RoundsFan
from backchannel.questions.sensitivity.ask import FirstQuestionAnswer, Sensitivity
from backchannel.questions.sensitivity.captions import (
    effect_facts,
    information_facts,
    shapley_says,
    tipping_facts,
)
from backchannel.questions.sensitivity.compose_inverse import compose_inverse
from backchannel.questions.sensitivity.compose_outcome import (
    clean_pair,
    five_digits,
    outcome_fields,
    scenario_view,
    unit_of,
)
from backchannel.questions.sensitivity.document import (
    CurveView,
    EffectView,
    InformationView,
    LearningView,
    SensitivityPart,
    SensitivityView,
    StepView,
    TippingView,
)
from backchannel.questions.sensitivity.effects import AssumptionEffect
from backchannel.questions.sensitivity.information import Information
from backchannel.questions.sensitivity.responses import Response
from backchannel.questions.sensitivity.sentences import sensitivity_sentences
from backchannel.questions.sensitivity.tipping import TippingPoint
from backchannel.questions.sensitivity.without_results import view_without_results
from backchannel.wording.pieces import Facts, clean, cleaned
from backchannel.wording.words import Wording


def compose(composing: Composing, answer: FirstQuestionAnswer) -> SensitivityPart:
    """Compose what decides the case's first question, and which assumptions move it most."""
    first = next(
        forecast
        for forecast in composing.parts["forecast"].forecasts
        if forecast.node == answer.forecast.node
    )
    top = first.values[most_likely([value.probability for value in first.values])]
    ranked: NodeForecast | RoundsFan = first
    matter_for = f"{first.title}: {top.label}"
    for fan in composing.parts["rounds"].rounds:
        # For a number, a reader wants to know about its expectation, not its most likely value.
        if fan.kind == "number" and fan.points[-1].node == first.node:
            ranked, matter_for = fan, f"{first.title}: {EXPECTED_NUMBER}"
    wording, it_takes = composing.wording, answer.it_takes
    return SensitivityPart(
        matter_most=ranked.assumptions,
        matter_chance_level=ranked.chance_level,
        matter_for=matter_for,
        sensitivity=compose_sensitivity(wording, answer.decided),
        what_it_would_take=compose_inverse(wording, it_takes) if it_takes else None,
    )


def without_sensitivity(composing: Composing, reason: str) -> SensitivityPart:
    """The part where the question has no answer: the forecast with the reason, and no results."""
    node = composing.lowered.first_question
    first = next(f for f in composing.parts["forecast"].forecasts if f.node == node)
    top = first.values[most_likely([value.probability for value in first.values])]
    ensemble = composing.ensemble
    outcome = {
        "node": node,
        "title": first.title,
        "value": top.value,
        "label": top.label,
        "forecast": top.probability,
        "left_out": clean(ensemble.left_out),
        "forecast_bounds": cleaned(bounded(top.probability, ensemble.left_out)),
        "draws": ensemble.n_draws,
        "effective_draws": clean(ensemble.effective_draws),
    }
    return SensitivityPart(
        matter_most=first.assumptions,
        matter_chance_level=first.chance_level,
        matter_for=f"{first.title}: {top.label}",
        sensitivity=view_without_results(
            outcome,
            silent=reason,
            facts=Facts(shows=reason, rests_on="", would_change=""),
            sentences=[f"This question could not be answered. {reason}"],
        ),
        what_it_would_take=None,
    )


def compose_sensitivity(wording: Wording, answer: Sensitivity) -> SensitivityView:
    """Put what decides an outcome into the document's words."""
    sample = answer.sample
    effects = answer.effects.effects if answer.effects else ()
    solved = answer.solved_tipping
    view = SensitivityView(
        **outcome_fields(wording, sample),
        draws=sample.n_draws,
        effective_draws=clean(sample.effective_draws),
        silent=answer.inconclusive.value if answer.inconclusive else "",
        noise_share=clean(answer.effects.noise_share) if answer.effects else None,
        noise_delta=clean(answer.effects.noise_delta) if answer.effects else None,
        effects=[_effect(wording, answer, effect) for effect in effects],
        shapley_says=shapley_says(answer),
        together=[
            (wording.parameter(first), wording.parameter(second))
            for first, second in (answer.shapley.pairs if answer.shapley else ())
        ],
        tipping=[_tipping(wording, answer, point, False) for point in answer.tipping],
        solved_tipping=None
        if solved is None
        else [_tipping(wording, answer, point, True) for point in solved],
        scenario=scenario_view(wording, answer.scenario, answer) if answer.scenario else None,
        information=_information(wording, answer.information, answer)
        if answer.information
        else None,
        facts=effect_facts(answer),
        tipping_facts=tipping_facts(answer),
        sentences=[],
    )
    return view.model_copy(update={"sentences": sensitivity_sentences(view)})


def _effect(wording: Wording, answer: Sensitivity, effect: AssumptionEffect) -> EffectView:
    name = effect.parameter
    response = _of(answer.responses, name)
    solved = _of(answer.solved_responses, name)
    assert response is not None
    shapley = {
        share.parameter: share for share in (answer.shapley.effects if answer.shapley else ())
    }
    column = answer.sample.column
    ends = np.interp(
        answer.sample.quantiles(np.array([0.05, 0.95]))[:, answer.sample.names.index(name)],
        response.at,
        response.chances[:, column],
    )
    return EffectView(
        parameter=name,
        label=wording.parameter(name),
        unit=unit_of(wording, name),
        share=clean(effect.share),
        share_range=clean_pair(effect.share_range),
        delta=clean(effect.delta),
        delta_range=clean_pair(effect.delta_range),
        shapley=clean(shapley[name].share) if shapley else None,
        shapley_range=clean_pair(shapley[name].share_range) if shapley else None,
        shape=effect.shape.value,
        stands_out=effect.stands_out,
        moves_spread=effect.moves_spread,
        by_chance=float(effect.by_chance),
        median=clean(response.median),
        chance_low=clean(ends[0]),
        chance_high=clean(ends[1]),
        steps=[
            StepView(
                low=five_digits(step.low),
                high=five_digits(step.high),
                mean=five_digits(step.mean),
                error=five_digits(step.error),
            )
            for step in effect.steps
        ],
        curve=_curve(response, column),
        solved_curve=_curve(solved, column) if solved else None,
    )


def _of(responses: Sequence[Response], name: ParameterName) -> Response | None:
    return next((response for response in responses if response.parameter == name), None)


def _curve(response: Response, column: int) -> CurveView:
    low, high = response.band(column)
    return CurveView(
        at=[five_digits(x) for x in response.at],
        chance=[five_digits(x) for x in response.chances[:, column]],
        low=[five_digits(x) for x in low],
        high=[five_digits(x) for x in high],
    )


def _tipping(
    wording: Wording, answer: Sensitivity, point: TippingPoint, solved: bool
) -> TippingView:
    return TippingView(
        parameter=point.parameter,
        label=wording.parameter(point.parameter),
        unit=unit_of(wording, point.parameter),
        at=clean(point.at),
        above=point.above,
        before=point.before,
        before_label=wording.value(answer.sample.node, point.before),
        after=point.after,
        after_label=wording.value(answer.sample.node, point.after),
        low=clean(point.interval[0]),
        high=clean(point.interval[1]),
        found_in=clean(point.found_in),
        median=clean(point.median),
        stands_out=point.parameter in answer.stands_out,
        solved=solved,
    )


def _information(
    wording: Wording, information: Information, answer: Sensitivity
) -> InformationView:
    return InformationView(
        entropy=clean(information.entropy),
        entropy_left=clean(information.entropy_left),
        brier=clean(information.brier),
        brier_left=clean(information.brier_left),
        noise=clean(information.noise),
        learning=[
            LearningView(
                unknown=unknown.unknown,
                label=wording.node(unknown.unknown)
                if unknown.is_node
                else wording.parameter(unknown.unknown),
                kind="node" if unknown.is_node else "assumption",
                bits=clean(unknown.bits),
                bits_range=clean_pair(unknown.bits_range),
                score=clean(unknown.score),
                stands_out=unknown.stands_out,
            )
            for unknown in information.learning
        ],
        facts=information_facts(answer),
    )
