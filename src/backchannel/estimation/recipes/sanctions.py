"""Plays of `sanction-threats` from the data on threats and imposition of economic sanctions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

CONCEDED_FIRST = (1, 2, 5)
"""Codes of `finaloutcome` in which the target gives in, partly, wholly or by a settlement, before anything
is imposed. Source: the data set's codebook."""
UNITED_STATES = 2


def sanction_threats(table: Any) -> pd.DataFrame:
    """Write what happened as the case's nodes, and codes as words.

    An episode whose final outcome is not coded, and in which nothing was imposed, is left empty.
    """
    imposed: Any = pd.to_numeric(table["imposition"], errors="coerce")
    if "outcome" in table.columns:
        conceded = table["outcome"] == "concedes"
    else:
        final: Any = pd.to_numeric(table["finaloutcome"], errors="coerce")
        conceded = (imposed == 0) & final.isin(CONCEDED_FIRST)
    is_known = imposed.notna() | conceded
    carried_out = pd.Series("not_imposed", index=table.index, dtype=object).mask(
        imposed == 1, "imposed"
    )
    answer = pd.Series("defies", index=table.index, dtype=object).mask(conceded, "concedes")
    made: dict[str, Any] = {
        "answer": answer.where(is_known, None),
        "sanctions": carried_out.where(is_known & ~conceded, None),
        "startyear": table["startyear"],
        "target_code": _words(table["targetstate"]),
        "sender_code": _words(table["primarysender"]).fillna("unknown"),
        "us": np.where(table["primarysender"] == UNITED_STATES, "us", "other"),
        "issue": _words(table["issue1"]).fillna("none"),
    }
    for name, column in {
        "institution": "institution",
        "bspecif": "bspecif",
        "scommit": "scommit",
        "carrots": "carrots",
        "interest": "threatenedtargetinterest",
    }.items():
        made[name] = _words(table[column]) if column in table.columns else None
    for name, column in {
        "targetcosts": "anticipatedtargetcosts",
        "sendercosts": "anticipatedsendercosts",
    }.items():
        made[name] = _words(table[column]) if column in table.columns else None
    return pd.DataFrame(made)


def _words(column: Any) -> Any:
    """Codes as words, so that nothing takes them for quantities; gaps stay gaps."""

    def word(value: Any) -> str | None:
        if pd.isna(value):
            return None
        text = str(value).strip()
        try:
            return f"code {float(text):g}"
        except ValueError:
            return text

    return column.map(word)
