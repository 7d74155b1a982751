"""Check that every entry of a ledger has the form of its column.

SQLite accepts any type of value in any column, so a damaged file, or one from somebody else, can hold
a text in place of a number. SQLite checks all entries when a ledger is opened, so code that reads rows
afterwards can rely on their forms.
"""

from __future__ import annotations

import json
import math
import sqlite3
from pathlib import Path
from typing import NamedTuple

from backchannel.language.errors import CommandError
from backchannel.language.visible import in_one_line
from backchannel.ledger.derivation_text import read_derivation

MOST_TOLD = 5
"""Most problems in one message."""
MOST_REASON = 200
"""Longest message from SQLite, in characters."""
MOST_SHOWN = 40
"""Longest wrong value in a message, in characters."""
SUM_TOLERANCE = 1e-6
"""Largest difference from 1 of a forecast's probabilities."""
LARGEST = 4_000_000_000
"""Most bytes of all chances, each joined with its run."""


class _Form(NamedTuple):
    """The form of a column's values."""

    wrong: str
    """An SQL condition that holds for wrong values; `?` is the column."""
    word: str


# Adding 0 days turns 30 February into 2 March, which differs.
_A_DAY = "typeof(?) <> 'text' OR date(?, '+0 days') IS NOT ? OR ? < '0001'"
TEXT = _Form("typeof(?) <> 'text'", "text")
WHOLE = _Form("typeof(?) <> 'integer'", "whole number")
OPTIONAL_WHOLE = _Form("? IS NOT NULL AND typeof(?) <> 'integer'", "whole number")
COUNT = _Form("typeof(?) <> 'integer' OR ? < 0", "number of draws")
AMOUNT = _Form("typeof(?) <> 'real' OR ? < 0 OR ? > 1e300", "number of draws")
# Sums of weights can miss 0 and 1 by a rounding error.
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
    "derivations": {"forecast": WHOLE, "parts": TEXT, "allowed": TEXT},
    "views": {"forecast": WHOLE, "place": WHOLE, "inside": CHANCE, "outside": CHANCE},
    "structures": {"forecast": WHOLE, "place": WHOLE, "weighted": CHANCE},
    "complete": {"run": WHOLE},
    "withdrawals": {"run": WHOLE, "entered_at": MOMENT, "why": TEXT},
}  # fmt: skip
"""The form of every column of every table."""

_NAMES = {
    "runs": "'run ' || id",
    "forecasts": "'run ' || run || ', forecast ' || id",
    "chances": "'run ' || coalesce((SELECT run FROM forecasts WHERE id = chances.forecast), '?') "
               "|| ', forecast ' || forecast",
    "views": "'views of forecast ' || forecast",
    "structures": "'forecast over structures of forecast ' || forecast",
    "derivations": "'derivation of forecast ' || forecast",
    "complete": "'complete run ' || run",
    "outcomes": "'outcome ' || id",
    "withdrawals": "'withdrawal of run ' || run",
}  # fmt: skip
"""How a message names an entry, in SQL."""

_TEXTS = ("case_name", "case_title", "case_hash", "version", "by", "node", "title", "resolves")
# `length` of a text stops at a zero character; that of bytes does not.
_SIZE = f"""
SELECT total(chances * ({" + ".join(f"length(CAST({name} AS BLOB))" for name in _TEXTS)}
  + coalesce(length(CAST(why AS BLOB)), 0)
  + (SELECT coalesce(max(length(CAST(source AS BLOB))), 0) FROM outcomes)))
FROM (SELECT forecast, count(*) AS chances FROM chances GROUP BY forecast)
JOIN forecasts f ON f.id = forecast JOIN runs r ON r.id = f.run
LEFT JOIN withdrawals w ON w.run = r.id
"""


def check_integrity(base: sqlite3.Connection, path: Path) -> None:
    """Check that the file's pages and indexes agree, and that no entry refers to one that is missing.

    Raises:
        CommandError: The file is damaged.
    """
    [(told,), *_] = base.execute("PRAGMA integrity_check(1)").fetchall()
    missing = base.execute("PRAGMA foreign_key_check").fetchone()
    if told == "ok" and missing is None:
        return
    problem = in_one_line(told.splitlines()[-1])[:MOST_REASON] if told != "ok" else ""
    if not problem and missing:
        problem = f"{missing[0]} {missing[1]} refers to an entry of {missing[2]} that is missing"
    raise CommandError(
        f"{path} is damaged: {problem}. Use an undamaged copy. The file was not changed."
    )


def check_entries(base: sqlite3.Connection, path: Path) -> None:
    """Check that every entry has the form of its column, and that all fit in memory.

    Raises:
        CommandError: An entry is wrong; the message names the first one of each column.
    """
    problems = []
    for table, forms in FORMS.items():
        tests = [f"max({form.wrong.replace('?', name)})" for name, form in forms.items()]
        flags = base.execute(f"SELECT {', '.join(tests)} FROM {table}").fetchone()
        for (name, form), flag in zip(forms.items(), flags, strict=True):
            if flag:
                problems.append(_describe_first(base, table, name, form.wrong.replace("?", name)))
            elif form is VALUE:
                problems.extend(_wrong_values(base, table))
    if not problems:
        problems = [*_wrong_sums(base), *_wrong_derivations(base)]
    if problems:
        more = len(problems) - MOST_TOLD
        told = "; ".join(problems[:MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")
        raise CommandError(
            f"{path} is damaged: {told}. Use an undamaged copy. The file was not changed."
        )
    size = base.execute(_SIZE).fetchone()[0]
    if size > LARGEST:
        raise CommandError(
            f"{path} cannot be used: its texts are repeated for every forecast and would take {size / 1e9:,.0f} GB; "
            f"at most {LARGEST / 1e9:.0f} GB are allowed. Begin another ledger."
        )


def read_value(text: str) -> str | int | float | bool:
    """Read a node's value from the JSON in the ledger.

    Raises:
        ValueError: The text is not a value.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("nested lists are not a value") from None
    if not isinstance(value, str | int | float) or (
        isinstance(value, float) and not math.isfinite(value)
    ):
        raise ValueError("neither a text nor a number")
    # JSON can hold half a character, which raises a ValueError here.
    str(value).encode()
    return value


def _wrong_values(base: sqlite3.Connection, table: str) -> list[str]:
    """Find the first wrong value; each distinct value is read once."""
    for (text,) in base.execute(f"SELECT DISTINCT value FROM {table}"):
        try:
            read_value(text)
        except ValueError:
            return [_describe_first(base, table, "value", "value = :text", text)]
    return []


def _wrong_sums(base: sqlite3.Connection) -> list[str]:
    """Find the first forecast whose probabilities do not sum to 1."""
    row = base.execute(
        "SELECT run, id, (SELECT total(probability) FROM chances WHERE forecast = forecasts.id) AS sum "
        f"FROM forecasts WHERE abs(sum - 1) > {SUM_TOLERANCE} LIMIT 1"
    ).fetchone()
    if row is None:
        return []
    return [f"run {row[0]}, forecast {row[1]}: the probabilities sum to {row[2]:.6g} instead of 1"]


def _wrong_derivations(base: sqlite3.Connection) -> list[str]:
    """Find the first wrong derivation; runs of one case share their texts, and each is read once."""
    rows = base.execute(
        "SELECT parts, allowed, min(forecast) FROM derivations GROUP BY parts, allowed"
    )
    for parts, allowed, forecast in rows:
        try:
            read_derivation(parts, allowed)
        except ValueError as error:
            return [f"derivation of forecast {forecast}: {error}"]
    return []


def _describe_first(
    base: sqlite3.Connection, table: str, column: str, test: str, text: str = ""
) -> str:
    """Describe the first entry for which a condition holds."""
    row, value = base.execute(
        f"SELECT {_NAMES[table]}, {column} FROM {table} WHERE {test} LIMIT 1", {"text": text}
    ).fetchone()
    return f"{_shown(row)}, {column}: {_quoted(value)} is not a {FORMS[table][column].word}"


def _shown(value: object) -> str:
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return in_one_line(text[:MOST_SHOWN] + ("…" if len(text) > MOST_SHOWN else ""))


def _quoted(value: object) -> str:
    if value is None:
        return "an empty entry"
    if isinstance(value, bytes):
        return "a row of bytes"
    return f"'{_shown(value)}'" if isinstance(value, str) else _shown(value)
