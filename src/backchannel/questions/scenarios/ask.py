"""Scenarios: every outcome in each of them, and the differences, on the same draws.

The sliders of a scenario replace priors by narrower beliefs; the case is then solved with the same random numbers, so
that draw i of a scenario and draw i of the case stand at the same places in their priors. The changes of a scenario
are made as in a what-if.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from backchannel.case.lower.shifted import moved_scores, shifted, with_sliders_back
from backchannel.case.lowered import CaseScenario, Lowered
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import change
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.pooling import pooled
from backchannel.ensemble.solve import solve_draws, solve_worlds
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.ensemble.weighted import column_quantiles, mean
from backchannel.language.errors import CommandError
from backchannel.language.names import (
    NodeName,
    ParameterName,
    round_number,
    split_round,
)
from backchannel.questions.forecast.ask import HIGH, LOW, Forecast, forecast, forecast_here
from backchannel.questions.unanswered import WITHOUT_ANSWER, Unanswered
from backchannel.questions.what_if.ask import what_if
from backchannel.questions.what_if.results import Comparison
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ScenarioGap:
    """By how much the values of a node are more likely on one side than on the other, draw by draw."""

    difference: Float[np.ndarray, " value"]
    """Of the two forecasts."""
    low: Float[np.ndarray, " value"]
    """5% of the draws that count on both sides differ by less."""
    high: Float[np.ndarray, " value"]

    @property
    def distance(self) -> float:
        """Total variation distance: the largest change in the probability of any event about the node."""
        return float(np.abs(self.difference).sum() / 2)


@dataclass(frozen=True)
class SolvedScenario:
    """One scenario: the forecast of each outcome in it."""

    scenario: CaseScenario
    forecasts: Mapping[NodeName, Forecast]
    comparisons: Mapping[NodeName, Comparison]
    """Of a scenario with changes: its own what-ifs, without and with the changes, both with its sliders."""
    gaps: Mapping[NodeName, ScenarioGap]
    """The scenario less the case as it is."""
    ensemble: Ensemble
    """The case with the sliders of the scenario."""

    @property
    def by_distance(self) -> list[NodeName]:
        """The outcomes, those that change most first."""
        return sorted(self.gaps, key=lambda node: -self.gaps[node].distance)


@dataclass(frozen=True)
class Scenarios(Result):
    """The case and its scenarios, over the same outcomes."""

    forecasts: Mapping[NodeName, Forecast]
    """Of the case as it is."""
    solved: Sequence[SolvedScenario]
    unanswered: Sequence[Unanswered] = ()
    """Scenarios that could not be solved."""

    def gap(self, one: str, other: str, node: NodeName) -> ScenarioGap:
        """By how much a node's values are more likely in one scenario than in another."""
        by_name = {solved.scenario.name: solved for solved in self.solved}
        return gap_between(by_name[other].forecasts[node], by_name[one].forecasts[node])

    def to_frame(self) -> pd.DataFrame:
        """One row for each scenario, outcome and value: both probabilities, and the difference with its range."""
        import pandas as pd

        rows = [
            {
                "scenario": solved.scenario.name,
                "outcome": node,
                "value": value,
                "as it is": float(solved.forecasts[node].mean[i] - gap.difference[i]),
                "in the scenario": float(solved.forecasts[node].mean[i]),
                "difference": float(gap.difference[i]),
                "low": float(gap.low[i]),
                "high": float(gap.high[i]),
            }
            for solved in self.solved
            for node, gap in solved.gaps.items()
            for i, value in enumerate(solved.forecasts[node].domain)
        ]
        columns = [
            "scenario",
            "outcome",
            "value",
            "as it is",
            "in the scenario",
            "difference",
            "low",
            "high",
        ]
        return pd.DataFrame(rows, columns=columns)  # fmt: skip


def worlds(lowered: Lowered) -> list[Intervention]:
    """The interventions of scenarios without sliders, which are solved in the case's own draws."""
    if moved_scores(lowered):
        return []
    scenarios = lowered.scenarios.values()
    return [made.intervention for made in scenarios if made.intervention and not made.sliders]


def ask(case: SolvedCase, earlier: Mapping[str, Any]) -> Scenarios:
    """Compare all scenarios of a case over all outcomes that are still open."""
    del earlier
    return compare_scenarios(
        case, list(case.lowered.scenarios.values()), open_outcomes(case.lowered)
    )


def open_outcomes(lowered: Lowered) -> list[NodeName]:
    """What scenarios are compared on: the open nodes, of those that repeat the last round; else what is asked about.

    A derived node is one, too: it is often what the case is about.
    """
    last: dict[str, NodeName] = {}
    for node in lowered.ahead:
        base = split_round(node)[0] if round_number(node) is not None else node
        last[base] = node
    if last:
        return list(last.values())
    asked = [node for question in lowered.questions for node, _ in question.outcomes]
    return list(dict.fromkeys(asked)) or [lowered.first_question]


def compare_scenarios(
    case: SolvedCase, scenarios: Sequence[CaseScenario], outcomes: Sequence[NodeName]
) -> Scenarios:
    """Compare scenarios over some outcomes.

    Args:
        case: The case; where sliders were moved before it was solved, it is compared as it was solved.
        scenarios: The scenarios; each has only its own sliders.
        outcomes: The nodes.
    """
    solved: list[SolvedScenario] = []
    unanswered = []
    forecasts = {node: forecast(case.ensemble, node) for node in outcomes} if scenarios else {}
    for scenario in scenarios:
        try:
            solved.append(solve_scenario(case, scenario, outcomes, forecasts))
        except WITHOUT_ANSWER as error:
            unanswered.append(Unanswered("scenario", scenario.name, str(error)))
    return Scenarios(forecasts, solved, unanswered)


def solve_scenario(
    case: SolvedCase,
    scenario: CaseScenario,
    outcomes: Sequence[NodeName],
    forecasts: Mapping[NodeName, Forecast],
) -> SolvedScenario:
    """Solve one scenario.

    Args:
        case: The case.
        scenario: What is different.
        outcomes: The nodes.
        forecasts: Their forecasts in the case.
    """
    ensemble = _with_sliders(case, scenario.sliders)
    is_own = ensemble is case.ensemble
    comparisons: dict[NodeName, Comparison] = {}
    before = forecasts
    if scenario.intervention is None:
        inside = {node: forecast(ensemble, node) for node in outcomes}
    else:
        solve_worlds(ensemble, [scenario.intervention], case.progress)
        comparisons = {node: what_if(ensemble, scenario.intervention, node) for node in outcomes}
        inside = {node: comparison.after for node, comparison in comparisons.items()}
        # Both sides carry the same base rates. A change of the case's own draws is a what-if.
        since = change(ensemble, scenario.intervention).earliest
        before = {
            node: comparisons[node].before if is_own else _before(case.ensemble, since, node)
            for node in outcomes
        }
    gaps = {node: gap_between(before[node], inside[node]) for node in outcomes}
    return SolvedScenario(scenario, inside, comparisons, gaps, ensemble)


def _before(ensemble: Ensemble, since: date, node: NodeName) -> Forecast:
    """Forecast a node with the base rates of nodes that come about before a day, and no others."""
    known = pooled(ensemble, before=since)
    return forecast_here(known, node, record=known.record, weights=known.weights)


def _with_sliders(case: SolvedCase, sliders: Mapping[ParameterName, float]) -> Ensemble:
    """The case with these sliders and no others, solved in the same draws."""
    if dict(sliders) == moved_scores(case.lowered):
        return case.ensemble
    lowered = shifted(with_sliders_back(case.lowered), sliders)
    return solve_draws(lowered, case.ensemble.n_draws, seed=case.seed, progress=case.progress)


def gap_between(before: Forecast, after: Forecast) -> ScenarioGap:
    """Compare two forecasts of one node that come from the same draws.

    The difference is that of the two forecasts where their weights differ, because each side has its own record
    weights; where they are the same it is the mean of the differences draw by draw. The range is that over draws,
    each with the smaller of its two weights.
    """
    gap = after.per_draw - before.per_draw
    shares = [one.weights / one.weights.sum() for one in (before, after)]
    paired = np.minimum(*shares)
    if not (paired > 0).any():
        raise CommandError(
            "No draw matches the record on both sides, so that they cannot be compared draw by draw. Move "
            "the sliders less far, or take more draws (--draws)."
        )
    used = (before.weights > 0) == (after.weights > 0)
    is_same = bool(used.all()) and np.array_equal(before.weights, after.weights)
    ends = [column_quantiles(gap, paired, share) for share in (LOW, HIGH)]
    difference = mean(gap, paired) if is_same else after.mean - before.mean
    return ScenarioGap(difference, ends[0], ends[1])
