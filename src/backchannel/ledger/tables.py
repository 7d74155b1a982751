"""The tables of the ledger, and the updates of older files.

Each script updates the file by one version; a file's version is its `user_version`. Scripts are never
changed: a new version is a new script. Triggers refuse to change, delete or replace entries, and to add to
a run that is complete, so these rules also hold for other programs that open the file.
"""

from __future__ import annotations

_VERSION_1 = """
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  logged_at TEXT NOT NULL,          -- moment, UTC
  case_name TEXT NOT NULL,
  case_title TEXT NOT NULL,
  case_hash TEXT NOT NULL,          -- of what the case says, without comments and layout
  as_of TEXT NOT NULL,              -- day up to which the case knew
  draws INTEGER NOT NULL,
  effective_draws REAL NOT NULL,
  seed INTEGER NOT NULL,
  version TEXT NOT NULL,            -- of the package
  by TEXT NOT NULL DEFAULT ''       -- who logged it
);
CREATE TABLE forecasts (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs(id),
  node TEXT NOT NULL,
  title TEXT NOT NULL,
  due TEXT,                         -- day on which it comes about
  resolves TEXT NOT NULL            -- by what test it will be known
);
CREATE INDEX forecasts_by_run ON forecasts(run);
CREATE TABLE chances (
  forecast INTEGER NOT NULL REFERENCES forecasts(id),
  place INTEGER NOT NULL,           -- position of the value in the node's domain
  value TEXT NOT NULL,              -- as JSON, so that 1 and "1" differ
  probability REAL NOT NULL,
  low REAL NOT NULL,                -- 5% of the weighted draws lie below
  high REAL NOT NULL,
  PRIMARY KEY (forecast, place)
) WITHOUT ROWID;
CREATE TABLE outcomes (
  id INTEGER PRIMARY KEY,
  entered_at TEXT NOT NULL,
  case_name TEXT NOT NULL,
  node TEXT NOT NULL,
  value TEXT NOT NULL,
  date TEXT NOT NULL,               -- day on which it came about
  source TEXT NOT NULL,
  corrects INTEGER UNIQUE REFERENCES outcomes(id),
  why TEXT NOT NULL DEFAULT ''
);
CREATE INDEX outcomes_by_node ON outcomes(case_name, node);
"""

_VERSION_2 = """
CREATE TABLE withdrawals (
  run INTEGER PRIMARY KEY REFERENCES runs(id),
  entered_at TEXT NOT NULL,
  why TEXT NOT NULL
);
"""

_VERSION_3 = """
CREATE TABLE derivations (
  forecast INTEGER PRIMARY KEY REFERENCES forecasts(id),
  parts TEXT NOT NULL,              -- nodes of the same run that the node is derived from, as JSON
  allowed TEXT NOT NULL             -- for each combination of their values, positions of its own, as JSON
);
CREATE TABLE complete (
  run INTEGER PRIMARY KEY REFERENCES runs(id)   -- its forecasts and chances are all entered
);
INSERT INTO complete SELECT id FROM runs;
"""
_VERSION_4 = """
CREATE TABLE views (
  forecast INTEGER NOT NULL REFERENCES forecasts(id),
  place INTEGER NOT NULL,           -- position of the value in the node's domain
  inside REAL NOT NULL,             -- its probability by the case alone
  outside REAL NOT NULL,            -- its probability by the base rate alone
  PRIMARY KEY (forecast, place)
) WITHOUT ROWID;
"""
_VERSION_5 = """
CREATE TABLE structures (
  forecast INTEGER NOT NULL REFERENCES forecasts(id),
  place INTEGER NOT NULL,           -- position of the value in the node's domain
  weighted REAL NOT NULL,           -- its probability over the case and its rivals, weighted by the record
  PRIMARY KEY (forecast, place)
) WITHOUT ROWID;
"""
_VIEWS_ADD, _STRUCTURES_ADD = (
    f"EXISTS (SELECT 1 FROM {table} WHERE forecast = NEW.forecast AND place = NEW.place) "
    "OR EXISTS (SELECT 1 FROM forecasts f JOIN complete c ON c.run = f.run WHERE f.id = NEW.forecast)"
    for table in ("views", "structures")
)
_ADDS = {
    "runs": "EXISTS (SELECT 1 FROM runs WHERE id = NEW.id)",
    "forecasts": "EXISTS (SELECT 1 FROM forecasts WHERE id = NEW.id) "
    "OR EXISTS (SELECT 1 FROM complete WHERE run = NEW.run)",
    "chances": "EXISTS (SELECT 1 FROM chances WHERE forecast = NEW.forecast AND place = NEW.place) "
    "OR EXISTS (SELECT 1 FROM forecasts f JOIN complete c ON c.run = f.run WHERE f.id = NEW.forecast)",
    "derivations": "EXISTS (SELECT 1 FROM derivations WHERE forecast = NEW.forecast) "
    "OR EXISTS (SELECT 1 FROM forecasts f JOIN complete c ON c.run = f.run WHERE f.id = NEW.forecast)",
    "complete": "EXISTS (SELECT 1 FROM complete WHERE run = NEW.run)",
    "outcomes": "EXISTS (SELECT 1 FROM outcomes WHERE id = NEW.id OR corrects = NEW.corrects)",
    "withdrawals": "EXISTS (SELECT 1 FROM withdrawals WHERE run = NEW.run)",
}
"""By table, when a new entry would replace another, or add to what is complete.

`INSERT OR REPLACE` deletes the old entry without asking the triggers on deletion.
"""


def _added(table: str, condition: str) -> str:
    return (
        f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} WHEN {condition} BEGIN "
        f"SELECT RAISE(ABORT, 'what was entered in the ledger is never changed'); END;\n"
    )


def _kept(table: str) -> str:
    return "".join(
        f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} BEGIN "
        f"SELECT RAISE(ABORT, 'what was entered in the ledger is never changed'); END;\n"
        for verb in ("UPDATE", "DELETE")
    )


SCRIPTS: tuple[str, ...] = (
    _VERSION_1 + "".join(map(_kept, ("runs", "forecasts", "chances", "outcomes"))),
    _VERSION_2 + _kept("withdrawals"),
    _VERSION_3
    + "".join(map(_kept, ("derivations", "complete")))
    + "".join(_added(*pair) for pair in _ADDS.items()),
    _VERSION_4 + _kept("views") + _added("views", _VIEWS_ADD),
    _VERSION_5 + _kept("structures") + _added("structures", _STRUCTURES_ADD),
)
"""`SCRIPTS[i]` makes version i + 1 of version i; version 0 is an empty file."""

VERSION = len(SCRIPTS)

APPLICATION = 0x42434C47
"""Marks the file as a ledger ("BCLG")."""
