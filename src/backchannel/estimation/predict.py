"""Predict new rows with a fit: the chance of each outcome, and which rows cannot be predicted, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from backchannel.estimation.document import PredictionView
from backchannel.estimation.fit import Fit, covariates_of, needed_covariates
from backchannel.estimation.gaps import SHOWN, say_dropped, with_gaps
from backchannel.estimation.outcomes import OutcomeChances
from backchannel.estimation.plays import alike, read_table
from backchannel.estimation.predictive import predictive_chances
from backchannel.language.errors import CommandError
from backchannel.language.formulas import level_columns
from backchannel.language.names import did_you_mean, first_few
from backchannel.wording.result import Result


@dataclass(frozen=True)
class Prediction(Result):
    """What a fit predicts of new rows."""

    table: pd.DataFrame
    """One row for each row of the new table: the chance of each outcome; empty where there is none."""
    remarks: tuple[str, ...]
    """Counts of rows without a prediction, of new categories and of new groups."""

    def to_frame(self) -> pd.DataFrame:
        """One row for each new row: its number and the chance of each outcome."""
        return self.table

    def document(self) -> PredictionView:
        """The mean chances and the remarks."""
        means = self.table.iloc[:, 1:].mean()
        return PredictionView(
            rows=len(self.table),
            means={str(name): float(mean) for name, mean in means.items()},
            remarks=list(self.remarks),
        )


def predict(fit: Fit, data: Any) -> Prediction:
    """Predict new rows.

    A category that the fit has not seen counts as the mean of those it has; a group that it has not
    seen has no effect of its own. A row that lacks a covariate has no prediction, unless the formula
    gives the gap a meaning.

    Args:
        fit: The fit.
        data: The rows: a file or a DataFrame, with the covariates of the case's formulas.

    Raises:
        CommandError: A column is missing, no row can be predicted, or there is no maximum.
    """
    if fit.found.endless:
        raise CommandError(
            "The fit has no maximum, so it predicts nothing. Draw its coefficients towards 0 (--ridge), "
            "or leave a covariate out."
        )
    lowered, asked = fit.lowered, covariates_of(fit.lowered)
    levels = level_columns(lowered.linear.values())
    table = read_table(data, words=levels)
    known = [str(name) for name in table.columns]
    missing = [
        f"There is no column '{n}'.{did_you_mean(n, known)}" for n in asked if n not in known
    ]
    if missing:
        raise CommandError("\n".join(missing))
    if not len(table):
        raise CommandError("The table of new rows has no rows.")
    table = with_gaps(table, lowered.diagram, asked, levels=levels)
    needed = sorted(needed_covariates(lowered))
    complete = table[needed].notna().all(axis=1).to_numpy() if needed else np.ones(len(table), bool)
    remarks = []
    if not complete.all():
        rows = [int(i) + 1 for i in np.flatnonzero(~complete)]
        remarks.append(say_dropped(rows, [n for n in needed if table[n].isna().any()]))
    if not complete.any():
        raise CommandError(
            f"Every new row lacks a value of {' or '.join(needed)}: none can be predicted."
        )
    used = table[complete].reset_index(drop=True)
    places = np.flatnonzero(complete) + 1
    remarks += _news(fit, used, places)
    chances, has_play, outcomes = _chances(fit, used)
    if not has_play.all():
        rows = first_few(places[~has_play], SHOWN)
        remarks.append(
            f"Play was not found in {int((~has_play).sum()):,} rows, which have no prediction: {rows}."
        )
    made = np.full((len(table), len(outcomes)), np.nan)
    made[complete] = np.where(has_play[:, None], chances, np.nan)
    columns = {f"P({label})": column for label, column in zip(outcomes, made.T, strict=True)}
    return Prediction(pd.DataFrame({"row": np.arange(len(table)) + 1, **columns}), tuple(remarks))


def _chances(fit: Fit, used: Any) -> tuple[np.ndarray, np.ndarray, list[str]]:
    chances = OutcomeChances(
        fit.lowered, fit.problem, fit.plays.nodes, len(used), alike=alike(used, covariates_of(fit.lowered))
    )  # fmt: skip
    design = fit.problem.design.on(used)
    made, has_play = predictive_chances(fit.problem, fit.found.values, design, used, chances)
    return made, has_play, [outcome.label for outcome in chances.outcomes]


def _news(fit: Fit, used: Any, places: np.ndarray) -> list[str]:
    """Name the categories and the groups that the fit has not seen."""
    said = []
    for news in fit.problem.design.news(used):
        rows = first_few(places[news.rows], SHOWN)
        values = first_few(sorted({str(v) for v in used[news.column][news.rows]}), SHOWN)
        count = int(news.rows.sum())
        what = (
            "counts as the mean of the categories seen"
            if news.is_category
            else "is a new group, without an effect of its own"
        )
        said.append(f"{news.column}: {values} {what}, in {count:,} rows ({rows}).")
    return list(dict.fromkeys(said))
