"""A table of monthly flows by partner, checked against the routes of a good."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from backchannel.case.schema.trade import TradeEntry
from backchannel.files.data_table import read_table_file
from backchannel.language.errors import CommandError
from backchannel.language.names import name_hint

FLOW_COLUMNS = ("month", "partner", "eur")
FEWEST_MONTHS = 12
"""Fewest months from which seasons and levels can be told apart."""
USUAL_MONTHS = 12
"""Months before the sanctions by which a partner's usual trade is judged."""


@dataclass(frozen=True)
class MonthlyFlows:
    """Flows by month and partner; the first partner is the target, the others are transit countries."""

    months: tuple[pd.Period, ...]
    partners: tuple[str, ...]
    """As they are named in the data; the target first."""
    flows: Float[np.ndarray, "month partner"]
    """In the data's unit; nan where a month is missing."""
    since: int
    """Position of the first month under sanctions; it may lie after the last month."""

    @property
    def logs(self) -> Float[np.ndarray, "month partner"]:
        """Logarithms of the flows."""
        return np.log(self.flows)

    @property
    def usual_logs(self) -> Float[np.ndarray, "month partner"]:
        """Logarithms of the flows of the last twelve months before the sanctions, by which usual trade is judged."""
        n = len(self.months)
        return self.logs[: min(n, max(self.since, 1))][-USUAL_MONTHS:]

    def without_usual(self) -> list[str]:
        """Partners without a flow in these months."""
        columns = zip(self.partners, self.usual_logs.T, strict=True)
        return [partner for partner, logs in columns if not np.isfinite(logs).any()]

    def until(self, n: int) -> MonthlyFlows:
        """Keep the first n months."""
        return MonthlyFlows(self.months[:n], self.partners, self.flows[:n], self.since)


def read_flows(good: str, entry: TradeEntry, data: str | Path | Any) -> MonthlyFlows:
    """Read monthly flows, from a file or a DataFrame, and match their partners with the routes of a good.

    Raises:
        CommandError: The good cannot be fitted, or the table is wrong; every problem is listed.
    """
    partners = _partners(good, entry)
    is_table = isinstance(data, pd.DataFrame)
    name = "The table" if is_table else str(data)
    table: Any = (
        data.reset_index(drop=True) if is_table else read_table_file(data, words=FLOW_COLUMNS[:2])
    )
    lacking = [column for column in FLOW_COLUMNS if column not in table.columns]
    if lacking:
        raise CommandError(
            f"{name} has no column {' and '.join(lacking)}. Needed are month, partner and eur."
        )
    problems: list[str] = []
    months: Any = pd.to_datetime(table["month"], errors="coerce")
    amounts: Any = pd.to_numeric(table["eur"], errors="coerce")
    known = sorted({str(p) for p in table["partner"].dropna()})
    for row in np.flatnonzero(months.isna()):
        problems.append(
            f"row {row + 2}: {_cell(table['month'][row])} is not a month; write 2022-03-01."
        )
    for row in np.flatnonzero(table["partner"].isna()):
        problems.append(f"row {row + 2}: it has no partner.")
    for row in np.flatnonzero(~((amounts > 0) & np.isfinite(amounts))):
        problems.append(f"row {row + 2}: {_cell(table['eur'][row])} is not an amount above 0.")
    for partner in partners:
        if partner not in known:
            problems.append(f"no row has the partner '{partner}'.{name_hint(partner, known)}")
    kept: Any = pd.DataFrame(
        {"month": months.dt.to_period("M"), "partner": table["partner"], "eur": amounts}
    )
    kept = kept[kept["partner"].isin(partners)]
    for month, partner in kept[kept.duplicated(["month", "partner"])][["month", "partner"]].values:
        problems.append(f"{month} and {partner} stand in two rows.")
    wide, every = None, None
    if not problems:
        wide = kept.pivot(index="month", columns="partner", values="eur")
        every = pd.period_range(wide.index.min(), wide.index.max(), freq="M")
        if len(every) < FEWEST_MONTHS:
            problems.append(
                f"{len(every)} months are too few; at least {FEWEST_MONTHS} are needed."
            )
    if problems:
        shown = problems[:20] + (
            [f"... and {len(problems) - 20} more."] if len(problems) > 20 else []
        )
        raise CommandError(f"{name} cannot be used:\n" + "\n".join(shown))
    assert wide is not None
    assert every is not None
    flows = wide.reindex(every)[list(partners)].to_numpy(float)
    start: Any = every[0]
    since: Any = pd.Period(entry.since, freq="M")
    gap = (since.year - start.year) * 12 + since.month - start.month
    found = MonthlyFlows(tuple(every), partners, flows, gap)
    if lacking := found.without_usual():
        raise CommandError(
            f"{name} cannot be used:\n"
            + "\n".join(
                f"'{partner}' has no flow in the last {USUAL_MONTHS} months before {entry.since}, by which its usual "
                "trade is judged. Add these rows, or leave `partner` out of its route."
                for partner in lacking
            )
        )
    return found


def _cell(value: Any) -> str:
    """What a cell holds, for a message."""
    return "an empty cell" if pd.isna(value) else f"'{value}'"


def _partners(good: str, entry: TradeEntry) -> tuple[str, ...]:
    """Name the target and the transit countries of a good as the data do."""
    named = [route for route in entry.routes.values() if route.partner]
    direct = [route.partner for route in named if not route.through]
    detours = [route.partner for route in named if route.through]
    problems = []
    if len(direct) != 1:
        problems.append("exactly one route without `through` needs a `partner`: the target's name.")
    if not detours:
        problems.append("at least one route with `through` needs a `partner`: the country's name.")
    if len({*direct, *detours}) < len(direct) + len(detours):
        problems.append("two routes have the same `partner`.")
    if entry.since is None:
        problems.append("it needs `since`: the first month under sanctions, as YYYY-MM-DD.")
    if problems:
        raise CommandError(f"trade.{good} cannot be fitted to flows:\n" + "\n".join(problems))
    return (*direct, *detours)
