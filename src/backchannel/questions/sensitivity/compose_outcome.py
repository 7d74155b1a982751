"""The outcome, the boxes and the numbers that several parts of the document about sensitivity share."""

from __future__ import annotations

import math
from typing import Any

from backchannel.case.lower.origin import origin_of
from backchannel.ensemble.weighted import bounded
from backchannel.language.names import ParameterName
from backchannel.questions.sensitivity.ask import Sensitivity
from backchannel.questions.sensitivity.captions import scenario_facts
from backchannel.questions.sensitivity.discovery import Scenario
from backchannel.questions.sensitivity.document import (
    BoxView,
    RangeView,
    ScenarioView,
)
from backchannel.questions.sensitivity.inverse import Inverse
from backchannel.questions.sensitivity.sample import Sample
from backchannel.wording.pieces import clean, cleaned
from backchannel.wording.words import Wording


def outcome_fields(wording: Wording, sample: Sample) -> dict[str, Any]:
    """The fields of an outcome and its forecast."""
    forecast = sample.weights @ sample.answer
    return {
        "node": sample.node,
        "title": wording.node(sample.node),
        "value": sample.value,
        "label": wording.value(sample.node, sample.value),
        "forecast": clean(forecast),
        "left_out": clean(sample.left_out),
        "forecast_bounds": cleaned(bounded(forecast, sample.left_out)),
    }


def scenario_view(
    wording: Wording, scenario: Scenario, answer: Sensitivity | Inverse
) -> ScenarioView:
    """A box of assumptions, with what holds inside of it."""
    # For a question about at most a chance, the box is that of the opposite outcome.
    opposite = isinstance(answer, Inverse) and not answer.at_least
    return ScenarioView(
        ranges=[
            RangeView(
                parameter=restriction.parameter,
                label=wording.parameter(restriction.parameter),
                unit=unit_of(wording, restriction.parameter),
                low=clean(restriction.low) if math.isfinite(restriction.low) else None,
                high=clean(restriction.high) if math.isfinite(restriction.high) else None,
                by_chance=float(restriction.by_chance),
            )
            for restriction in scenario.box.restrictions
        ],
        mass=clean(scenario.box.mass),
        density=clean(_oriented(scenario.box.density, opposite)),
        coverage=clean(scenario.box.coverage),
        forecast=clean(_oriented(scenario.forecast, opposite)),
        checked_density=clean(_oriented(scenario.checked_density, opposite)),
        checked_coverage=clean(scenario.checked_coverage),
        trajectory=[
            BoxView(
                mass=clean(box.mass),
                density=clean(_oriented(box.density, opposite)),
                coverage=clean(box.coverage),
                restricted=len(box.restrictions),
            )
            for box in scenario.trajectory
        ],
        facts=scenario_facts(answer.sample, len(scenario.trajectory)),
    )


def unit_of(wording: Wording, name: ParameterName) -> str:
    """The unit of an assumption; empty where it has none."""
    return origin_of(wording.lowered, name)[1]


def _oriented(chance: float, opposite: bool) -> float:
    return 1 - chance if opposite else chance


def clean_pair(ends: tuple[float, float]) -> tuple[float, float]:
    """Both ends of a range, as the document writes numbers."""
    return clean(ends[0]), clean(ends[1])


def five_digits(number: Any) -> float:
    """Round to five digits, enough for pictures; there are thousands of these numbers."""
    return float(f"{float(number):.5g}") + 0.0
