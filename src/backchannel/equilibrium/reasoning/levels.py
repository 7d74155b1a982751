"""Levels: everyone's rules at level 0, 1, 2 and so on, each from the rules of the levels below.

Level 0 is given. At level k a player responds, by its own precision, to the others' rules at lower
levels, averaged by the shares that it takes them to have. No fixed point is sought (but see
`LevelPlan.repeats`), so the same code serves NumPy, compiled programs and derivatives.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from jax import lax

from backchannel.equilibrium.reasoning.average import average_rules
from backchannel.equilibrium.reasoning.plan import LevelPlan, faced_key, own_key, type_node
from backchannel.equilibrium.response import lift_zeros, logit_response
from backchannel.language.names import NodeName
from backchannel.tensors.evaluator import Prepared, TableKey

MOST_PASSES = 200
"""Passes over the decisions of a level at most, where a player forgets its own moves."""
STILL = 1e-12
"""Largest move of a probability in a pass at which no other pass is needed."""

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
        xp: `numpy` or `jax.numpy`.

    Returns:
        The rules at each level, and in each draw the largest move of a rule in the last pass (0 where
        one pass is exact).

    Source: Stahl & Wilson (1994) for levels with logit responses; Camerer, Ho & Chong (2004).
    """
    prepared = level.evaluator.prepare(tables)
    count = shares.shape[0]
    lanes = max(rule.shape[-1] for rule in start.values())
    step = _Step(level, prepared, precision, menu, conceivable, held or {}, xp)
    if xp is np:
        state = ({name: rules.copy() for name, rules in start.items()}, np.zeros(lanes))
        for k in range(1, count):
            state = step.climb(k, state, shares)
        return state
    begin = (start, xp.zeros(lanes))
    return lax.fori_loop(1, count, lambda k, state: step.climb(k, state, shares), begin)


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
        xp: Any,
    ) -> None:
        self.level, self.prepared, self.xp = level, prepared, xp
        self.precision, self.menu, self.conceivable = precision, menu, conceivable
        self.held = held

    def climb(self, k: Any, state: tuple[Levels, Any], shares: Any) -> tuple[Levels, Any]:
        """Put the rules of level k into the rules of all levels."""
        levels, gap = state
        xp, plan = self.xp, self.level
        kept = {name: rules[k] for name, rules in levels.items()}
        given = self._given(k, levels, shares[k])
        new = self._pass(given, kept, kept)
        if plan.repeats:
            new, moved = self._repeat(given, kept, new)
            gap = xp.maximum(gap, moved)
        if xp is np:
            for name, rules in levels.items():
                rules[k] = new[name]
            return levels, gap
        return {name: rules.at[k].set(new[name]) for name, rules in levels.items()}, gap

    def _given(self, k: Any, levels: Levels, shares: Any) -> dict[str, Any]:
        """The rules that players of level k face, by the key of the plan's table."""
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
        found = {faced_key(name): rule for name, rule in faced.items()}
        for player in plan.forgetful:
            found[f"factor {type_node(player)}"] = found[f"belief {type_node(player)}"] = shares
        return found

    def _pass(self, given: dict[str, Any], own: Any, kept: Any) -> dict[NodeName, Any]:
        """Every rule once, from the rules that are faced and a guess of the own ones."""
        xp = self.xp

        def respond(name: NodeName, worth: Any) -> Any:
            response = logit_response(
                worth, precision=self.precision[name], menu=self.menu[name], xp=xp
            )
            if name not in self.held:
                return xp.broadcast_to(response, kept[name].shape)
            return xp.where(self.held[name], kept[name], response)

        def floor(name: NodeName, rule: Any) -> Any:
            return lift_zeros(rule, self.conceivable[name], xp)

        evaluator = self.level.evaluator
        rules = {**given, **{own_key(name): rule for name, rule in own.items()}}
        made = evaluator.evaluate(self.prepared, rules, respond=respond, floor=floor)
        return {name: made[table] for name, table in self.level.new.items()}

    def _repeat(
        self, given: dict[str, Any], kept: Any, first: dict[NodeName, Any]
    ) -> tuple[dict[NodeName, Any], Any]:
        """Pass after pass until no rule moves, where a player forgets its own moves."""
        xp = self.xp

        def moved(new: Any, old: Any) -> Any:
            gaps = [xp.abs(new[n] - old[n]).reshape(-1, new[n].shape[-1]).max(axis=0) for n in new]
            return xp.stack(gaps).max(axis=0)

        def again(state: Any) -> Any:
            rules, _, count = state
            new = self._pass(given, rules, kept)
            return new, moved(new, rules), count + 1

        def goes_on(state: Any) -> Any:
            _, gap, count = state
            return (gap > STILL).any() & (count < MOST_PASSES)

        state = (first, xp.full(next(iter(first.values())).shape[-1], xp.inf), 0)
        if xp is not np:
            return lax.while_loop(goes_on, again, state)[:2]
        while goes_on(state):
            state = again(state)
        return state[:2]
