"""Evaluate a case on rows that it has not seen, beside the baselines.

All choices (the strength of ridge, the spread of groups, which of several cases, the weights of a stack) use the
training rows only, in separate folds; no held-out row has any influence.

Source: Stone (1974) for choosing within the training rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from backchannel.case.lowered import Lowered
from backchannel.estimation.evaluate.baselines import (
    NEEDS,
    Baseline,
    baselines,
    is_installed,
    usable,
)
from backchannel.estimation.evaluate.case_model import CaseModel
from backchannel.estimation.evaluate.evaluation import EvaluateOptions, Evaluation
from backchannel.estimation.evaluate.parts import CASE, EvaluatedRows, PartPrediction, predict_part
from backchannel.estimation.evaluate.score_predictions import score_predictions
from backchannel.estimation.evaluate.splits import Splits, split_by, split_forward
from backchannel.estimation.fit import covariates_of, needed_covariates
from backchannel.estimation.fit_options import prepare_options
from backchannel.estimation.plays import PlayTable, describe_dropped, read_plays, read_table
from backchannel.language.errors import CommandError
from backchannel.language.formulas import level_columns
from backchannel.language.names import did_you_mean, first_few
from backchannel.language.number_ranges import SEED_RANGE
from backchannel.machine.reports import Progress, Silence
from backchannel.workers.workers import PieceWork, workers

FEWEST_FOLDS, MOST_FOLDS = 2, 100


def evaluate_case(
    lowered: Lowered, data: Any, options: EvaluateOptions, progress: Progress | None = None
) -> Evaluation:
    """Score a case, and the baselines, on rows that they have not seen.

    Args:
        lowered: The case.
        data: A table of plays: a file or a DataFrame.
        options: What is predicted from what.
        progress: Told how far it is.

    Raises:
        CommandError: The table does not fit the case, or cannot be cut as asked.
    """
    progress = progress or Silence()
    _check(options)
    cases = {CASE: lowered, **options.candidates}
    plays, split_column = _read(cases, data, options)
    splits = _splits(split_column, options)
    fits = {name: prepare_options(case, options.fit) for name, case in cases.items()}
    models = [CaseModel(name, case, plays, fits[name], plays.nodes) for name, case in cases.items()]
    first = models[0].chances
    for model in models[1:]:
        if model.chances.outcomes != first.outcomes:
            raise CommandError(
                f"{model.name} has other outcomes than the case, so they cannot be compared."
            )
    agree = first.compatible(plays.evidence)
    whole = agree.sum(axis=1) == 1
    remarks = [*splits.remarks, *_unusable(plays, whole)]
    seen = agree.argmax(axis=1)
    chosen_baselines, more = _baselines(cases, plays, options)
    remarks += more
    rows = EvaluatedRows(tuple(models), tuple(chosen_baselines), plays, seen, whole)
    made, parts = _predictions(rows, splits, progress)
    return score_predictions(
        options, plays, splits, first.outcomes, seen, made, parts, chosen_baselines, remarks
    )


def _check(options: EvaluateOptions) -> None:
    SEED_RANGE.read_whole(options.seed, "seed")
    if (options.by is None) == (options.forward is None):
        raise CommandError(
            "Say how rows are held out: --by COLUMN keeps groups whole, --forward COLUMN goes forward in "
            "time. One of them."
        )
    if options.begin is not None and options.forward is None:
        raise CommandError(
            "--from says where prediction begins along --forward COLUMN, which is missing."
        )
    if not (isinstance(options.folds, int) and FEWEST_FOLDS <= options.folds <= MOST_FOLDS):
        raise CommandError(f"folds is a whole number from {FEWEST_FOLDS} to {MOST_FOLDS}.")


def _read(
    cases: Mapping[str, Lowered], data: Any, options: EvaluateOptions
) -> tuple[PlayTable, Any]:
    """The rows that every case can use, and the column along which they are cut."""
    lowered = cases[CASE]
    by = options.by or options.forward or ""
    covariates = sorted({name for case in cases.values() for name in covariates_of(case)})
    needed = frozenset().union(*(needed_covariates(case) for case in cases.values()))
    levels = level_columns(text for case in cases.values() for text in case.linear.values())
    table = read_table(data, words={*lowered.diagram.order, *levels})
    unknown = [name for name in options.leave_out if name not in table.columns]
    if unknown:
        known = [str(name) for name in table.columns]
        raise CommandError(
            "\n".join(f"There is no column '{n}'.{did_you_mean(n, known)}" for n in unknown)
        )
    plays = read_plays(
        table,
        lowered.diagram,
        covariates=covariates,
        needed=needed,
        levels=levels,
        weights=options.fit.weights,
        clusters=by,
    )
    if not np.allclose(plays.weights, np.round(plays.weights)):
        raise CommandError("Weights must be whole numbers of plays to be held out.")
    return plays, pd.Series(plays.clusters)


def _splits(column: Any, options: EvaluateOptions) -> Splits:
    if options.by is not None:
        return split_by(column, options.by, folds=options.folds, seed=options.seed)
    assert options.forward is not None
    return split_forward(
        column, options.forward, folds=options.folds, begin=options.begin, seed=options.seed
    )


def _unusable(plays: PlayTable, whole: np.ndarray) -> list[str]:
    dropped = describe_dropped(plays)
    said = [dropped] if dropped else []
    if not whole.any():
        raise CommandError(
            "No row shows everything that makes an outcome, so that nothing can be scored."
        )
    if not whole.all():
        rows = plays.rows[~whole]
        said.append(
            f"{len(rows):,} rows do not show all of {', '.join(plays.nodes)}: they are used for fitting "
            f"and not scored ({first_few(rows, 5)})."
        )
    return said


def _baselines(
    cases: Mapping[str, Lowered], plays: PlayTable, options: EvaluateOptions
) -> tuple[list[Baseline], list[str]]:
    if not options.with_baselines:
        return [], []
    if not is_installed():
        return [], [f"Logit, boosting and stacks are missing. {NEEDS}"]
    own = [name for name in covariates_of(cases[CASE]) if name not in options.leave_out]
    aside = {*plays.nodes, *options.leave_out, options.by, options.forward, options.fit.weights}
    every = [str(name) for name in plays.table.columns if name not in aside]
    table = plays.table
    said = []
    every, wide = usable(table, every)
    own, _ = usable(table, own)
    if wide:
        said.append(f"Baselines do not see columns of many different words: {', '.join(wide)}.")
    return baselines(own, list(dict.fromkeys([*own, *every]))), said


def _predictions(
    rows: EvaluatedRows, splits: Splits, progress: Progress
) -> tuple[dict[str, np.ndarray], list[dict[str, Any]]]:
    """Each model's chances in the rows that are held out, and what was chosen in each part."""
    made = {name: np.full((len(rows.seen), rows.n_outcomes), np.nan) for name in rows.names}
    notes: dict[int, dict[str, Any]] = {}

    def keep(i: int, part: PartPrediction) -> None:
        notes[i] = part.note
        for name, chances in part.chances.items():
            made[name][part.rows] = chances

    progress.stage("evaluating", len(splits.parts))
    job = PieceWork(predict_part, rows, splits.parts.__getitem__, keep, progress.advance)
    # In this process, a part uses all processors by itself.
    for _ in workers().carry_out(job, range(len(splits.parts)), at_once=1):
        pass
    return made, [notes[i] for i in sorted(notes)]
