"""The sweep: logit equilibria by updating decisions from last to first until they settle.

Draws go through one compiled program, some lanes at a time, and a draw that is slow holds only its
block up. A sweep by itself may settle off the principal branch; `climb` tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, reduce
from threading import Lock
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Derived
from backchannel.diagram.relevance import Block, relevance_graph, solution_blocks
from backchannel.equilibrium.action_values import SweepPlan, sweep_plan
from backchannel.equilibrium.cells import Cells
from backchannel.names import NodeName, PlayerName
from backchannel.tensors.game import FLOOR, Game
from backchannel.tensors.lanes import carry_out
from backchannel.tensors.plan import Scope

SETTLED = 1e-11
"""Largest change of a probability in the next sweep at which a draw counts as settled."""
FAST = 0.03
"""Rate of contraction below which the next sweep's change is judged from the last two, with a
margin of one over this."""
CHUNK = 256
"""Lanes that are handed to the compiled program at once; more draws never compile anew."""
LANES = 64
"""Lanes that a processor works on together: their tables stay in its cache. A graphics card takes
the whole chunk."""
WIDE = {"xla_cpu_prefer_vector_width": 512}
"""Let a processor that can work on eight numbers at once do so."""

Tables = dict[str, Any]
Rules = dict[NodeName, Any]


@dataclass(frozen=True)
class Chunk:
    """The numbers of some lanes; cells are rows, the lane is the last axis."""

    inputs: dict[str, np.ndarray]
    """`number` and `constant` (as `Sweeper.numbers` and `constants` lay them), `menu` and
    `conceivable` (one column for all lanes), `held` (decision, lane)."""
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
    moved: Any
    """Largest difference of any probability between the start and the end, per lane."""


class Sweeper:
    """The compiled program of one diagram; solving other numbers needs no new compilation."""

    def __init__(self, diagram: Diagram, terms: list[tuple[PlayerName, Scope]]) -> None:
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
        self.numbers = Cells(varying | {("precision", name): () for name in self.decisions})
        """Tables that differ by draw, and each decision's precision."""
        self.constants = Cells({key: s for key, s in taken.items() if key not in varying})
        """Tables of nodes that no parameter enters: the same in every draw."""
        self.rules = Cells(
            {n: tuple(cards[name] for name in (*diagram.parents(n), n)) for n in self.decisions}
        )
        self._compiling, self._is_compiled = Lock(), False
        self._solve: Callable[..., Any] = jax.jit(
            self._traced, compiler_options=WIDE if jax.default_backend() == "cpu" else None
        )

    def solve(self, chunk: Chunk, play: Any, *, most: int, scale: float = 1.0) -> Swept:
        """Sweep one chunk.

        Args:
            chunk: Its numbers.
            play: The play to start from, held rules included.
            most: Sweeps at most.
            scale: What every precision is multiplied by.
        """
        how = (jnp.asarray(-(-chunk.count // LANES)), jnp.asarray(most), jnp.asarray(float(scale)))
        if self._is_compiled:
            return Swept(*self._solve(chunk.inputs, play, *how))
        with self._compiling:
            # Threads that come while one compiles wait, or each would compile.
            found = self._solve(chunk.inputs, play, *how)
            self._is_compiled = True
            return Swept(*found)

    def _traced(self, inputs: dict[str, Any], play: Any, blocks: Any, most: Any, scale: Any) -> Any:
        if jax.default_backend() != "cpu":
            return self._swept(inputs, play, most, scale)
        lanes = play.shape[-1]

        def one(i: Any, found: Any) -> Any:
            def cut(table: Any) -> Any:
                if table.shape[-1] != lanes:
                    return table
                return lax.dynamic_slice_in_dim(table, i * LANES, LANES, axis=-1)

            part = self._swept(jax.tree.map(cut, inputs), cut(play), most, scale)
            return jax.tree.map(
                lambda whole, new: lax.dynamic_update_slice_in_dim(whole, new, i * LANES, -1),
                found,
                part,
            )

        nothing = jnp.zeros(lanes)
        return lax.fori_loop(0, blocks, one, (play, nothing, jnp.zeros(lanes, dtype=int), nothing))

    def _swept(self, inputs: dict[str, Any], play: Any, most: Any, scale: Any) -> tuple[Any, ...]:
        lanes = play.shape[-1]
        tables: Tables = {
            "given": self.numbers.apart(inputs["number"])
            | self.constants.apart(inputs["constant"]),
            "menu": self.rules.apart(inputs["menu"]),
            "conceivable": self.rules.apart(inputs["conceivable"]),
            "held": dict(zip(self.decisions, inputs["held"], strict=True)),
            "scale": scale,
        }
        rules = self.rules.apart(play)
        change, sweeps = jnp.zeros(lanes), jnp.zeros(lanes, dtype=int)
        for sweep in self.plans:
            update = partial(self._update, sweep, tables, _made_once(sweep, tables))
            if not sweep.block.is_joint:
                rules = update(rules)
                continue
            rules, moved, taken = _settled(update, rules, sweep.block, most)
            change, sweeps = jnp.maximum(change, moved), jnp.maximum(sweeps, taken)
        after = jnp.concatenate([rules[name].reshape(-1, lanes) for name in self.decisions])
        return after, change, sweeps, jnp.abs(after - play).max(axis=0)

    def _update(
        self, sweep: SweepPlan, tables: Tables, once: Mapping[int, Any], rules: Rules
    ) -> Rules:
        """Update every rule of a block once; what is held stays as it is."""
        plan = sweep.plan
        given = dict(once)
        for key, table in plan.inputs.items():
            kind, name = key  # type: ignore[misc]
            if kind == "rule":
                given[table] = rules[name]

        def respond(name: NodeName, worth: Any) -> Any:
            precision = tables["scale"] * tables["given"]["precision", name]
            response = _response(worth, precision, tables["menu"][name])
            return jnp.where(tables["held"][name], rules[name], response)

        def floor(name: NodeName, rule: Any) -> Any:
            return jnp.maximum(rule, FLOOR) * tables["conceivable"][name]

        steps = [step for step in sweep.steps if plan.varies(step.out)]
        made = carry_out(plan, steps, given, respond=respond, floor=floor)
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
    """Fetch the compiled program of a game's structure, or make it."""
    terms = [(term.player, term.scope) for term in game.terms]
    key = (structure(game.diagram), tuple(terms))
    if key not in _sweepers:
        _sweepers[key] = Sweeper(game.diagram, terms)
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


def game_tables(
    game: Game, *, held: Mapping[NodeName, Any], available: Mapping[NodeName, Any]
) -> Tables:
    """Lay a game out for the compiled program.

    Args:
        game: The numbers.
        held: Rules that are not to be changed, by decision.
        available: Actions that are on a decision's menu at all, where some are not.
    """
    names = [d.name for d in game.diagram.decisions]
    n = game.n_draws
    menus, conceivable = (
        {name: _narrowed(table[name], available.get(name)) for name in names}
        for table in (game.menus, game.conceivable)
    )
    blank = {name: np.zeros((1, *menus[name].shape[1:])) for name in names}
    return {
        "factor": dict(game.factors),
        "belief": dict(game.beliefs),
        "term": {i: term.worth for i, term in enumerate(game.terms)},
        "precision": {name: game.precision_at(name) for name in names},
        "menu": menus,
        "conceivable": conceivable,
        "held": frozenset(held),
        "rule": {
            name: np.broadcast_to(held.get(name, blank[name]), (n, *menus[name].shape[1:]))
            for name in names
        },
    }


def _narrowed(menu: np.ndarray, available: Any) -> np.ndarray:
    if available is None:
        return menu * 1.0
    narrowed = menu * np.asarray(available, float)
    # Where nothing would be left, the menu stands: a player always does something.
    return np.where(narrowed.any(axis=-1, keepdims=True), narrowed, menu)


def _settled(
    update: Callable[[Rules], Rules], rules: Rules, block: Block, most: Any
) -> tuple[Rules, Any, Any]:
    """Update a block until the next sweep would move nothing."""
    lanes = rules[block.decisions[0]].shape[-1]
    names = block.decisions
    outside = {name: rule for name, rule in rules.items() if name not in names}

    def moving(state: tuple) -> Any:
        _, change, _, _, count = state
        return (count < most) & jnp.any(change > SETTLED)

    def step(state: tuple) -> tuple:
        inside, change, last, taken, count = state
        new = update({**outside, **inside})
        moved = jnp.zeros(lanes)
        for name in names:
            gap = jnp.abs(new[name] - inside[name])
            moved = jnp.maximum(moved, gap.reshape(-1, lanes).max(axis=0))
        # Sweeps that contract fast need not be repeated to see that the next would move little.
        rate = jnp.where(jnp.isfinite(last), moved / last, jnp.inf)
        coming = jnp.where(rate < FAST, jnp.minimum(moved, moved * rate / FAST), moved)
        done = change <= SETTLED
        return (
            {name: jnp.where(done, inside[name], new[name]) for name in names},
            jnp.where(done, change, coming),
            moved,
            taken + ~done,
            count + 1,
        )

    start = (
        {name: rules[name] for name in names},
        jnp.full(lanes, jnp.inf),
        jnp.full(lanes, jnp.inf),
        jnp.zeros(lanes, dtype=int),
        0,
    )
    inside, change, _, taken, _ = lax.while_loop(moving, step, start)
    return {**outside, **inside}, change, taken


def _response(values: Any, precision: Any, menu: Any) -> Any:
    """Logit response: P(action | context) ∝ exp(λ Q), over the actions on the menu.

    Source: McKelvey & Palfrey (1998), logit choice for agent-form games.
    """
    scaled = jnp.where(menu > 0, values * precision, -jnp.inf)
    # Few actions, many contexts: slices are much faster here than reductions.
    actions = range(scaled.shape[-2])
    top = reduce(jnp.maximum, [scaled[..., i, :] for i in actions])
    weights = jnp.exp(scaled - top[..., None, :])
    whole = reduce(jnp.add, [weights[..., i, :] for i in actions])
    return weights / whole[..., None, :]
