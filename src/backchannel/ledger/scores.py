"""Scores of the logged forecasts, compared with a base rate and with uniform chances.

A forecast of a node gives each of its K values a chance. With o = 1 for the value that came about
and 0 for the others, its Brier score is Σ (p − o)², from 0 to 2, and its logarithmic score is
−log₂ p of the outcome, in bits. Lower is better. The skill against a reference is
1 − score / reference: 1 is perfect, 0 is as good as the reference.

Forecasts of one node are not independent of each other, so intervals resample nodes, each with all
of its forecasts, and a node counts once however often it was forecast.

Source: Brier (1950); Good (1952); Murphy (1973) for skill; Efron & Tibshirani (1993), chapter 8,
for resampling what is independent.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from backchannel.files.data_table import DataFrame
from backchannel.ledger.calibration import calibrate
from backchannel.ledger.derived import following_forecasts
from backchannel.ledger.ledger import Ledger
from backchannel.ledger.score_report import ForecastScore, ScoreReport
from backchannel.ledger.views import (
    OVER_RIVALS,
    VIEWS,
    compare_views,
    learn_weight,
    with_views,
)

HORIZONS = ((30, "up to 30 days"), (90, "31 to 90 days"), (180, "91 to 180 days"))
BEYOND = "over 180 days"
RESAMPLES = 1000
SEED = 20250715
"""Of the bootstrap, so that the same ledger gives the same interval."""


def score(
    ledger: Ledger, *, case_name: str | None = None, hindcasts: bool = False, learns: bool = False
) -> ScoreReport:
    """Score every forecast whose outcome is known.

    The base rate of a value is how often it came about among the other resolved nodes that have the
    same values, with one added for each value; so a node's own outcome never enters its reference.

    Args:
        ledger: The ledger.
        case_name: Only this case; all, if left out.
        hindcasts: Also count forecasts that were logged after the outcome, by the `as_of` of their case.
            That their author did not know the outcome cannot be checked.
        learns: Also learn the weight of the case against base rates.
    """
    table, left_out = _known(ledger, case_name, hindcasts)
    learnt = learn_weight(ledger, table) if learns else None
    if table.empty:
        return ScoreReport(None, (), (), (), learnt_weight=learnt, **left_out)
    scored = _scored(table)
    days = (scored["date"] - scored["as_of"]).dt.days
    scored["horizon"] = [_horizon(int(n)) for n in days]
    names = [name for _, name in HORIZONS] + [BEYOND]
    views = with_views(ledger, table)
    cases = scored.groupby("case_name", sort=True)
    by_horizon = dict(iter(scored.groupby("horizon")))
    return ScoreReport(
        total=_score("all forecasts", scored),
        by_case=tuple(_score(str(name), group) for name, group in cases),
        by_horizon=tuple(_score(n, by_horizon[n]) for n in names if n in by_horizon),
        calibration=calibrate(table["probability"].to_numpy(), table["came"].to_numpy()),
        views=compare_views(views, VIEWS),
        structures=compare_views(views, ("pooled", OVER_RIVALS)),
        all_views=compare_views(views, (*VIEWS, OVER_RIVALS)),
        learnt_weight=learnt,
        **left_out,
    )


def _known(
    ledger: Ledger, case_name: str | None, hindcasts: bool
) -> tuple[DataFrame, dict[str, Any]]:
    """The chances that count; a derived node does not count beside all that it follows from."""
    table, left_out = _joined(ledger, case_name, hindcasts)
    counted = set(zip(table["case_name"], table["node"], strict=True))
    derived = table["forecast"].isin(following_forecasts(ledger, counted)).to_numpy()
    names = tuple(sorted(set(table.loc[derived, "node"]))) if len(table) else ()
    dropped = {"derived": _forecasts(table[derived]) if len(table) else 0, "derived_nodes": names}
    return table[~derived].copy() if len(table) else table, {**left_out, **dropped}


def _joined(
    ledger: Ledger, case_name: str | None, hindcasts: bool
) -> tuple[DataFrame, dict[str, int]]:
    """Join the chances that count with their outcomes; count the forecasts that do not count."""
    rows = ledger.rows(
        "SELECT f.id AS forecast, r.case_name, f.node, r.as_of, r.logged_at, c.value, "
        "c.probability, w.run IS NOT NULL AS withdrawn FROM chances c "
        "JOIN forecasts f ON f.id = c.forecast JOIN runs r ON r.id = f.run "
        "LEFT JOIN withdrawals w ON w.run = r.id"
    )
    columns = [
        "forecast", "case_name", "node", "as_of", "logged_at", "value", "probability", "withdrawn",
    ]  # fmt: skip
    table: DataFrame = pd.DataFrame(rows, columns=columns)
    if case_name is not None:
        table = table[table["case_name"] == case_name]
    came = pd.DataFrame(
        [
            (o.case_name, o.node, json.dumps(o.value), o.date.isoformat())
            for o in ledger.outcomes(case_name)
        ],
        columns=["case_name", "node", "outcome", "date"],
    )
    left_out = {"withdrawn": _forecasts(table[table["withdrawn"] == 1])}
    known = table[table["withdrawn"] == 0].merge(came, on=["case_name", "node"], how="left")
    open_ = known["outcome"].isna()
    left_out["unresolved"] = _forecasts(known[open_])
    known = known[~open_].copy()
    # In seconds: nanoseconds, the unit of pandas 2, only cover 1677 to 2262. All times are UTC.
    for name in ("as_of", "date", "logged_at"):
        known[name] = np.asarray([text[:10] for text in known[name]], dtype="datetime64[s]")
    # Rounding errors can take a sum of weights past 0 or 1.
    known["probability"] = known["probability"].clip(0.0, 1.0)
    late = known["as_of"] >= known["date"]
    if not hindcasts:
        # A forecast that was logged after the outcome does not count, even if its case knew less.
        late |= known["logged_at"] >= known["date"]
    left_out["too_late"] = _forecasts(known[late])
    known = known[~late].copy()
    known["came"] = (known["value"] == known["outcome"]) * 1.0
    had_it = known.groupby("forecast")["came"].transform("sum") == 1.0
    left_out["of_other_values"] = _forecasts(known[~had_it])
    return known[had_it].copy(), left_out


def _forecasts(chances: DataFrame) -> int:
    return int(chances["forecast"].nunique())


def _scored(table: DataFrame) -> DataFrame:
    """Compute one row per forecast: its scores and those of its references."""
    table = table.assign(base=_base_rates(table))
    sizes = table.groupby("forecast")["value"].transform("size")
    table["uniform"] = 1.0 / sizes
    for name in ("probability", "base", "uniform"):
        table[f"brier {name}"] = (table[name] - table["came"]) ** 2
        with np.errstate(divide="ignore"):
            bits = -np.log2(table[name].to_numpy())
        table[f"log {name}"] = np.where(table["came"] == 1.0, bits, 0.0)
    sums = {f"{kind} {name}": "sum" for kind in ("brier", "log")
            for name in ("probability", "base", "uniform")}  # fmt: skip
    first = dict.fromkeys(("case_name", "node", "as_of", "date"), "first")
    return table.groupby("forecast").agg({**first, **sums}).reset_index()


def _base_rates(table: DataFrame) -> Float[np.ndarray, " chance"]:
    """Compute for each chance how often its value came about among other nodes with the same values."""
    nodes = table.drop_duplicates(["case_name", "node", "value"])
    sets = nodes.groupby(["case_name", "node"])["value"].agg(lambda v: tuple(sorted(v)))
    # Sets of values are compared as numbers, because a node of many values has many rows.
    about = pd.DataFrame({"values": pd.factorize(sets)[0], "size": sets.map(len)}, index=sets.index)
    nodes = nodes.join(about, on=["case_name", "node"])
    counts = nodes.groupby(["values", "value"])["came"].sum()
    totals = nodes.groupby("values")["came"].sum()
    joined = table.join(about, on=["case_name", "node"])
    pairs = pd.MultiIndex.from_arrays([joined["values"], joined["value"]])
    others = counts.reindex(pairs).to_numpy() - table["came"].to_numpy()
    all_others = totals.reindex(joined["values"]).to_numpy() - 1.0
    return (others + 1.0) / (all_others + joined["size"].to_numpy())


def _score(group: str, scored: DataFrame) -> ForecastScore:
    columns = [f"{k} {n}" for k in ("brier", "log") for n in ("probability", "uniform", "base")]
    by_node = scored.groupby(["case_name", "node"])[columns].mean()
    means = by_node.mean()
    brier, uniform, base = (by_node[c].to_numpy() for c in columns[:3])
    return ForecastScore(
        group=group,
        forecasts=len(scored),
        nodes=len(by_node),
        brier=float(means["brier probability"]),
        log=float(means["log probability"]),
        brier_uniform=float(means["brier uniform"]),
        brier_base=float(means["brier base"]),
        log_uniform=float(means["log uniform"]),
        log_base=float(means["log base"]),
        skill_uniform=_skill(brier.mean(), uniform.mean()),
        skill_base=_skill(brier.mean(), base.mean()),
        interval_uniform=_interval(brier, uniform),
        interval_base=_interval(brier, base),
    )


def _skill(score: float, reference: float) -> float:
    return float(1.0 - score / reference) if reference > 0 else float("nan")


def _interval(
    score: Float[np.ndarray, " node"], reference: Float[np.ndarray, " node"]
) -> tuple[float, float]:
    n = len(score)
    if n < 3:
        return (float("nan"), float("nan"))
    generator = np.random.default_rng(SEED)
    skills = np.empty(RESAMPLES)
    for i in range(RESAMPLES):
        chosen = generator.integers(n, size=n, dtype=np.int32)
        skills[i] = _skill(score[chosen].sum(), reference[chosen].sum())
    low, high = np.nanquantile(skills, [0.05, 0.95])
    return float(low), float(high)


def _horizon(days: int) -> str:
    """Name the time between the `as_of` of a forecast and its outcome.

    >>> _horizon(31)
    '31 to 90 days'
    """
    return next((name for most, name in HORIZONS if days <= most), BEYOND)
