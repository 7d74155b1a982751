"""Formulas: a number of the case as a linear function of covariates, spelt as in R.

A formula is read by our own parser into a frozen tree, and the tree is worked out by our own code.
No text of a formula is ever evaluated.
"""

from backchannel.language.formulas.columns import Laid, as_shown, matrix
from backchannel.language.formulas.read import parse, usable, variables
from backchannel.language.formulas.tokens import FormulaError

__all__ = ["FormulaError", "Laid", "as_shown", "matrix", "parse", "usable", "variables"]
