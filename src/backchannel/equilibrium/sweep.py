"""The sweep: logit equilibria by updating decisions from last to first until they settle.

All draws of a chunk go through one compiled program, and a draw that is slow holds only its chunk
up. A sweep by itself may settle off the principal branch; `climb` tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial, reduce
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Derived
from backchannel.diagram.relevance import Block, relevance_graph, solution_blocks
from backchannel.equilibrium.action_values import SweepPlan, sweep_plan
from backchannel.names import NodeName, PlayerName
from backchannel.tensors.game import FLOOR, Game
from backchannel.tensors.plan import Scope, run

SETTLED = 1e-11
"""Largest change of a probability in the next sweep at which a draw counts as settled."""
FAST = 0.03
"""Rate of contraction below which the next sweep's change is judged from the last two, with a
margin of one over this."""

Tables = dict[str, Any]
Rules = dict[NodeName, Any]


class Sweeper:
    """The compiled program of one diagram; solving other numbers needs no new compilation."""

    def __init__(self, diagram: Diagram, terms: list[tuple[PlayerName, Scope]]) -> None:
        self.diagram = diagram
        self.blocks = solution_blocks(diagram)
        self.plans = [sweep_plan(diagram, block, terms) for block in self.blocks]
        self.constant = frozenset(
            node.name
            for node in diagram.nodes
            if isinstance(node, Derived) and not node.names & diagram.parameters
        )
        """Nodes whose tables no parameter enters: the same in every draw."""
        self.needs = relevance_graph(diagram)
        self._solve: Callable[..., Any] = jax.jit(self._traced)

    def solve(self, tables: Tables, *, most: int) -> tuple[Any, ...]:
        """Sweep one chunk, from `tables["start"]`, at most so many times.

        Returns:
            Rules, last change and number of sweeps, per draw.
        """
        return self._solve(tables, jnp.asarray(most))

    def _traced(self, tables: Tables, most: Any) -> tuple[Any, ...]:
        draws = tables["lane"]["draw"].shape[0]
        rules = {
            d.name: _where(tables["held"][d.name], tables["rule"][d.name], tables["start"][d.name])
            for d in self.diagram.decisions
        }
        change, sweeps = jnp.zeros(draws), jnp.zeros(draws, dtype=int)
        for sweep in self.plans:
            update = partial(self._update, sweep, tables, _made_once(sweep, tables))
            if not sweep.block.is_joint:
                rules = update(rules)
                continue
            rules, moved, taken = _settled(update, rules, sweep.block, most)
            change, sweeps = jnp.maximum(change, moved), jnp.maximum(sweeps, taken)
        return rules, change, sweeps

    def _update(
        self, sweep: SweepPlan, tables: Tables, once: Mapping[int, Any], rules: Rules
    ) -> Rules:
        """Update every rule of a block once."""
        plan = sweep.plan
        given = dict(once)
        for key, table in plan.inputs.items():
            kind, name = key  # type: ignore[misc]
            if kind == "rule":
                given[table] = rules[name]

        def respond(name: NodeName, values: list[Any]) -> Any:
            # A decision with nothing at stake has no action values: uniform play.
            worth = sum(values, start=jnp.zeros_like(rules[name]))
            response = _response(worth, tables["precision"][name], tables, name)
            return _where(tables["held"][name], tables["rule"][name], response)

        def floor(name: NodeName, rule: Any) -> Any:
            return jnp.maximum(rule, FLOOR) * tables["conceivable"][name]

        steps = [step for step in sweep.steps if plan.varies(step.out)]
        made = run(plan, steps, given, respond=respond, floor=floor)
        return {**rules, **{name: made[table] for name, table in sweep.new.items()}}


def _made_once(sweep: SweepPlan, tables: Tables) -> dict[int, Any]:
    """Work out, before the first sweep, everything that no rule enters."""
    plan = sweep.plan
    given = {}
    for key, table in plan.inputs.items():
        kind, name = key  # type: ignore[misc]
        if kind != "rule":
            given[table] = tables[kind][name]
    return run(plan, [step for step in sweep.steps if not plan.varies(step.out)], given)


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
        "lane": {"draw": np.arange(n)},
        "precision": {name: game.precision_at(name) for name in names},
        "menu": menus,
        "conceivable": conceivable,
        "held": {name: np.full(n, name in held) for name in names},
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
    draws = rules[block.decisions[0]].shape[0]
    names = block.decisions
    outside = {name: rule for name, rule in rules.items() if name not in names}

    def moving(state: tuple) -> Any:
        _, change, _, _, count = state
        return (count < most) & jnp.any(change > SETTLED)

    def step(state: tuple) -> tuple:
        inside, change, last, taken, count = state
        new = update({**outside, **inside})
        moved = jnp.zeros(draws)
        for name in names:
            gap = jnp.abs(new[name] - inside[name])
            moved = jnp.maximum(moved, gap.reshape(draws, -1).max(axis=1))
        # Sweeps that contract fast need not be repeated to see that the next would move little.
        rate = jnp.where(jnp.isfinite(last), moved / last, jnp.inf)
        coming = jnp.where(rate < FAST, jnp.minimum(moved, moved * rate / FAST), moved)
        done = change <= SETTLED
        return (
            {name: _where(done, inside[name], new[name]) for name in names},
            jnp.where(done, change, coming),
            moved,
            taken + ~done,
            count + 1,
        )

    start = (
        {name: rules[name] for name in names},
        jnp.full(draws, jnp.inf),
        jnp.full(draws, jnp.inf),
        jnp.zeros(draws, dtype=int),
        0,
    )
    inside, change, _, taken, _ = lax.while_loop(moving, step, start)
    return {**outside, **inside}, change, taken


def _response(values: Any, precision: Any, tables: Tables, name: NodeName) -> Any:
    """Logit response: P(action | context) ∝ exp(λ Q), over the actions on the menu.

    Source: McKelvey & Palfrey (1998), logit choice for agent-form games.
    """
    menu = tables["menu"][name] > 0
    scaled = values * precision.reshape(-1, *(1,) * (values.ndim - 1))
    scaled = jnp.where(menu, scaled, -jnp.inf)
    # Few actions, many contexts: slices are much faster here than reductions.
    top = reduce(jnp.maximum, [scaled[..., i] for i in range(scaled.shape[-1])])
    weights = jnp.exp(scaled - top[..., None])
    total = reduce(jnp.add, [weights[..., i] for i in range(weights.shape[-1])])
    return weights / total[..., None]


def _where(choose: Any, yes: Any, no: Any) -> Any:
    return jnp.where(choose.reshape(-1, *(1,) * (no.ndim - 1)), yes, no)
