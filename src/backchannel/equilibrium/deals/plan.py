"""Plans for a deal: what breaking it leads to, and one update of play while it is in force.

Play has two regimes. In force: every promise so far was kept. Broken: somebody did something else,
and from then on everyone keeps to the rules that hold without a deal. The worth of a broken deal
therefore depends on no rule that is being sought; it is worked out once, for all packages. While
the deal is in force, the promised decisions taken so far are as promised, so no table has an axis for
them, and the plan is small.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from backchannel.equilibrium.deals.future import Future
from backchannel.equilibrium.stretches import Stretch, stretches_of
from backchannel.equilibrium.values import ValueWriter
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.evaluator import Evaluator
from backchannel.tensors.plan import Plan, Scope, TableId

Worths = dict[PlayerName, list[TableId]]
"""For each player tables that add up to what lies ahead."""


@dataclass(frozen=True)
class BrokenPlan:
    """What everyone can expect from a day on when there is no deal, or no longer."""

    plan: Plan
    at: Mapping[NodeName, Mapping[PlayerName, tuple[TableId, ...]]]
    """For the last promised decision of each step, what the step and all that follows are worth, by what
    is known then. In escrow nobody has acted yet, and the step is played as without a deal."""
    start: Mapping[PlayerName, tuple[TableId, ...]]
    """The same from the deal's day on; tables over the interface."""


def broken_plan(future: Future) -> BrokenPlan:
    """Write down what each player can expect under given rules.

    Returns:
        The plan. It takes `("factor", node)`, `("rule", decision)` and `("term", i)`.
    """
    frame = future.frame
    writer = ValueWriter(frame, lambda name: writer.given_rule(name))
    worths: Worths = {player: [] for player in future.owners}
    at = {}
    for name in reversed(future.nodes):
        for i in future.terms_at[name]:
            worths[frame.terms[i][0]].append(writer.term(i))
        if future.ends_step(name):
            first = frame.rank[future.step_of(name)[0]]
            known = first - 1 if future.is_in_escrow(name) else frame.rank[name]
            worths = _looked_ahead(writer, worths, known)
            at[name] = {player: tuple(tables) for player, tables in worths.items()}
    worths = _looked_ahead(writer, worths, -1)
    return BrokenPlan(writer.plan, at, {player: tuple(t) for player, t in worths.items()})


@dataclass(frozen=True)
class DealPlan:
    """One update of every rule while a deal is in force, last decision first; and a report."""

    plan: Plan
    old: Mapping[NodeName, TableId]
    """Each decision's rule before the update."""
    new: Mapping[NodeName, TableId]
    """Each decision's rule after the update."""
    worth: Mapping[PlayerName, tuple[TableId, ...]]
    """Expected worth of all that lies ahead, given the record; tables without nodes that add up."""
    kept: Mapping[NodeName, TableId]
    """P(this promise and all of earlier steps are kept | record)."""
    able: Mapping[NodeName, TableId]
    """P(the promises of earlier steps are kept and this one can be | record)."""
    best: Mapping[NodeName, TableId]
    """P(the promises of earlier steps are kept and keeping this one is a best reply | record)."""
    through: Mapping[NodeName, TableId]
    """For the last decision of each step, P(all promises of this step and earlier ones are kept | record)."""

    @cached_property
    def update(self) -> Evaluator:
        """Works out the new rules."""
        return Evaluator(self.plan, self.new.values(), self.old)

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The steps of an update that rules enter, in groups that can be skipped."""
        return stretches_of(self.update.again, self.update.wanted)

    @cached_property
    def report(self) -> Evaluator:
        """Works out the report."""
        worths = [table for tables in self.worth.values() for table in tables]
        by_promise = (self.kept, self.able, self.best, self.through)
        masses = [table for tables in by_promise for table in tables.values()]
        return Evaluator(self.plan, [*worths, *masses], self.old)


def deal_plan(future: Future, broken: BrokenPlan, concerned: tuple[PlayerName, ...]) -> DealPlan:
    """Write down one update of play while a deal is in force.

    Args:
        future: What lies ahead.
        broken: The scopes of the broken deal's worths.
        concerned: Players whom keeping or breaking a promise costs or pays something.

    Returns:
        The plan. Beside `("rule", decision)` and what `ValueWriter` says, all without the axes of promised
        decisions, it takes `("posterior",)` of the interface; for the last promised decision d of each step
        `("else", d)` (1 where not all of the step is as promised) and `("broken", d, player, j)`; and for
        each promised decision d `("due", d, player)` (what keeping or breaking adds to a player's worth),
        `("is able", d)` and `("is best", d)`. In a step whose promises are kept at the same time, what
        keeping all of them adds is `("paid", d, player)` instead.
    """
    return _Builder(future, broken, concerned).build()


class _Builder:
    def __init__(
        self, future: Future, broken: BrokenPlan, concerned: tuple[PlayerName, ...]
    ) -> None:
        self.future = future
        self.broken = broken
        self.concerned = concerned
        self.frame = future.frame_in_force
        self.newest: dict[NodeName, TableId] = {}
        self.writer = ValueWriter(self.frame, self.newest.__getitem__)
        self.plan = self.writer.plan
        self.old = {name: self.writer.given_rule(name) for name in self.frame.owner}
        self.newest |= self.old

    def build(self) -> DealPlan:
        plan, future, frame, writer = self.plan, self.future, self.frame, self.writer
        everyone = tuple(dict.fromkeys([*future.owners, *self.concerned]))
        worths: Worths = {player: [] for player in everyone}
        for name in reversed(future.nodes):
            for i in future.terms_at[name]:
                worths[frame.terms[i][0]].append(writer.term(i))
            if name not in frame.owner:
                continue
            worths = _looked_ahead(writer, worths, frame.rank[name])
            if future.ends_step(name):
                worths = {
                    player: writer.gather(self._kept_or_broken(name, player, tables))
                    for player, tables in worths.items()
                }
            values = writer.action_values(name, worths.get(frame.owner[name], []))
            self.newest[name] = writer.response(name, values)
        worths = _looked_ahead(writer, worths, -1)
        posterior = plan.take(("posterior",), future.interface)
        return DealPlan(
            plan=plan,
            old=dict(self.old),
            new=dict(self.newest),
            worth={
                player: tuple(plan.eliminate([posterior, table], ()) for table in tables)
                for player, tables in worths.items()
            },
            kept={
                name: self._mass(posterior, (name,), [self._kept(name)]) for name in future.promised
            },
            able={name: self._mass_of(posterior, name, "is able") for name in future.promised},
            best={name: self._mass_of(posterior, name, "is best") for name in future.promised},
            through={
                name: self._mass(posterior, step, [self._kept(other) for other in step])
                for name in future.promised
                if future.ends_step(name)
                for step in (future.step_of(name),)
            },
        )

    def _kept_or_broken(
        self, name: NodeName, player: PlayerName, kept: list[TableId]
    ) -> list[TableId]:
        """Join what keeping the promises of a step leads to and what anything else leads to."""
        plan, frame, step = self.plan, self.frame, self.future.step_of(name)
        promises = [plan.take(("promise", other), (other,)) for other in step]
        other = plan.take(("else", name), step)
        tables = [plan.multiply([*promises, table]) for table in kept]
        for j, broken in enumerate(self.broken.at[name].get(player, ())):
            scope = self.future.in_force(self.broken.plan.scopes[broken], own=step)
            table = plan.take(("broken", name, player, j), scope)
            tables.append(plan.multiply([other, table]))
        if player in self.concerned:
            tables += [plan.take(("due", n, player), frame.scope(n)) for n in step]
            if len(step) > 1:
                tables.append(plan.multiply([*promises, plan.take(("paid", name, player), ())]))
        return tables

    def _kept(self, name: NodeName) -> TableId:
        return self.writer.kept_promise(name, self.old[name])

    def _mass_of(self, posterior: TableId, name: NodeName, key: str) -> TableId:
        final = self.plan.take((key, name), self.frame.sees(name))
        return self._mass(posterior, (name,), [final])

    def _mass(self, posterior: TableId, last: Scope, final: list[TableId]) -> TableId:
        """P(every promise of earlier steps is kept, and something about the last | record)."""
        frame, writer = self.frame, self.writer
        earlier = frame.promised_before(last[0])
        seen = {name for decision in last for name in frame.sees(decision)}
        tables = []
        for name in sorted(frame.relevant({*seen, *earlier}), key=frame.rank.__getitem__):
            if name in earlier:
                tables.append(self._kept(name))
            elif name in frame.owner:
                tables.append(self.old[name])
            else:
                tables.append(writer.mechanism(name))
        return self.plan.eliminate([posterior, *final, *tables], ())


def _looked_ahead(writer: ValueWriter, worths: Worths, until: int) -> Worths:
    return {player: writer.look_ahead(tables, until) for player, tables in worths.items()}
