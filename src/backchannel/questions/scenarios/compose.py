"""Put scenarios into the document's words."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from backchannel.case.lower.origin import origin_of
from backchannel.case.lower.shifted import Shifted, moved_scores
from backchannel.ensemble.weighted import effective_size
from backchannel.language.names import NodeName
from backchannel.questions.composing import Composing
from backchannel.questions.scenarios.ask import ScenarioGap, Scenarios, SolvedScenario
from backchannel.questions.scenarios.document import (
    CaseScenarioView,
    PairGap,
    PairOutcome,
    ScenarioOutcome,
    ScenarioPair,
    ScenarioSlider,
    ScenariosPart,
    ScenariosView,
    ScenarioValue,
)
from backchannel.questions.what_if.compose import compose_what_if
from backchannel.questions.what_if.document import AS_IT_IS
from backchannel.wording.interventions import describe
from backchannel.wording.left_out import counted
from backchannel.wording.nouns import and_list
from backchannel.wording.percents import HARDLY, estimative_word, said_apart, told_apart
from backchannel.wording.pieces import Facts, clean
from backchannel.wording.prose import in_points
from backchannel.wording.words import most_changed

MOST_PAIRED = 6
"""Scenarios up to which every two of them are compared."""
FEWER_BASE_RATES = (
    " Where a scenario makes changes, it carries only the base rates of what comes about before them, and so does "
    "the case that it is compared with."
)
MOST_SAID = 3
"""Outcomes that the sentences about a scenario name."""


def compose(composing: Composing, compared: Scenarios) -> ScenariosPart:
    """Put all scenarios that were solved into words."""
    return ScenariosPart(
        scenarios=compose_scenarios(composing, compared) if compared.solved else None
    )


def compose_scenarios(composing: Composing, compared: Scenarios) -> ScenariosView:
    """Put scenarios into words."""
    ensemble = composing.ensemble
    moved = " Sliders were moved in the case itself." if moved_scores(composing.lowered) else ""
    scenarios = [_scenario(composing, solved) for solved in compared.solved]
    has_fewer = any(scenario.before_label != AS_IT_IS for scenario in scenarios)
    rates = FEWER_BASE_RATES if has_fewer else ""
    return ScenariosView(
        scenarios=scenarios,
        pairs=_pairs(compared) if len(compared.solved) <= MOST_PAIRED else [],
        facts=Facts(
            shows="The probability of each outcome in each scenario, and the difference to the case as it is in "
            f"points, with its 5–95% range over draws.{moved}{rates}",
            rests_on=f"{counted(ensemble.n_draws, ensemble.effective_draws, ensemble.left_out)}, the same random "
            "numbers in every scenario",
            would_change="other priors, or changes that others know of",
        ),
    )


def _scenario(composing: Composing, solved: SolvedScenario) -> CaseScenarioView:
    made, wording = solved.scenario, composing.wording
    outcomes = [_outcome(composing, solved, node) for node in solved.forecasts]
    weights = next(iter(solved.forecasts.values())).weights
    what_if = None
    if solved.comparisons:
        what_if = compose_what_if(composing, "", list(solved.comparisons.values()))
    return CaseScenarioView(
        name=made.name,
        title=made.title,
        about=made.about,
        sliders=_sliders(composing, solved),
        changes=describe(wording, made.intervention) if made.intervention else "",
        who_knows=what_if.who_knows if what_if else "",
        record=what_if.record if what_if else "",
        before_label=what_if.before_label if what_if else AS_IT_IS,
        says=_says(made.title, outcomes),
        most_changed=solved.by_distance,
        outcomes=outcomes,
        effective_draws=clean(effective_size(weights)),
        left_out=clean(next(iter(solved.forecasts.values())).left_out),
    )


def _outcome(composing: Composing, solved: SolvedScenario, node: NodeName) -> ScenarioOutcome:
    wording, gap, inside = composing.wording, solved.gaps[node], solved.forecasts[node]
    comparison = solved.comparisons.get(node)
    independent = comparison.independent if comparison else None
    when = solved.ensemble.diagram.dates[node]
    return ScenarioOutcome(
        node=node,
        title=wording.node(node),
        date=None if when.year == 1 else when,
        distance=clean(gap.distance),
        values=[
            ScenarioValue(
                value=value,
                label=wording.value(node, value),
                before=clean(np.clip(inside.mean[i] - gap.difference[i], 0.0, 1.0)),
                probability=clean(inside.mean[i]),
                probability_independent=None if independent is None else clean(independent.mean[i]),
                word=estimative_word(float(inside.mean[i])),
                **_ends(gap, i),
            )
            for i, value in enumerate(inside.domain)
        ],
    )


def _ends(gap: ScenarioGap, i: int) -> dict[str, float]:
    return {
        "difference": clean(gap.difference[i]),
        "low": clean(gap.low[i]),
        "high": clean(gap.high[i]),
    }


def _sliders(composing: Composing, solved: SolvedScenario) -> list[ScenarioSlider]:
    sliders = []
    for name, score in solved.scenario.sliders.items():
        prior = composing.lowered.priors[name]
        written = prior.prior if isinstance(prior, Shifted) else prior
        moved = Shifted(written, score)
        sliders.append(
            ScenarioSlider(
                parameter=name,
                label=composing.wording.parameter(name),
                unit=origin_of(composing.lowered, name)[1],
                score=clean(score),
                median=clean(moved.at(0.5)),
                low=clean(moved.at(0.05)),
                high=clean(moved.at(0.95)),
                median_as_written=clean(written.at(0.5)),
            )
        )
    return sliders


def _says(title: str, outcomes: list[ScenarioOutcome]) -> list[str]:
    """What changes most in a scenario, in sentences."""
    ranked = sorted(outcomes, key=lambda outcome: -outcome.distance)
    changed = [outcome for outcome in ranked if outcome.distance >= HARDLY][:MOST_SAID]
    if not changed:
        return [f"With “{title}”, no outcome changes by {in_points(HARDLY)} or more."]
    return [f"With “{title}”, {_change(outcome)}." for outcome in changed]


def _change(outcome: ScenarioOutcome) -> str:
    value = most_changed(outcome.values, lambda value: value.difference)
    after, before = said_apart(value.probability, value.before)
    direction = "more" if value.difference > 0 else "less"
    return f"“{outcome.title}: {value.label}” is {direction} likely: {after} instead of {before}"


def compared_with(view: ScenariosView) -> CaseScenarioView:
    """The scenario whose `before` stands for all in a table: one compared with the case as it is, if any is."""
    as_it_is = (scenario for scenario in view.scenarios if scenario.before_label == AS_IT_IS)
    return next(as_it_is, view.scenarios[0])


def slider_sentence(sliders: list[ScenarioSlider]) -> str:
    """The sliders of a scenario as a clause; empty where it has none."""
    parts = []
    for slider in sliders:
        now, written = told_apart(slider.median, slider.median_as_written)
        parts.append(
            f"{slider.label} {now} ({slider.low:.3g} to {slider.high:.3g}) instead of {written}"
        )
    return and_list(parts) if parts else ""


def _pairs(compared: Scenarios) -> list[ScenarioPair]:
    return [
        ScenarioPair(
            scenario=one.scenario.name,
            than=other.scenario.name,
            outcomes=[
                _pair_outcome(compared.gap(one.scenario.name, other.scenario.name, node), node, one)
                for node in one.forecasts
            ],
        )
        for other, one in combinations(compared.solved, 2)
    ]


def _pair_outcome(gap: ScenarioGap, node: NodeName, one: SolvedScenario) -> PairOutcome:
    domain = one.forecasts[node].domain
    return PairOutcome(
        node=node,
        values=[PairGap(value=value, **_ends(gap, i)) for i, value in enumerate(domain)],
    )
