"""Score predictions: every model's loss in the rows that were held out, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from backchannel.estimation.evaluate.baselines import BASE_RATE, Baseline
from backchannel.estimation.evaluate.evaluation import EvaluateOptions, Evaluation
from backchannel.estimation.evaluate.parts import CASE
from backchannel.estimation.evaluate.scores import RowLosses, calibration, losses, score_models
from backchannel.estimation.evaluate.splits import Splits
from backchannel.estimation.plays import PlayTable
from backchannel.language.errors import CommandError
from backchannel.language.names import first_few


def score_predictions(
    options: EvaluateOptions,
    plays: PlayTable,
    splits: Splits,
    outcomes: Any,
    seen: np.ndarray,
    made: dict[str, np.ndarray],
    parts: list[dict[str, Any]],
    others: Sequence[Baseline],
    remarks: list[str],
) -> Evaluation:
    """Score the chances that every model gave to rows that it had not seen.

    Args:
        options: What was predicted from what.
        plays: The rows.
        splits: How they were held out.
        outcomes: The outcomes of the case.
        seen: The position of the outcome that each row shows.
        made: For each model the chances of the outcomes in each row; nan where a row was not predicted.
        parts: What was chosen in each part.
        others: The baselines.
        remarks: What is to be said already; more is added.

    Raises:
        CommandError: No row could be scored.
    """
    held = np.isfinite(made[BASE_RATE]).all(axis=1)
    lost = held & ~np.isfinite(made[CASE]).all(axis=1)
    if lost.any():
        rows = first_few(plays.rows[lost], 5)
        remarks.append(
            f"Play was not found in {int(lost.sum()):,} rows, which are not scored: {rows}."
        )
    scored = held & ~lost
    if not scored.any():
        raise CommandError("No row could be scored.")
    # A row that was played several times is that many rows.
    times = np.repeat(np.flatnonzero(scored), np.round(plays.weights[scored]).astype(int))
    by_model: dict[str, RowLosses] = {
        name: losses(chances[times], seen[times]) for name, chances in made.items()
    }
    for part in parts:
        if part["never"]:
            remarks.append(
                f"{'; '.join(part['never'])} never occurs in what {part['part']} is trained on: all models' "
                "chances there are mixed with even ones, as if each outcome had been seen once more."
            )
    part_of = np.full(len(seen), "", object)
    for split in splits.parts:
        part_of[split.test] = split.name
    rows = pd.DataFrame(
        {
            "row": plays.rows[times],
            "part": part_of[times],
            "seen": [outcomes[i].label for i in seen[times]],
            **{name: one.log for name, one in by_model.items()},
        }
    )
    return Evaluation(
        options=options,
        outcomes=tuple(o.label for o in outcomes),
        counts=tuple(np.bincount(seen[times], minlength=len(outcomes)).tolist()),
        scores=tuple(score_models(by_model, splits.groups[times], base=BASE_RATE, against=CASE)),
        bins=tuple(
            row
            for name, chances in made.items()
            for row in calibration(name, chances[times], seen[times])
        ),
        chosen=pd.DataFrame(parts),
        rows=rows,
        n_groups=len(np.unique(splits.groups[times])),
        columns={b.name: b.columns for b in others},
        remarks=tuple(remarks),
    )
