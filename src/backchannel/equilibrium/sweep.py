"""The sweep: logit equilibria by updating decisions from last to first until they settle.

Draws go through one compiled program, some lanes at a time, and a draw that is slow holds only its
block up. A sweep by itself may settle off the principal branch; `climb` tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any

import jax
import jax.numpy as jnp
import networkx as nx
import numpy as np
from jax import lax
from jaxtyping import Float

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Derived
from backchannel.diagram.relevance import relevance_graph, solution_blocks
from backchannel.equilibrium.action_values import SweepPlan, sweep_plan
from backchannel.equilibrium.cells import Cells
from backchannel.equilibrium.game_tables import Tables
from backchannel.equilibrium.settling import Rules, response, settled
from backchannel.equilibrium.sweep_size import SweepSize, sweep_size
from backchannel.language.names import NodeName, PlayerName
from backchannel.machine.memory import allowed
from backchannel.tensors.game import FLOOR, Game
from backchannel.tensors.lanes import carry_out
from backchannel.tensors.plan import Scope

CHUNK = 256
"""Lanes that are handed to the compiled program at once; more draws never compile anew."""
TINY = 64
"""Cells of all rules together up to which calling a program costs more than what it works out."""
LARGE = 1000
"""Cells of all rules together up to which following a draw takes no time worth a thought."""
TINY_CHUNK = 1024
"""Lanes that are handed to the program of a tiny game."""
LANES = 64
"""Lanes that a processor works on together: their tables stay in its cache. A graphics card takes
the whole chunk."""
MOST_AT_ONCE = 4
"""Chunks that are on their way at the same time, at most."""
SLOW = 0.5
"""Rate of contraction at which a draw does not settle in three dozen sweeps."""
WIDE = {"xla_cpu_prefer_vector_width": 512}
"""Let a processor that can work on eight numbers at once do so."""


@dataclass(frozen=True)
class Chunk:
    """The numbers of some lanes; cells are rows, the lane is the last axis."""

    inputs: dict[str, np.ndarray]
    """`number`, `constant` and `precision` (as `Sweeper.numbers`, `constants` and `precisions` lay
    them), `menu` and `conceivable` (one column for all lanes), `held` (decision, lane)."""
    count: int
    """Lanes that are in use, from the first; the others are not worked on."""


@dataclass(frozen=True)
class Swept:
    """What became of a chunk."""

    play: Any
    """Every rule, as `Sweeper.rules` lays them."""
    change: Any
    """The last change, per lane."""
    sweeps: Any
    """Number of sweeps, per lane."""
    passed: Any
    """Whether the last sweep contracted as asked for on every rung, per lane; without a climb, by
    more than `SLOW`."""


@dataclass(frozen=True)
class Rungs:
    """The way up to full precision."""

    count: int
    """Rungs below the last, which is full precision."""
    ratio: float
    """Every precision over what it is on the rung below."""
    contraction: float
    """What the last sweep on a rung may move at most, over what the one before moved."""


class Sweeper:
    """The compiled program of one diagram; solving other numbers needs no new compilation."""

    def __init__(
        self,
        diagram: Diagram,
        terms: list[tuple[PlayerName, Scope]],
        room: tuple[int, int] | None = None,
    ) -> None:
        self.diagram = diagram
        self.blocks = solution_blocks(diagram)
        self.plans = [sweep_plan(diagram, block, terms) for block in self.blocks]
        self.needs = relevance_graph(diagram)
        self.decisions = tuple(d.name for d in diagram.decisions)
        constant = {
            node.name
            for node in diagram.nodes
            if isinstance(node, Derived) and not node.names & diagram.parameters
        }
        cards = {name: len(diagram.domains[name]) for name in diagram.order}
        scopes = {
            key: plan.plan.scopes[table]
            for plan in self.plans
            for key, table in plan.plan.inputs.items()
        }
        shapes = {key: tuple(cards[name] for name in scope) for key, scope in scopes.items()}
        taken = {key: shape for key, shape in shapes.items() if key[0] != "rule"}  # type: ignore[index]
        varying = {key: s for key, s in taken.items() if key[1] not in constant}  # type: ignore[index]
        self.numbers = Cells(varying)
        """Tables that differ by draw."""
        self.precisions = Cells(dict.fromkeys(self.decisions, ()))
        """Each decision's precision."""
        self.constants = Cells({key: s for key, s in taken.items() if key not in varying})
        """Tables of nodes that no parameter enters: the same in every draw."""
        self.rules = Cells(
            {n: tuple(cards[name] for name in (*diagram.parents(n), n)) for n in self.decisions}
        )
        self.is_tiny, self.is_large = self.rules.count <= TINY, self.rules.count > LARGE
        self.size: SweepSize = sweep_size(
            self.plans, given=self.numbers.count + self.constants.count, rules=self.rules.count
        )
        """What it takes."""
        self.lanes, self.chunk = room or self.usual
        """Lanes that are worked on together, and lanes that are handed to the program at once."""
        self._circular: dict[frozenset[NodeName], bool] = {}
        self._compiling, self._is_compiled = Lock(), False
        self._solve: Callable[..., Any] = jax.jit(
            self._traced, compiler_options=WIDE if jax.default_backend() == "cpu" else None
        )

    @property
    def usual(self) -> tuple[int, int]:
        """Lanes that are worked on together and lanes of a chunk where memory is no matter."""
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
        """Sweep one chunk at full precision until every lane has settled.

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
        """Whether decisions need each other's rules, those that are held taken for given."""
        if held not in self._circular:
            free = self.needs.subgraph(set(self.decisions) - held)
            self._circular[held] = not nx.is_directed_acyclic_graph(free)
        return self._circular[held]

    def once(self, chunk: Chunk, play: Float[np.ndarray, "cell lane"]) -> Any:
        """Update every rule once, by NumPy and so without compiling anything.

        Args:
            chunk: Numbers of any number of lanes.
            play: The play to start from, held rules included.

        Returns:
            Every rule after it, as `rules` lays them.
        """
        tables = self._tables(chunk.inputs, 1.0)
        rules = self.rules.apart(play)
        with np.errstate(all="ignore"):
            for sweep in self.plans:
                rules = self._update(sweep, tables, _made_once(sweep, tables), rules, xp=np)
        return np.concatenate([rules[n].reshape(-1, play.shape[-1]) for n in self.decisions])

    def _run(self, chunk: Chunk, play: Any, most: int, rungs: Rungs) -> Swept:
        numbers = (-(-chunk.count // self.lanes), most, rungs.count, rungs.ratio, rungs.contraction)
        how = [np.asarray(number) for number in numbers]
        if self._is_compiled:
            return Swept(*self._solve(chunk.inputs, play, *how))
        with self._compiling:
            # Threads that come while one compiles wait, or each would compile.
            found = self._solve(chunk.inputs, play, *how)
            self._is_compiled = True
            return Swept(*found)

    def _traced(self, inputs: dict[str, Any], play: Any, blocks: Any, *how: Any) -> Any:
        if jax.default_backend() != "cpu":
            return self._swept(inputs, play, *how)
        lanes = play.shape[-1]

        def one(i: Any, found: Any) -> Any:
            def cut(table: Any) -> Any:
                if table.shape[-1] != lanes:
                    return table
                return lax.dynamic_slice_in_dim(table, i * self.lanes, self.lanes, axis=-1)

            part = self._swept(jax.tree.map(cut, inputs), cut(play), *how)
            return jax.tree.map(
                lambda whole, new: lax.dynamic_update_slice_in_dim(whole, new, i * self.lanes, -1),
                found,
                part,
            )

        nothing = jnp.zeros(lanes)
        start = (play, nothing, jnp.zeros(lanes, dtype=int), jnp.ones(lanes, dtype=bool))
        return lax.fori_loop(0, blocks, one, start)

    def _swept(
        self, inputs: dict[str, Any], play: Any, most: Any, rungs: Any, ratio: Any, contraction: Any
    ) -> tuple[Any, ...]:
        lanes = play.shape[-1]
        tables = self._tables(inputs, 1.0)
        once = [_made_once(sweep, tables) for sweep in self.plans]

        def rung(state: tuple) -> tuple:
            i, rules, _, _, passed = state
            here = {**tables, "scale": ratio ** (i - rungs).astype(ratio.dtype)}
            change, sweeps = jnp.zeros(lanes), jnp.zeros(lanes, dtype=int)
            for sweep, made in zip(self.plans, once, strict=True):
                update = partial(self._update, sweep, here, made)
                if not sweep.block.is_joint:
                    rules = update(rules)
                    continue
                rules, coming, taken, good = settled(update, rules, sweep.block, most, contraction)
                change, sweeps = jnp.maximum(change, coming), jnp.maximum(sweeps, taken)
                passed = passed & good
            return i + 1, rules, change, sweeps, passed

        def climbing(state: tuple) -> Any:
            i, _, _, _, passed = state
            return (i <= rungs) & jnp.any(passed)

        start = (
            jnp.zeros((), dtype=int),
            self.rules.apart(play),
            jnp.zeros(lanes),
            jnp.zeros(lanes, dtype=int),
            jnp.ones(lanes, dtype=bool),
        )
        _, rules, change, sweeps, passed = lax.while_loop(climbing, rung, start)
        after = jnp.concatenate([rules[name].reshape(-1, lanes) for name in self.decisions])
        return after, change, sweeps, passed

    def _tables(self, inputs: dict[str, Any], scale: Any) -> Tables:
        return {
            "given": self.numbers.apart(inputs["number"])
            | self.constants.apart(inputs["constant"]),
            "menu": self.rules.apart(inputs["menu"]),
            "conceivable": self.rules.apart(inputs["conceivable"]),
            "held": dict(zip(self.decisions, inputs["held"], strict=True)),
            "precision": self.precisions.apart(inputs["precision"]),
            "scale": scale,
        }

    def _update(
        self,
        sweep: SweepPlan,
        tables: Tables,
        once: Mapping[int, Any],
        rules: Rules,
        *,
        xp: Any = jnp,
    ) -> Rules:
        """Update every rule of a block once; what is held stays as it is."""
        plan = sweep.plan
        given = dict(once)
        for key, table in plan.inputs.items():
            kind, name = key  # type: ignore[misc]
            if kind == "rule":
                given[table] = rules[name]

        def respond(name: NodeName, worth: Any) -> Any:
            precision = tables["scale"] * tables["precision"][name]
            answer = response(worth, precision, tables["menu"][name], xp)
            return xp.where(tables["held"][name], rules[name], answer)

        def floor(name: NodeName, rule: Any) -> Any:
            return xp.maximum(rule, FLOOR) * tables["conceivable"][name]

        steps = [step for step in sweep.steps if plan.varies(step.out)]
        keep = {*once, *sweep.new.values()}
        made = carry_out(plan, steps, given, respond=respond, floor=floor, keep=keep)
        return {**rules, **{name: made[table] for name, table in sweep.new.items()}}


def _made_once(sweep: SweepPlan, tables: Tables) -> dict[int, Any]:
    """Work out, before the first sweep, everything that no rule enters."""
    plan = sweep.plan
    given = {
        table: tables["given"][key] for key, table in plan.inputs.items() if key in tables["given"]
    }
    return carry_out(plan, [step for step in sweep.steps if not plan.varies(step.out)], given)


_sweepers: dict[tuple, Sweeper] = {}


def sweeper_of(game: Game) -> Sweeper:
    """Fetch the compiled program of a game's structure, or make it.

    Raises:
        TooLargeError: Not even one draw can be solved in the memory there is.
    """
    terms = [(term.player, term.scope) for term in game.terms]
    key = (structure(game.diagram), tuple(terms))
    usual = _kept(key, lambda: Sweeper(game.diagram, terms))
    room = usual.size.fitting(*usual.usual, game.stored)
    if room == usual.usual:
        return usual
    return _kept((*key, room), lambda: Sweeper(game.diagram, terms, room))


def _kept(key: tuple, made: Callable[[], Sweeper]) -> Sweeper:
    if key not in _sweepers:
        _sweepers[key] = made()
    return _sweepers[key]


def structure(diagram: Diagram) -> tuple:
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
