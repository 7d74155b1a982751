"""Probe a case: work its tables out at the medians and corners of the priors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from backchannel.case.grid import outside
from backchannel.case.report import Report
from backchannel.case.schema import Case
from backchannel.diagram.beliefs import Belief, views
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived
from backchannel.diagram.surgery import Intervention
from backchannel.diagram.tables import menu_table, node_table, worth_terms
from backchannel.errors import MechanismError
from backchannel.names import ParameterName, round_number
from backchannel.priors import Prior

CORNER = 0.001
"""Quantile that stands for the end of a prior."""
MIXED_CORNERS = 24
"""Corners with every number at one end or the other, beside those with one number at an end."""


def probe(
    report: Report,
    diagram: Diagram,
    beliefs: Sequence[Belief],
    interventions: Mapping[str, Intervention],
    priors: Mapping[ParameterName, Prior],
) -> None:
    """Fill every table in where the priors are most likely to break it."""
    numbers = corners(priors)
    for node in diagram.nodes:
        if diagram.likeness[node.name] != node.name:
            continue  # Its table was looked at in an earlier round.
        path = ("nodes", node.name)
        try:
            if isinstance(node, Decision):
                menu_table(diagram, node)
            else:
                node_table(diagram, node, numbers)
        except MechanismError as error:
            report.error(path, error.message)
    for interest in diagram.interests:
        if (round_number(interest.name) or 0) > 2:
            continue  # Rounds are alike but for their discount.
        try:
            worth_terms(diagram, interest, numbers)
        except MechanismError as error:
            report.error(("interests", interest.name, "worth"), error.message)
    for view, belief in views(beliefs):
        path = ("beliefs", *[part for player in view for part in ("about", player)][1:])
        own = {**numbers, **{n: numbers[instead] for n, instead in belief.parameters.items()}}
        for name, node in belief.nodes.items():
            _mechanism(report, (*path, "nodes", name), diagram, node, own)
        for node in diagram.nodes:
            if diagram.likeness[node.name] != node.name:
                continue
            if node.names & set(belief.parameters) and not isinstance(node, Decision):
                _mechanism(report, (*path, "parameters"), diagram, node, own)
    for name, intervention in interventions.items():
        for node in intervention.mechanisms.values():
            _mechanism(report, ("causes", name, "mechanisms", node.name), diagram, node, numbers)


def warn_of_clamping(
    report: Report, case: Case, diagram: Diagram, priors: Mapping[ParameterName, Prior]
) -> None:
    """Note numbers that reach outside of their grid, where they are put on its end."""
    numbers = corners(priors)
    for node in diagram.nodes:
        if not isinstance(node, Chance) or case.nodes[node.name].grid is None:
            continue
        if diagram.likeness[node.name] != node.name:
            continue
        miss = outside(diagram, node, numbers)
        if miss:
            where = f" where {miss[1]}" if miss[1] else ""
            report.warn(
                ("nodes", node.name, "grid"),
                f"the number can be {miss[0]:g}{where}, outside of the grid, and is put on its end. "
                "Widen the grid, or say with clip(...) that the end holds.",
            )


def corners(priors: Mapping[ParameterName, Prior]) -> dict[ParameterName, np.ndarray]:
    """The medians; each number at either end with the others at their medians; mixed ends."""
    names = list(priors)
    rows = [np.full(len(names), 0.5)]
    for i, name in enumerate(names):
        if not priors[name].is_fixed:
            for end in (CORNER, 1 - CORNER):
                rows.append(np.where(np.arange(len(names)) == i, end, 0.5))
    generator = np.random.default_rng(0)
    for _ in range(MIXED_CORNERS):
        rows.append(np.where(generator.random(len(names)) < 0.5, CORNER, 1 - CORNER))
    shares = np.array(rows).T
    return {name: _at(priors[name], share) for name, share in zip(names, shares, strict=True)}


def _at(prior: Prior, shares: np.ndarray) -> np.ndarray:
    levels = np.array([CORNER, 0.5, 1 - CORNER])
    found = prior.quantile(levels)
    return found[np.searchsorted(levels, shares)]


def _mechanism(
    report: Report,
    path: tuple,
    diagram: Diagram,
    node: Chance | Derived,
    numbers: Mapping[ParameterName, np.ndarray],
) -> None:
    nodes = tuple(node if other.name == node.name else other for other in diagram.nodes)
    try:
        node_table(replace(diagram, nodes=nodes), node, numbers)
    except MechanismError as error:
        report.error(path, error.message)
