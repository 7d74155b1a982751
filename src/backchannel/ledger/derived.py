"""Derived nodes whose parts are scored: their values follow from the parts, so they are not independent forecasts."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection

from backchannel.language.names import NodeName
from backchannel.ledger.ledger import Ledger

_DERIVED = """
SELECT f.run, r.case_name, f.node, f.id AS forecast, d.parts FROM derivations d
JOIN forecasts f ON f.id = d.forecast JOIN runs r ON r.id = f.run ORDER BY f.id
"""


def following_forecasts(ledger: Ledger, counted: Collection[tuple[str, NodeName]]) -> set[int]:
    """Numbers of the forecasts of derived nodes that follow from nodes which are counted.

    A part that is not counted may itself be a derived node whose parts are counted. In a run, parts come before the
    nodes derived from them.

    Args:
        ledger: The ledger.
        counted: Case and node of every forecast with a score.
    """
    settled: dict[int, set[NodeName]] = defaultdict(set)
    following = set()
    for row in ledger.rows(_DERIVED):
        known, parts = settled[row["run"]], json.loads(row["parts"])
        if parts and all(part in known or (row["case_name"], part) in counted for part in parts):
            known.add(row["node"])
            following.add(int(row["forecast"]))
    return following
