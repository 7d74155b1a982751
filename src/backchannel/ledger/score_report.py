"""The scores and the calibration of a ledger's forecasts, as they are handed on."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from backchannel.ledger.calibration import Calibration
from backchannel.ledger.views import (
    LearntWeight,
    ViewComparison,
)

CALIBRATION_COLUMNS = [
    "view", "word", "low", "high", "events", "mean_forecast", "came_about", "interval_low", "interval_high",
]  # fmt: skip
"""The columns of the table of calibration."""


@dataclass(frozen=True)
class ForecastScore:
    """The scores of a group of forecasts."""

    group: str
    """All forecasts, a case, or a horizon."""
    forecasts: int
    nodes: int
    brier: float
    log: float
    """In bits; infinite if an outcome was given probability 0."""
    brier_uniform: float
    brier_base: float
    log_uniform: float
    log_base: float
    skill_uniform: float
    """Brier skill against uniform chances."""
    skill_base: float
    """Brier skill against the base rate."""
    interval_uniform: tuple[float, float]
    """90% bootstrap interval over nodes; nan if there are fewer than three."""
    interval_base: tuple[float, float]


@dataclass(frozen=True)
class ScoreReport:
    """The scores and the calibration of a ledger's forecasts."""

    total: ForecastScore | None
    by_case: tuple[ForecastScore, ...]
    by_horizon: tuple[ForecastScore, ...]
    calibration: tuple[Calibration, ...]
    unresolved: int
    """Forecasts of nodes that are not resolved yet."""
    too_late: int
    """Forecasts that were made, or logged, on the day of the outcome or later."""
    withdrawn: int
    of_other_values: int
    """Forecasts by an earlier version of the case, in which the node could not have the outcome."""
    derived: int = 0
    """Forecasts of derived nodes that are not counted, since all that they follow from is."""
    derived_nodes: tuple[str, ...] = ()
    """The nodes of these forecasts."""
    views: ViewComparison | None = None
    """Inside, outside and pooled compared; `None` where no forecast that counts held a base rate."""
    structures: ViewComparison | None = None
    """The forecast and that over rivals compared; `None` where none was logged with rivals."""
    all_views: ViewComparison | None = None
    """All four on the same forecasts; `None` where none held both a base rate and rivals."""
    learnt_weight: LearntWeight | None = None
    """The weight of the case against base rates; `None` where it was not asked for."""

    @property
    def comparisons(self) -> list[ViewComparison]:
        """The comparisons of views for which there are forecasts."""
        compared = (self.views, self.structures, self.all_views)
        return [comparison for comparison in compared if comparison is not None]

    def calibration_frame(self) -> pd.DataFrame:
        """Return one row for each range of chances: of all forecasts, and of each view that was compared."""
        parts = [("all forecasts", self.calibration)]
        for compared in self.comparisons[-1:]:
            parts += [(score.view, score.calibration) for score in compared.scores]
        rows = [
            {"view": view}
            | {k: v for k, v in vars(row).items() if k != "interval"}
            | {"interval_low": row.interval[0], "interval_high": row.interval[1]}
            for view, calibration in parts
            for row in calibration
        ]
        return pd.DataFrame(rows, columns=CALIBRATION_COLUMNS)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for all forecasts, each case and each horizon."""
        groups = [*([self.total] if self.total else []), *self.by_case, *self.by_horizon]
        return pd.DataFrame([vars(score) for score in groups])


def as_json(report: ScoreReport) -> str:
    """Write a report as JSON; nan and infinity are null."""

    def plain(value: object) -> object:
        if isinstance(value, float):
            return value if np.isfinite(value) else None
        if isinstance(value, tuple):
            return [plain(item) for item in value]
        if hasattr(value, "__dataclass_fields__"):
            return {name: plain(item) for name, item in vars(value).items()}
        return value

    return json.dumps(plain(report), indent=1, ensure_ascii=False)
