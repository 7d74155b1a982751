r"""The likelihood of plays, and its exact gradient through the equilibrium.

Each row of data is a draw of the engine: its own numbers, its own equilibrium. One sweep over all
decisions, from last to first, is a map σ = G(σ, θ) whose fixed point is the equilibrium. For games
that backward induction solves, one sweep is exact and G does not depend on σ. The gradient of a
row's log likelihood L is, by the implicit function theorem at the fixed point,

$$\frac{dL}{dθ} = L_θ + G_θ^\top μ, \qquad μ = L_σ + G_σ^\top μ,$$

where μ solves a linear system of the size of the rules that need each other. The same matrix
I − G_σ makes Newton steps to the fixed point where sweeps alone oscillate. Nodes that were not
observed are summed out.

Source: Griewank & Walther (2008), ch. 15, for derivatives of fixed points.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Bool, Float, Int

from backchannel.diagram.relevance import solution_blocks
from backchannel.equilibrium.action_values import SweepPlan, sweep_plan
from backchannel.equilibrium.solve import Task, solve
from backchannel.errors import CommandError
from backchannel.fitting.traced import TracedGame
from backchannel.names import NodeName, ParameterName
from backchannel.tensors.game import FLOOR, Game
from backchannel.tensors.plan import Plan, run

SETTLED = 1e-11
"""Largest gap between a rule and its sweep at which a row's play counts as found."""
SWEEPS = 12
"""Sweeps before Newton steps."""
NEWTONS = 12
"""Newton steps before a row counts as not settled."""
FOLD = 1e-6
"""Smallest singular value of I − G_σ at which play still has a derivative worth the name."""
MOST_UNKNOWNS = 600
"""Probabilities in rules that need each other, up to which the linear system is written out."""

Rules = dict[NodeName, Any]


@dataclass(frozen=True)
class RowValues:
    """What one evaluation gives, row by row."""

    log: Float[np.ndarray, " row"]
    """Log likelihood of what was observed; minus infinity where the play is impossible."""
    slope: Float[np.ndarray, "row number"]
    """Its derivative by each free number of the row."""
    settled: Bool[np.ndarray, " row"]
    """Rows whose equilibrium, and whose derivative, were found."""


class Likelihood:
    """The log likelihood of a data set as a function of each row's free numbers, compiled once."""

    def __init__(
        self,
        game: Game,
        free: Sequence[ParameterName],
        evidence: Mapping[NodeName, Float[np.ndarray, "row value"]],
        *,
        alike: Int[np.ndarray, " row"] | None = None,
    ) -> None:
        """Prepare.

        Args:
            game: The case compiled with one draw: the numbers that are not free.
            free: Numbers that differ from row to row or are to be estimated.
            evidence: For each node observed in some row, the likelihood of what was seen given
                each of its values; ones where nothing was seen.
            alike: A label a row; rows with one label always have the same numbers, and are solved
                once for each thing that was seen of them. All differ, if left out.
        """
        self.game = game
        self.free = tuple(free)
        seen = np.concatenate(list(evidence.values()), axis=1)
        labels = np.arange(len(seen)) if alike is None else alike
        _, self.first, self.copies = np.unique(
            np.column_stack([labels, seen]), axis=0, return_index=True, return_inverse=True
        )
        self.rows = len(self.first)
        self.traced = TracedGame(game, frozenset(free))
        terms = [(term.player, term.scope) for term in game.terms]
        self.sweeps = [
            sweep_plan(game.diagram, block, terms) for block in solution_blocks(game.diagram)
        ]
        self.joint = tuple(
            name for s in self.sweeps if s.block.is_joint for name in s.block.decisions
        )
        """Decisions whose rules need each other."""
        self.evidence = {
            name: np.asarray(table, float)[self.first] for name, table in evidence.items()
        }
        self.plan, self.out = _likelihood_plan(game, list(evidence))
        self.menus = {name: menu[0] > 0 for name, menu in game.menus.items()}
        self.start = {
            name: np.broadcast_to(
                menu / menu.sum(axis=-1, keepdims=True), (self.rows, *menu.shape[1:])
            )
            for name, menu in game.menus.items()
        }
        unknowns = sum(int(np.prod(self.menus[name].shape)) for name in self.joint)
        if unknowns > MOST_UNKNOWNS:
            raise CommandError(
                f"The decisions {', '.join(self.joint)} need each other and have {unknowns:,} "
                f"probabilities together; fitting takes up to {MOST_UNKNOWNS}. Let them see fewer "
                "nodes, or a summary of them."
            )
        self._compiled = jax.jit(self._evaluate)

    def __call__(self, numbers: Float[np.ndarray, "row number"]) -> RowValues:
        """Evaluate at some numbers; iterations start from the play found last."""
        with jax.enable_x64(True):
            log, slope, rules, settled = self._compiled(
                jnp.asarray(numbers[self.first]), self.start
            )
            if self.joint:
                good = np.asarray(settled)
                self.start = {
                    name: np.where(
                        good.reshape(-1, *(1,) * (rule.ndim - 1)),
                        np.asarray(rule),
                        self.start[name],
                    )
                    for name, rule in rules.items()
                }
        return RowValues(
            np.asarray(log)[self.copies],
            np.asarray(slope)[self.copies],
            np.asarray(settled)[self.copies],
        )

    def on_principal_branch(self, numbers: Float[np.ndarray, "row number"]) -> Bool[np.ndarray, ""]:
        """Start the next iterations from the play that the solver finds, on the principal branch.

        Returns:
            Whether every row was solved.
        """
        solved = solve(Task(self.game_at(numbers[self.first])))
        self.start = {name: np.asarray(rule) for name, rule in solved.policies.items()}
        return np.asarray(solved.converged.all())

    def traced_log(self) -> Callable[[Any], Any]:
        """The log likelihood of the distinct rows, as a function that JAX can differentiate.

        It takes the numbers of the rows `first`. Iterations start from the play found last, and a
        row whose play is not found has minus infinity.
        """
        start = {name: jnp.asarray(rule) for name, rule in self.start.items()}

        def found(numbers: Any) -> tuple[Any, Any]:
            log, slope, _, settled = self._evaluate(numbers, start)
            return jnp.where(settled, log, -jnp.inf), jnp.where(settled[:, None], slope, 0.0)

        @jax.custom_vjp
        def log(numbers: Any) -> Any:
            return found(numbers)[0]

        log.defvjp(found, lambda slope, by: (by[:, None] * slope,))
        return log

    def game_at(self, numbers: Float[np.ndarray, "row number"]) -> Game:
        """The case compiled with one draw a row."""
        from backchannel.tensors.game import compile_game

        own = {name: numbers[:, i] for i, name in enumerate(self.free)}
        rest = {n: v for n, v in self.game.numbers.items() if n not in own}
        return compile_game(self.game.diagram, {**rest, **own})

    def _evaluate(self, numbers: Any, start: Rules) -> tuple[Any, Any, Any, Any]:
        rules, good, matrix = self._fixed_point(numbers, start)
        log, log_back = jax.vjp(self._log, rules, numbers)
        by_rules, by_numbers = log_back(jnp.ones_like(log))
        _, back = jax.vjp(self._sweep, rules, numbers)
        if matrix is not None:
            flat = self._flat(by_rules)
            mu = jnp.linalg.solve(jnp.swapaxes(matrix, 1, 2), flat[..., None])[..., 0]
            by_rules = {**by_rules, **self._unflat(mu)}
        slope = by_numbers + back(by_rules)[1]
        return log, slope, rules, good & jnp.isfinite(slope).all(axis=1)

    def _fixed_point(self, numbers: Any, start: Rules) -> tuple[Rules, Any, Any]:
        """The equilibrium of every row, whether it was found, and I − G_σ there."""
        if not self.joint:
            return self._sweep(start, numbers), jnp.ones(self.rows, dtype=bool), None

        def once(flat: Any) -> Any:
            return self._flat(self._sweep({**start, **self._unflat(flat)}, numbers))

        flat = lax.fori_loop(0, SWEEPS, lambda _, x: once(x), self._flat(start))

        def goes_on(state: tuple) -> Any:
            _, gap, count = state
            return (count < NEWTONS) & jnp.any(gap > SETTLED)

        def step(state: tuple) -> tuple:
            x, gap, count = state
            y = once(x)
            moved = jnp.linalg.solve(self._matrix(once, x), (y - x)[..., None])[..., 0]
            new = once(jnp.clip(x + moved, 0.0, 1.0))
            better = jnp.where((gap > SETTLED)[:, None] & jnp.isfinite(new), new, y)
            return better, jnp.abs(once(better) - better).max(axis=1), count + 1

        first = (flat, jnp.abs(once(flat) - flat).max(axis=1), 0)
        flat, gap, _ = lax.while_loop(goes_on, step, first)
        matrix = self._matrix(once, flat)
        sharp = jnp.linalg.svd(matrix, compute_uv=False)[:, -1] > FOLD
        rules = self._sweep({**start, **self._unflat(flat)}, numbers)
        return rules, (gap <= SETTLED) & sharp, matrix

    def _matrix(self, once: Any, flat: Any) -> Any:
        """I − G_σ of every row, by pushing one unit through the sweep at a time."""
        size = flat.shape[1]

        def push(unit: Any) -> Any:
            return jax.jvp(once, (flat,), (jnp.broadcast_to(unit, flat.shape),))[1]

        columns = lax.map(push, jnp.eye(size))
        return jnp.eye(size) - jnp.moveaxis(columns, 0, 2)

    def _flat(self, rules: Rules) -> Any:
        return jnp.concatenate([rules[n].reshape(self.rows, -1) for n in self.joint], axis=1)

    def _unflat(self, flat: Any) -> Rules:
        found, begin = {}, 0
        for name in self.joint:
            shape = self.menus[name].shape
            end = begin + int(np.prod(shape))
            found[name] = flat[:, begin:end].reshape(self.rows, *shape)
            begin = end
        return found

    def _sweep(self, rules: Rules, numbers: Any) -> Rules:
        """G(σ, θ): update every rule once, each from the newest."""
        tables = self._tables(numbers)
        for sweep in self.sweeps:
            rules = {**rules, **self._block(sweep, tables, rules)}
        return rules

    def _block(self, sweep: SweepPlan, tables: Mapping[str, Any], rules: Rules) -> Rules:
        plan = sweep.plan
        inputs = cast("Any", plan.inputs)
        given = {
            table: rules[name] if kind == "rule" else tables[kind][name]
            for (kind, name), table in inputs.items()
        }

        def respond(name: NodeName, values: list[Any]) -> Any:
            worth = sum(values, start=jnp.zeros_like(rules[name]))
            precision = tables["precision"][name]
            scaled = worth * precision.reshape(-1, *(1,) * (worth.ndim - 1))
            menu = self.menus[name]
            return jnp.where(menu, jax.nn.softmax(jnp.where(menu, scaled, -jnp.inf), axis=-1), 0.0)

        def floor(name: NodeName, rule: Any) -> Any:
            return jnp.maximum(rule, FLOOR) * self.menus[name]

        made = run(plan, sweep.steps, given, respond=respond, floor=floor)
        return {name: made[table] for name, table in sweep.new.items()}

    def _tables(self, numbers: Any) -> dict[str, Any]:
        return self.traced.tables({name: numbers[:, i] for i, name in enumerate(self.free)})

    def _log(self, rules: Rules, numbers: Any) -> Any:
        tables = self._tables(numbers)
        inputs = cast("Any", self.plan.inputs)
        given = {}
        for (kind, name), table in inputs.items():
            if kind == "seen":
                given[table] = self.evidence[name]
            else:
                given[table] = rules[name] if kind == "rule" else tables["factor"][name]
        likelihood = run(self.plan, self.plan.steps, given)[self.out]
        likelihood = jnp.broadcast_to(likelihood, (self.rows,))
        possible = likelihood > 0
        return jnp.where(possible, jnp.log(jnp.where(possible, likelihood, 1.0)), -jnp.inf)


def _likelihood_plan(game: Game, observed: Sequence[NodeName]) -> tuple[Plan, int]:
    """P(what was seen): every node that bears on it, summed out."""
    import networkx as nx

    diagram = game.diagram
    relevant = set(observed).union(*(nx.ancestors(diagram.graph, name) for name in observed))
    plan = Plan({name: len(diagram.domains[name]) for name in diagram.order})
    decisions = {d.name for d in diagram.decisions}
    tables = [
        plan.take(
            ("rule" if name in decisions else "factor", name),
            (*diagram.parents(name), name),
            varying=True,
        )
        for name in diagram.order
        if name in relevant
    ]
    tables += [plan.take(("seen", name), (name,), varying=True) for name in observed]
    return plan, plan.eliminate(tables, ())
