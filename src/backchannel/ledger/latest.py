"""The last forecast of each node: the one that was made last, in whatever order forecasts were entered."""

from __future__ import annotations

import sqlite3

from backchannel.language.names import NodeName

_YOUNGEST_LAST = """
SELECT f.node, f.id FROM forecasts f JOIN runs r ON r.id = f.run WHERE r.case_name = ?
ORDER BY r.logged_at, f.id
"""


def latest_forecasts(base: sqlite3.Connection, case_name: str) -> dict[NodeName, int]:
    """By node of a case, the number of its last forecast; an imported record is as old as it says."""
    return dict(base.execute(_YOUNGEST_LAST, (case_name,)).fetchall())
