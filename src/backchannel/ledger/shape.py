"""Check that a ledger's file holds only its own tables, indexes and triggers.

A ledger can come from somebody else. A view in place of a table could compute rows without end, and an
additional trigger could change entries, so everything else is refused before a row is read. Texts are
compared exactly: one line break less could turn code into a comment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from backchannel.language.errors import CommandError
from backchannel.language.visible import in_one_line
from backchannel.ledger.tables import SCRIPTS

LONGEST_NAME = 60
"""Longest name in a message, in characters."""
STATISTICS = ("sqlite_stat1", "sqlite_stat4")
"""Tables in which SQLite itself stores the results of ANALYZE; their names are reserved."""


def check_shape(base: sqlite3.Connection, path: Path, version: int) -> None:
    """Check that a file holds the same objects as an empty ledger of its version.

    Raises:
        CommandError: An object is missing, changed or not part of a ledger; the message names the first.
    """
    objects, known = _objects(base), _known(version)
    for (name, kind), text in objects.items():
        shown = in_one_line(name[:LONGEST_NAME])
        if (name, kind) not in known:
            problem = f"it holds {_article(kind)} named '{shown}'"
        elif text != known[name, kind]:
            problem = f"its {kind} '{shown}' was changed"
        else:
            continue
        raise CommandError(
            f"{path} is not a ledger of Backchannel: {problem}. The file was not changed."
        )
    for name, kind in known:
        if (name, kind) not in objects:
            raise CommandError(
                f"{path} is not a ledger of Backchannel: its {kind} '{name}' is missing. The file was "
                "not changed."
            )


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script; `executescript` would commit the open transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@cache
def _known(version: int) -> dict[tuple[str, str], str | None]:
    base = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for script in SCRIPTS[:version]:
            for statement in statements(script):
                base.execute(statement)
        return _objects(base)
    finally:
        base.close()


def _objects(base: sqlite3.Connection) -> dict[tuple[str, str], str | None]:
    """Return the text of each object, by name and kind; views come first because they are most dangerous."""
    rows = base.execute("SELECT name, type, sql FROM sqlite_master ORDER BY type DESC, name")
    return {
        (str(name), str(kind)): text
        for name, kind, text in rows
        if (kind, name) not in {("table", known) for known in STATISTICS}
    }


def _article(kind: str) -> str:
    return f"{'an' if kind == 'index' else 'a'} {kind}"
