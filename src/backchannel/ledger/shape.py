"""What a ledger's file may hold: its own tables, indexes and triggers, and nothing else.

A ledger may come from others. A view in the place of a table could compute rows without end, and a
trigger more could change what is entered, so whatever is not of this program is refused before a
row is read. Texts are compared as they are: a line break less would turn code into a comment.
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
"""Signs of a foreign name that a message shows."""
STATISTICS = ("sqlite_stat1", "sqlite_stat4")
"""Tables in which SQLite itself keeps what ANALYZE found; their names are reserved for it."""


def check_shape(base: sqlite3.Connection, path: Path, version: int) -> None:
    """See to it that a file holds what an empty ledger of its version holds.

    Raises:
        CommandError: It holds something else, or lacks something; the first of them is told.
    """
    found, known = _objects(base), _known(version)
    for (name, kind), text in found.items():
        shown = in_one_line(name[:LONGEST_NAME])
        if (name, kind) not in known:
            problem = f"it holds {_article(kind)} named '{shown}'"
        elif text != known[name, kind]:
            problem = f"its {kind} '{shown}' is not as Backchannel makes it"
        else:
            continue
        raise CommandError(
            f"{path} is no ledger of Backchannel: {problem}. The file is left as it is."
        )
    for name, kind in known:
        if (name, kind) not in found:
            raise CommandError(
                f"{path} is no ledger of Backchannel: its {kind} '{name}' is missing. The file is "
                "left as it is."
            )


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one; `executescript` would commit the open transaction."""
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
    """The text of each object, by name and kind; views first, for they are the worst."""
    rows = base.execute("SELECT name, type, sql FROM sqlite_master ORDER BY type DESC, name")
    return {
        (str(name), str(kind)): text
        for name, kind, text in rows
        if (kind, name) not in {("table", known) for known in STATISTICS}
    }


def _article(kind: str) -> str:
    return f"{'an' if kind == 'index' else 'a'} {kind}"
