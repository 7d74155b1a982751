"""Tables: evaluate a diagram's mechanisms and worths, by broadcasting over draws.

Here the draws are the last axis, where NumPy broadcasts parameters by itself; in `tensors` and above
they are the first.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Bool, Float

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived, Interest, Node
from backchannel.language.coded_words import CodedWords, node_axes, value_indicator
from backchannel.language.errors import ExpressionError, MechanismError
from backchannel.language.evaluation import evaluate, evaluate_words
from backchannel.language.expressions import Expression
from backchannel.language.names import NOT_APPLICABLE, NodeName

TOLERANCE = 1e-9
"""Largest error of probabilities and of their sum."""

ParameterDraws = Mapping[str, Float[np.ndarray, " draw"]]


def node_table(
    diagram: Diagram, node: Chance | Derived, parameters: ParameterDraws
) -> Float[np.ndarray, "... draw"]:
    """Compute P(node | parents) of a chance or derived node.

    Args:
        diagram: The diagram of the node.
        node: The node.
        parameters: For each parameter its value in every draw.

    Returns:
        A table; axes: parents in order of time, the node, the draw (length 1 if it uses no
        parameter).

    Raises:
        MechanismError: In some context of some draw, the numbers are not probabilities.
    """
    parents = diagram.parents(node.name)
    values = {**node_axes(diagram.domains, parents), **_numbers(node.names, parameters)}
    shape = tuple(len(diagram.domains[p]) for p in parents)
    n_draws = max((len(parameters[n]) for n in node.names if n in parameters), default=1)
    happens = possible(diagram, parents)[..., None]
    exists = _truth(node, values, (*shape, 1))
    actual = [value for value in node.domain if value != NOT_APPLICABLE]
    try:
        if isinstance(node, Derived):
            result = evaluate_words(node.value, values)
            columns = value_indicator(result, actual)
            rows = np.stack([np.broadcast_to(c, (*shape, n_draws)) * 1.0 for c in columns], -2)
        else:
            columns = [evaluate(node.weights[value], values) for value in actual]
            rows = np.stack([np.broadcast_to(c, (*shape, n_draws)) for c in columns], -2)
    except ExpressionError as error:
        raise MechanismError(node.name, error.message) from None
    must_be_valid = np.broadcast_to(happens & exists, (*shape, n_draws))
    _check(diagram, node, rows, must_be_valid, parameters)
    total = rows.sum(axis=-2, keepdims=True)
    even = np.full_like(rows, 1.0 / len(actual))
    with np.errstate(invalid="ignore", divide="ignore"):
        rows = np.where(must_be_valid[..., None, :], rows / total, even)
    if NOT_APPLICABLE in node.domain:
        there = np.broadcast_to(exists * 1.0, (*shape, n_draws))[..., None, :]
        rows = np.concatenate([rows * there, 1.0 - there], axis=-2)
    return rows


def menu_table(diagram: Diagram, decision: Decision) -> Bool[np.ndarray, ...]:
    """Compute which actions are available in each context, by `when` and `allowed`.

    Returns:
        Axes: what the decision sees in order of time, then its domain. Every context has at least
        one action: n/a if the decision does not exist.

    Raises:
        MechanismError: In some context, no action is available.
    """
    seen = diagram.parents(decision.name)
    values = node_axes(diagram.domains, seen)
    shape = tuple(len(diagram.domains[name]) for name in seen)
    exists = _truth(decision, values, (*shape, 1))[..., 0]
    columns = []
    for action in decision.domain:
        if action == NOT_APPLICABLE:
            columns.append(~exists)
            continue
        on_menu = np.broadcast_to(exists, shape).copy()
        if action in decision.allowed:
            condition = evaluate(decision.allowed[action], values) != 0
            on_menu &= np.broadcast_to(condition, (*shape, 1))[..., 0]
        columns.append(on_menu)
    menu = np.stack([np.broadcast_to(column, shape) for column in columns], axis=-1)
    empty = ~menu.any(axis=-1)
    if (empty & possible(diagram, seen)).any():
        where = np.argwhere(empty & possible(diagram, seen))[0]
        context = _context(diagram, seen, where)
        raise MechanismError(decision.name, f"no action is allowed where {context}.")
    menu[empty] = True
    return menu


def worth_terms(
    diagram: Diagram, interest: Interest, parameters: ParameterDraws
) -> list[tuple[tuple[NodeName, ...], Float[np.ndarray, "... draw"]]]:
    """Compute an interest as a sum of tables over as few nodes as possible.

    Returns:
        Scope and table of each term; axes: the scope in order of time, the draw.

    Raises:
        MechanismError: A worth is not a number in a possible context.
    """
    tables: dict[tuple[NodeName, ...], np.ndarray] = {}
    for term in diagram.terms(interest):
        scope = diagram.in_time(term.names)
        table = _worth(diagram, interest, term, scope, parameters)
        tables[scope] = tables[scope] + table if scope in tables else table
    return list(tables.items())


def possible(diagram: Diagram, scope: tuple[NodeName, ...]) -> Bool[np.ndarray, ...]:
    """Mark the cells of a table over some nodes that do not contradict a node's `when`.

    Only conditions on nodes of the scope are checked.
    """
    shape = tuple(len(diagram.domains[name]) for name in scope)
    result = np.ones(shape, dtype=bool)
    values = node_axes(diagram.domains, scope)
    for axis, name in enumerate(scope):
        node = diagram.node[name]
        if node.when is None or not node.when.names <= set(scope):
            continue
        exists = np.broadcast_to(evaluate(node.when, values) != 0, (*shape, 1))[..., 0]
        is_missing = np.array([value == NOT_APPLICABLE for value in node.domain])
        lengths = [len(is_missing) if i == axis else 1 for i in range(len(scope))]
        result &= exists != is_missing.reshape(lengths)
    return result


def _worth(
    diagram: Diagram,
    interest: Interest,
    term: Expression,
    scope: tuple[NodeName, ...],
    parameters: ParameterDraws,
) -> np.ndarray:
    values = {**node_axes(diagram.domains, scope), **_numbers(term.names, parameters)}
    shape = tuple(len(diagram.domains[name]) for name in scope)
    n_draws = max((len(parameters[n]) for n in term.names if n in parameters), default=1)
    try:
        table = np.broadcast_to(evaluate(term, values), (*shape, n_draws))
    except ExpressionError as error:
        raise MechanismError(f"{interest.name} (an interest)", error.message) from None
    wrong = ~np.isfinite(table) & possible(diagram, scope)[..., None]
    if wrong.any():
        where = np.argwhere(wrong)[0]
        context = _context(diagram, scope, where[:-1])
        raise MechanismError(
            f"{interest.name} (an interest)",
            f"the worth is not a number{' where ' + context if context else ''}"
            f"{_draw(term.names, parameters, where[-1])}. A node that is n/a has no number: use "
            "if/else to check whether it exists.",
        )
    return np.where(np.isfinite(table), table, 0.0)


def _numbers(names: frozenset[str], parameters: ParameterDraws) -> dict[str, np.ndarray]:
    return {name: np.asarray(parameters[name]) for name in names if name in parameters}


def _truth(
    node: Node, values: Mapping[str, CodedWords | np.ndarray], shape: tuple[int, ...]
) -> np.ndarray:
    if node.when is None:
        return np.ones(shape, dtype=bool)
    return np.broadcast_to(evaluate(node.when, values) != 0, shape)


def _check(
    diagram: Diagram,
    node: Chance | Derived,
    rows: np.ndarray,
    needed: np.ndarray,
    parameters: ParameterDraws,
) -> None:
    total = rows.sum(axis=-2)
    problems = [(~np.isfinite(rows).all(axis=-2), "give a result that is not a number")]
    if isinstance(node, Derived):
        problems.append((total < 0.5, "give a value that is not in its domain"))
    elif node.normalised:
        problems.append(((rows < 0).any(axis=-2), "give odds below 0"))
        problems.append((total <= 0, "give odds that are all 0"))
    else:
        outside = ((rows < -TOLERANCE) | (rows > 1 + TOLERANCE)).any(axis=-2)
        problems.append((outside, "give a probability outside 0 to 1"))
        problems.append((np.abs(total - 1) > TOLERANCE, "give probabilities that do not sum to 1"))
    parents = diagram.parents(node.name)
    for wrong, what in problems:
        bad = wrong & needed
        if not bad.any():
            continue
        where = np.argwhere(bad)[0]
        context = _context(diagram, parents, where[:-1])
        shown = ", ".join(
            f"{value}: {rows[(*where[:-1], i, where[-1])]:.4g}"
            for i, value in enumerate(v for v in node.domain if v != NOT_APPLICABLE)
        )
        raise MechanismError(
            node.name,
            f"the mechanism would {what}{' where ' + context if context else ''}"
            f"{_draw(node.names, parameters, where[-1])} ({shown}).",
        )


def _context(diagram: Diagram, scope: tuple[NodeName, ...], where: np.ndarray) -> str:
    return ", ".join(f"{n} = {diagram.domains[n][i]}" for n, i in zip(scope, where, strict=True))


def _draw(names: frozenset[str], parameters: ParameterDraws, index: int) -> str:
    own = sorted(name for name in names if name in parameters)
    shown = [
        f"{name} = {parameters[name][min(index, len(parameters[name]) - 1)]:.4g}" for name in own
    ]
    return f", with {', '.join(shown)}" if shown else ""
