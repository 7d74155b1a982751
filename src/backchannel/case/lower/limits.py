"""Limits of numbers: a capacity is at least 0 and the scale of an order above 0, for every draw of a prior."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from backchannel.case.lower.corners import corners, pieces
from backchannel.case.lower.report import CaseReport
from backchannel.case.read.document import KeyPath
from backchannel.diagram.diagram import Diagram
from backchannel.language.coded_words import node_axes
from backchannel.language.errors import ExpressionError
from backchannel.language.evaluation import evaluate
from backchannel.language.expressions import Expression
from backchannel.language.names import ParameterName
from backchannel.language.priors import Prior


@dataclass(frozen=True)
class LimitedNumber:
    """A number of the file that may not be below a limit."""

    path: KeyPath
    expression: Expression
    """The number, with quantities expanded."""
    what: str
    """What it is called in a message."""
    least: float
    """The number must be at least this; −inf, if it must only be a number."""
    is_open: bool = False
    """Whether it must be above `least`."""
    remedy: str = ""
    """What to write instead, as a sentence."""


def check_limits(
    report: CaseReport,
    diagram: Diagram,
    numbers: Iterable[LimitedNumber],
    priors: Mapping[ParameterName, Prior],
) -> frozenset[KeyPath]:
    """Report numbers that can be impossible at some corner of the priors.

    Returns:
        The paths of these numbers.
    """
    ends = corners(priors)
    wrong: set[KeyPath] = set()
    for number in numbers:
        if not number.expression.names <= diagram.node.keys() | ends.keys():
            continue
        try:
            low, high = _range(number.expression, diagram, ends)
        except ExpressionError as error:
            # A word: which names are words is known only with the diagram.
            wrong.add(number.path)
            report.error(number.path, f"{number.what} must be a number. {error.message}")
            continue
        if np.isnan(low) or np.isinf([low, high]).any():
            problem = "must be a number, but it can be infinite or undefined."
        elif low < number.least or (number.is_open and low <= number.least):
            bound = "above" if number.is_open else "at least"
            problem = f"must be {bound} {number.least:g}, but it can be {low:g}. {number.remedy}"
        else:
            continue
        wrong.add(number.path)
        report.error(number.path, f"{number.what} {problem.rstrip()}")
    return frozenset(wrong)


def _range(
    expression: Expression, diagram: Diagram, ends: Mapping[ParameterName, np.ndarray]
) -> tuple[float, float]:
    """Smallest and largest value of an expression over its nodes and the ends of the priors."""
    scope = [name for name in diagram.order if name in expression.names]
    axes = node_axes(diagram.domains, scope)
    lows, highs = [], []
    for piece in pieces(ends, expression.names, 1):
        values = evaluate(expression, {**axes, **piece})
        lows.append(np.min(values))
        highs.append(np.max(values))
    return float(np.min(lows)), float(np.max(highs))
