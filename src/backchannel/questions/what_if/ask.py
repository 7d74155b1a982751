"""What if: compare an outcome with and without an intervention, on the same draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from backchannel.case.lower.named import every_round
from backchannel.case.lowered import CaseQuestion, Lowered
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import ChangedWorld, change
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.ensemble.weighted import bounded, mean, quantile
from backchannel.language.names import NodeName, Value
from backchannel.questions.forecast.ask import HIGH, LOW, Forecast, forecast_in
from backchannel.wording.result import Result


@dataclass(frozen=True)
class Comparison(Result):
    """One outcome in the case as it is and in the changed case, draw by draw."""

    intervention: Intervention
    before: Forecast
    after: Forecast
    cut: date | None
    """Both sides use what was recorded before this day; `None`: the whole record."""

    @cached_property
    def _paired(self) -> Float[np.ndarray, " draw"]:
        return np.minimum(self.before.weights, self.after.weights)

    @cached_property
    def difference(self) -> Float[np.ndarray, " value"]:
        """Mean over draws of the change in probability, for each value."""
        return mean(self.after.per_draw - self.before.per_draw, self._paired)

    def difference_at(self, share: float) -> Float[np.ndarray, " value"]:
        """The quantile of the change over the weighted draws, for each value."""
        gap = self.after.per_draw - self.before.per_draw
        columns = range(gap.shape[1])
        return np.array([quantile(gap[:, i], self._paired, share) for i in columns])

    def of(self, value: Value) -> tuple[float, float, float]:
        """Change in one value's probability: mean, and the 5–95% range over draws."""
        i = self.before.domain.index(value)
        low, high = self.difference_at(LOW)[i], self.difference_at(HIGH)[i]
        return float(self.difference[i]), float(low), float(high)

    @property
    def left_out(self) -> float:
        """Share of draws that did not converge in the case or in the changed case."""
        return self.after.left_out

    @property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """The change with left-out draws counted as −1, and as 1."""
        return bounded(self.difference, self.left_out, least=-1.0)

    def to_frame(self) -> pd.DataFrame:
        """One row for each value: both probabilities, and the paired difference with its range."""
        return pd.DataFrame(
            {
                "outcome": self.before.node,
                "value": list(self.before.domain),
                "as it is": self.before.mean,
                "changed": self.after.mean,
                "difference": self.difference,
                "low": self.difference_at(LOW),
                "high": self.difference_at(HIGH),
                "at least": self.bounds[0],
                "at most": self.bounds[1],
            }
        )


def what_if(ensemble: Ensemble, intervention: Intervention, outcome: NodeName) -> Comparison:
    """Compare an outcome with and without an intervention.

    If it is announced, players who are told plan again from the day on which they learn of it. If it
    is not, everyone plays as if nothing had changed. Both sides use the same draws with the weights of the whole
    record, so the difference is paired.

    Source: Hammond et al. (2023), pre- and post-policy interventions.
    """
    changed = change(ensemble, intervention)
    return compare(ensemble, intervention, changed, outcome)


def compare(
    ensemble: Ensemble, intervention: Intervention, changed: ChangedWorld, outcome: NodeName
) -> Comparison:
    """Compare an outcome in the case and in a changed world that is solved already."""
    converged = ensemble.converged & changed.converged
    sides = [
        forecast_in(
            ensemble,
            world,
            outcome,
            record=changed.record,
            weights=ensemble.weights * converged,
            converged=converged,
        )
        for world in (ensemble.world, changed.world)
    ]
    return Comparison(intervention, sides[0], sides[1], changed.cut)


def worlds(lowered: Lowered) -> list[Intervention]:
    """The interventions in the case's own questions."""
    return [lowered.interventions[name] for name in asked_outcomes(lowered.questions)]


def ask(case: SolvedCase, earlier: Mapping[str, Any]) -> dict[str, list[Comparison]]:
    """Compare with every intervention in the case's questions, for the outcomes that they name."""
    del earlier
    return compare_asked(case.lowered, case.ensemble)


def compare_asked(lowered: Lowered, ensemble: Ensemble) -> dict[str, list[Comparison]]:
    """Compare with every intervention in a case's questions, by its name."""
    return {
        name: [what_if(ensemble, lowered.interventions[name], node) for node in nodes]
        for name, nodes in asked_outcomes(lowered.questions).items()
    }


def compare_every_round(
    case: SolvedCase, intervention: Intervention, outcomes: Sequence[NodeName]
) -> list[Comparison]:
    """Compare some outcomes with and without an intervention; repeated outcomes in every round.

    Raises:
        CommandError: There is no such node.
    """
    nodes = every_round(case.case, case.lowered.diagram, outcomes)
    case.prepare([intervention])
    return [what_if(case.ensemble, intervention, node) for node in nodes]


def asked_outcomes(questions: Sequence[CaseQuestion]) -> dict[str, list[NodeName]]:
    """For each intervention in the questions, the nodes that they ask about."""
    outcomes: dict[str, list[NodeName]] = {}
    for question in questions:
        if question.intervention:
            nodes = outcomes.setdefault(question.intervention, [])
            nodes += [node for node, _ in question.outcomes if node not in nodes]
    return outcomes
