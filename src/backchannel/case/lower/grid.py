"""Grids: a number that can lie anywhere becomes a node with few values, its mean kept.

A number between two grid values is split between them in proportion: 130 on a grid of hundreds is
100 with probability 0.7 and 200 with 0.3. Its mean is kept exactly, whatever the steps, at the price
of a variance of at most a quarter of the squared step. The nearest value would keep neither: a flow
of 30 a round would never move a stock on a grid of hundreds. A number outside of the grid is put on
its end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance
from backchannel.diagram.tables import TOLERANCE, possible
from backchannel.language.evaluation import evaluate, node_axes
from backchannel.language.expressions import Expression, Tree
from backchannel.language.names import NOT_APPLICABLE, Value


def on_grid(number: Expression, grid: Sequence[float]) -> dict[Value, Expression]:
    """The probability of each grid value, as an expression.

    Each is a tent: 1 at its own value, falling to 0 at its neighbours; at the ends it stays at 1.

    >>> weights = on_grid(Expression(Tree("name", value="x")), [0, 100, 200])
    >>> list(weights)
    [0, 100, 200]
    """
    found: dict[Value, Expression] = {}
    for i, value in enumerate(grid):
        sides = []
        if i > 0:
            sides.append(_slope(number.tree, grid[i - 1], value))
        if i < len(grid) - 1:
            sides.append(_slope(number.tree, grid[i + 1], value))
        inner = sides[0] if len(sides) == 1 else Tree("call", tuple(sides), "min")
        ends = (Tree("number", value=0.0), Tree("number", value=1.0))
        found[value] = Expression(Tree("call", (inner, *ends), "clip"), number.text)
    return found


def number_behind(weights: Mapping[Value, Expression]) -> Expression:
    """The number that `on_grid` put on a grid."""
    first = next(iter(weights.values()))
    slope = first.tree.parts[0]
    return Expression(slope.parts[0].parts[0], first.text)


def outside(
    diagram: Diagram, node: Chance, numbers: Mapping[str, np.ndarray]
) -> tuple[float, str] | None:
    """The worst miss of a grid, and in which context of its parents; nothing if it holds all.

    Args:
        diagram: The graph.
        node: A node on a grid.
        numbers: Parameters at the ends of their priors.
    """
    number = number_behind(node.weights)
    scope = diagram.parents(node.name)
    values = {**node_axes(diagram.domains, scope)}
    values |= {name: numbers[name] for name in number.names if name in numbers}
    found = evaluate(number, values)
    found = np.where(possible(diagram, scope)[..., None], found, np.nan)
    low, high = node.domain[0], [v for v in node.domain if v != NOT_APPLICABLE][-1]
    over = np.nan_to_num(np.maximum(found - float(high), float(low) - found), nan=-np.inf)
    where = np.unravel_index(int(np.argmax(over)), over.shape)
    if over[where] <= TOLERANCE * max(1.0, abs(float(high))):
        return None
    pairs = zip(scope, where, strict=False)
    context = ", ".join(f"{name} = {diagram.domains[name][i]}" for name, i in pairs)
    return float(found[where]), context


def _slope(number: Tree, zero: float, one: float) -> Tree:
    """The line that is 0 at one number and 1 at another."""
    shifted = Tree("-", (number, Tree("number", value=float(zero))))
    return Tree("/", (shifted, Tree("number", value=float(one - zero))))
