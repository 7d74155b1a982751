"""The form in which a derivation is kept in the ledger: two texts in JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass

from backchannel.language.names import NodeName

MOST_COMBINATIONS = 20_000
"""Most combinations of the parts' values that are logged; of a larger derivation only the parts are."""


@dataclass(frozen=True)
class Derivation:
    """What a derived node can be, for every combination of its parts' values."""

    parts: tuple[NodeName, ...]
    """The nodes of the same run on which it depends directly."""
    allowed: tuple[tuple[int, ...], ...]
    """Positions of its values that are possible; the last part varies fastest. Empty where there are too many."""

    def as_texts(self) -> tuple[str, str]:
        """The two columns of the ledger."""
        return json.dumps(self.parts), json.dumps(self.allowed, separators=(",", ":"))


def read_derivation(parts: str, allowed: str) -> Derivation:
    """Read a derivation from the ledger.

    Raises:
        ValueError: The texts are not a derivation.
    """
    try:
        names, rows = json.loads(parts), json.loads(allowed)
    except RecursionError:
        raise ValueError("nested lists are not a derivation") from None
    if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise ValueError("the parts are not names")
    if not isinstance(rows, list) or not all(
        isinstance(row, list) and all(type(place) is int and place >= 0 for place in row)
        for row in rows
    ):
        raise ValueError("the values are not positions")
    return Derivation(tuple(names), tuple(map(tuple, rows)))
