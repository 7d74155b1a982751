"""Plays of `war1800` from the data set of the R package `games`."""

from __future__ import annotations

from typing import Any

import pandas as pd


def war1800(table: Any) -> pd.DataFrame:
    """Keep what happened and the covariates; add the dyad.

    `sq` and `capit` say the outcome again and are left out. War was coded 0 where a dispute was not
    escalated; there it did not arise.
    """
    plays = table.drop(columns=[name for name in ("sq", "capit") if name in table.columns])
    for name in ("regime1", "regime2"):
        plays[name] = plays[name].where(plays[name] != "NA")
    plays["war"] = plays["war"].astype("Int64").where(plays["esc"].astype(int) == 1)
    plays["dyad"] = [
        f"{int(a)}-{int(b)}" for a, b in zip(plays["ccode1"], plays["ccode2"], strict=True)
    ]
    return plays
