"""One update of the rules of a block, in compiled code or by NumPy."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from backchannel.equilibrium.game_tables import Tables
from backchannel.equilibrium.response import lift_zeros, logit_response
from backchannel.equilibrium.settle import LaneRules
from backchannel.equilibrium.skipping import carry_out_stretches
from backchannel.equilibrium.sweep.plan import SweepPlan
from backchannel.language.names import NodeName
from backchannel.tensors.evaluator import Prepared


def update_rules(
    sweep: SweepPlan,
    tables: Tables,
    prepared: Prepared,
    rules: LaneRules,
    *,
    may_skip: bool,
    xp: Any = jnp,
) -> LaneRules:
    """Update every rule of a block once; what is held stays as it is.

    Args:
        sweep: The plan of the block.
        tables: As `Sweeper` arranges them.
        prepared: What no rule enters.
        rules: Every rule.
        may_skip: Leave out steps that only held rules need. In a tiny game, checking costs more than the steps.
        xp: `numpy` or `jax.numpy`.
    """

    def respond(name: NodeName, worth: Any) -> Any:
        precision, menu = tables["scale"] * tables["precision"][name], tables["menu"][name]
        response = logit_response(worth, precision=precision, menu=menu, xp=xp)
        return xp.where(tables["held"][name], rules[name], response)

    def floor(name: NodeName, rule: Any) -> Any:
        return lift_zeros(rule, tables["conceivable"][name], xp)

    if may_skip:
        given = {**prepared, **{table: rules[name] for name, table in sweep.old.items()}}
        made = carry_out_stretches(
            sweep.plan,
            sweep.stretches,
            given,
            free=tables["free"],
            held=rules,
            respond=respond,
            floor=floor,
            xp=xp,
        )
    else:
        made = sweep.evaluator.evaluate(prepared, rules, respond=respond, floor=floor)
    return {**rules, **{name: made[table] for name, table in sweep.new.items()}}


def disturb_rules(rules: LaneRules, tables: Tables, share: Any, *, xp: Any = jnp) -> LaneRules:
    """Mix free rules with fixed random ones, so that sweeps show how they contract in any direction.

    In a symmetric game, sweeps from uniform play stay symmetric. Without the disturbance they would never show
    whether asymmetric play contracts too.
    """
    rng = np.random.default_rng(7)
    disturbed = {}
    for name, rule in rules.items():
        other = rng.exponential(size=rule.shape[:-1])[..., None] * tables["menu"][name]
        mixed = (1.0 - share) * rule + share * other / other.sum(axis=-2, keepdims=True)
        disturbed[name] = xp.where(tables["held"][name], rule, mixed)
    return disturbed
