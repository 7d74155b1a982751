"""Probe a case: evaluate its tables at the medians and corners of the priors."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from math import prod

import numpy as np

from backchannel.case.lower.corners import corners, pieces
from backchannel.case.lower.grid import outside
from backchannel.case.lower.report import CaseReport
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import Case
from backchannel.diagram.beliefs import Belief, walk_beliefs
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived, actual_values
from backchannel.diagram.rivals import WrittenRival, build_written
from backchannel.diagram.surgery import Intervention
from backchannel.diagram.tables import menu_table, node_table, worth_terms
from backchannel.language.errors import MechanismError
from backchannel.language.names import ParameterName, Value, round_number
from backchannel.language.priors import Prior


def probe(
    report: CaseReport,
    diagram: Diagram,
    beliefs: Sequence[Belief],
    changes: Mapping[KeyPath, Intervention],
    priors: Mapping[ParameterName, Prior],
    left_out: frozenset[str] = frozenset(),
    doubtful_worths: frozenset[str] = frozenset(),
) -> None:
    """Evaluate every table where the priors are most likely to break it.

    Args:
        report: Collects the problems.
        diagram: The diagram of the case.
        beliefs: What players wrongly believe.
        changes: The interventions of the case, by the place where they are written.
        priors: The distributions of all numbers.
        left_out: Nodes and numbers of which a table that depends on them is not evaluated; see `unsound`.
        doubtful_worths: Interests whose worth cannot be evaluated.
    """
    numbers = corners(priors)
    _probe_true_case(report, diagram, numbers, left_out, doubtful_worths)
    for name, node in diagram.thinking.level_0.items():
        _mechanism(report, ("level_0", name), diagram, node, numbers, left_out)
    for view, belief in walk_beliefs(beliefs):
        path = ("beliefs", *[part for player in view for part in ("about", player)][1:])
        known = {name: by for name, by in belief.parameters.items() if by in numbers}
        unknown = left_out | (belief.parameters.keys() - known.keys())
        wrong = {name: numbers[instead] for name, instead in known.items()}
        own = ChainMap(wrong, numbers)  # type: ignore[arg-type]
        for name, node in belief.nodes.items():
            _mechanism(report, (*path, "nodes", name), diagram, node, own, unknown)
        for node in diagram.nodes:
            if diagram.likeness[node.name] != node.name:
                continue
            if node.names & set(belief.parameters) and not isinstance(node, Decision):
                _mechanism(report, (*path, "parameters"), diagram, node, own, unknown)
    for path, intervention in changes.items():
        _probe_change(report, path, diagram, intervention, numbers, left_out)


def probe_rivals(
    report: CaseReport,
    diagram: Diagram,
    beliefs: Sequence[Belief],
    rivals: Sequence[WrittenRival],
    priors: Mapping[ParameterName, Prior],
    left_out: frozenset[str] = frozenset(),
) -> None:
    """Evaluate what rivals replace, in their own structures."""
    numbers = corners(priors)
    for rival in rivals:
        own = build_written(rival, diagram, beliefs).diagram
        _probe_change(report, ("rivals", rival.name), own, rival.change, numbers, left_out)


def _probe_change(
    report: CaseReport,
    path: KeyPath,
    diagram: Diagram,
    change: Intervention,
    numbers: Mapping[ParameterName, np.ndarray],
    left_out: frozenset[str],
) -> None:
    """Evaluate new mechanisms, and those in which a number is replaced."""
    replaced = {
        name: np.full_like(next(iter(numbers.values())), value)
        for name, value in change.parameters.items()
        if not isinstance(value, str)
    }
    own: Mapping[ParameterName, np.ndarray] = ChainMap(replaced, numbers)  # type: ignore[arg-type]
    for node in change.mechanisms.values():
        _mechanism(report, (*path, "mechanisms", node.name), diagram, node, own, left_out)
    for node in diagram.nodes:
        if isinstance(node, Decision) or diagram.likeness[node.name] != node.name:
            continue
        if node.name in change.mechanisms or not node.names & replaced.keys():
            continue
        _mechanism(report, (*path, "parameters"), diagram, node, own, left_out)


def unsound(
    report: CaseReport,
    diagram: Diagram,
    beliefs: Sequence[Belief],
    changes: Mapping[KeyPath, Intervention],
    priors: Mapping[ParameterName, Prior],
    broken: Collection[str],
) -> frozenset[str]:
    """Name the nodes and numbers of a case with problems that no table can depend on."""
    changed = [
        *diagram.thinking.level_0.values(),
        *(node for _, belief in walk_beliefs(beliefs) for node in belief.nodes.values()),
        *(node for change in changes.values() for node in change.mechanisms.values()),
    ]
    named = {name for node in (*diagram.nodes, *changed) for name in node.names}
    named |= {name for interest in diagram.interests for name in interest.worth.names}
    lacking = {name for name in named if name not in diagram.node and name not in priors}
    doubtful = {
        node.name
        for node in diagram.nodes
        if report.doubts_node(node.name) or report.doubts_values(node.name)
    }
    doubtful |= {name for name in priors if report.doubts_part(("parameters", name))}
    return frozenset({*broken, *lacking, *doubtful})


def _probe_true_case(
    report: CaseReport,
    diagram: Diagram,
    numbers: Mapping[ParameterName, np.ndarray],
    left_out: frozenset[str],
    doubtful_worths: frozenset[str],
) -> None:
    for node in diagram.nodes:
        if diagram.likeness[node.name] != node.name:
            continue  # An earlier round has the same table.
        if left_out & {node.name, *node.names}:
            continue
        path = ("nodes", node.name)
        try:
            if isinstance(node, Decision):
                menu_table(diagram, node)
            else:
                _fill(diagram, node, numbers)
        except MechanismError as error:
            report.error(path, error.message)
    for interest in diagram.interests:
        if (round_number(interest.name) or 0) > 2:
            continue  # Rounds differ only by their discount.
        if left_out & interest.worth.names or interest.name in doubtful_worths:
            continue
        try:
            for piece in pieces(
                numbers, interest.worth.names, _cells(diagram, interest.worth.names)
            ):
                worth_terms(diagram, interest, piece)
        except MechanismError as error:
            report.error(("interests", interest.name, "worth"), error.message)


def warn_of_clamping(
    report: CaseReport, case: Case, diagram: Diagram, priors: Mapping[ParameterName, Prior]
) -> None:
    """Warn about numbers that lie outside of their grid."""
    numbers = corners(priors)
    for node in diagram.nodes:
        if not isinstance(node, Chance) or case.nodes[node.name].grid is None:
            continue
        if diagram.likeness[node.name] != node.name:
            continue
        cells = _cells(diagram, diagram.parents(node.name))
        corner_pieces = pieces(numbers, node.names, cells)
        misses = [miss for part in corner_pieces if (miss := outside(diagram, node, part))]
        if misses:
            miss = max(misses, key=lambda candidate: _beyond(actual_values(node), candidate[0]))
            where = f" where {miss[1]}" if miss[1] else ""
            report.warn(
                ("nodes", node.name, "grid"),
                f"the number can be {miss[0]:g}{where}, outside of the grid, and then becomes the grid's "
                "end. Widen the grid, or write clip(...) if that is intended.",
            )


def _fill(
    diagram: Diagram, node: Chance | Derived, numbers: Mapping[ParameterName, np.ndarray]
) -> None:
    for piece in pieces(numbers, node.names, _cells(diagram, {*node.names, node.name})):
        node_table(diagram, node, piece)


def _cells(diagram: Diagram, names: Collection[str]) -> int:
    return prod(len(diagram.domains[name]) for name in names if name in diagram.domains)


def _beyond(grid: Sequence[Value], number: float) -> float:
    """Return how far a number lies outside of a grid."""
    return max(number - float(grid[-1]), float(grid[0]) - number)


def _mechanism(
    report: CaseReport,
    path: KeyPath,
    diagram: Diagram,
    node: Chance | Derived,
    numbers: Mapping[ParameterName, np.ndarray],
    left_out: frozenset[str],
) -> None:
    if left_out & {node.name, *node.names} or node.name not in diagram.node:
        return
    nodes = tuple(node if other.name == node.name else other for other in diagram.nodes)
    try:
        _fill(replace(diagram, nodes=nodes), node, numbers)
    except MechanismError as error:
        report.error(path, error.message)
