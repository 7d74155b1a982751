"""A case as a predictor: fitted to some rows, it gives the chance of each outcome in all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from backchannel.case.lowered import Lowered
from backchannel.estimation.design import RIDGE
from backchannel.estimation.fit import covariates_of, problem_of
from backchannel.estimation.fit_options import FitOptions
from backchannel.estimation.folds import Folds
from backchannel.estimation.make_design import design_of
from backchannel.estimation.newton import newton
from backchannel.estimation.objective import Objective
from backchannel.estimation.outcomes import OutcomeChances
from backchannel.estimation.plays import PlayTable, alike
from backchannel.estimation.predictive import predictive_chances
from backchannel.estimation.problem import FitProblem
from backchannel.estimation.spreads import choose_spreads
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName


@dataclass(frozen=True)
class CasePrediction:
    """What a case predicts after it was fitted to some of the rows."""

    chances: Float[np.ndarray, "row outcome"]
    """Of all rows; nan where play was not found."""
    spreads: dict[str, float]
    """The deviation of each block of coefficients that was shrunk towards 0."""

    @property
    def chosen(self) -> str:
        """What was chosen from the rows that it was fitted to, in words."""
        said = []
        for name, spread in self.spreads.items():
            said.append(f"ridge {spread**-2:.3g}" if name == RIDGE else f"({name}) {spread:.2g}")
        return ", ".join(said)


class CaseModel:
    """A case and all rows, compiled once for all folds."""

    def __init__(
        self,
        name: str,
        lowered: Lowered,
        plays: PlayTable,
        options: FitOptions,
        nodes: tuple[NodeName, ...],
    ) -> None:
        """Prepare.

        Args:
            name: What the case is called in the tables.
            lowered: The case.
            plays: All rows.
            options: How it is fitted.
            nodes: The nodes whose values make an outcome together.
        """
        self.name, self.lowered, self.plays, self.options = name, lowered, plays, options
        self.problem = problem_of(lowered, plays, options)
        self.chances = OutcomeChances(
            lowered,
            self.problem,
            nodes,
            len(plays.weights),
            alike=alike(plays.table, covariates_of(lowered)),
        )

    def __reduce__(self) -> Any:
        # Programs are compiled where they run.
        return CaseModel, (self.name, self.lowered, self.plays, self.options, self.chances.nodes)

    def begin_again(self) -> None:
        """Forget what was played last, so that a fold depends on no other."""
        self.problem.likelihood.begin_again()
        self.chances.begin_again()

    def predict(self, train: Bool[np.ndarray, " row"], inner: Folds) -> CasePrediction:
        """Fit to some rows, and predict all.

        Args:
            train: The rows that it is fitted to.
            inner: The folds in which a strength is chosen.
        """
        problem = choose_spreads(self._on(train), ridge=self.options.ridge, folds=inner)
        return CasePrediction(self._fitted(problem), dict(problem.spreads))

    def left_out(
        self,
        train: Bool[np.ndarray, " row"],
        inner: Folds,
        spreads: dict[str, float],
    ) -> Float[np.ndarray, "row outcome"]:
        """Predict each row that is trained on from others of them; nan where no fold predicts it.

        Args:
            train: The rows that are trained on.
            inner: The folds in which they are predicted.
            spreads: As they were chosen from all of them.
        """
        made = np.full((len(train), len(self.chances.outcomes)), np.nan)
        for kept, held in inner.pairs(train):
            made[held] = self._fitted(replace(self._on(kept), spreads=spreads))[held]
        return made

    def _on(self, train: Bool[np.ndarray, " row"]) -> FitProblem:
        """The problem in which only some rows count; knots, scales and levels are theirs."""
        options = self.options
        design = design_of(
            self.lowered,
            self.plays.table[train].reset_index(drop=True),
            fixed=options.fixed,
            same=options.same,
            is_penalised=options.ridge is not None,
        )
        weights = np.where(train, self.plays.weights, 0.0)
        return replace(
            self.problem, design=design.on(self.plays.table), weights=weights, clusters=None
        )

    def _fitted(self, problem: FitProblem) -> Float[np.ndarray, "row outcome"]:
        objective = Objective(problem)
        beta = objective.outside(newton(objective))
        if not np.isfinite(objective.at(beta)[0]):
            raise CommandError(
                f"{self.name} could not be fitted to the rows of a fold: no play was found at which they "
                "are possible. Give its numbers priors nearer to where you expect them."
            )
        made, has_play = predictive_chances(
            problem, beta, problem.design, self.plays.table, self.chances
        )
        return np.where(has_play[:, None], made, np.nan)
