"""Follow the branch of large games by their sweep, so that nothing is compiled for it.

Draws of several games of one kind go together: a pass takes many lanes in the time of one. The
steps are those of `step`, on NumPy, and F is that of `passes`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from backchannel.equilibrium.branch.context import GameContext
from backchannel.equilibrium.branch.followed import Arrival, Trace, status_of
from backchannel.equilibrium.branch.lane import LaneState, Stage, at_least, start
from backchannel.equilibrium.branch.linear import Factorised
from backchannel.equilibrium.branch.passes import Passes
from backchannel.equilibrium.branch.quotient import Classes, all_distinct, find_quotient, spread
from backchannel.equilibrium.branch.step import advance
from backchannel.equilibrium.types import Status
from backchannel.machine.memory import NUMBER, allowed

MOST_UNKNOWNS = 1500
"""Unknowns up to which the slopes of F are worth taking."""
ROOM = 512e6
"""Bytes that the draws that are followed together may take."""
MOST_STEPS = 2000
"""Steps of one draw before it is given up."""


def follow_by_sweeps(
    asked: Sequence[tuple[GameContext, Int[np.ndarray, " some"]]],
    looked_at: Sequence[Int[np.ndarray, " few"]],
    *,
    trace: bool,
    care: int,
    quotient: bool,
) -> list[Arrival]:
    """Follow all free decisions together to the end, in some draws of each of some games.

    Args:
        asked: Games of one kind (`GameContext.kind`), and which draws of each.
        looked_at: Draws of each by which contexts are found equivalent.
        trace: Whether to note the way.
        care: How short the steps are at first.
        quotient: Whether equivalent contexts are put together.

    Returns:
        Where they arrived; out of steps, all of them, in a game of too many unknowns.
    """
    classes = _alike(asked, looked_at) if quotient else all_distinct(asked[0][0].frame)
    passes = Passes([(w, draw) for w, draws in asked for draw in draws.tolist()], classes)
    counts = [len(draws) for _, draws in asked]
    if passes.n_unknowns > MOST_UNKNOWNS:
        return [_given_up(context, draws) for context, draws in asked]
    length = np.concatenate([context.length(draws) for context, draws in asked])
    room = min(ROOM, allowed() / 2)
    together = max(1, int(room / (NUMBER * passes.numbers_each)))
    groups = np.array_split(np.arange(len(length)), -(-len(length) // together))
    ways = [_Way(passes, group, length[group], care, trace) for group in groups]
    end = LaneState(
        *(
            np.concatenate(parts, axis=-1)
            for parts in zip(*(way.state for way in ways), strict=True)
        )
    )
    policies = passes.policies(end.x, np.ones(len(length)), np.arange(len(length)))
    traces = tuple(trace_part for way in ways for trace_part in way.traces) if trace else None
    followed, status = frozenset(passes.layout), status_of(end.stage, end.flat)
    counted = (end.folds, end.crossings, end.steps)
    return Arrival(policies, followed, status, *counted, traces).split(counts)


class _Way:
    """The way of some members along the branch."""

    def __init__(
        self, passes: Passes, members: np.ndarray, length: np.ndarray, care: int, trace: bool
    ) -> None:
        n = passes.n_unknowns
        self.passes, self.members = passes, members
        # Where nothing is at stake, or nobody needs anybody, the branch is over where it begins.
        is_long = (length > 0) & (n > 0)
        self.length = np.where(is_long, length, 1.0)
        self.points = [[(0.0, np.zeros(n))] for _ in members] if trace else None
        stage = np.where(is_long, int(Stage.FOLLOWING), int(Stage.LANDED))
        self.state = start(n, len(members), at_least(care, n))._replace(
            end=length,
            stage=np.where(np.isfinite(length), stage, int(Stage.NOT_FINITE)),
            flat=np.ones(len(members)),
        )
        self._go()

    def _go(self) -> None:
        running = np.zeros(0, int)
        with np.errstate(all="ignore"):
            for _ in range(MOST_STEPS):
                left = np.flatnonzero(self.state.stage < Stage.LANDED)
                if len(left) < len(running):
                    self.passes.forget()
                running = left
                if not len(running):
                    break
                self._step(running)
        self.passes.forget()

    def _step(self, lanes: np.ndarray) -> None:
        """Take a step in the lanes that are on their way."""
        members, length = self.members[lanes], self.length[lanes]

        def system(x: np.ndarray, tau: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            value, by_x, by_share = self.passes.slopes(x, tau / length, members)
            return value, by_x, by_share / length

        def residual(x: np.ndarray, tau: np.ndarray) -> Float[np.ndarray, "unknown lane"]:
            return self.passes.residual(x, tau / length, members)

        here = LaneState(*(values[..., lanes] for values in self.state))
        new, has_moved = advance(here, system, residual, invert=Factorised)
        for values, changed in zip(self.state, new, strict=True):
            values[..., lanes] = changed
        if self.points is not None:
            for lane in lanes[new.care > here.care].tolist():
                del self.points[lane][1:]
            for lane in lanes[np.asarray(has_moved)].tolist():
                at = float(self.state.tau[lane]), self.state.x[:, lane].copy()
                self.points[lane].append(at)

    @property
    def traces(self) -> list[Trace]:
        """Every rule at each point, member by member."""
        traces = []
        for lane, points in enumerate(self.points or []):
            share = np.array([tau for tau, _ in points]) / self.length[lane]
            x = np.stack([x for _, x in points], axis=-1)
            each = np.full(len(share), self.members[lane])
            policies = self.passes.policies(x, share, each)
            free = self.passes.first.frame.owner
            traces.append(Trace(share, {name: policies[name] for name in free}))
        return traces


def _alike(
    asked: Sequence[tuple[GameContext, np.ndarray]], looked_at: Sequence[np.ndarray]
) -> Classes:
    """Classes of contexts that are equivalent in every game."""
    one_slice = np.zeros((0, 1), int)
    classes_of_parts = [
        spread(*find_quotient(context.frame, context.tables, (), one_slice, some))
        for (context, _), some in zip(asked, looked_at, strict=True)
        if len(some)
    ]
    both = {}
    for name, table in classes_of_parts[0].items():
        labels = np.stack([classes[name].reshape(-1) for classes in classes_of_parts], axis=1)
        both[name] = np.unique(labels, axis=0, return_inverse=True)[1].reshape(table.shape)
    return both


def _given_up(context: GameContext, draws: np.ndarray) -> Arrival:
    nothing, status = np.zeros(len(draws), int), np.full(len(draws), int(Status.OUT_OF_STEPS))
    return Arrival(context.unplayed(draws), frozenset(), status, nothing, nothing, nothing)
