"""Whether every entry of a ledger has the form of its column.

SQLite keeps any kind of value in any column, so a file that was damaged, or made by others, can
hold a text where a number belongs. All entries are checked when a ledger is opened, by SQLite
itself: whatever reads rows afterwards may rely on their forms.
"""

from __future__ import annotations

import json
import math
import sqlite3
from pathlib import Path
from typing import NamedTuple

from backchannel.language.errors import CommandError
from backchannel.language.visible import in_one_line

MOST_TOLD = 5
"""Problems that one message tells."""
MOST_SHOWN = 40
"""Signs of a wrong value that a message shows."""
LARGEST = 4_000_000_000
"""Bytes that all chances may take when each is written out with its run."""


class _Form(NamedTuple):
    """How the values of a column look."""

    wrong: str
    """True, in SQL, of what does not look so; `?` stands for the column."""
    word: str


# Adding no days makes 30 February 2 March, which differs.
_A_DAY = "typeof(?) <> 'text' OR date(?, '+0 days') IS NOT ? OR ? < '0001'"
TEXT = _Form("typeof(?) <> 'text'", "text")
OPTIONAL_TEXT = _Form("? IS NOT NULL AND typeof(?) <> 'text'", "text")
WHOLE = _Form("typeof(?) <> 'integer'", "whole number")
OPTIONAL_WHOLE = _Form("? IS NOT NULL AND typeof(?) <> 'integer'", "whole number")
COUNT = _Form("typeof(?) <> 'integer' OR ? < 0", "number of draws")
AMOUNT = _Form("typeof(?) <> 'real' OR ? < 0 OR ? > 1e300", "number of draws")
# Sums of weights may miss 0 and 1 by a rounding.
CHANCE = _Form("typeof(?) <> 'real' OR ? < -1e-9 OR ? > 1 + 1e-9", "probability")
DAY = _Form(_A_DAY, "day")
OPTIONAL_DAY = _Form(f"? IS NOT NULL AND ({_A_DAY})", "day")
MOMENT = _Form(
    "typeof(?) <> 'text' OR strftime('%Y-%m-%dT%H:%M:%S', ?, '+0 days') || '+00:00' IS NOT ? "
    "OR ? < '0001'",
    "moment in UTC",
)
VALUE = _Form(TEXT.wrong, "value of a node")

FORMS: dict[str, dict[str, _Form]] = {
    "runs": {
        "id": WHOLE, "logged_at": MOMENT, "case_name": TEXT, "case_title": TEXT, "case_hash": TEXT,
        "as_of": DAY, "draws": COUNT, "effective_draws": AMOUNT, "seed": WHOLE, "version": TEXT,
        "by": TEXT,
    },
    "forecasts": {
        "id": WHOLE, "run": WHOLE, "node": TEXT, "title": TEXT, "due": OPTIONAL_DAY, "resolves": TEXT,
    },
    "chances": {
        "forecast": WHOLE, "place": WHOLE, "value": VALUE, "probability": CHANCE, "low": CHANCE,
        "high": CHANCE,
    },
    "outcomes": {
        "id": WHOLE, "entered_at": MOMENT, "case_name": TEXT, "node": TEXT, "value": VALUE,
        "date": DAY, "source": TEXT, "corrects": OPTIONAL_WHOLE, "why": TEXT,
    },
    "withdrawals": {"run": WHOLE, "entered_at": MOMENT, "why": TEXT},
}  # fmt: skip
"""The form of every column of every table."""

_NAMES = {
    "runs": "'run ' || id",
    "forecasts": "'run ' || run || ', forecast ' || id",
    "chances": "'run ' || coalesce((SELECT run FROM forecasts WHERE id = chances.forecast), '?') "
               "|| ', forecast ' || forecast",
    "outcomes": "'outcome ' || id",
    "withdrawals": "'withdrawal of run ' || run",
}  # fmt: skip
"""How a message names an entry, in SQL."""

_TEXTS = ("case_name", "case_title", "case_hash", "version", "by", "node", "title", "resolves")
# `length` of a text ends at a zero sign; that of bytes does not.
_SIZE = f"""
SELECT total(chances * ({" + ".join(f"length(CAST({name} AS BLOB))" for name in _TEXTS)}
  + coalesce(length(CAST(why AS BLOB)), 0)
  + (SELECT coalesce(max(length(CAST(source AS BLOB))), 0) FROM outcomes)))
FROM (SELECT forecast, count(*) AS chances FROM chances GROUP BY forecast)
JOIN forecasts f ON f.id = forecast JOIN runs r ON r.id = f.run
LEFT JOIN withdrawals w ON w.run = r.id
"""


def check_entries(base: sqlite3.Connection, path: Path) -> None:
    """See to it that every entry has the form of its column, and that all fit in memory.

    Raises:
        CommandError: Some have not; the first of each column is told.
    """
    problems = []
    for table, forms in FORMS.items():
        tests = [f"max({form.wrong.replace('?', name)})" for name, form in forms.items()]
        flags = base.execute(f"SELECT {', '.join(tests)} FROM {table}").fetchone()
        for (name, form), flag in zip(forms.items(), flags, strict=True):
            if flag:
                problems.append(_first(base, table, name, form.wrong.replace("?", name)))
            elif form is VALUE:
                problems.extend(_wrong_values(base, table))
    if problems:
        more = len(problems) - MOST_TOLD
        told = "; ".join(problems[:MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")
        raise CommandError(
            f"{path} is damaged: {told}. Use an undamaged copy; the file is left as it is."
        )
    size = base.execute(_SIZE).fetchone()[0]
    if size > LARGEST:
        raise CommandError(
            f"{path} cannot be used: its texts, written out with every chance, take "
            f"{size / 1e9:,.0f} GB; at most {LARGEST / 1e9:.0f} GB may be. Begin another ledger."
        )


def read_value(text: str) -> str | int | float | bool:
    """A node's value, of the JSON that the ledger keeps.

    Raises:
        ValueError: It is none.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("lists within lists are no value") from None
    if not isinstance(value, str | int | float) or (
        isinstance(value, float) and not math.isfinite(value)
    ):
        raise ValueError("neither a text nor a number")
    # A half of a sign, which JSON can name, is in no file: it raises a ValueError.
    str(value).encode()
    return value


def _wrong_values(base: sqlite3.Connection, table: str) -> list[str]:
    """The first value that is none, if there is one; each is read once, however often it stands."""
    for (text,) in base.execute(f"SELECT DISTINCT value FROM {table}"):
        try:
            read_value(text)
        except ValueError:
            return [_first(base, table, "value", "value = :text", text)]
    return []


def _first(base: sqlite3.Connection, table: str, column: str, test: str, text: str = "") -> str:
    """Say where the first entry is that a test finds, and what is wrong with it."""
    row, value = base.execute(
        f"SELECT {_NAMES[table]}, {column} FROM {table} WHERE {test} LIMIT 1", {"text": text}
    ).fetchone()
    return f"{_shown(row)}, {column}: {_quoted(value)} is no {FORMS[table][column].word}"


def _shown(value: object) -> str:
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return in_one_line(text[:MOST_SHOWN] + ("…" if len(text) > MOST_SHOWN else ""))


def _quoted(value: object) -> str:
    if value is None:
        return "an empty entry"
    if isinstance(value, bytes):
        return "a row of bytes"
    return f"'{_shown(value)}'" if isinstance(value, str) else _shown(value)
