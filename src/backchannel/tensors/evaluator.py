"""An evaluator: works out the tables that are wanted of a plan, for one guess of the rules after another.

What no rule enters is worked out once; the rest is worked out again for every guess.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeAlias, cast

from backchannel.language.names import NodeName
from backchannel.tensors.interpreter import Array, carry_out
from backchannel.tensors.plan import Plan, Step, TableId

TableKey: TypeAlias = tuple[Any, ...]
"""Kind and name of a table that a plan takes."""
Prepared: TypeAlias = dict[TableId, Array]
"""All tables that no rule enters."""


class Evaluator:
    """The steps that some tables of a plan need, in two stages.

    Args:
        plan: The plan.
        wanted: The tables that are wanted.
        rules: The tables that are the rules, by decision. They are given with every guess.
    """

    def __init__(
        self, plan: Plan, wanted: Collection[TableId], rules: Mapping[NodeName, TableId]
    ) -> None:
        self.plan = plan
        self.wanted = frozenset(wanted)
        self.rules = dict(rules)
        needed = set(wanted)
        for step in reversed(plan.steps):
            if step.out in needed:
                needed |= set(step.operands)
        self.steps = tuple(step for step in plan.steps if step.out in needed)
        """All steps that are needed, in order."""
        self.once: tuple[Step, ...] = tuple(s for s in self.steps if not plan.varies(s.out))
        """The steps that no rule enters."""
        self.again: tuple[Step, ...] = tuple(s for s in self.steps if plan.varies(s.out))
        """The steps that are worked out for every guess."""
        given = set(self.rules.values())
        self.inputs: dict[TableKey, TableId] = {
            key: table
            for key, table in inputs(plan).items()
            if table in needed and table not in given
        }
        """The tables that it takes beside the rules."""

    @property
    def used_again(self) -> set[TableId]:
        """Tables that the second stage starts from."""
        return {table for step in self.again for table in step.operands}

    def reads(self, decision: NodeName) -> bool:
        """Whether the rule that is given for a decision is used at all."""
        return any(self.rules[decision] in step.operands for step in self.steps)

    def prepare(self, tables: Mapping[TableKey, Array], known: Prepared | None = None) -> Prepared:
        """Work out everything that no rule enters.

        Args:
            tables: What the plan takes, by key; there may be more.
            known: Tables of the plan that another evaluator has worked out.
        """
        given = {table: tables[key] for key, table in self.inputs.items()}
        given |= known or {}
        steps = [step for step in self.once if step.out not in given]
        return carry_out(self.plan, steps, given)

    def evaluate(
        self,
        prepared: Prepared,
        rules: Mapping[NodeName, Array],
        *,
        respond: Callable[[NodeName, Array], Array],
        floor: Callable[[NodeName, Array], Array],
        keep: Iterable[TableId] | None = None,
    ) -> dict[TableId, Array]:
        """Work out what is wanted for one guess of the rules.

        Args:
            prepared: What `prepare` returned.
            rules: Every rule that the plan takes, by decision.
            respond: Turns a decision's action values into its rule.
            floor: Lifts the zeros of a decision's rule.
            keep: The tables to keep; all that are wanted, if left out.
        """
        given = {**prepared, **{table: rules[name] for name, table in self.rules.items()}}
        kept = {*prepared, *(self.wanted if keep is None else keep)}
        return carry_out(self.plan, self.again, given, respond=respond, floor=floor, keep=kept)


def inputs(plan: Plan) -> dict[TableKey, TableId]:
    """The tables that a plan takes."""
    return cast("dict[TableKey, TableId]", plan.inputs)
