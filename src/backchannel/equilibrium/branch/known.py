"""The equilibria that a search knows, draw by draw; draws of equal numbers are one."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from math import prod
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from backchannel.equilibrium.branch.starts import StartingPlay
from backchannel.equilibrium.game_tables import Tables
from backchannel.equilibrium.types import Policies, rows_of
from backchannel.language.names import NodeName

APART = 1e-5
"""Two equilibria are distinct if some probability differs by more than this."""
ALIKE = 0.05
"""Equilibria of different draws are of one kind if no probability differs by more than this."""
MOST_KINDS = 32
"""Kinds of equilibria that draws hand on to each other."""
DIGITS = 6
"""Digits by which equilibria are put in order."""


class KnownPlays:
    """The distinct equilibria of some draws, as far as they were found.

    Args:
        tables: The game.
        known: The principal equilibrium of every draw of the game.
        draws: Which draws.
    """

    def __init__(self, tables: Tables, known: Policies, draws: Int[np.ndarray, " some"]) -> None:
        self._shapes: Mapping[NodeName, tuple[int, ...]] = {
            n: r.shape[1:] for n, r in known.items()
        }
        kinds, first, self._row_of = np.unique(
            _numbers(tables, draws), return_index=True, return_inverse=True
        )
        self.names = tuple(known)
        """Every decision."""
        self.count = len(kinds)
        """Number of distinct draws."""
        self.draws = draws[first]
        """One draw of each kind."""
        self._principal = self._packed(rows_of(known, draws))
        self._plays: list[list[np.ndarray]] = [[] for _ in range(self.count)]
        self._kinds: list[np.ndarray] = []
        self._tried: set[tuple[int, int]] = set()
        for row, play in zip(self._row_of.tolist(), self._principal, strict=True):
            self._add(row, play)

    def add(self, rows: Int[np.ndarray, " some"], plays: Policies) -> bool:
        """Add equilibria; say whether any is new.

        Args:
            rows: The distinct draw of each, by number.
            plays: The equilibria; axis 0 runs over `rows`.
        """
        packed = self._packed(plays)
        new = [self._add(row, play) for row, play in zip(rows.tolist(), packed, strict=True)]
        return any(new)

    def plays(self, row: int) -> list[Float[np.ndarray, " cell"]]:
        """The equilibria of a distinct draw, in the order in which they were found."""
        return self._plays[row]

    def unpacked(self, plays: Float[np.ndarray, "some cell"]) -> dict[NodeName, Any]:
        """Rules of some plays; axis 0 runs over the plays."""
        rules, start = {}, 0
        for name, shape in self._shapes.items():
            size = prod(shape)
            rules[name] = plays[:, start : start + size].reshape(-1, *shape)
            start += size
        return rules

    def unshared(self) -> list[tuple[StartingPlay, Int[np.ndarray, " some"]]]:
        """Each kind of equilibrium, with the distinct draws in which none of this kind was found.

        No draw is named twice for one kind.
        """
        for plays in self._plays:
            for play in plays:
                if len(self._kinds) < MOST_KINDS and not _has(self._kinds, play, ALIKE):
                    self._kinds.append(play)
        starts = []
        for number, kind in enumerate(self._kinds):
            without = [
                row
                for row, own in enumerate(self._plays)
                if (number, row) not in self._tried and not _has(own, kind, ALIKE)
            ]
            self._tried |= {(number, row) for row in without}
            starts.append((StartingPlay(self.unpacked(kind[None])), np.array(without, int)))
        return starts

    def in_order(self) -> tuple[tuple[Policies, ...], ...]:
        """The equilibria of every draw, the principal one first."""
        others = [sorted(plays, key=_order) for plays in self._plays]
        ordered = []
        for row, principal in zip(self._row_of.tolist(), self._principal, strict=True):
            own = [principal, *(p for p in others[row] if not _has([principal], p, APART))]
            rules = self.unpacked(np.array(own))
            ordered.append(
                tuple({n: rule[i].copy() for n, rule in rules.items()} for i in range(len(own)))
            )
        return tuple(ordered)

    def _add(self, row: int, play: np.ndarray) -> bool:
        if _has(self._plays[row], play, APART):
            return False
        self._plays[row].append(play)
        return True

    def _packed(self, policies: Policies) -> Float[np.ndarray, "some cell"]:
        return np.concatenate(
            [policies[n].reshape(-1, prod(shape)) for n, shape in self._shapes.items()], axis=1
        )


def row_of(policies: Policies, row: int) -> dict[NodeName, Float[np.ndarray, ...]]:
    """One draw's rules."""
    return {name: np.array(rule[row if len(rule) > 1 else 0]) for name, rule in policies.items()}


def _numbers(tables: Tables, draws: Int[np.ndarray, " some"]) -> list[str]:
    """All numbers that decide play, draw by draw, as digests that can be compared."""
    varying = [
        np.ascontiguousarray(np.asarray(table)[draws].reshape(len(draws), -1), float)
        for kind in ("factor", "belief", "term", "precision", "rule")
        for table in tables[kind].values()
        if len(table) > 1
    ]
    digests = []
    for i in range(len(draws)):
        digest = blake2b()
        for table in varying:
            digest.update(table[i].tobytes())
        digests.append(digest.hexdigest())
    return digests


def _has(plays: list[np.ndarray], play: np.ndarray, apart: float) -> bool:
    return any(float(np.abs(play - other).max()) <= apart for other in plays)


def _order(play: np.ndarray) -> tuple[float, ...]:
    return tuple((-np.round(play, DIGITS)).tolist())
