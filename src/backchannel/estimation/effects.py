"""What a fitted case predicts: chances of outcomes, and what a covariate does to them.

Errors come from those of the coefficients by the delta method: an answer's slope by the
coefficients, worked out by central differences, against their covariances.

Source: Oehlert (1992) for the delta method; Long & Freese (2014) for average marginal effects.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from backchannel.estimation.fit import Fit, covariates_of
from backchannel.estimation.likelihood import Likelihood
from backchannel.estimation.plays import alike
from backchannel.language.errors import CommandError
from backchannel.language.formulas import sorted_levels
from backchannel.language.names import NodeName, Value, did_you_mean

NUDGE = 1e-5


@dataclass(frozen=True)
class FittedEffect:
    """An answer and its standard error."""

    outcome: str
    covariate: str
    """Empty for a chance by itself; for a level of a category `regime=dem`."""
    value: float
    error: float


def averages(fit: Fit, node: NodeName, *, errors: str = "hessian") -> list[FittedEffect]:
    """The chances of a node's values, then what each covariate does to them."""
    return [*chances(fit, node, errors=errors), *marginal_effects(fit, node, errors=errors)]


def chances(fit: Fit, node: NodeName, *, errors: str = "hessian") -> list[FittedEffect]:
    """The chance of each value of a node, mean over the plays."""
    predict = _Predictor(fit, node)
    effects = _with_errors(fit, lambda beta: predict(beta, fit.plays.table), errors)
    return [
        FittedEffect(label, "", *numbers)
        for label, numbers in zip(predict.labels, effects, strict=True)
    ]


def marginal_effects(fit: Fit, node: NodeName, *, errors: str = "hessian") -> list[FittedEffect]:
    """What each covariate does to the chance of each value of a node, mean over the plays.

    Of a number: the change per unit of it. Of a category: the change from its base to a level.
    """
    predict = _Predictor(fit, node)
    table = fit.plays.table
    fitted_effects = []
    for covariate in covariates_of(fit.lowered):
        for label, change in _changes(predict, table, covariate, fit.bases):
            effects = _with_errors(fit, change, errors)
            fitted_effects += [
                FittedEffect(outcome, label, *numbers)
                for outcome, numbers in zip(predict.labels, effects, strict=True)
            ]
    return fitted_effects


class _Predictor:
    """Mean chances of a node's values at some coefficients and some covariates."""

    def __init__(self, fit: Fit, node: NodeName) -> None:
        domains = fit.lowered.diagram.domains
        if node not in domains:
            raise CommandError(
                f"No node is called '{node}'.{did_you_mean(node, list(domains))} "
                f"There are: {', '.join(domains)}."
            )
        self.fit = fit
        self.domain: tuple[Value, ...] = domains[node]
        self.labels = [f"{node}={value}" for value in self.domain]
        rows = len(fit.plays.table)
        labels = alike(fit.plays.table, covariates_of(fit.lowered))
        game = fit.problem.likelihood.game
        numbers = fit.problem.design.numbers
        beliefs = fit.lowered.beliefs
        self.likelihoods = [
            Likelihood(
                game,
                numbers,
                {node: np.tile(row, (rows, 1))},
                beliefs=beliefs,
                types=fit.problem.likelihood.types,
                alike=labels,
            )
            for row in np.eye(len(self.domain))
        ]

    def __call__(self, beta: np.ndarray, table: Any) -> Float[np.ndarray, " value"]:
        design = self.fit.problem.design
        if table is not self.fit.plays.table:
            design = design.on(table)
        numbers, weights = design.rows(beta), self.fit.plays.weights
        rows = [likelihood.on_principal_branch(numbers) for likelihood in self.likelihoods]
        played = weights > 0
        # An outcome that cannot happen has no slope, which is no failure of play.
        is_found = [row.settled | np.isneginf(row.log) for row in rows]
        if not all(is_there[played].all() for is_there in is_found):
            return np.full(len(rows), np.nan)
        chances = [weights[played] @ np.exp(row.log[played]) for row in rows]
        return np.array(chances) / weights.sum()


def _changes(
    predict: _Predictor, table: Any, covariate: str, bases: dict[str, str]
) -> list[tuple[str, Callable[[np.ndarray], np.ndarray]]]:
    column = table[covariate]
    values = {str(value): value for value in column}
    if covariate in bases or not _is_measured(column):
        # Without an intercept every level has a coefficient, and none is named the base.
        base = bases.get(covariate, sorted_levels(values)[0])
        levels = [level for level in sorted_levels(values) if level != base]

        def between(level: str) -> Callable[[np.ndarray], np.ndarray]:
            return lambda beta: (
                _at_level(predict, table, covariate, values[level], beta)
                - _at_level(predict, table, covariate, values[base], beta)
            )

        return [(f"{covariate}={level}", between(level)) for level in levels]
    step = NUDGE * max(float(column.std()), 1e-6)
    up = table.assign(**{covariate: column + step})
    down = table.assign(**{covariate: column - step})
    return [(covariate, lambda beta: (predict(beta, up) - predict(beta, down)) / (2 * step))]


def _is_measured(column: Any) -> bool:
    """Say whether a column holds numbers, and not words or true and false."""
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _at_level(
    predict: _Predictor, table: Any, covariate: str, level: Any, beta: np.ndarray
) -> np.ndarray:
    return predict(beta, table.assign(**{covariate: level}))


def _with_errors(
    fit: Fit, answer: Callable[[np.ndarray], np.ndarray], errors: str
) -> list[tuple[float, float]]:
    beta = fit.found.values
    value = answer(beta)
    slopes = np.zeros((len(value), len(beta)))
    for i in range(len(beta)):
        step = NUDGE * max(1.0, abs(beta[i]))
        move = np.zeros(len(beta))
        move[i] = step
        slopes[:, i] = (answer(beta + move) - answer(beta - move)) / (2 * step)
    spread = np.einsum("vi,ij,vj->v", slopes, fit.found.covariance(errors), slopes)
    with np.errstate(invalid="ignore"):
        return [(float(v), float(np.sqrt(s))) for v, s in zip(value, spread, strict=True)]
