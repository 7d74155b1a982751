"""Follow the branch of large games by their sweep, so that nothing is compiled for it.

Draws of several games of one frame go together: a pass takes many lanes in the time of one. The
steps are those of `step`, on NumPy, and F is that of `passes`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from backchannel.equilibrium.homotopy.followed import Arrival, Trace, status_of
from backchannel.equilibrium.homotopy.layout import menus_of
from backchannel.equilibrium.homotopy.linear import Factorised
from backchannel.equilibrium.homotopy.passes import Entry, Passes
from backchannel.equilibrium.homotopy.quotient import Classes, all_distinct, find_quotient, spread
from backchannel.equilibrium.homotopy.step import Stage, advance, at_least, start
from backchannel.equilibrium.homotopy.values import FRAMES
from backchannel.equilibrium.homotopy.whole import Whole
from backchannel.equilibrium.result import Status

MOST_UNKNOWNS = 1500
"""Unknowns up to which the slopes of F are worth taking."""
ROOM = 512e6
"""Bytes that the slopes of draws followed together may take."""
MOST_STEPS = 2000
"""Steps of one draw before it is given up."""


def follow_by_sweeps(
    entries: Sequence[Entry],
    look_at: Int[np.ndarray, " few"],
    *,
    trace: bool,
    care: int,
    quotient: bool,
) -> Arrival:
    """Follow all free decisions together to the end, in every entry.

    Args:
        entries: Draws of games of one frame and of the same menus.
        look_at: Draws of the first game by which contexts are found equivalent.
        trace: Whether to note the way.
        care: How short the steps are at first.
        quotient: Whether equivalent contexts are put together.

    Returns:
        Where they arrived; out of steps, all of them, in a game of too many unknowns.
    """
    first = entries[0][0]
    passes = Passes(entries, _classes(first, look_at) if quotient else all_distinct(first.frame))
    n, count = passes.n_unknowns, len(entries)
    if n > MOST_UNKNOWNS:
        nothing, given_up = np.zeros(count, int), np.full(count, int(Status.OUT_OF_STEPS))
        return Arrival(_unplayed(entries), frozenset(), given_up, nothing, nothing)
    together = max(1, int(ROOM / (8 * (n + 2) ** 2)))
    groups = np.array_split(np.arange(count), -(-count // together))
    ways = [_Way(passes, group, care, trace) for group in groups]
    x, stage, folds, steps, flat = (
        np.concatenate([way.state[name] for way in ways], axis=-1)
        for name in ("x", "stage", "folds", "steps", "flat")
    )
    policies = passes.policies(x, np.ones(count), np.arange(count))
    traces = tuple(found for way in ways for found in way.traces) if trace else None
    return Arrival(policies, frozenset(passes.layout), status_of(stage, flat), folds, steps, traces)


class _Way:
    """The way of some entries along the branch."""

    def __init__(self, passes: Passes, entries: np.ndarray, care: int, trace: bool) -> None:
        self.passes, self.entries = passes, entries
        some = [passes.entries[i] for i in entries.tolist()]
        length = np.array([whole.length(np.array([draw]))[0] for whole, draw in some])
        n = passes.n_unknowns
        # Where nothing is at stake, or nobody needs anybody, the branch is over where it begins.
        is_long = (length > 0) & (n > 0)
        self.length = np.where(is_long, length, 1.0)
        self.points = [[(0.0, np.zeros(n))] for _ in some] if trace else None
        self.state = start(n, len(some), at_least(care, n))
        self.state["end"] = length
        stage = np.where(is_long, int(Stage.FOLLOWING), int(Stage.LANDED))
        self.state["stage"] = np.where(np.isfinite(length), stage, int(Stage.NOT_FINITE))
        self.state["flat"] = np.ones(len(some))
        with np.errstate(all="ignore"):
            for _ in range(MOST_STEPS):
                if (self.state["stage"] >= Stage.LANDED).all():
                    break
                self._step()

    def _step(self) -> None:
        self.state, found = advance(self.state, self._system, self._residual, invert=Factorised)
        if self.points is not None:
            for lane in np.flatnonzero(found):
                at = float(self.state["tau"][lane]), self.state["x"][:, lane]
                self.points[lane].append(at)

    def _system(self, x: np.ndarray, tau: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        value, by_x, by_share = self.passes.slopes(x, tau / self.length, self.entries)
        return value, by_x, by_share / self.length

    def _residual(self, x: np.ndarray, tau: np.ndarray) -> Float[np.ndarray, "unknown lane"]:
        return self.passes.residual(x, tau / self.length, self.entries)

    @property
    def traces(self) -> list[Trace]:
        """Every rule at each point, entry by entry."""
        found = []
        for lane, points in enumerate(self.points or []):
            share = np.array([tau for tau, _ in points]) / self.length[lane]
            x = np.stack([x for _, x in points], axis=-1)
            each = np.full(len(share), self.entries[lane])
            policies = self.passes.policies(x, share, each)
            free = self.passes.first.frame.owner
            found.append(Trace(share, {name: policies[name] for name in free}))
        return found


_known: dict[tuple, Classes] = {}


def _classes(whole: Whole, look_at: np.ndarray) -> Classes:
    """Equivalent contexts, found once for a frame: every end is checked on the game itself."""
    frame, tables = whole.frame, whole.tables
    key = (frame, *(menu.tobytes() for menu in menus_of(frame, tables).values()))
    if key not in _known:
        if len(_known) >= FRAMES:
            _known.pop(next(iter(_known)))
        one_slice = np.zeros((0, 1), int)
        _known[key] = spread(*find_quotient(frame, tables, (), one_slice, look_at))
    return _known[key]


def _unplayed(entries: Sequence[Entry]) -> dict:
    each = [whole.unplayed(np.array([draw])) for whole, draw in entries]
    return {name: np.concatenate([rules[name] for rules in each]) for name in each[0]}
