"""The sweep: logit equilibria by updating decisions from last to first, along rising precision.

All draws of a chunk go through one compiled program. Each draw climbs a ladder of precisions from
near 0 to its own, and takes its next rung once its rules have settled on the last one; so it stays
near the principal branch, and a draw that is slow holds only its chunk up.
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
from backchannel.diagram.relevance import Block, solution_blocks
from backchannel.equilibrium.action_values import SweepPlan, sweep_plan
from backchannel.names import NodeName, PlayerName
from backchannel.tensors.game import FLOOR, Game
from backchannel.tensors.plan import Scope, run

SETTLED = 1e-11
"""Largest change of a probability in the next sweep at which a draw counts as settled."""
FAST = 0.03
"""Rate of contraction below which the next sweep's change is judged from the last two, with a
margin of one over this."""
SETTLED_ON_RUNG = 1e-2
"""The same on the rungs below the last."""

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
        self._solve: Callable[..., Any] = jax.jit(self._traced)

    def solve(
        self, tables: Tables, *, rungs: float, damping: float, most: float, afresh: bool
    ) -> tuple[Any, ...]:
        """Sweep one chunk, from `tables["start"]` or afresh from uniform play.

        Returns:
            Rules, last change and number of sweeps, per draw.
        """
        how = (jnp.asarray(int(rungs)), jnp.asarray(damping, float), jnp.asarray(int(most)))
        return self._solve(tables, *how, jnp.asarray(afresh))

    def _traced(
        self, tables: Tables, rungs: Any, damping: Any, most: Any, afresh: Any
    ) -> tuple[Any, ...]:
        draws = tables["lane"]["draw"].shape[0]
        rules = {d.name: _start(tables, d.name, afresh) for d in self.diagram.decisions}
        change, sweeps = jnp.zeros(draws), jnp.zeros(draws, dtype=int)
        for sweep in self.plans:
            climb = partial(self._climb, sweep, tables, _made_once(sweep, tables))
            if not sweep.block.is_joint:
                rules = climb(rules, jnp.ones(draws), jnp.asarray(1.0))
                continue
            rules, moved, taken = _ladder(climb, rules, sweep.block, rungs, damping, most)
            change, sweeps = jnp.maximum(change, moved), jnp.maximum(sweeps, taken)
        return rules, change, sweeps

    def _climb(
        self,
        sweep: SweepPlan,
        tables: Tables,
        once: Mapping[int, Any],
        rules: Rules,
        scale: Any,
        damping: Any,
    ) -> Rules:
        """Update every rule of a block once, at `scale` times each decision's precision."""
        plan = sweep.plan
        given = dict(once)
        for key, table in plan.inputs.items():
            kind, name = key  # type: ignore[misc]
            if kind == "rule":
                given[table] = rules[name]

        def respond(name: NodeName, values: list[Any]) -> Any:
            precision = tables["precision"][name] * scale
            # A decision with nothing at stake has no action values: uniform play.
            worth = sum(values, start=jnp.zeros_like(rules[name]))
            response = _response(worth, precision, tables, name)
            mixed = damping * response + (1 - damping) * rules[name]
            return _where(tables["held"][name], tables["rule"][name], mixed)

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


def _ladder(
    climb: Callable[..., Rules], rules: Rules, block: Block, rungs: Any, damping: Any, most: Any
) -> tuple[Rules, Any, Any]:
    draws = rules[block.decisions[0]].shape[0]
    names = block.decisions
    outside = {name: rule for name, rule in rules.items() if name not in names}

    def settled(state: tuple) -> Any:
        _, rung, change, _, _, count = state
        return (count < most) & jnp.any((rung < rungs - 1) | (change > SETTLED))

    def step(state: tuple) -> tuple:
        inside, rung, change, last, taken, count = state
        new = climb({**outside, **inside}, (rung + 1) / rungs, damping)
        moved = jnp.zeros(draws)
        for name in names:
            gap = jnp.abs(new[name] - inside[name])
            moved = jnp.maximum(moved, gap.reshape(draws, -1).max(axis=1))
        moved = moved / damping
        # Sweeps that contract fast need not be repeated to see that the next would move little.
        rate = jnp.where(jnp.isfinite(last), moved / last, jnp.inf)
        coming = jnp.where(rate < FAST, jnp.minimum(moved, moved * rate / FAST), moved)
        done = (rung == rungs - 1) & (change <= SETTLED)
        up = (rung < rungs - 1) & (moved < SETTLED_ON_RUNG)
        return (
            {name: _where(done, inside[name], new[name]) for name in names},
            jnp.where(up, rung + 1, rung),
            jnp.where(done, change, coming),
            jnp.where(up, jnp.inf, moved),
            taken + ~done,
            count + 1,
        )

    start = (
        {name: rules[name] for name in names},
        jnp.zeros(draws, dtype=int),
        jnp.full(draws, jnp.inf),
        jnp.full(draws, jnp.inf),
        jnp.zeros(draws, dtype=int),
        0,
    )
    inside, rung, change, _, taken, _ = lax.while_loop(settled, step, start)
    return {**outside, **inside}, jnp.where(rung == rungs - 1, change, jnp.inf), taken


def _start(tables: Tables, name: NodeName, afresh: Any) -> Any:
    menu = tables["menu"][name]
    uniform = menu / menu.sum(axis=-1, keepdims=True)
    begin = jnp.where(afresh, uniform, tables["start"][name])
    return _where(tables["held"][name], tables["rule"][name], begin)


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
