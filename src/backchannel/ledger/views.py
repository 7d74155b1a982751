"""Views of the same nodes compared: inside, outside, pooled, over rivals; and the weight that would have served best.

A node counts once, by the mean over its forecasts, and only if its forecasts held all the views that are compared.
Comparisons are paired:
the bootstrap draws nodes, each with all its forecasts and all views.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from jaxtyping import Float

from backchannel.diagram.base_rates import EVEN_WEIGHT
from backchannel.files.data_table import DataFrame
from backchannel.ledger.calibration import Calibration, calibrate
from backchannel.ledger.ledger import Ledger

VIEWS = ("inside", "outside", "pooled")
"""The case alone, the base rate alone, and the forecast."""
OVER_RIVALS = "over rivals"
"""The forecast over the case and its rivals, weighted by the record."""
RESAMPLES = 1000
SEED = 20250715
"""Of the bootstrap, so that the same ledger gives the same interval."""
FEWEST_LEARNT = 20
"""Resolved nodes with a base rate from which a weight is learnt."""
SHRINKAGE = 20
"""The weight is pulled towards a half as if so many further nodes had said a half."""
STEPS = 1001
"""Weights from 0 to 1 among which the best is sought."""


@dataclass(frozen=True)
class ViewScore:
    """The scores of one view."""

    view: str
    brier: float
    log: float
    """In bits."""
    calibration: tuple[Calibration, ...]


@dataclass(frozen=True)
class ViewDifference:
    """How much better one view was than another."""

    better: str
    than: str
    log: float
    """Mean difference of the log scores in bits; negative where the first is better."""
    interval: tuple[float, float]
    """90% paired bootstrap interval over nodes; nan if there are fewer than three."""


@dataclass(frozen=True)
class ViewComparison:
    """Some views on the same nodes."""

    nodes: int
    scores: tuple[ViewScore, ...]
    differences: tuple[ViewDifference, ...]


@dataclass(frozen=True)
class LearntWeight:
    """The weight of the case against base rates that a ledger supports."""

    nodes: int
    """Resolved nodes whose forecasts held inside and outside."""
    best: float | None
    """The weight with the best log score; `None` where too few nodes are resolved."""
    weight: float
    """That weight, pulled towards a half; a half where too few nodes are resolved."""


def compare_views(table: DataFrame, views: Sequence[str]) -> ViewComparison | None:
    """Compare views of the forecasts that held all of them; `None` where no forecast did.

    Args:
        table: One row for each chance of a forecast that counts, with `came`: the result of `with_views`.
        views: The views.
    """
    table = table.dropna(subset=list(views)).copy()
    if table.empty:
        return None
    logs, briers = {}, {}
    for view in views:
        table[f"brier {view}"] = (table[view] - table["came"]) ** 2
        with np.errstate(divide="ignore"):
            bits = -np.log2(table[view].to_numpy())
        table[f"log {view}"] = np.where(table["came"] == 1.0, bits, 0.0)
        logs[view] = _by_node(table, f"log {view}")
        briers[view] = _by_node(table, f"brier {view}")
    scores = tuple(
        ViewScore(
            view,
            float(briers[view].mean()),
            float(logs[view].mean()),
            calibrate(table[view].to_numpy(), table["came"].to_numpy()),
        )
        for view in views
    )
    return ViewComparison(len(logs[views[0]]), scores, _differences(logs))


def learn_weight(ledger: Ledger, known: DataFrame) -> LearntWeight:
    """Find the weight of the case that gives the pool the best log score, pulled towards a half.

    With n nodes the result is (n · best + 20 · ½) / (n + 20): that many further nodes without an opinion.

    Args:
        ledger: The ledger.
        known: One row for each chance of a forecast that counts, with `came`.
    """
    if known.empty:
        return LearntWeight(0, None, EVEN_WEIGHT)
    table = with_views(ledger, known).dropna(subset=["inside", "outside"])
    nodes = 0 if table.empty else table.groupby(["case_name", "node"]).ngroups
    if nodes < FEWEST_LEARNT:
        return LearntWeight(nodes, None, EVEN_WEIGHT)
    weights = np.linspace(0.0, 1.0, STEPS)
    inside, outside = (np.maximum(table[view].to_numpy(), 1e-300) for view in ("inside", "outside"))
    logs = weights[:, None] * np.log(inside) + (1 - weights[:, None]) * np.log(outside)
    number = pd.factorize(table["forecast"])[0]
    total = np.array([np.bincount(number, np.exp(row)) for row in logs])
    came = table["came"].to_numpy() == 1.0
    order = number[came]
    each = logs[:, came] - np.log(total[:, order])
    # A node counts once, however often it was forecast.
    node = pd.factorize(pd.MultiIndex.from_frame(table.loc[came, ["case_name", "node"]]))[0]
    share = 1.0 / np.bincount(node)[node]
    best = float(weights[int(np.argmax(each @ share))])
    pulled = (nodes * best + SHRINKAGE * EVEN_WEIGHT) / (nodes + SHRINKAGE)
    return LearntWeight(nodes, best, pulled)


def with_views(ledger: Ledger, known: DataFrame) -> DataFrame:
    """The chances of forecasts, with each view as a column; a view that a forecast did not hold is missing."""
    rows = ledger.rows(
        "SELECT c.forecast, c.value, v.inside, v.outside, s.weighted FROM chances c "
        "LEFT JOIN views v ON v.forecast = c.forecast AND v.place = c.place "
        "LEFT JOIN structures s ON s.forecast = c.forecast AND s.place = c.place "
        "WHERE v.inside IS NOT NULL OR s.weighted IS NOT NULL"
    )
    columns = ["inside", "outside", OVER_RIVALS]
    views = pd.DataFrame(rows).reindex(
        columns=["forecast", "value", "inside", "outside", "weighted"]
    )
    views.columns = pd.Index(["forecast", "value", *columns])
    views[columns] = views[columns].astype(float)
    joined = known.merge(views, on=["forecast", "value"], how="inner")
    return joined.assign(pooled=joined["probability"])


def _by_node(table: DataFrame, column: str) -> Float[np.ndarray, " node"]:
    by_forecast = table.groupby(["case_name", "node", "forecast"])[column].sum()
    return by_forecast.groupby(level=["case_name", "node"]).mean().to_numpy()


def _differences(logs: Mapping[str, Float[np.ndarray, " node"]]) -> tuple[ViewDifference, ...]:
    n = len(next(iter(logs.values())))
    chosen = np.random.default_rng(SEED).integers(n, size=(RESAMPLES, n))
    differences = []
    for one, other in combinations(logs, 2):
        better, than = (one, other) if logs[one].mean() <= logs[other].mean() else (other, one)
        with np.errstate(invalid="ignore"):
            gap = logs[better] - logs[than]
        interval = (float("nan"), float("nan"))
        if n >= 3:
            means = gap[chosen].mean(axis=1)
            interval = (float(np.quantile(means, 0.05)), float(np.quantile(means, 0.95)))
        differences.append(ViewDifference(better, than, float(gap.mean()), interval))
    return tuple(differences)
