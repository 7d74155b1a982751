"""Write an evaluation as CSV: the scores, and the loss of every row."""

from __future__ import annotations

from backchannel.estimation.evaluate.evaluation import Evaluation
from backchannel.files.spreadsheet import guarded_csv

SCORE_COLUMNS = [
    "model", "log_score", "brier", "prl", "prl_low", "prl_high", "difference", "difference_low",
    "difference_high",
]  # fmt: skip
"""Of the table of scores."""


def scores_csv(evaluation: Evaluation) -> str:
    """One line a model, with all digits."""
    return guarded_csv(evaluation.to_frame()[SCORE_COLUMNS])


def losses_csv(evaluation: Evaluation) -> str:
    """One line a predicted row: its place, its part, what was seen, and each model's loss in nats."""
    return guarded_csv(evaluation.rows)
