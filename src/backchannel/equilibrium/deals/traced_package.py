"""One package in compiled code: which actions are promised, which rules are held, and what keeping a promise adds.

Tables have the draw as their last axis, as everywhere in compiled code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import jax.numpy as jnp

from backchannel.equilibrium.deals.future import Future
from backchannel.equilibrium.settle import LaneRules
from backchannel.language.names import NodeName
from backchannel.tensors.evaluator import TableKey


@dataclass(frozen=True)
class TracedPackage:
    """A package of a deal, as its program takes it."""

    future: Future
    """What lies ahead."""
    inputs: dict[str, Any]
    """As `DealSolver` arranges them."""

    def tables(self) -> dict[TableKey, Any]:
        """Everything that the plan takes, except rules and what is told of them."""
        tables = dict(self.inputs["tables"])
        for name, promise in self.inputs["promise"].items():
            tables["promise", name] = promise
            if self.future.ends_step(name):
                tables["else", name] = 1.0 - self._all_promised(name)
        for (name, player), (kept, broken) in self.inputs["due"].items():
            if len(self.future.step_of(name)) > 1:
                tables["paid", name, player], kept = kept, jnp.zeros_like(kept)
            tables["due", name, player] = self._due(name, kept, broken)
        return tables

    def first_rules(self, from_uniform: Any) -> LaneRules:
        """Where updates start: uniform play, or the play without a deal; with the same draws for every rule."""
        rules = {}
        for decision in self.future.decisions:
            name = decision.name
            menu = self.inputs["menu"][name]
            uniform = menu / menu.sum(axis=-2, keepdims=True)
            start = jnp.where(from_uniform, uniform, self.inputs["start"][name])
            rules[name] = self.bind(name, start)
        lanes = max(rule.shape[-1] for rule in rules.values())
        return {
            name: jnp.broadcast_to(rule, (*rule.shape[:-1], lanes)) for name, rule in rules.items()
        }

    def bind(self, name: NodeName, rule: Any) -> Any:
        """A rule, unless it is planned elsewhere or the deal is kept by force."""
        rule = jnp.where(self.inputs["held"][name], self.inputs["given"][name], rule)
        if name in self.future.promised:
            promise, possible = self._promise(name)
            rule = jnp.where(self.inputs["forced"] & possible[..., None, :], promise, rule)
        return rule

    def is_open(self, name: NodeName) -> Any:
        """Whether a rule depends on what actions are worth: it is not planned elsewhere, nor forced throughout."""
        is_open = ~self.inputs["held"][name].all()
        if name in self.future.promised:
            _, possible = self._promise(name)
            is_open = is_open & ~(self.inputs["forced"] & possible.all())
        return is_open

    def judge(self, name: NodeName, rule: Any) -> tuple[Any, Any]:
        """Where the promised action is on the menu, and where besides no other is worth more.

        Logit play takes better actions more often, so the most likely action is the best reply.
        """
        promise, possible = self._promise(name)
        own = _over_actions(jnp.add, rule * promise)
        best = possible & (own >= _over_actions(jnp.maximum, rule * (1.0 - promise)))
        return possible.astype(rule.dtype), best.astype(rule.dtype)

    def _all_promised(self, name: NodeName) -> Any:
        """1 where every decision of a step is as promised; one axis for each decision, then the draw."""
        step = self.future.step_of(name)
        alone = [
            self.inputs["promise"][other].reshape(*(1,) * i, -1, *(1,) * (len(step) - 1 - i), 1)
            for i, other in enumerate(step)
        ]
        return reduce(jnp.multiply, alone)

    def _due(self, name: NodeName, kept: Any, broken: Any) -> Any:
        """What keeping a promise adds, and breaking it where it could have been kept."""
        promise, possible = self._promise(name)
        return kept * promise + broken * (1.0 - promise) * possible[..., None, :].astype(
            promise.dtype
        )

    def _promise(self, name: NodeName) -> tuple[Any, Any]:
        """The promised action, with the axes of a rule, and where it is on the menu."""
        menu = self.inputs["menu"][name]
        promise = self.inputs["promise"][name].reshape(*(1,) * (menu.ndim - 2), -1, 1)
        return promise, _over_actions(jnp.add, menu * promise) > 0


def _over_actions(operation: Any, table: Any) -> Any:
    # Few actions, many contexts: slices are much faster here than reductions.
    return reduce(operation, [table[..., i, :] for i in range(table.shape[-2])])
