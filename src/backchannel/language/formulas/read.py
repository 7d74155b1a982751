"""Read a formula, and say which columns it needs and whether a fit can use it."""

from __future__ import annotations

from functools import lru_cache

from backchannel.language.formulas.grammar import FormulaReader
from backchannel.language.formulas.tokens import FormulaError
from backchannel.language.formulas.tree import (
    Formula,
    factor_label,
)


@lru_cache(maxsize=256)
def parse_formula(text: str) -> Formula:
    """Read a formula.

    Args:
        text: As in R: `1 + x + C(z)`.

    Raises:
        FormulaError: It is not in the language, or too large; every problem is told.

    >>> [[str(factor) for factor in term] for term in parse_formula("(a + log(b))^2").terms]
    [[], ['a'], ['log(b)'], ['a', 'log(b)']]
    """
    return FormulaReader(text).formula()


def formula_columns(text: str) -> frozenset[str]:
    """The columns that a formula names.

    >>> sorted(formula_columns("1 + balance + log(distance) + C(regime)"))
    ['balance', 'distance', 'regime']

    Raises:
        FormulaError: It is no formula.
    """
    return parse_formula(text).variables


def needed_columns(text: str) -> frozenset[str]:
    """The columns that a formula reads as they are, so that a row with a gap there cannot be used.

    >>> sorted(needed_columns("1 + cr(fill(age), df=3) + missing(age) + C(regime, missing=true) + x"))
    ['x']

    Raises:
        FormulaError: It is no formula.
    """
    return parse_formula(text).needed


def parse_for_fit(text: str) -> Formula:
    """Read a formula that a fit can use.

    Raises:
        FormulaError: It is no formula, has no column, or has effects that fitting does not know.
    """
    formula = parse_formula(text)
    if any(group.terms != ((),) for group in formula.groups):
        first = text.index("|") + 1
        message = "only the intercept can differ from group to group, as in (1 | g)."
        raise FormulaError(text, [(first, message)])
    groups = [group.label for group in formula.groups]
    if len(set(groups)) < len(groups):
        raise FormulaError(text, [(text.index("|") + 1, "one group effect stands there twice.")])
    if not formula.terms:
        raise FormulaError(text, [(1, "nothing is left in it: it has no intercept and no column.")])
    labels = ["1", "Intercept", *map(factor_label, formula.factors)]
    twice = [name for name in labels if labels.count(name) > 1]
    if twice:
        message = f"two different parts are called '{twice[0]}'; rename the column."
        raise FormulaError(text, [(1, message)])
    return formula
