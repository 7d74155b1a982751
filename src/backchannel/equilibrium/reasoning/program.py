"""The program of the levels of one diagram; other numbers need no new compilation.

The beliefs of each level about the levels of others are a table of shares with the draw as its last axis, like every
other number.
So level-k thinking and cognitive hierarchies of any mean go through one program, side by side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from math import prod
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Int

from backchannel.diagram.diagram import Diagram
from backchannel.equilibrium.compiling import PLAIN_LOOPS, WIDE, processor_options
from backchannel.equilibrium.frame import frame_of
from backchannel.equilibrium.game_tables import Tables
from backchannel.equilibrium.reasoning.levels import Levels, rules_by_level
from backchannel.equilibrium.reasoning.plan import level_plan
from backchannel.equilibrium.sweep.batch import side_by_side
from backchannel.equilibrium.sweep.size import SweepSize, sweep_size
from backchannel.equilibrium.sweep.sweeper import structure
from backchannel.language.names import NodeName, PlayerName
from backchannel.machine.memory import allowed
from backchannel.tensors.evaluator import inputs
from backchannel.tensors.game import Game
from backchannel.tensors.interpreter import draws_last
from backchannel.tensors.plan import Scope

CHUNK = 256
"""Draws that are handed to the compiled program at once."""
LANES = 64
"""Draws that are worked on together: their tables stay in a processor's cache."""
LITTLE = 400_000_000
"""Numbers of all tables, levels and draws that NumPy works out, over all calls, before a program is
compiled; to compile one takes about as long."""


class LevelNumbers(NamedTuple):
    """What the program takes; the draw is the last axis (of length 1 where all draws are alike)."""

    tables: dict[Any, Any]
    """What the plan takes: terms, factors and beliefs."""
    start: Levels
    """Rules of every level to start from; see `rules_by_level`."""
    shares: Any
    """How each level takes the others to be spread; axes: level, lower level, draw."""
    precision: dict[NodeName, Any]
    menu: dict[NodeName, Any]
    conceivable: dict[NodeName, Any]
    held: dict[NodeName, Any]
    """By decision, the draws in which its rules are kept at every level."""


class LevelProgram:
    """Works out the rules of every level of one diagram, by NumPy or compiled."""

    def __init__(
        self,
        diagram: Diagram,
        terms: Sequence[tuple[PlayerName, Scope]],
        *,
        levels: int,
        is_mixed: bool,
        is_infinite: bool = False,
    ) -> None:
        self.is_infinite = is_infinite
        frame = frame_of(diagram, terms, held=())
        self.plan = level_plan(frame, levels=levels, is_mixed=is_mixed)
        self.levels = levels
        self.decisions = tuple(frame.owner)
        given = set(self.plan.given.values())
        taken = inputs(self.plan.plan)
        self.keys = tuple(key for key, table in taken.items() if table not in given)
        """The tables of numbers that it takes."""
        self.cells = sum(prod(frame.shape(name)) for name in self.decisions)
        """Cells of everyone's rules."""
        self._worked = 0
        self._compiled = jax.jit(
            self._in_blocks, compiler_options=processor_options(WIDE, PLAIN_LOOPS)
        )

    @cached_property
    def size(self) -> SweepSize:
        """The memory that it takes."""
        plan = self.plan.plan
        given = sum(plan.size(plan.scopes[table]) for table in inputs(plan).values())
        return sweep_size([self.plan], given=given, rules=self.cells * self.levels)

    def numbers(
        self,
        tables: Tables,
        start: Mapping[NodeName, np.ndarray],
        shares: np.ndarray,
        held: Mapping[NodeName, np.ndarray],
        draws: Int[np.ndarray, " some"],
    ) -> LevelNumbers:
        """Take some draws of a game's numbers.

        Args:
            tables: The game, as `game_tables` arranges it.
            start: Rules of every level; axes: level, draw (or 1), what the decision sees, action.
            shares: How each level takes the others to be spread; axes: level, lower level, draw (or 1).
            held: By decision, whether its rules are kept at every level, by draw.
            draws: Which draws.
        """

        def part(table: np.ndarray) -> np.ndarray:
            return draws_last(table if len(table) == 1 else table[draws])

        def rules(table: np.ndarray) -> np.ndarray:
            some = table[:, draws] if table.shape[1] > 1 else table
            last = np.moveaxis(some, 1, -1)
            return np.ascontiguousarray(np.broadcast_to(last, (*last.shape[:-1], len(draws))))

        return LevelNumbers(
            tables={key: part(tables[key[0]][key[1]]) for key in self.keys},
            start={name: rules(start[name]) for name in self.decisions},
            shares=shares if shares.shape[-1] == 1 else shares[..., draws],
            precision={name: part(tables["precision"][name]) for name in self.decisions},
            menu={name: part(tables["menu"][name]) for name in self.decisions},
            conceivable={name: part(tables["conceivable"][name]) for name in self.decisions},
            held={name: kept[draws] for name, kept in held.items()},
        )

    def rules(self, numbers: LevelNumbers, xp: Any = np) -> tuple[Levels, Any]:
        """Everyone's rules at every level, and the last move of a rule; see `rules_by_level`."""
        return rules_by_level(
            self.plan,
            numbers.tables,
            numbers.start,
            numbers.shares,
            precision=numbers.precision,
            menu=numbers.menu,
            conceivable=numbers.conceivable,
            held=numbers.held,
            is_infinite=self.is_infinite,
            xp=xp,
        )

    def solve(
        self,
        tables: Tables,
        start: Mapping[NodeName, np.ndarray],
        shares: np.ndarray,
        held: Mapping[NodeName, np.ndarray],
        *,
        n_draws: int,
        stored: int = 0,
    ) -> tuple[dict[NodeName, np.ndarray], np.ndarray]:
        """Work out everyone's rules at every level in all draws of a game.

        Args:
            tables: The game, as `game_tables` arranges it.
            start: As in `numbers`.
            shares: As in `numbers`.
            held: As in `numbers`.
            n_draws: Number of draws.
            stored: Bytes of the game itself, which is there all the while.

        Returns:
            Rules (axes: level, draw, what the decision sees, action), and the last move in each draw.

        Raises:
            TooLargeError: Not even one draw can be worked out in the memory there is.
        """
        lanes, chunk = self.size.fitting(LANES, CHUNK, stored)
        self._worked += self._work(n_draws)
        compiles = self._worked > LITTLE
        starts = range(0, n_draws, chunk)

        def part(at: int) -> tuple[Levels, Any]:
            draws = np.arange(at, min(at + chunk, n_draws))
            if not compiles:
                with np.errstate(all="ignore"):
                    return self.rules(self.numbers(tables, start, shares, held, draws))
            # Every chunk has the same length, so that nothing is compiled again.
            filled = np.concatenate([draws, np.full(chunk - len(draws), draws[-1])])
            numbers = self.numbers(tables, start, shares, held, filled)
            levels, gap = self._compiled(numbers, np.asarray(-(-len(draws) // lanes)))
            some = slice(0, len(draws))
            return {n: np.asarray(r)[..., some] for n, r in levels.items()}, np.asarray(gap)[some]

        at_once = max(1, (allowed() - stored) // self.size.bytes(lanes, chunk))
        with jax.enable_x64(True):
            # The first chunk compiles; the others then go side by side.
            parts = [part(at) for at in starts[:1]]
            parts += side_by_side(part, starts[1:], at_once=at_once)
        rules = {
            name: np.moveaxis(np.concatenate([levels[name] for levels, _ in parts], -1), -1, 1)
            for name in self.decisions
        }
        return rules, np.concatenate([gap for _, gap in parts])

    def _work(self, n_draws: int) -> int:
        plan = self.plan.plan
        steps = self.plan.evaluator.steps
        return n_draws * self.levels * sum(plan.size(plan.scopes[step.out]) for step in steps)

    def _in_blocks(self, numbers: LevelNumbers, blocks: Any) -> tuple[Levels, Any]:
        width = next(iter(numbers.start.values())).shape[-1]
        if jax.default_backend() != "cpu" or width <= LANES:
            return self.rules(numbers, jnp)

        def one(i: Any, state: Any) -> Any:
            def cut(table: Any) -> Any:
                if table.shape[-1] != width:
                    return table
                return lax.dynamic_slice_in_dim(table, i * LANES, LANES, axis=-1)

            part = self.rules(jax.tree.map(cut, numbers), jnp)
            return jax.tree.map(
                lambda whole, new: lax.dynamic_update_slice_in_dim(whole, new, i * LANES, -1),
                state,
                part,
            )

        return lax.fori_loop(0, blocks, one, (numbers.start, jnp.zeros(width)))


_programs: dict[tuple[Any, ...], LevelProgram] = {}


def level_program_of(game: Game, *, levels: int, is_mixed: bool) -> LevelProgram:
    """Fetch the program of a game's structure, or make it.

    Args:
        game: The game.
        levels: Number of levels, level 0 included.
        is_mixed: Whether others may be taken for a mixture of levels.
    """
    terms = [(term.player, term.scope) for term in game.terms]
    is_infinite = any(np.isinf(precision).any() for precision in game.precision.values())
    key = (structure(game.diagram), tuple(terms), levels, is_mixed, is_infinite)
    if key not in _programs:
        _programs[key] = LevelProgram(
            game.diagram, terms, levels=levels, is_mixed=is_mixed, is_infinite=is_infinite
        )
    return _programs[key]
