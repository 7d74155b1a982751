"""One level of reasoning as a plan: each player's rules from those that it takes the others to have.

A player's own later decisions are its newest rules, everybody else's are those that it faces. So one
pass backwards in time gives all rules of a level. The pass is repeated only if a decision needs the
rule of an own earlier one that it does not recall.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from backchannel.diagram.reasoning import type_node
from backchannel.equilibrium.frame import Frame
from backchannel.equilibrium.reasoning.average import forgetful_players
from backchannel.equilibrium.values import ValueWriter
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.evaluator import Evaluator
from backchannel.tensors.plan import Plan, Step, TableId

OWN = "own "
"""What the key of a guess of an own rule begins with."""


@dataclass(frozen=True)
class LevelPlan:
    """How the rules of one level are made.

    The plan takes `("faced", decision)`, the rule that others take a decision to have, and
    `("own", decision)`, a guess of the owner's own rule, beside what `ValueWriter` says. A forgetful
    player's faced rule has its level as the first axis; `("factor", type node)` and
    `("belief", type node)` are then the shares of the levels.
    """

    plan: Plan
    frame: Frame
    given: Mapping[str, TableId]
    """Tables that change from level to level, by `faced_key`, `own_key` and `type_node`."""
    new: Mapping[NodeName, TableId]
    """Each decision's rule at the level."""
    forgetful: frozenset[PlayerName]
    """Players whose level stays a hidden node of the game as others see it."""
    is_mixed: bool
    """Whether others may be taken for a mixture of levels, rather than for one level."""

    @cached_property
    def evaluator(self) -> Evaluator:
        """What carries the plan out."""
        return Evaluator(self.plan, self.new.values(), self.given)

    @cached_property
    def stages(self) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
        """The steps of a level that depend on no guess of an own rule, and those that do.

        The second are there only where a decision needs the rule of an own earlier one that it does not
        recall; they are repeated until the guesses are the rules.
        """
        guessed = {table for key, table in self.given.items() if key.startswith(OWN)}
        first, again = [], []
        for step in self.evaluator.again:
            if guessed.isdisjoint(step.operands):
                first.append(step)
            else:
                guessed.add(step.out)
                again.append(step)
        return tuple(first), tuple(again)


def level_plan(frame: Frame, *, levels: int, is_mixed: bool) -> LevelPlan:
    """Write down how the rules of one level are made.

    Args:
        frame: The frame of the whole game, in which every rule is free.
        levels: Number of levels, level 0 included.
        is_mixed: Whether others may be taken for a mixture of levels, rather than for one level.
    """
    forgetful = forgetful_players(frame) if is_mixed else frozenset()
    types = {type_node(player): levels for player in sorted(forgetful)}
    cards = {**types, **frame.cards}
    plan = Plan(cards)
    given: dict[str, TableId] = {}
    for name in types:
        # Shares differ from level to level, so that nothing made of them is made only once.
        given[f"factor {name}"] = plan.take(("factor", name), (name,), varying=True)
        given[f"belief {name}"] = plan.take(("belief", name), (name,), varying=True)
    new: dict[NodeName, TableId] = {}
    for player in sorted(set(frame.owner.values())):
        view = _as_seen_by(player, frame, cards, forgetful)
        new |= _rules_of(player, view, plan, given)
    return LevelPlan(plan, frame, given, new, forgetful, is_mixed)


def faced_key(decision: NodeName) -> str:
    """Key of the rule that others take a decision to have."""
    return f"faced {decision}"


def own_key(decision: NodeName) -> str:
    """Key of a guess of the owner's own rule."""
    return f"{OWN}{decision}"


def _as_seen_by(
    player: PlayerName,
    frame: Frame,
    cards: Mapping[NodeName, int],
    forgetful: Collection[PlayerName],
) -> Frame:
    """The game as one player sees it: the levels of forgetful others are hidden nodes."""
    parents = {
        name: (type_node(frame.owner[name]), *seen)
        if frame.owner.get(name) in forgetful and frame.owner[name] != player
        else seen
        for name, seen in frame.parents.items()
    }
    hidden = {type_node(other): () for other in forgetful}
    return replace(frame, cards=cards, parents={**hidden, **parents})


def _rules_of(
    player: PlayerName, frame: Frame, plan: Plan, given: dict[str, TableId]
) -> dict[NodeName, TableId]:
    """One player's rules at a level, last decision first."""
    new: dict[NodeName, TableId] = {}

    def rule_of(name: NodeName) -> TableId:
        if name in new:
            return new[name]
        is_own = frame.owner[name] == player
        key = own_key(name) if is_own else faced_key(name)
        kind = "own" if is_own else "faced"
        given[key] = plan.take((kind, name), frame.scope(name), varying=True)
        return given[key]

    writer = ValueWriter(frame, rule_of, plan)
    ahead = [writer.term(i) for i, (owner, _) in enumerate(frame.terms) if owner == player]
    for name in reversed(list(frame.owner)):
        if frame.owner[name] == player:
            ahead = writer.look_ahead(ahead, frame.rank[name])
            new[name] = writer.response(name, writer.action_values(name, ahead))
    return new
