"""What if: compare an outcome with and without an intervention, on the same draws.

A change after the end of the record is compared by inference, given the whole record. A change before it is a
counterfactual, which is answered by the paired worlds of `why`, given the whole record too. The other view of
it, from the day of the change, is there on request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.case.lower.named import every_round
from backchannel.case.lowered import CaseQuestion, Lowered
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import ChangedWorld, change
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.pooling import carried_nodes, pooled
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.names import NodeName, RecordView
from backchannel.questions.counterfactuals.counterfactual import counterfactual, is_past
from backchannel.questions.forecast.ask import Forecast, forecast_here, forecast_in
from backchannel.questions.unanswered import Unanswered, answer_each
from backchannel.questions.what_if.results import Comparison
from backchannel.questions.why.replay import Coupling
from backchannel.tensors.inference import World


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
