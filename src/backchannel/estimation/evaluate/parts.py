"""One part of the rows, predicted from the others by every model; any worker can do it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.estimation.evaluate.baselines import (
    BASE_RATE,
    Baseline,
    base_rate,
    base_rate_left_out,
)
from backchannel.estimation.evaluate.case_model import CaseModel
from backchannel.estimation.evaluate.splits import Split
from backchannel.estimation.evaluate.stack import STACK, shrinkage, stack_weights, stacked
from backchannel.estimation.plays import PlayTable
from backchannel.language.errors import CommandError
from backchannel.workers.workers import Tell

CASE = "the case"


@dataclass(frozen=True)
class EvaluatedRows:
    """All rows, and the models that predict them."""

    models: tuple[CaseModel, ...]
    """The case, and the candidates beside it."""
    others: tuple[Baseline, ...]
    plays: PlayTable
    seen: Int[np.ndarray, " row"]
    """The number of the outcome that each row shows."""
    whole: Bool[np.ndarray, " row"]
    """Rows that show everything that makes an outcome."""

    @property
    def n_outcomes(self) -> int:
        """How many outcomes there are."""
        return len(self.models[0].chances.outcomes)

    @property
    def names(self) -> list[str]:
        """The names of all models and stacks."""
        others = [b.name for b in self.others]
        pooled = [BASE_RATE, *others] if others else []
        return [CASE, BASE_RATE, *others, *(STACK + name for name in pooled)]


@dataclass(frozen=True)
class PartPrediction:
    """What all models predict in one part."""

    rows: Bool[np.ndarray, " row"]
    """The rows that are predicted."""
    chances: dict[str, Float[np.ndarray, "predicted outcome"]]
    """By model."""
    note: dict[str, Any]
    """How many rows there are, and what was chosen from what the part is trained on."""


def predict_part(data: EvaluatedRows, split: Split, tell: Tell) -> Iterator[PartPrediction]:
    """Predict one part from the others.

    Args:
        data: All rows, and the models.
        split: The part.
        tell: Called with 1 when it is done.

    Raises:
        CommandError: There is no row to train on, or the case cannot be fitted to these rows.
    """
    seen, count = data.seen, data.n_outcomes
    train, test = split.train & (data.plays.weights > 0), split.test & data.whole
    usual = train & data.whole
    if not usual.any():
        raise CommandError(f"In {split.name} there is no row to train on.")
    never = [i for i in range(count) if not (seen[usual] == i).any()]
    for model in data.models:
        model.begin_again()
    case, inner_case, note = _case(data, train, split)
    shares = base_rate(seen, usual, count)
    made = {CASE: case[test], BASE_RATE: shares[test]}
    if data.others:
        held = base_rate_left_out(seen, usual, split.inner, count)
        weights = shrinkage(inner_case[usual], held[usual], seen[usual])
        made[STACK + BASE_RATE] = stacked(case, shares, weights)[test]
        note[f"weights of {STACK}{BASE_RATE}"] = f"{weights[0]:.2f}, {weights[1]:.2f}"
    for model in data.others:
        strength, held = model.choose(data.plays.table, seen, usual, split.inner, count)
        outer = model.predict(data.plays.table, seen, usual, strength, count)
        made[model.name] = outer[test]
        note[f"strength of {model.name}"] = f"{strength:g}"
        weights = stack_weights(inner_case[usual], held[usual], seen[usual])
        made[STACK + model.name] = stacked(case, outer, weights)[test]
        note[f"weights of {STACK}{model.name}"] = f"{weights[0]:.2f}, {weights[1]:.2f}"
    if never:
        share = count / (int(usual.sum()) + count)
        made = {name: (1 - share) * chances + share / count for name, chances in made.items()}
    outcomes = data.models[0].chances.outcomes
    about = {
        "part": split.name,
        "train": int(train.sum()),
        "test": int(test.sum()),
        "never": [outcomes[i].label for i in never],
    }
    tell(1)
    yield PartPrediction(test, made, {**about, **note})


def _case(
    data: EvaluatedRows, train: np.ndarray, split: Split
) -> tuple[np.ndarray, np.ndarray, dict[str, str]]:
    """The case that predicts best inside of what is trained on: its chances, inside and outside."""
    models: Sequence[CaseModel] = data.models
    candidates, best, note = [], 0, {}
    for model in models:
        outer = model.predict(train, split.inner)
        inner = np.full_like(outer.chances, np.nan)
        if len(models) > 1 or data.others:
            inner = model.left_out(train, split.inner, outer.spreads)
        candidates.append((outer, inner))
    if len(models) > 1:
        rows = train & data.whole
        heights = [
            float(np.nanmean(np.log(np.maximum(inner[rows, data.seen[rows]], 1e-300))))
            for _, inner in candidates
        ]
        best = int(np.nanargmax(heights))
        note["case"] = models[best].name
    outer, inner = candidates[best]
    note["chosen"] = outer.chosen
    return outer.chances, inner, note
