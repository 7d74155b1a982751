"""What an evaluation is asked and what it finds: options, and the scores of every model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from backchannel.case.lowered import Lowered
from backchannel.estimation.evaluate.parts import CASE
from backchannel.estimation.evaluate.scores import (
    CalibrationBin,
    ModelScore,
)
from backchannel.estimation.fit_options import FitOptions
from backchannel.language.errors import CommandError
from backchannel.language.names import did_you_mean
from backchannel.wording.result import Result


@dataclass(frozen=True)
class EvaluateOptions:
    """What is predicted from what."""

    by: str | None = None
    """Column whose groups are kept whole in the folds."""
    forward: str | None = None
    """Column of numbers or dates along which one goes forward in time."""
    begin: Any = None
    """With `forward`, the first time that is predicted, from all that came before it."""
    folds: int = 10
    fit: FitOptions = field(default_factory=lambda: FitOptions(ridge="folds"))
    candidates: Mapping[str, Lowered] = field(default_factory=dict)
    """More cases of the same plays; the one that predicts best inside of what is trained on is taken."""
    leave_out: tuple[str, ...] = ()
    """Columns that baselines on all covariates do not see, such as those that tell the outcome."""
    with_baselines: bool = True
    seed: int = 0


@dataclass(frozen=True)
class Evaluation(Result):
    """How well a case and the baselines predicted rows that they had not seen."""

    options: EvaluateOptions
    outcomes: tuple[str, ...]
    counts: tuple[int, ...]
    """How often each outcome was seen in the rows that were predicted."""
    scores: tuple[ModelScore, ...]
    bins: tuple[CalibrationBin, ...]
    chosen: pd.DataFrame = field(repr=False)
    """For each part: how many rows, and what was chosen from what it was trained on."""
    rows: pd.DataFrame = field(repr=False)
    """For each predicted row: its place in the table, its part, what was seen, and each model's loss."""
    n_groups: int
    columns: Mapping[str, tuple[str, ...]]
    """The covariates that each baseline saw."""
    remarks: tuple[str, ...]
    """Counts of what was left out, and what was not there."""

    def to_frame(self) -> pd.DataFrame:
        """One row a model: log score, Brier score, PRL and its interval, difference to the case."""
        return pd.DataFrame(
            [
                {
                    "model": s.name,
                    "log_score": s.log_score,
                    "brier": s.brier,
                    "prl": s.prl,
                    "prl_low": s.prl_interval[0],
                    "prl_high": s.prl_interval[1],
                    "difference": s.difference,
                    "difference_low": s.difference_interval[0],
                    "difference_high": s.difference_interval[1],
                }
                for s in self.scores
            ]
        )

    def prl(self, model: str = CASE) -> float:
        """One model's proportional reduction in loss.

        Raises:
            CommandError: No model has this name.
        """
        known = {s.name: s.prl for s in self.scores}
        if model not in known:
            raise CommandError(
                f"No model is called '{model}'.{did_you_mean(model, list(known))} There are: "
                f"{', '.join(known)}."
            )
        return known[model]
