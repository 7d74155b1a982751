"""Compose the document of an evaluation."""

from __future__ import annotations

from backchannel.case.lowered import Lowered
from backchannel.estimation.evaluate.document import (
    CalibrationView,
    EvaluationView,
    PartView,
    ScoredModelView,
    SeenOutcomeView,
)
from backchannel.estimation.evaluate.evaluation import Evaluation
from backchannel.estimation.evaluate.stack import STACK
from backchannel.wording.pieces import Facts, clean, clean_or_none

FIXED_KEYS = ("part", "train", "test", "never")


def compose_evaluation(
    evaluation: Evaluation, lowered: Lowered, *, case: str, data: str
) -> EvaluationView:
    """Put an evaluation into words and numbers.

    Args:
        evaluation: What was found.
        lowered: The case.
        case: The name under which it was opened.
        data: The name of the table's file; empty for a table in memory.
    """
    return EvaluationView(
        evaluated_case=case,
        title=lowered.case.case,
        data=data,
        split=_split(evaluation),
        scored=len(evaluation.rows),
        groups=evaluation.n_groups,
        outcomes=[
            SeenOutcomeView(outcome=name, count=count)
            for name, count in zip(evaluation.outcomes, evaluation.counts, strict=True)
        ],
        models=[
            ScoredModelView(
                name=score.name,
                log_score=clean_or_none(score.log_score),
                brier=clean(score.brier),
                prl=clean_or_none(score.prl),
                low=clean_or_none(score.prl_interval[0]),
                high=clean_or_none(score.prl_interval[1]),
                difference=clean_or_none(score.difference),
                difference_low=clean_or_none(score.difference_interval[0]),
                difference_high=clean_or_none(score.difference_interval[1]),
                covariates=list(evaluation.columns.get(score.name.removeprefix(STACK), ())),
            )
            for score in evaluation.scores
        ],
        calibration=[
            CalibrationView(
                model=row.model,
                predicted=clean(row.predicted),
                happened=clean(row.happened),
                count=row.count,
            )
            for row in evaluation.bins
        ],
        parts=[
            PartView(
                name=part["part"],
                train=int(part["train"]),
                test=int(part["test"]),
                never=list(part["never"]),
                chosen={
                    str(key): str(value)
                    for key, value in part.items()
                    if key not in FIXED_KEYS and value
                },
            )
            for part in evaluation.chosen.to_dict("records")
        ],
        remarks=list(evaluation.remarks),
        facts=Facts(
            shows="PRL of each model, 1 − loss ÷ loss of the base rate, with its 95% interval.",
            rests_on=f"{len(evaluation.rows):,} held-out rows in {evaluation.n_groups:,} groups, which the "
            "bootstrap draws whole, the same for all models.",
            would_change="Other groups or times, other covariates, or plays of another kind.",
        ),
    )


def _split(evaluation: Evaluation) -> str:
    options = evaluation.options
    if options.by is not None:
        return f"{options.folds} folds that keep each {options.by} whole"
    count = len(evaluation.chosen)
    if count == 1:
        return f"forward along {options.forward}: {evaluation.chosen['part'][0]}, from what came before"
    return f"forward along {options.forward}, in {count} parts, each from what came before it"
