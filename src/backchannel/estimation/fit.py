"""Fit a case to a table of plays: choose the free numbers and estimate them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from backchannel.case.lowered import Lowered
from backchannel.estimation.coefficient_names import coefficient_hint
from backchannel.estimation.estimate import estimate
from backchannel.estimation.fit_options import FitOptions, prepare_options
from backchannel.estimation.fitted import FittedCoefficients, RatioTest, ratio_test
from backchannel.estimation.gaps import SHOWN
from backchannel.estimation.given_numbers import read_numbers
from backchannel.estimation.likelihood import Likelihood
from backchannel.estimation.make_design import design_of
from backchannel.estimation.plays import PlayTable, alike, describe_dropped, read_plays, read_table
from backchannel.estimation.problem import FitProblem
from backchannel.estimation.spreads import choose_spreads
from backchannel.language.errors import CommandError
from backchannel.language.formulas import formula_columns, level_columns, needed_columns
from backchannel.language.names import first_few
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game
from backchannel.wording.result import Result

if TYPE_CHECKING:
    from backchannel.estimation.posterior import Posterior
    from backchannel.estimation.predict import Prediction


@dataclass(frozen=True)
class Fit(Result):
    """A case fitted to plays."""

    lowered: Lowered = field(repr=False)
    options: FitOptions
    plays: PlayTable = field(repr=False)
    problem: FitProblem = field(repr=False)
    found: FittedCoefficients

    @property
    def bases(self) -> dict[str, str]:
        """The level of each categorical covariate that the others are compared with."""
        bases: dict[str, str] = {}
        for part in self.problem.design.parts:
            bases |= part.base
        return bases

    @property
    def remarks(self) -> list[str]:
        """What a reader of the table should know."""
        dropped = describe_dropped(self.plays)
        return [*([dropped] if dropped else []), *self.found.trouble]

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """Every row's fitted numbers."""
        design = self.problem.design
        return pd.DataFrame(design.rows(self.found.values), columns=list(design.numbers))

    def coefficient(self, name: str) -> float:
        """One coefficient, by its name in the table."""
        known = list(self.found.names)
        if name not in known:
            raise CommandError(f"There is no coefficient '{name}'.{coefficient_hint(name, known)}")
        return float(self.found.values[known.index(name)])

    def against(self, fixed: Mapping[str, float]) -> RatioTest:
        """Test the coefficients against some of them fixed, by the ratio of likelihoods."""
        fixed = read_numbers(self.lowered, fixed)
        summed = tuple(name for name in self.options.summed if name not in fixed)
        merged = replace(self.options, fixed={**self.options.fixed, **fixed}, summed=summed)
        small = fit_plays(self.lowered, self.plays, merged)
        return ratio_test(self.found, small.found)

    def predict(self, data: Any) -> Prediction:
        """Predict the rows of another table: the chance of each outcome in each of them.

        Raises:
            CommandError: A column is missing, no row can be predicted, or there is no maximum.
        """
        from backchannel.estimation.predict import predict

        return predict(self, data)

    def posterior(self, **options: Any) -> Posterior:
        """Sample what the numbers may be, given the plays and their priors.

        Args:
            options: Of `estimation.posterior.sample`: `chains`, `samples`, `seed`, `progress`.

        Raises:
            CommandError: The packages that this needs are not installed.
        """
        from backchannel.estimation.posterior import sample

        return sample(self.found, **options)

    @property
    def errors(self) -> str:
        """The kind of standard errors: clustered where a column of clusters was named."""
        return "clustered" if self.options.clusters else "hessian"

    def to_frame(self, errors: str | None = None) -> pd.DataFrame:
        """The regression table.

        Args:
            errors: hessian, sandwich or clustered; if left out, `errors` of this fit.
        """
        return self.found.to_frame(errors or self.errors)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False, float_format="{:.4f}".format)


def fit(lowered: Lowered, data: str | Path | Any, options: FitOptions) -> Fit:
    """Fit a case to a table of plays.

    Numbers with a formula (`linear`) depend on covariates. Numbers whose prior is a distribution are
    estimated as one number for all plays. Numbers whose prior is a number are fixed.

    Raises:
        CommandError: The table does not fit the case, or the plays do not identify the coefficients.
    """
    options = prepare_options(lowered, options)
    # Nodes, levels and clusters are words, however much they look like numbers.
    levels = level_columns(lowered.linear.values())
    words = {*lowered.diagram.order, *levels, *([options.clusters] if options.clusters else [])}
    plays = read_plays(
        read_table(data, words=words),
        lowered.diagram,
        covariates=covariates_of(lowered),
        needed=needed_covariates(lowered),
        levels=levels,
        weights=options.weights,
        clusters=options.clusters,
    )
    return fit_plays(lowered, plays, options)


def fit_plays(lowered: Lowered, plays: PlayTable, options: FitOptions) -> Fit:
    """Fit a case to plays that were read already."""
    problem = problem_of(lowered, plays, options)
    _check_possible(lowered, plays, problem)
    problem = choose_spreads(problem, ridge=options.ridge)
    return Fit(lowered, options, plays, problem, estimate(problem, starts=options.starts))


def problem_of(lowered: Lowered, plays: PlayTable, options: FitOptions) -> FitProblem:
    """Set up the estimation."""
    design = design_of(
        lowered,
        plays.table,
        fixed=options.fixed,
        same=options.same,
        is_penalised=options.ridge is not None,
    )
    game = fixed_game(lowered, options)
    return FitProblem(
        likelihood=Likelihood(
            game,
            design.numbers,
            plays.evidence,
            beliefs=lowered.beliefs,
            types={name: lowered.priors[name] for name in options.summed},
            alike=alike(plays.table, covariates_of(lowered)),
        ),
        design=design,
        weights=plays.weights,
        clusters=plays.clusters,
        use_priors=options.use_priors,
    )


def covariates_of(lowered: Lowered) -> list[str]:
    """The columns that the case's formulas use."""
    return sorted({c for formula in lowered.linear.values() for c in formula_columns(formula)})


def needed_covariates(lowered: Lowered) -> frozenset[str]:
    """Of these columns the ones whose gaps no formula gives a meaning to."""
    return frozenset().union(*map(needed_columns, lowered.linear.values()))


def fixed_game(lowered: Lowered, options: FitOptions) -> Game:
    """The case with one draw: fixed numbers as they are, the others wherever."""
    numbers = {
        name: np.array([options.fixed.get(name, prior.at(0.5))])
        for name, prior in lowered.priors.items()
    }
    endless = [name for name, value in numbers.items() if not np.isfinite(value).all()]
    if endless:
        raise CommandError(
            f"{', '.join(endless)}: fitting supports only finite numbers. Fix it at one "
            f"(--fix {endless[0]}=50), or give it a distribution as its prior."
        )
    return compile_game(lowered.diagram, numbers)


def _check_possible(lowered: Lowered, plays: PlayTable, problem: FitProblem) -> None:
    """Name plays that are impossible for all coefficients."""
    start = problem.design.rows(problem.design.start())
    at_start = problem.likelihood.on_principal_branch(start)
    bad = np.flatnonzero(np.isneginf(at_start.log))
    if not len(bad):
        return
    first = bad[0]
    seen = []
    for node, laid in plays.evidence.items():
        if laid[first].sum() == 1:
            seen.append(f"{node} = {lowered.diagram.domains[node][int(laid[first].argmax())]}")
    rows = first_few(plays.rows[bad], SHOWN)
    raise CommandError(
        f"Row {rows}: this play is impossible in the case ({', '.join(seen)}). Leave nodes that "
        "were not reached empty."
    )
