"""The residual F(x, τ) of a part and its Jacobian, in lanes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jax.numpy as jnp
import numpy as np

from backchannel.equilibrium.branch.layout import rules_of
from backchannel.equilibrium.branch.reduction import Part
from backchannel.equilibrium.branch.rule_plan import FRAMES
from backchannel.equilibrium.response import lift_zeros, logit_response
from backchannel.language.names import NodeName
from backchannel.tensors import dual
from backchannel.tensors.dual import Dual
from backchannel.tensors.evaluator import Evaluator, Prepared, TableKey
from backchannel.tensors.interpreter import Array, add_up
from backchannel.tensors.plan import TableId


class Residual:
    """F of one part, and all of its rules, on NumPy or on traced JAX arrays."""

    def __init__(self, part: Part, xp: Any, *, all_rules: bool = False) -> None:
        self.part, self.xp = part, xp
        wanted = {table for tables in part.worth.values() for table in tables}
        if all_rules:
            wanted |= set(part.rules.values())
        given = {name: part.rules[name] for name in part.feedback}
        self.evaluator = Evaluator(part.plan, wanted, given)
        self.keys = list(self.evaluator.inputs)
        """The tables that it takes."""

    def prepare(self, tables: Mapping[TableKey, Array]) -> Prepared:
        """Work out everything that no rule enters."""
        return self.evaluator.prepare(tables)

    def __call__(
        self,
        x: Array,
        tau: Array,
        ready: Prepared,
        ratio: Mapping[NodeName, Array],
    ) -> Array:
        """How far x is from what the rules that it implies answer.

        Args:
            x: Log-odds; axes: unknown, lane.
            tau: How far each lane is along its path.
            ready: What `prepare` gave.
            ratio: Precision at each decision over the length of the path, in each lane.
        """
        part, plan = self.part, self.part.plan
        made = self._made(x, tau, ready, ratio)
        parts = []
        for name in part.feedback:
            layout = part.layout[name]
            worth = add_up(plan, [(t, made[t]) for t in part.worth[name]], part.frame.scope(name))
            flat = worth.reshape(-1, worth.shape[-1])
            gain = flat[layout.cell] - flat[layout.against]
            parts.append(x[layout.own] - tau * ratio[name] * gain)
        return dual.concatenate(parts) if isinstance(x, Dual) else self.xp.concatenate(parts)

    def rules(
        self,
        x: Array,
        tau: Array,
        ready: Prepared,
        ratio: Mapping[NodeName, Array],
    ) -> dict[NodeName, Array]:
        """Every rule of the part; axes: what the decision depends on, action, lane."""
        made = self._made(x, tau, ready, ratio)
        return {name: made[table] for name, table in self.part.rules.items()}

    def _made(
        self, x: Array, tau: Array, ready: Prepared, ratio: Mapping[NodeName, Array]
    ) -> dict[TableId, Array]:
        """All that is wanted, from the log-odds of the feedback set."""
        menus, xp = self.part.menus, self.xp

        def respond(name: NodeName, worth: Array) -> Array:
            menu = menus[name][..., None]
            return logit_response(worth, precision=tau * ratio[name], menu=menu, xp=xp)

        def floor(name: NodeName, rule: Array) -> Array:
            return lift_zeros(rule, menus[name][..., None], xp)

        rules = rules_of(xp, x, self.part.layout)
        return self.evaluator.evaluate(ready, rules, respond=respond, floor=floor)


@lru_cache(maxsize=FRAMES)
def all_rules(part: Part) -> Residual:
    """F and all rules of a part, on NumPy."""
    return Residual(part, np, all_rules=True)


def jacobian(residual: Residual, x: Array, tau: Array, ready: Any, ratio: Any) -> tuple[Array, ...]:
    """F, its slopes by every unknown, and that by τ; axes: row, (column,) lane."""
    n, lanes = x.shape
    unit = jnp.broadcast_to(jnp.eye(n + 1)[:, :, None], (n + 1, n + 1, lanes))
    result = residual(Dual(x, unit[:n]), Dual(tau, unit[n]), ready, ratio)
    return result.value, result.slope[:, :n], result.slope[:, n]
