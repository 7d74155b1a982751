"""Levels: everyone's rules at level 0, 1, 2 and so on, each from the rules of the levels below.

Level 0 is given. At level k a player responds, by its own precision, to the others' rules at lower
levels, averaged by the shares that it takes them to have. So the climb itself seeks no fixed point: each
level is worked out once. Only a player who forgets its own moves has to meet itself within a level, which is
left to the fixed-point loop (`LevelPlan.stages`). The same code serves NumPy, compiled programs and derivatives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jax import lax

from backchannel.diagram.reasoning import type_node
from backchannel.equilibrium.reasoning.average import average_rules
from backchannel.equilibrium.reasoning.plan import OWN, LevelPlan, faced_key
from backchannel.equilibrium.response import lift_zeros, logit_response
from backchannel.equilibrium.settle import settle
from backchannel.language.names import NodeName
from backchannel.tensors.evaluator import Prepared, TableKey
from backchannel.tensors.interpreter import carry_out
from backchannel.tensors.plan import Step, TableId

MOST_PASSES = 200
"""Passes over the decisions of a level at most, where a player forgets its own moves."""
TIE = 1e-9
"""Worths that differ by less, relative to the best's (at least 1), count as equal at infinite precision."""

Rules = dict[NodeName, Any]
"""Rules by decision; axes: what the decision sees, action, draw."""
Levels = dict[NodeName, Any]
"""Rules at each level; axes: level, what the decision sees, action, draw."""


def rules_by_level(
    level: LevelPlan,
    tables: Mapping[TableKey, Any],
    start: Levels,
    shares: Any,
    *,
    precision: Mapping[NodeName, Any],
    menu: Mapping[NodeName, Any],
    conceivable: Mapping[NodeName, Any],
    held: Mapping[NodeName, Any] | None = None,
    is_infinite: bool = False,
    xp: Any = np,
) -> tuple[Levels, Any]:
    """Work out everyone's rules at every level; the draw is the last axis of every table.

    Args:
        level: The plan of one level.
        tables: What the plan takes, by key: terms, factors and beliefs.
        start: For each decision the rules to start from, written out for every draw: at level 0 its
            rule; at higher levels what is kept where the decision is held, and a guess elsewhere.
        shares: How each level takes the others to be spread over lower levels; see `shares`.
        precision: λ of each decision, per unit of the worths.
        menu: Above 0 where an action is on the menu.
        conceivable: Above 0 where an action can happen at all.
        held: By decision, the draws in which its rules are kept at every level.
        is_infinite: Whether some precision may be infinite: such a player plays best replies only.
        xp: `numpy` or `jax.numpy`.

    Returns:
        The rules at each level, and in each draw the largest move of a rule that another pass would make
        (0 where one pass is exact).

    Source: Stahl & Wilson (1994) for levels with logit responses; Camerer, Ho & Chong (2004).
    """
    prepared = level.evaluator.prepare(tables)
    count = shares.shape[0]
    lanes = max(rule.shape[-1] for rule in start.values())
    step = _Step(level, prepared, precision, menu, conceivable, held or {}, is_infinite, xp)
    if xp is np:
        state = ({name: rules.copy() for name, rules in start.items()}, np.zeros(lanes))
        for k in range(1, count):
            state = step.climb(k, state, shares)
        return state
    begin = (start, xp.zeros(lanes))
    return lax.fori_loop(1, count, lambda k, state: step.climb(k, state, shares), begin)


def best_replies(worth: Any, *, menu: Any, xp: Any) -> Any:
    """Play all best actions with equal probability: the limit of the logit response as precision grows.

    Args:
        worth: What each action is worth in each context; axes: contexts, action, draw.
        menu: Above 0 where an action is on the menu.
        xp: `numpy` or `jax.numpy`.
    """
    doable = xp.where(menu > 0, worth, -xp.inf)
    best = doable.max(axis=-2, keepdims=True)
    is_best = (doable >= best - TIE * (1.0 + xp.abs(best))).astype(float)
    return is_best / is_best.sum(axis=-2, keepdims=True)


class _Step:
    """Makes the rules of one level from those below."""

    def __init__(
        self,
        level: LevelPlan,
        prepared: Prepared,
        precision: Mapping[NodeName, Any],
        menu: Mapping[NodeName, Any],
        conceivable: Mapping[NodeName, Any],
        held: Mapping[NodeName, Any],
        is_infinite: bool,
        xp: Any,
    ) -> None:
        self.level, self.prepared, self.xp = level, prepared, xp
        self.precision, self.menu, self.conceivable = precision, menu, conceivable
        self.held, self.is_infinite = held, is_infinite

    def climb(self, k: Any, state: tuple[Levels, Any], shares: Any) -> tuple[Levels, Any]:
        """Put the rules of level k into the rules of all levels."""
        levels, gap = state
        xp = self.xp
        kept = {name: rules[k] for name, rules in levels.items()}
        new, moved = self._rules(self._given(k, levels, shares[k]), kept, levels, k)
        gap = xp.maximum(gap, moved)
        if xp is np:
            for name, rules in levels.items():
                rules[k] = new[name]
            return levels, gap
        return {name: rules.at[k].set(new[name]) for name, rules in levels.items()}, gap

    def _given(self, k: Any, levels: Levels, shares: Any) -> dict[TableId, Any]:
        """The rules that players of level k face, and what they are made of."""
        plan = self.level
        if plan.is_mixed:
            faced = average_rules(
                levels,
                shares,
                frame=plan.frame,
                conceivable=self.conceivable,
                forgetful=plan.forgetful,
                xp=self.xp,
            )
        else:
            faced = {name: rules[k - 1] for name, rules in levels.items()}
        tables = {faced_key(name): rule for name, rule in faced.items()}
        for player in plan.forgetful:
            tables[f"factor {type_node(player)}"] = tables[f"belief {type_node(player)}"] = shares
        return {plan.given[key]: table for key, table in tables.items() if key in plan.given}

    def _rules(
        self, given: dict[TableId, Any], kept: Rules, levels: Levels, k: Any
    ) -> tuple[Rules, Any]:
        """Everyone's rules at a level, and the largest move that is left in them."""
        xp, plan = self.xp, self.level
        first, again = plan.stages

        def carried(steps: Sequence[Step], tables: dict[TableId, Any]) -> dict[TableId, Any]:
            return carry_out(
                plan.plan,
                steps,
                tables,
                respond=lambda name, worth: self._respond(name, worth, kept[name]),
                floor=lambda name, rule: lift_zeros(rule, self.conceivable[name], xp),
            )

        made = carried(first, {**self.prepared, **given})
        none = xp.zeros(next(iter(kept.values())).shape[-1])
        if not again:
            return {name: made[table] for name, table in plan.new.items()}, none
        # The last level's own rules are nearer than chance, where they are not held.
        guess = {
            name: xp.where(self.held[name], kept[name], rules[k - 1])
            if name in self.held
            else rules[k - 1]
            for name, rules in levels.items()
        }

        def update(rules: Rules) -> Rules:
            guesses = {
                table: rules[key.removeprefix(OWN)]
                for key, table in plan.given.items()
                if key.startswith(OWN)
            }
            passed = carried(again, {**made, **guesses})
            return {name: passed[table] for name, table in plan.new.items()}

        # Passes that contract at all move less in the same proportion.
        end = settle(update, guess, most=MOST_PASSES, fast=1.0, xp=xp)
        return end.rules, end.change

    def _respond(self, name: NodeName, worth: Any, kept: Any) -> Any:
        """The rule that answers some values, where the decision is not held."""
        xp, precision, menu = self.xp, self.precision[name], self.menu[name]
        if self.is_infinite:
            limit = xp.isinf(precision)
            finite = xp.where(limit, 0.0, precision)
            response = logit_response(worth, precision=finite, menu=menu, xp=xp)
            response = xp.where(limit, best_replies(worth, menu=menu, xp=xp), response)
        else:
            response = logit_response(worth, precision=precision, menu=menu, xp=xp)
        if name in self.held:
            return xp.where(self.held[name], kept, response)
        return xp.broadcast_to(response, kept.shape)
