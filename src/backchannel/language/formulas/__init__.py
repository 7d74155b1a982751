"""Formulas: a number of the case as a linear function of covariates, spelt as in R.

A formula is read by our own parser into a frozen tree, and the tree is worked out by our own code.
No text of a formula is ever evaluated.
"""

from backchannel.language.formulas.columns import DesignMatrix, describe_bases, design_matrix
from backchannel.language.formulas.levels import (
    as_levels,
    as_numbers,
    level_columns,
    sorted_levels,
)
from backchannel.language.formulas.new_levels import new_rows
from backchannel.language.formulas.read import (
    formula_columns,
    needed_columns,
    parse_for_fit,
    parse_formula,
)
from backchannel.language.formulas.tokens import FormulaError

__all__ = [
    "DesignMatrix",
    "FormulaError",
    "as_levels",
    "as_numbers",
    "describe_bases",
    "design_matrix",
    "formula_columns",
    "level_columns",
    "needed_columns",
    "new_rows",
    "parse_for_fit",
    "parse_formula",
    "sorted_levels",
]
