"""Several equilibria: look for all logit equilibria of a game, from many starts.

There is no bound on how many a game has, and no method that is sure to find them all. Each start
(`starts`) is swept, which finds equilibria that sweeps are drawn to; Newton's method on the log-odds of a
feedback set finds those that sweeps run away from as well. The branch through each equilibrium that
was found leads to others (`partners`). At last, what was found in one draw is a start for the others.
What is found is a lower bound of how many there are. Draws of equal numbers are searched once, so
that they have equal equilibria.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax
import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.equilibrium.branch.context import GameContext
from backchannel.equilibrium.branch.follow import goes_by_sweeps
from backchannel.equilibrium.branch.known import KnownPlays, row_of
from backchannel.equilibrium.branch.newton import find_roots, fits
from backchannel.equilibrium.branch.partners import find_partners
from backchannel.equilibrium.branch.parts import fill_rules
from backchannel.equilibrium.branch.reduction import reduce_game
from backchannel.equilibrium.branch.run import BranchJob
from backchannel.equilibrium.branch.starts import StartingPlay, make_start
from backchannel.equilibrium.branch.verify import verify_by_sweeps
from backchannel.equilibrium.sweep.batch import SweepRun, sweep
from backchannel.equilibrium.types import Policies, Task, rows_of
from backchannel.machine.memory import NUMBER

RIGHT = 1e-8
"""Largest move in a sweep of the whole game at which a play counts as an equilibrium."""
SWEEPS = 60
"""Sweeps from each start."""
RESPONSES = 4
"""Sweeps in which the others respond to the leaders of a start."""
ROOM = 64e6
"""Bytes of the rules that are swept from several starts at the same time."""
MOST_UNKNOWNS = 150
"""Unknowns up to which Newton's method is used and branches are followed; with more, only sweeps
search."""
NEWTON_WORK = 1e6
"""Numbers that Newton's method may take in each draw, over all starts: in a large game it starts from fewer."""
FEWEST = 4
"""Starts of Newton's method in each draw, at least."""
ROUNDS = 4
"""How often what was found leads on to others."""


@dataclass(frozen=True)
class Found:
    """The distinct equilibria of some draws."""

    draws: Int[np.ndarray, " some"]
    plays: tuple[tuple[Policies, ...], ...]
    """For each draw its equilibria; each rule without a draw axis. The principal one is first, if
    it was given; the others follow in an order that depends on the plays alone."""
    by_newton: bool
    """Whether Newton's method and other branches searched too, or the game is too large for them."""


def search(
    task: Task,
    *,
    draws: Int[np.ndarray, " some"],
    known: Policies,
    starts: int,
    seed: int = 0,
) -> Found:
    """Look for the distinct logit equilibria of some draws.

    Args:
        task: The game, and the rules that are held.
        draws: Which draws.
        known: The principal equilibrium of every draw of the game.
        starts: Starts for each draw.
        seed: The same seed starts from the same play.
    """
    context = GameContext(task)
    if not len(draws) or not context.sweeper.is_circular(frozenset(task.held)):
        principal = tuple((row_of(known, draw),) for draw in draws.tolist())
        return Found(draws, principal, True)
    plays = KnownPlays(context.tables, known, draws)
    searching = _Search(context, plays)
    menus, owner = context.tables["menu"], context.frame.owner
    every = np.arange(plays.count)
    searching.start(
        [(make_start(i, menus=menus, owner=owner, seed=seed), every) for i in range(starts)]
    )
    for _ in range(ROUNDS):
        more = searching.follow_branches()
        more |= searching.start(plays.unshared())
        if not more:
            break
    return Found(draws, plays.in_order(), searching.by_newton)


Starting = tuple[StartingPlay, Int[np.ndarray, " some"]]
"""A start, and the distinct draws that begin there, by number."""


class _Search:
    """The methods of a search; each adds what it finds to the plays that are known."""

    def __init__(self, context: GameContext, found: KnownPlays) -> None:
        self.context, self.found = context, found
        # Contexts that are alike may be played differently off the principal branch, so that they are
        # not put together, and the whole game is one part.
        (self.part,) = reduce_game(
            context.frame, context.tables, found.draws[:8], quotient=False, joint=True
        )
        self.by_newton = (
            0 < self.part.n_unknowns <= MOST_UNKNOWNS
            and fits(self.part)
            and not goes_by_sweeps(context, [self.part])
        )
        self.most_by_newton = max(FEWEST, int(NEWTON_WORK / max(self.part.size, 1)))
        """Starts of Newton's method in each draw."""
        self.is_followed = [0] * found.count
        """How many plays of each distinct draw have been followed to other ends."""

    def start(self, starts: list[Starting]) -> bool:
        """Start from some plays; say whether anything new was found."""
        starts = [(start, rows) for start, rows in starts if len(rows)]
        each = NUMBER * self.context.sweeper.cells.rules.count * self.context.game.n_draws
        together = max(1, int(ROOM / each))
        more = False
        for first in range(0, len(starts), together):
            more |= self._start_together(starts[first : first + together])
        return more

    def _start_together(self, starts: list[Starting]) -> bool:
        starts = self._led(starts)
        rows, plays, more = [], [], False
        for (start, some), run in zip(starts, self._swept(starts, most=SWEEPS), strict=True):
            draws = self.found.draws[some]
            ends, converged = rows_of(run.result.policies, draws), ~np.isin(draws, run.todo)
            more |= self.found.add(some[converged], _taken(ends, converged))
            # Where sweeps are slow or run in a circle, an equilibrium may be near, too.
            if len(rows) < 2 * self.most_by_newton:
                rows += [some[~converged], some]
                plays += [_taken(ends, ~converged), rows_of(start.play, draws)]
        if self.by_newton:
            more |= self._by_newton(
                np.concatenate(rows),
                {name: np.concatenate([play[name] for play in plays]) for name in self.found.names},
            )
        return more

    def _led(self, starts: list[Starting]) -> list[Starting]:
        """Let the others respond to the leaders of each start."""
        led = [(start, rows) for start, rows in starts if start.leaders]
        runs = self._swept(led, most=RESPONSES)
        ready = iter(zip(led, runs, strict=True))
        starting = []
        for start, rows in starts:
            if start.leaders:
                _, run = next(ready)
                start = StartingPlay(run.result.policies)
            starting.append((start, rows))
        return starting

    def follow_branches(self) -> bool:
        """Follow the branches through all plays that were not followed yet; say whether they led on."""
        if not self.by_newton:
            return False
        rows, plays = [], []
        for row in range(self.found.count):
            own = self.found.plays(row)
            # The principal branch comes from precision 0: it has no other end.
            new = own[max(1, self.is_followed[row]) :]
            rows += [row] * len(new)
            plays += new
            self.is_followed[row] = len(own)
        if not rows:
            return False
        where, stacked = np.array(rows), self.found.unpacked(np.array(plays))
        roots = find_roots(self.context, self.part, self.found.draws[where], stacked)
        x, arrived = find_partners(roots)
        return self._checked(where, roots.job, x, arrived)

    def _swept(self, starts: list[Starting], *, most: int) -> list[SweepRun]:
        """Sweep from several starts together; leaders keep their rules."""
        task, runs = self.context.task, []
        for start, rows in starts:
            leading = {name: start.play[name] for name in start.leaders}
            run = SweepRun(replace(task, start=start.play, held={**task.held, **leading}))
            run.todo = self.found.draws[rows]
            runs.append(run)
        if runs:
            with jax.enable_x64(True):
                sweep(runs, most=most)
        return runs

    def _by_newton(self, rows: Int[np.ndarray, " lane"], plays: Policies) -> bool:
        if not len(rows):
            return False
        roots = find_roots(self.context, self.part, self.found.draws[rows], plays)
        return self._checked(rows, roots.job, roots.x, roots.close)

    def _checked(
        self,
        rows: Int[np.ndarray, " lane"],
        job: BranchJob,
        x: Float[np.ndarray, "unknown lane"],
        good: Bool[np.ndarray, " lane"],
    ) -> bool:
        """Check what came out on the game itself, and add what is right."""
        context, draws = self.context, self.found.draws[rows]
        policies = context.unplayed(draws)
        with np.errstate(all="ignore"):
            fill_rules(policies, job, np.where(good, x, 0.0))
        followed = frozenset(self.part.frame.owner)
        with jax.enable_x64(True):
            checked, moved = verify_by_sweeps(context, policies, followed, draws)
        right = good & (moved <= RIGHT)
        return self.found.add(rows[right], _taken(checked, right))


def _taken(policies: Policies, which: np.ndarray) -> Policies:
    return {name: rule[which] for name, rule in policies.items()}
