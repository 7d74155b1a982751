"""The residual F(x, τ) of a part and its Jacobian, in lanes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jax.numpy as jnp
import numpy as np

from backchannel.equilibrium.homotopy import dual
from backchannel.equilibrium.homotopy.dual import Dual
from backchannel.equilibrium.homotopy.lanes import Key, inputs, lifted, softmax
from backchannel.equilibrium.homotopy.layout import rules_of
from backchannel.equilibrium.homotopy.reduction import Part
from backchannel.equilibrium.homotopy.values import FRAMES
from backchannel.language.names import NodeName
from backchannel.tensors.lanes import Array, carry_out, total
from backchannel.tensors.plan import Step, TableId


class Residual:
    """F of one part, and all of its rules, on NumPy or on traced JAX arrays."""

    def __init__(self, part: Part, xp: Any, *, all_rules: bool = False) -> None:
        self.part, self.xp = part, xp
        plan = part.values.plan
        wanted = {table for tables in part.worth.values() for table in tables}
        if all_rules:
            wanted |= set(part.rules.values())
        needed = set(wanted)
        for step in reversed(plan.steps):
            if step.out in needed:
                needed |= set(step.operands)
        steps = [step for step in plan.steps if step.out in needed]
        self.once = [step for step in steps if not plan.varies(step.out)]
        self.each = [step for step in steps if plan.varies(step.out)]
        self.keys = [
            key for key, table in inputs(plan).items() if key[0] != "rule" and table in needed
        ]
        """The tables that it takes."""

    def prepare(self, tables: Mapping[Key, Array]) -> dict[TableId, Array]:
        """Work out everything that no rule enters."""
        plan = self.part.values.plan
        given = {plan.inputs[key]: tables[key] for key in self.keys}
        return self._run(self.once, given, None, {})

    def __call__(
        self,
        x: Array,
        tau: Array,
        ready: Mapping[TableId, Array],
        ratio: Mapping[NodeName, Array],
    ) -> Array:
        """How far x is from what the rules that it implies answer.

        Args:
            x: Log-odds; axes: unknown, lane.
            tau: How far each lane is along its path.
            ready: What `prepare` gave.
            ratio: Precision at each decision over the length of the path, in each lane.
        """
        part, plan = self.part, self.part.values.plan
        made = self._run(self.each, {**ready, **self.given(x)}, tau, ratio)
        parts = []
        for name in part.feedback:
            layout = part.layout[name]
            worth = total(plan, [(t, made[t]) for t in part.worth[name]], part.frame.scope(name))
            flat = worth.reshape(-1, worth.shape[-1])
            gain = flat[layout.cell] - flat[layout.against]
            parts.append(x[layout.own] - tau * ratio[name] * gain)
        return dual.concatenate(parts) if isinstance(x, Dual) else self.xp.concatenate(parts)

    def rules(
        self,
        x: Array,
        tau: Array,
        ready: Mapping[TableId, Array],
        ratio: Mapping[NodeName, Array],
    ) -> dict[NodeName, Array]:
        """Every rule of the part; axes: what the decision depends on, action, lane."""
        made = self._run(self.each, {**ready, **self.given(x)}, tau, ratio)
        return {name: made[table] for name, table in self.part.rules.items()}

    def given(self, x: Array) -> dict[TableId, Array]:
        """The rules of the feedback set."""
        found = rules_of(self.xp, x, self.part.layout)
        return {self.part.rules[name]: rule for name, rule in found.items()}

    def _run(self, steps: list[Step], given: dict, tau: Array, ratio: Mapping) -> dict:
        part, xp = self.part, self.xp

        def respond(name: NodeName, worth: Array) -> Array:
            scaled = tau * ratio[name] * worth
            on_menu = part.menus[name][..., None]
            if isinstance(scaled, Dual):
                return softmax(xp, dual.where(on_menu, scaled, -np.inf))
            return softmax(xp, xp.where(on_menu, scaled, -np.inf))

        def floor(name: NodeName, rule: Array) -> Array:
            return lifted(xp, rule, part.menus[name])

        return carry_out(part.values.plan, steps, given, respond=respond, floor=floor)


@lru_cache(maxsize=FRAMES)
def all_rules(part: Part) -> Residual:
    """F and all rules of a part, on NumPy."""
    return Residual(part, np, all_rules=True)


def jacobian(residual: Residual, x: Array, tau: Array, ready: Any, ratio: Any) -> tuple[Array, ...]:
    """F, its slopes by every unknown, and that by τ; axes: row, (column,) lane."""
    n, lanes = x.shape
    unit = jnp.broadcast_to(jnp.eye(n + 1)[:, :, None], (n + 1, n + 1, lanes))
    found = residual(Dual(x, unit[:n]), Dual(tau, unit[n]), ready, ratio)
    return found.value, found.slope[:, :n], found.slope[:, n]
