"""The program of a sweep, as JAX traces it: block after block of lanes, on every rung of a climb.

Within a rung each block of decisions is updated once, or repeated until it has converged where its decisions need
each other's rules.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from backchannel.equilibrium.settle import LaneRules, settle
from backchannel.equilibrium.sweep.cells import SweepCells
from backchannel.equilibrium.sweep.plan import SweepPlan
from backchannel.equilibrium.sweep.update import disturb_rules, update_rules
from backchannel.language.names import NodeName


class SweepProgram:
    """What is compiled for one diagram.

    Args:
        plans: One sweep over each block of decisions, in the order in which blocks are solved.
        cells: The places of all numbers and rules.
        lanes: Lanes that are worked on together.
        may_skip: Leave out steps that only held rules need.
    """

    def __init__(
        self, plans: Sequence[SweepPlan], cells: SweepCells, lanes: int, *, may_skip: bool
    ) -> None:
        self.plans, self.cells, self.lanes, self.may_skip = plans, cells, lanes, may_skip

    def in_blocks(self, inputs: dict[str, Any], play: Any, blocks: Any, *how: Any) -> Any:
        """Sweep some lanes at a time; see `Sweeper.solve` and `Sweeper.climb` for what goes in."""
        if jax.default_backend() != "cpu":
            return self._swept(inputs, play, *how)
        lanes = play.shape[-1]

        def one(i: Any, state: Any) -> Any:
            def cut(table: Any) -> Any:
                if table.shape[-1] != lanes:
                    return table
                return lax.dynamic_slice_in_dim(table, i * self.lanes, self.lanes, axis=-1)

            part = self._swept(jax.tree.map(cut, inputs), cut(play), *how)
            return jax.tree.map(
                lambda whole, new: lax.dynamic_update_slice_in_dim(whole, new, i * self.lanes, -1),
                state,
                part,
            )

        nothing = jnp.zeros(lanes)
        start = (play, nothing, jnp.zeros(lanes, dtype=int), jnp.ones(lanes, dtype=bool))
        return lax.fori_loop(0, blocks, one, start)

    def _swept(
        self,
        inputs: dict[str, Any],
        play: Any,
        most: Any,
        rungs: Any,
        ratio: Any,
        contraction: Any,
        disturbance: Any,
    ) -> tuple[Any, ...]:
        """Sweep some lanes on every rung, from the lowest precision to the full one."""
        lanes = play.shape[-1]
        tables = self.cells.tables(inputs, 1.0)
        prepared = [sweep.evaluator.prepare(tables["given"]) for sweep in self.plans]

        def rung(state: tuple[Any, ...]) -> tuple[Any, ...]:
            i, rules, _, _, passed = state
            here = {**tables, "scale": ratio ** (i - rungs).astype(ratio.dtype)}
            rules = disturb_rules(rules, tables, disturbance)
            change, sweeps = jnp.zeros(lanes), jnp.zeros(lanes, dtype=int)
            for sweep, ready in zip(self.plans, prepared, strict=True):
                update = partial(update_rules, sweep, here, ready, may_skip=self.may_skip)
                if not sweep.block.is_joint:
                    rules = update(rules)
                    continue
                free = {name: rules[name] for name in sweep.block.decisions}
                outside = {name: rule for name, rule in rules.items() if name not in free}
                end = settle(
                    lambda inside, u=update, o=outside, f=free: _only(u({**o, **inside}), f),
                    free,
                    most=most,
                )
                rules = {**outside, **end.rules}
                change = jnp.maximum(change, end.change)
                sweeps = jnp.maximum(sweeps, end.updates)
                passed = passed & end.contracted(contraction)
            return i + 1, rules, change, sweeps, passed

        def climbing(state: tuple[Any, ...]) -> Any:
            i, _, _, _, passed = state
            return (i <= rungs) & jnp.any(passed)

        start = (
            jnp.zeros((), dtype=int),
            self.cells.rules.unpack(play),
            jnp.zeros(lanes),
            jnp.zeros(lanes, dtype=int),
            jnp.ones(lanes, dtype=bool),
        )
        _, rules, change, sweeps, passed = lax.while_loop(climbing, rung, start)
        after = jnp.concatenate([rules[name].reshape(-1, lanes) for name in self.cells.decisions])
        return after, change, sweeps, passed


def _only(rules: LaneRules, names: Collection[NodeName]) -> LaneRules:
    return {name: rules[name] for name in names}
