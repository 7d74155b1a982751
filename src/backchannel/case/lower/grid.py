"""Grids: a continuous number becomes a node with few values, and keeps its mean.

A number between two grid values is split between them in proportion: on a grid of hundreds, 130 becomes
100 with probability 0.7 and 200 with probability 0.3. This keeps the mean exactly and adds a variance
of at most a quarter of the squared step. Rounding to the nearest value would not: a flow of 30 per
round would never change a stock on a grid of hundreds. A number outside of the grid becomes its end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance
from backchannel.diagram.tables import TOLERANCE, possible
from backchannel.language.coded_words import node_axes
from backchannel.language.evaluation import evaluate
from backchannel.language.expressions import Expression, Tree
from backchannel.language.names import NOT_APPLICABLE, Value


def on_grid(number: Expression, grid: Sequence[float]) -> dict[Value, Expression]:
    """Write the probability of each grid value as an expression.

    Each is 1 at its own value and falls linearly to 0 at its neighbours; beyond the ends it stays 1.

    >>> weights = on_grid(Expression(Tree("name", value="x")), [0, 100, 200])
    >>> list(weights)
    [0, 100, 200]
    """
    weights: dict[Value, Expression] = {}
    for i, value in enumerate(grid):
        sides = []
        if i > 0:
            sides.append(_slope(number.tree, grid[i - 1], value))
        if i < len(grid) - 1:
            sides.append(_slope(number.tree, grid[i + 1], value))
        inner = sides[0] if len(sides) == 1 else Tree("call", tuple(sides), "min")
        ends = (Tree("number", value=0.0), Tree("number", value=1.0))
        weights[value] = Expression(Tree("call", (inner, *ends), "clip"), number.text)
    return weights


def number_behind(weights: Mapping[Value, Expression]) -> Expression:
    """Return the number that `on_grid` put on a grid."""
    first = next(iter(weights.values()))
    slope = first.tree.parts[0]
    return Expression(slope.parts[0].parts[0], first.text)


def outside(
    diagram: Diagram, node: Chance, numbers: Mapping[str, np.ndarray]
) -> tuple[float, str] | None:
    """Find the number that lies farthest outside of a grid, and its context; None if all lie inside.

    Args:
        diagram: The graph.
        node: A node on a grid.
        numbers: Parameters at the corners of their priors.
    """
    number = number_behind(node.weights)
    scope = diagram.parents(node.name)
    values = {**node_axes(diagram.domains, scope)}
    values |= {name: numbers[name] for name in number.names if name in numbers}
    results = evaluate(number, values)
    results = np.where(possible(diagram, scope)[..., None], results, np.nan)
    low, high = node.domain[0], [v for v in node.domain if v != NOT_APPLICABLE][-1]
    over = np.nan_to_num(np.maximum(results - float(high), float(low) - results), nan=-np.inf)
    where = np.unravel_index(int(np.argmax(over)), over.shape)
    if over[where] <= TOLERANCE * max(1.0, abs(float(high))):
        return None
    pairs = zip(scope, where, strict=False)
    context = ", ".join(f"{name} = {diagram.domains[name][i]}" for name, i in pairs)
    return float(results[where]), context


def _slope(number: Tree, zero: float, unit: float) -> Tree:
    """Write the line that is 0 at one number and 1 at another."""
    shifted = Tree("-", (number, Tree("number", value=float(zero))))
    return Tree("/", (shifted, Tree("number", value=float(unit - zero))))
