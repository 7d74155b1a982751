"""One sweep over a block of decisions, as a plan: each rule from the newest rules of the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from backchannel.diagram.relevance import Block
from backchannel.equilibrium.frame import Frame
from backchannel.equilibrium.stretches import Stretch, stretches_of
from backchannel.equilibrium.values import ValueWriter
from backchannel.language.names import NodeName
from backchannel.tensors.evaluator import Evaluator
from backchannel.tensors.plan import Plan, Step, TableId


@dataclass(frozen=True)
class SweepPlan:
    """One update of every rule in a block, last decision first."""

    plan: Plan
    block: Block
    old: dict[NodeName, TableId]
    """Each decision's rule before the sweep (of every decision, in the block or not)."""
    new: dict[NodeName, TableId]
    """Each rule of the block after the sweep."""

    @cached_property
    def evaluator(self) -> Evaluator:
        """What carries the plan out."""
        return Evaluator(self.plan, self.new.values(), self.old)

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The steps that rules enter, in groups that can be skipped."""
        return stretches_of(self.evaluator.again, self.evaluator.wanted)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that some new rule needs, in order."""
        return self.evaluator.steps


def sweep_plan(frame: Frame, block: Block) -> SweepPlan:
    """Write down one sweep over a block.

    Args:
        frame: The frame of the whole game, in which every rule is free.
        block: The decisions to update.

    Returns:
        The plan. It takes `("rule", decision)` and what `ValueWriter` says.
    """
    newest: dict[NodeName, TableId] = {}
    writer = ValueWriter(frame, newest.__getitem__)
    old = {name: writer.given_rule(name) for name in frame.owner}
    newest |= old
    owners = sorted({frame.owner[name] for name in block.decisions})
    ahead = {
        owner: [writer.term(i) for i, (player, _) in enumerate(frame.terms) if player == owner]
        for owner in owners
    }
    for name in reversed(list(frame.owner)):
        if name in block.decisions:
            owner = frame.owner[name]
            ahead[owner] = writer.look_ahead(ahead[owner], frame.rank[name])
            newest[name] = writer.response(name, writer.action_values(name, ahead[owner]))
    return SweepPlan(writer.plan, block, old, {name: newest[name] for name in block.decisions})
