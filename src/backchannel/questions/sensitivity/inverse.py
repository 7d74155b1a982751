"""The inverse question: what would have to be true for an outcome to be likely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from backchannel.language.names import ParameterName
from backchannel.questions.sensitivity.discovery import Scenario, discover_reaching
from backchannel.questions.sensitivity.sample import Sample
from backchannel.questions.sensitivity.shifts import (
    JointShift,
    change_counts,
    clip_to_draws,
    drop_redundant,
    logistic,
    logit,
    movable,
    oriented,
    oriented_chance,
    shifts_of,
)
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd

DRAWS_PER_SLOPE = 5
"""Effective draws per assumption that a plane in all assumptions needs."""


@dataclass(frozen=True)
class Inverse(Result):
    """What would have to be true for an outcome to have at least (or at most) a chance."""

    sample: Sample
    chance: float
    at_least: bool
    share: float
    """Share of the weighted draws that already reach it."""
    nearest: float
    """The chance in the draw that comes closest to it, or exceeds it most."""
    box: Scenario | None
    """The most probable ranges, of assumptions that stand out, that suffice; `None` if none do."""
    fit: float
    """Share of the log-odds' variance over draws that the plane explains."""
    at_medians: float
    """The outcome's chance with all assumptions at their medians."""
    shifts: tuple[JointShift, ...]
    """By number of assumptions that change, fewest first."""

    def to_frame(self) -> pd.DataFrame:
        """One row per assumption of each change."""
        import pandas as pd

        rows = [
            {
                "changes": len(change.shifts),
                "assumption": shift.parameter,
                "median": shift.median,
                "to": shift.to,
                "chance": change.chance,
                "reached": change.reached,
                "unlikely": change.unlikely,
            }
            for change in self.shifts
            for shift in change.shifts
        ]
        return pd.DataFrame(rows)

    @property
    def holds_already(self) -> bool:
        """Whether the forecast already is as likely as asked."""
        forecast = float(self.sample.weights @ self.sample.answer)
        return forecast >= self.chance if self.at_least else forecast <= self.chance


def find_inverse(
    sample: Sample,
    chance: float,
    *,
    at_least: bool = True,
    stands_out: Sequence[ParameterName],
) -> Inverse:
    r"""Find the most probable assumptions under which an outcome is likely, from the draws alone.

    There are two answers: the most probable box, of assumptions that matter, in which the outcome is as
    likely as asked, and the smallest shift away from the medians. The shift follows a plane: the log-odds
    of the outcome are regressed on all assumptions' normal scores z. With slopes b, the nearest point at
    which the plane reaches the target moves each assumption in proportion to its slope,

    $$z = b \, (\operatorname{logit} p^* - \operatorname{logit} p_0) / |b|^2.$$

    Source: for the question, the inverse problem of Kinsara, Kilgour & Hipel (2015), in the graph model of conflicts;
    for the nearest point, Hasofer & Lind (1974).
    """
    asked = oriented(sample, at_least)
    target = chance if at_least else 1 - chance
    reached = asked.answer >= target
    wide = asked.only(asked.names if asked.effective_draws >= _enough(asked) else stands_out)
    slopes, level, fit = _plane(wide)
    free = movable(wide)
    order = free[np.argsort(-np.abs(slopes[free]), kind="stable")]
    gap = logit(target) - level
    shifts = []
    for count in change_counts(len(free)):
        chosen = order[:count]
        scores = np.zeros(len(wide.names))
        if gap > 0 and np.any(slopes[chosen]):
            scores[chosen] = slopes[chosen] * gap / (slopes[chosen] @ slopes[chosen])
        clipped = clip_to_draws(wide, scores)
        after = logistic(level + slopes @ clipped)
        shifts.append(shifts_of(wide, chosen, clipped, after, target, at_least, solved=False))
    best = float(asked.answer.max())
    return Inverse(
        sample=sample,
        chance=chance,
        at_least=at_least,
        share=float(sample.weights[reached].sum()),
        nearest=best if at_least else 1 - best,
        box=discover_reaching(asked.only(stands_out), target) if len(stands_out) else None,
        fit=fit,
        at_medians=oriented_chance(logistic(level), at_least),
        shifts=drop_redundant(shifts),
    )


def _plane(sample: Sample) -> tuple[Float[np.ndarray, " assumption"], float, float]:
    """Regress the outcome's log-odds over draws: slopes, level at the medians, and adjusted R²."""
    odds = logit(sample.answer)
    design = np.column_stack([np.ones(sample.n_draws), sample.scores])
    root = np.sqrt(sample.weights)
    coefficients = np.linalg.lstsq(design * root[:, None], odds * root, rcond=None)[0]
    left = sample.weights @ (odds - design @ coefficients) ** 2
    spread = sample.weights @ (odds - sample.weights @ odds) ** 2
    n, used = sample.effective_draws, design.shape[1]
    fit = 1 - (left / spread) * (n - 1) / max(n - used, 1) if spread > 0 else 0.0
    return coefficients[1:], float(coefficients[0]), float(max(fit, 0.0))


def _enough(sample: Sample) -> int:
    return DRAWS_PER_SLOPE * len(sample.names)
