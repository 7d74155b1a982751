"""Chunks: what goes into the compiled sweep and what comes out, some lanes at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

DISTURBANCE = 0.05
"""Share of random rules that is mixed into play on every rung of a disturbed climb."""
SLOW = 0.5
"""Rate of contraction at which a draw does not converge in three dozen sweeps."""


@dataclass(frozen=True)
class Chunk:
    """The numbers of some lanes; cells are rows, the lane is the last axis."""

    inputs: dict[str, np.ndarray]
    """`number`, `constant` and `precision` (packed by `Sweeper.cells.numbers`, `constants` and
    `precisions`), `menu` and `conceivable` (one column for all lanes), `held` (decision, lane)."""
    count: int
    """Lanes that are in use, from the first; the others are not worked on."""


@dataclass(frozen=True)
class Swept:
    """The result of sweeping a chunk."""

    play: Any
    """Every rule, packed by `Sweeper.cells.rules`."""
    change: Any
    """The last change, per lane."""
    sweeps: Any
    """Number of sweeps, per lane."""
    passed: Any
    """Whether the last sweep contracted as asked for on every rung, per lane; without a climb, by
    at least `SLOW`."""


@dataclass(frozen=True)
class Rungs:
    """The way up to full precision."""

    count: int
    """Rungs below the last, which is full precision."""
    ratio: float
    """Every precision over what it is on the rung below."""
    contraction: float
    """What the last sweep on a rung may move at most, over what the one before moved."""
    disturbance: float = 0.0
    """Share of random rules that is mixed into play on every rung."""
