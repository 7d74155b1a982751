"""What if: compare an outcome with and without an intervention, on the same draws.

A change after the end of the record is compared by inference, given the whole record. A change before it is a
counterfactual, which is answered by the paired worlds of `why`, given the whole record too. The other view of
it, from the day of the change, is there on request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from backchannel.case.lower.named import every_round
from backchannel.case.lowered import CaseQuestion, Lowered
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import ChangedWorld, change
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.pooling import carried_nodes, pooled
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.ensemble.weighted import bounded, mean, quantile
from backchannel.language.names import NodeName, RecordView, Value
from backchannel.questions.counterfactuals.counterfactual import counterfactual, is_past
from backchannel.questions.forecast.ask import HIGH, LOW, Forecast, forecast_here, forecast_in
from backchannel.questions.unanswered import Unanswered, answer_each
from backchannel.questions.why.replay import Coupling
from backchannel.tensors.inference import World
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Comparison(Result):
    """One outcome without and with an intervention, draw by draw."""

    intervention: Intervention
    before: Forecast
    """Without it: the forecast given the whole record, unless there is a `cut`."""
    after: Forecast
    cut: date | None
    """Both sides use what was recorded before this day; `None`: the whole record."""
    independent: Forecast | None = None
    """Of a counterfactual: `after` with independent shocks in every context, the other extreme of what
    no record can show. `None` where the change comes after the record."""
    carried: tuple[NodeName, ...] = ()
    """Nodes whose base rates both sides carry: they come about before the change."""
    omits_base_rates: bool = False
    """Whether the case has other base rates too, which move its forecasts and neither side here."""

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

    @property
    def _unchanged(self) -> str:
        if self.cut is not None:
            return "as it looked"
        return "without the change" if self.omits_base_rates else "as it is"

    def to_frame(self) -> pd.DataFrame:
        """One row for each value: both probabilities, and the paired difference with its range.

        "as it is" is the forecast given the whole record; "as it looked" is that from before the change; "without
        the change" is neither, since some base rates move the forecast and not the comparison.
        """
        import pandas as pd

        return pd.DataFrame(
            {
                "outcome": self.before.node,
                "value": list(self.before.domain),
                self._unchanged: self.before.mean,
                "changed": self.after.mean,
                "independent": (self.independent or self.after).mean,
                "difference": self.difference,
                "low": self.difference_at(LOW),
                "high": self.difference_at(HIGH),
                "at least": self.bounds[0],
                "at most": self.bounds[1],
            }
        )


def what_if(
    ensemble: Ensemble,
    intervention: Intervention,
    outcome: NodeName,
    *,
    view: RecordView = "record",
) -> Comparison:
    """Compare an outcome with and without an intervention.

    If it is announced, players who are told plan again from the day on which they learn of it. If it
    is not, everyone plays as if nothing had changed. Both sides use the same draws with the weights of the whole
    record, so the difference is paired.

    Args:
        ensemble: The solved case.
        intervention: What is changed.
        outcome: The node to compare.
        view: `record`: given the whole record. `before`: given what was recorded before the change.

    Source: Hammond et al. (2023), pre- and post-policy interventions; for counterfactuals see
    `backchannel.questions.why.ask`.
    """
    changed = change(ensemble, intervention)
    return compare(ensemble, intervention, changed, outcome, view=view)


def compare(
    ensemble: Ensemble,
    intervention: Intervention,
    changed: ChangedWorld,
    outcome: NodeName,
    *,
    view: RecordView = "record",
) -> Comparison:
    """Compare an outcome in the case and in a changed world that is solved already.

    Both sides carry the base rates of nodes that come about before the change, and no others.
    """
    carried = carried_nodes(ensemble, before=changed.earliest)
    omits = len(carried) < len(carried_nodes(ensemble))
    ensemble = pooled(ensemble, before=changed.earliest)
    if view == "before" and is_past(ensemble, changed):
        before, after = (
            _forecast(ensemble, changed, world, outcome)
            for world in (ensemble.world, changed.world)
        )
        return Comparison(intervention, before, after, changed.cut, None, carried, omits)
    before = forecast_here(ensemble, outcome, record=ensemble.record, weights=ensemble.weights)
    if not is_past(ensemble, changed):
        after = _forecast(ensemble, changed, changed.world, outcome)
        return Comparison(intervention, before, after, None, None, carried, omits)
    chances = counterfactual(ensemble, changed.world).chances(outcome)
    shared, independent = (
        _as_forecast(ensemble, changed, outcome, chances[coupling]) for coupling in Coupling
    )
    return Comparison(intervention, before, shared, None, independent, carried, omits)


def _forecast(
    ensemble: Ensemble, changed: ChangedWorld, world: World, outcome: NodeName
) -> Forecast:
    """Forecast an outcome in one of the two worlds, given the part of the record that both share."""
    converged = ensemble.converged & changed.converged
    return forecast_in(
        ensemble,
        world,
        outcome,
        record=changed.record,
        weights=ensemble.weights * converged,
        converged=converged,
    )


def _as_forecast(
    ensemble: Ensemble,
    changed: ChangedWorld,
    outcome: NodeName,
    per_draw: Float[np.ndarray, "draw value"],
) -> Forecast:
    converged = ensemble.converged & changed.converged
    return Forecast(
        node=outcome,
        domain=ensemble.diagram.domains[outcome],
        per_draw=per_draw,
        weights=ensemble.weights * converged * np.isfinite(per_draw).all(axis=1),
        left_out=float(1.0 - converged.mean()),
    )


def worlds(lowered: Lowered) -> list[Intervention]:
    """The interventions in the case's own questions."""
    names = dict.fromkeys(question.intervention for question in _asked(lowered.questions))
    return [lowered.interventions[name] for name in names]


def ask(case: SolvedCase, earlier: Mapping[str, Any]) -> AskedComparisons:
    """Compare with every intervention in the case's questions, for the outcomes that they name."""
    del earlier
    return compare_asked(case.lowered, case.ensemble)


AskedComparisons = Mapping[str, list[Comparison] | Unanswered]
"""The comparisons of each part that answers questions of the case, by its name; or why it has none."""


def compare_asked(lowered: Lowered, ensemble: Ensemble) -> AskedComparisons:
    """Compare with every intervention in a case's questions, by the name of the part that answers them."""
    asked: dict[str, dict[NodeName, CaseQuestion]] = {}
    for question in _asked(lowered.questions):
        nodes = asked.setdefault(question.what_if, {})
        nodes |= {node: question for node, _ in question.outcomes}

    def compared(nodes: Mapping[NodeName, CaseQuestion]) -> list[Comparison]:
        return [
            what_if(
                ensemble, lowered.interventions[question.intervention], node, view=question.view
            )
            for node, question in nodes.items()
        ]

    return dict(zip(asked, answer_each("what_if", asked.items(), compared), strict=True))


def those_answered(comparisons: AskedComparisons | Unanswered) -> dict[str, list[Comparison]]:
    """The parts that have comparisons."""
    if isinstance(comparisons, Unanswered):
        return {}
    return {n: made for n, made in comparisons.items() if not isinstance(made, Unanswered)}


def compare_every_round(
    case: SolvedCase,
    intervention: Intervention,
    outcomes: Sequence[NodeName],
    *,
    view: RecordView = "record",
) -> list[Comparison]:
    """Compare some outcomes with and without an intervention; repeated outcomes in every round.

    Raises:
        CommandError: There is no such node.
    """
    nodes = every_round(case.case, case.lowered.diagram, outcomes)
    case.prepare([intervention])
    return [what_if(case.ensemble, intervention, node, view=view) for node in nodes]


def _asked(questions: Sequence[CaseQuestion]) -> list[CaseQuestion]:
    return [question for question in questions if question.kind == "what_if"]
