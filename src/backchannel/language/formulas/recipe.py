"""Work a formula out over the rows of a table.

Every factor is worked out here, from the tree: a column by its name, a function by the function
that its name stands for. The library `formulaic` is handed finished columns under names that it
only looks up; it writes words out as dummies, multiplies, and leaves out what would be collinear.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from backchannel.language.errors import CommandError
from backchannel.language.formulas.functions import FUNCTIONS
from backchannel.language.formulas.levels import as_numbers, named_level, sorted_levels
from backchannel.language.formulas.size import check_formula_size
from backchannel.language.formulas.tree import (
    Argument,
    ArithmeticOperation,
    BaseLevel,
    Call,
    ColumnRef,
    Constant,
    Factor,
    Formula,
    factor_label,
)

GAP = "missing"
"""The level of what is missing."""

_ARITHMETIC: Mapping[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}
_PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "log": np.log,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "I": lambda values: values,
    "offset": lambda values: values,
}


@dataclass
class Recipe:
    """How a formula's columns are made, with what the first rows said (means, knots, levels)."""

    formula: Formula
    levels_of: frozenset[str] = frozenset()
    """Columns that hold words because some formula of the case has them in `C()`."""
    states: dict[Call, dict[str, Any]] = field(default_factory=dict)
    spec: Any = None

    def on(self, table: Any) -> Any:
        """Lay the formula out over rows; the first rows settle what later ones are made with."""
        import pandas as pd

        worked = {factor_label(f): self._factor(f, table) for f in self.formula.factors}
        check_formula_size(self.formula, worked, len(table))
        # No column of the table is in reach: names are looked up among the factors alone.
        rows = pd.DataFrame(index=range(len(table)))
        if self.spec is not None:
            return self.spec.get_model_matrix(rows, context=worked)
        made: Any = _looked_up(self.formula).get_model_matrix(
            rows, context=worked, na_action="raise"
        )
        self.spec = made.model_spec
        return made

    def _factor(self, factor: Factor, table: Any) -> Any:
        values = self._value(factor, table)
        if isinstance(factor, Call) and factor.function != "C":
            columns = list(values.values()) if isinstance(values, dict) else [values]
            finite = np.isfinite(np.column_stack([np.asarray(c, float) for c in columns]))
            wrong = np.flatnonzero(~finite.all(axis=1))
            if len(wrong):
                raise CommandError(f"{factor} is no finite number in row {wrong[0] + 1}")
        return values

    def _value(self, part: Argument, table: Any) -> Any:
        match part:
            case Constant():
                return part.value
            case ColumnRef():
                values = table[part.name].reset_index(drop=True)
                return as_numbers(values) if part.name in self.levels_of else values
            case ArithmeticOperation():
                parts = [self._number(below, table) for below in part.parts]
                return _ARITHMETIC[part.sign](*parts) if len(parts) == 2 else -parts[0]
            case Call(function="C"):
                return self._categories(part, table)
            case Call(function="missing", argument=ColumnRef(name=name)):
                return table[name].isna().astype(float).reset_index(drop=True)
            case Call(function="fill"):
                return self._filled(part, table)
            case Call():
                argument = self._number(part.argument, table)
                if part.function in _PLAIN:
                    with np.errstate(all="ignore"):
                        return _PLAIN[part.function](argument)
                return self._basis(part, argument)

    def _number(self, part: Argument, table: Any) -> Any:
        """Work out a part that has to be numbers."""
        import pandas as pd

        values = self._value(part, table)
        if isinstance(part, ColumnRef):
            if not pd.api.types.is_numeric_dtype(values):
                raise CommandError(f"{part.name} holds words, and a function needs numbers")
            # Whole numbers would wrap around silently when they grow.
            values = values.astype(float)
        return values

    def _categories(self, call: Call, table: Any) -> Any:
        from formulaic.transforms import C
        from formulaic.transforms.contrasts import TreatmentContrasts

        assert isinstance(call.argument, ColumnRef)
        column = call.argument.name
        values = table[column].reset_index(drop=True)
        by_name = _by_name(call)
        base = by_name.get("contrasts")
        levels = list(by_name["levels"]) if "levels" in by_name else None
        first = base.level if isinstance(base, BaseLevel) else None
        if by_name.get("missing"):
            values = as_words(values)
        if column in self.levels_of and not _has_order(values):
            state = self.states.setdefault(call, {})
            known = state.setdefault("levels", sorted_levels(values))
            levels = [named_level(level, known, column) for level in levels or known]
            first = None if first is None else named_level(first, known, column)
            values = values.astype(object)
        _check_levels(call, values, levels)
        return C(
            values,
            None if first is None else TreatmentContrasts(base=first),
            levels=levels,
        )

    def _filled(self, call: Call, table: Any) -> Any:
        """A column of numbers with its gaps at the mean of what the first rows know."""
        values = self._number(call.argument, table)
        state = self.states.setdefault(call, {})
        if not state:
            state["mean"] = float(values.mean()) if values.notna().any() else 0.0
        return values.fillna(state["mean"])

    def _basis(self, call: Call, values: Any) -> Any:
        from formulaic import transforms

        makers: Mapping[str, Callable[..., Any]] = {
            "poly": transforms.poly,
            "bs": transforms.basis_spline,
            "cr": transforms.natural_cubic_spline,
            "scale": transforms.scale,
            "center": transforms.center,
        }
        state = self.states.setdefault(call, {})
        options = {k: list(v) if isinstance(v, tuple) else v for k, v in _by_name(call).items()}
        if call.function == "bs" and state:
            # As in R: beyond the rows that settled its knots, a spline goes on as it ends.
            options.setdefault("extrapolation", "extend")
        return makers[call.function](values, **options, _state=state)


def as_words(values: Any) -> Any:
    """A column as words, in which a gap is a word too.

    >>> import pandas as pd
    >>> as_words(pd.Series([2.0, None, 1.5])).tolist()
    ['2', 'missing', '1.5']
    """
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values):
        words = [GAP if pd.isna(value) else f"{value:.15g}" for value in values]
    else:
        words = [GAP if pd.isna(value) else str(value) for value in values]
    return pd.Series(words, dtype=object)


def _looked_up(formula: Formula) -> Any:
    """The formula as the library knows it: products of names that are looked up, and nothing else."""
    from formulaic.formula import SimpleFormula
    from formulaic.parser.types import Factor as Named
    from formulaic.parser.types import Term as Product

    one = [Named("1", eval_method="literal")]
    return SimpleFormula(
        [
            Product([Named(factor_label(factor), eval_method="lookup") for factor in term] or one)
            for term in formula.terms
        ]
    )


def _check_levels(call: Call, values: Any, levels: Sequence[Any] | None) -> None:
    """Check that every row has one of the levels; the library would count others as the first one."""
    if levels is None:
        return
    others = np.flatnonzero(~values.isin(levels).to_numpy())
    if len(others):
        first = values.iloc[others[0]]
        raise CommandError(
            f"'{first}' in row {others[0] + 1} is none of the levels of {call} "
            f"({', '.join(map(str, levels))})"
        )


def _has_order(column: Any) -> bool:
    """Say whether a column brings the order of its levels along."""
    import pandas as pd

    return isinstance(column.dtype, pd.CategoricalDtype)


def _by_name(call: Call) -> dict[str, Any]:
    """The options of a call, each under its name."""
    names = list(FUNCTIONS[call.function].options)
    return {name or names[place]: value for place, (name, value) in enumerate(call.options)}
