"""Pooling: reweight the worlds of a solved case so that nodes have their pooled chances.

Inside every draw, worlds are reweighted by soft evidence on the nodes with a base rate; the draws keep their
weights. Everything that depends on such a node moves with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.surgery import Intervention, first_change
from backchannel.ensemble.changed_models import announcement
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.outside import OutsideView
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName
from backchannel.tensors.inference import chances_given
from backchannel.tensors.soft_evidence import fit_soft_evidence


def pooled(ensemble: Ensemble, *, before: date | None = None) -> Ensemble:
    """The same ensemble, with the base rates of nodes that are not on record as soft evidence.

    Args:
        ensemble: The solved case.
        before: Only base rates of nodes that come about before this day; `None`: all.

    Returns:
        The ensemble itself, if no base rate is used.

    Raises:
        CommandError: Some nodes cannot have their pooled chances together; the error names them.
    """
    views = having_a_say(ensemble, before=before)
    if not views:
        return ensemble
    key = f"pooled {[view.node for view in views]} {ensemble.record!r}"
    if key not in ensemble.samples:
        ensemble.samples[key] = _with_soft_evidence(ensemble, views)
    return ensemble.samples[key]


def having_a_say(ensemble: Ensemble, *, before: date | None = None) -> list[OutsideView]:
    """The base rates that move a forecast: of nodes that are not on record, with a weight below 1."""
    recorded = {entry.node for entry in ensemble.record}
    dates = ensemble.diagram.dates
    return [
        view
        for view in ensemble.outside
        if view.node not in recorded
        and view.weight < 1.0
        and (before is None or dates[view.node] < before)
    ]


def carried_nodes(ensemble: Ensemble, *, before: date | None = None) -> tuple[NodeName, ...]:
    """The nodes of these base rates, as an answer about a change carries them."""
    return tuple(view.node for view in having_a_say(ensemble, before=before))


def pooled_before(ensemble: Ensemble, interventions: Sequence[Intervention]) -> Ensemble:
    """Pool only the base rates of nodes that come about before any of some interventions changes anything.

    A comparison uses the result on both sides: what comes after the change is the case's own answer.
    """
    return pooled(ensemble, before=change_begins(ensemble.diagram, interventions))


def change_begins(diagram: Diagram, interventions: Sequence[Intervention]) -> date | None:
    """The first day on which some interventions change anything, or are known; `None` without any."""
    days = []
    for intervention in interventions:
        days.append(first_change(diagram, intervention))
        if intervention.announced != "never":
            days.append(announcement(diagram, intervention)[0])
    return min(days, default=None)


def _with_soft_evidence(ensemble: Ensemble, views: Sequence[OutsideView]) -> Ensemble:
    usable = np.flatnonzero(ensemble.weights > 0)
    evidence = ensemble.evidence
    wanted = {}
    for view in views:
        inside = chances_given(ensemble.world, keep=(view.node,), evidence=evidence)
        wanted[view.node] = view.pool(inside)
    fitted = fit_soft_evidence(ensemble.world, evidence, wanted, usable)
    missed = [name for name, draws in fitted.missed.items() if draws.any()]
    if missed:
        raise CommandError(_cannot(missed))
    return replace(ensemble, soft=fitted.logs, outside=(), samples={})


def _cannot(nodes: Sequence[str]) -> str:
    remedy = "Raise the weight, correct the counts, or leave the base rate out."
    if len(nodes) == 1:
        return (
            f"base_rates: {nodes[0]} cannot have the chances of its base rate: with the others, they give "
            f"probability to something that cannot happen in this case. {remedy}"
        )
    names = " and ".join((", ".join(nodes[:-1]), nodes[-1]))
    return (
        f"base_rates: {names} cannot have their pooled chances together: no way in which this case can go on "
        f"gives all of them. {remedy}"
    )
