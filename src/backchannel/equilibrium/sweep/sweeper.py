"""The sweep: logit equilibria by updating decisions from last to first until they converge.

Draws go through one compiled program, some lanes at a time, and a slow draw delays only its
block. A sweep by itself may converge off the principal branch; `climb` detects that.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

import jax
import networkx as nx
import numpy as np
from jaxtyping import Float

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.relevance import relevance_graph, solution_blocks
from backchannel.equilibrium.compiling import FEW_PASSES, PLAIN_LOOPS, WIDE, processor_options
from backchannel.equilibrium.frame import frame_of
from backchannel.equilibrium.sweep.cells import SweepCells, sweep_cells
from backchannel.equilibrium.sweep.chunk import SLOW, Chunk, Rungs, Swept
from backchannel.equilibrium.sweep.plan import sweep_plan
from backchannel.equilibrium.sweep.program import SweepProgram
from backchannel.equilibrium.sweep.size import CHUNK, LANES, MOST_AT_ONCE, SweepSize, sweep_size
from backchannel.equilibrium.sweep.update import disturb_rules, update_rules
from backchannel.language.names import NodeName, PlayerName
from backchannel.machine.memory import allowed
from backchannel.tensors.game import Game
from backchannel.tensors.plan import Scope

TINY = 64
"""Cells of all rules together up to which calling a program costs more than its computation."""
LARGE = 1000
"""Cells of all rules together up to which following a draw takes hardly any time."""
TINY_CHUNK = 1024
"""Lanes that are handed to the program of a tiny game."""


class Sweeper:
    """The compiled program of one diagram; solving other numbers needs no new compilation."""

    def __init__(
        self,
        diagram: Diagram,
        terms: list[tuple[PlayerName, Scope]],
        room: tuple[int, int] | None = None,
    ) -> None:
        self.diagram, self.terms = diagram, terms
        self.blocks = solution_blocks(diagram)
        frame = frame_of(diagram, terms, held=())
        self.plans = [sweep_plan(frame, block) for block in self.blocks]
        self.needs = relevance_graph(diagram)
        self.decisions = tuple(d.name for d in diagram.decisions)
        self.cells: SweepCells = sweep_cells(diagram, self.plans)
        """The places of all numbers and rules."""
        cells = self.cells.rules.count
        self.is_tiny, self.is_large = cells <= TINY, cells > LARGE
        self.size: SweepSize = sweep_size(
            self.plans, given=self.cells.numbers.count + self.cells.constants.count, rules=cells
        )
        """The memory that it takes."""
        self.lanes, self.chunk = room or self.usual
        """Lanes that are worked on together, and lanes that are handed to the program at once."""
        self._circular: dict[frozenset[NodeName], bool] = {}
        self._compiling, self._is_compiled = Lock(), False
        program = SweepProgram(self.plans, self.cells, self.lanes, may_skip=not self.is_tiny)
        self._solve: Callable[..., Any] = jax.jit(
            program.in_blocks, compiler_options=processor_options(WIDE, PLAIN_LOOPS, FEW_PASSES)
        )

    def __reduce__(self) -> Any:
        # What travels to another process is the structure; a program is compiled where it runs.
        room = None if (self.lanes, self.chunk) == self.usual else (self.lanes, self.chunk)
        return _made, (self.diagram, self.terms, room)

    @property
    def usual(self) -> tuple[int, int]:
        """Lanes that are worked on together and lanes of a chunk where memory is plentiful."""
        chunk = TINY_CHUNK if self.is_tiny else CHUNK
        return LANES if jax.default_backend() == "cpu" else chunk, chunk

    def at_once(self, game: Game) -> int:
        """How many chunks of a game may be on their way at the same time."""
        left = allowed() - game.stored
        return min(MOST_AT_ONCE, max(1, left // self.size.bytes(self.lanes, self.chunk)))

    def lanes_used(self, count: int) -> int:
        """How many lanes are worked on if the first `count` are in use."""
        if jax.default_backend() != "cpu":
            return self.chunk
        return -(-count // self.lanes) * self.lanes

    def solve(self, chunk: Chunk, play: Any, *, most: int) -> Swept:
        """Sweep one chunk at full precision until every lane has converged.

        Args:
            chunk: Its numbers.
            play: The play to start from, held rules included.
            most: Sweeps at most.
        """
        return self._run(chunk, play, most, Rungs(0, 1.0, SLOW))

    def climb(self, chunk: Chunk, play: Any, *, sweeps: int, rungs: Rungs) -> Swept:
        """Sweep one chunk on every rung of a climb, each from where it stood on the one before.

        A block of lanes stops where none of them passes any more.

        Args:
            chunk: Its numbers.
            play: The play to start from, held rules included.
            sweeps: Sweeps on each rung.
            rungs: The precisions on the way, and what is asked for on each.
        """
        return self._run(chunk, play, sweeps, rungs)

    def is_circular(self, held: frozenset[NodeName]) -> bool:
        """Whether decisions need each other's rules, with the held rules given."""
        if held not in self._circular:
            free = self.needs.subgraph(set(self.decisions) - held)
            self._circular[held] = not nx.is_directed_acyclic_graph(free)
        return self._circular[held]

    def once(
        self,
        chunk: Chunk,
        play: Float[np.ndarray, "cell lane"],
        *,
        disturbance: float = 0.0,
        scale: float = 1.0,
    ) -> Any:
        """Update every rule once, by NumPy and so without compiling anything.

        Args:
            chunk: Numbers of any number of lanes.
            play: The play to start from, held rules included.
            disturbance: Share of random rules that is mixed into play before.
            scale: Share of full precision.

        Returns:
            Every rule after it, packed by `cells.rules`.
        """
        tables = self.cells.tables(chunk.inputs, scale)
        rules = self.cells.rules.unpack(play)
        with np.errstate(all="ignore"):
            if disturbance:
                rules = disturb_rules(rules, tables, disturbance, xp=np)
            for sweep in self.plans:
                prepared = sweep.evaluator.prepare(tables["given"])
                rules = update_rules(
                    sweep, tables, prepared, rules, may_skip=not self.is_tiny, xp=np
                )
        return np.concatenate([rules[n].reshape(-1, play.shape[-1]) for n in self.decisions])

    def _run(self, chunk: Chunk, play: Any, most: int, rungs: Rungs) -> Swept:
        asked = (rungs.count, rungs.ratio, rungs.contraction, rungs.disturbance)
        numbers = (-(-chunk.count // self.lanes), most, *asked)
        how = [np.asarray(number) for number in numbers]
        if self._is_compiled:
            return Swept(*self._solve(chunk.inputs, play, *how))
        with self._compiling:
            # Threads that arrive during a compilation wait, or each of them would compile.
            swept = self._solve(chunk.inputs, play, *how)
            self._is_compiled = True
            return Swept(*swept)


_sweepers: dict[tuple[Any, ...], Sweeper] = {}


def sweeper_of(game: Game) -> Sweeper:
    """Fetch the compiled program of a game's structure, or make it.

    Raises:
        TooLargeError: Not even one draw can be solved in the memory there is.
    """
    terms = [(term.player, term.scope) for term in game.terms]
    usual = _made(game.diagram, terms, None)
    room = usual.size.fitting(*usual.usual, game.stored)
    return usual if room == usual.usual else _made(game.diagram, terms, room)


def _made(
    diagram: Diagram, terms: list[tuple[PlayerName, Scope]], room: tuple[int, int] | None
) -> Sweeper:
    key = (structure(diagram), tuple(terms), room)
    if key not in _sweepers:
        _sweepers[key] = Sweeper(diagram, terms, room)
    return _sweepers[key]


def structure(diagram: Diagram) -> tuple[Any, ...]:
    """What a compiled program depends on: the graph, the domains and the owners."""
    return tuple(
        (
            name,
            len(diagram.domains[name]),
            diagram.parents(name),
            getattr(diagram.node[name], "player", ""),
        )
        for name in diagram.order
    )
