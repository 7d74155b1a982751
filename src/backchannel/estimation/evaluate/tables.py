"""Write an evaluation as CSV: the scores, and the loss of every row."""

from __future__ import annotations

import csv
import io

from backchannel.estimation.evaluate.ask import Evaluation
from backchannel.files.spreadsheet import guard, guarded_csv

SCORE_COLUMNS = [
    "model", "log_score", "brier", "prl", "prl_low", "prl_high", "difference", "difference_low",
    "difference_high",
]  # fmt: skip


def scores_csv(evaluation: Evaluation) -> str:
    """One line a model, with all digits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(SCORE_COLUMNS)
    for row in evaluation.to_frame().to_dict("records"):
        writer.writerow([guard(row["model"]), *(repr(row[name]) for name in SCORE_COLUMNS[1:])])
    return text.getvalue()


def losses_csv(evaluation: Evaluation) -> str:
    """One line a predicted row: its place, its part, what was seen, and each model's loss in nats."""
    return guarded_csv(evaluation.rows)
