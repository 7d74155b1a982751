"""Sizes of plans: what carrying a plan out takes, known from scopes alone before anything is made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backchannel.language.names import first_few
from backchannel.machine.memory import NUMBER, claim, how_many, in_words
from backchannel.tensors.interpreter import MOST_UNROLLED, last_uses
from backchannel.tensors.plan import Plan, Scope, Step, TableId

REMEDY = (
    "Make fewer of these nodes depend on each other: give some fewer parents, let decisions see less, or "
    "replace some of them by a derived node that summarises them."
)


@dataclass(frozen=True)
class PlanSize:
    """Cells that a plan takes in one draw."""

    peak: int
    """At the same time, at most; the tables it is given are left out."""
    largest: int
    """In the largest table that it makes, or passes through."""
    scope: Scope
    """The nodes of that table."""

    def draws_at_once(self, most: int, what: str, remedy: str = REMEDY) -> int:
        """How many draws may be worked on at once: `most`, or fewer where they take too much.

        Raises:
            TooLargeError: Not even one may; the nodes that make it large are named.
        """
        each = NUMBER * self.peak
        nodes = f"{len(self.scope)} nodes at once ({first_few(self.scope)})"
        table = in_words(NUMBER * self.largest)
        claim(each, what, f"One table is over {nodes}, {table} in each draw. {remedy}")
        return how_many(each, most)


def size_of(
    plan: Plan, steps: Sequence[Step], keep: Iterable[TableId] = (), *, is_compiled: bool = False
) -> PlanSize:
    """Work out what some steps take at most, where each table is dropped after its last use.

    Args:
        plan: The plan.
        steps: The steps that are carried out, in order.
        keep: Tables that are wanted at the end.
        is_compiled: Whether a compiled program carries them out: it fuses a product with its sum.
    """
    last = last_uses(steps, keep)
    sizes = {step.out: plan.size(plan.scopes[step.out]) for step in steps}
    live = peak = largest = 0
    scope: Scope = ()
    for i, step in enumerate(steps):
        wide = _wide(plan, step)
        through = plan.size(wide)
        if through > largest:
            largest, scope = through, wide
        # A sum that is written out passes through one product and the sum so far at a time; one that
        # is not lays the whole product out, twice while it is multiplied up.
        unrolled = not step.over or plan.cards[step.over[0]] <= MOST_UNROLLED
        working = 3 * sizes[step.out] if unrolled else 2 * through + sizes[step.out]
        if is_compiled:
            working = sizes[step.out]
        peak = max(peak, live + working)
        live += sizes[step.out]
        live -= sum(sizes[t] for t in set(step.operands) & sizes.keys() if last[t] == i)
    return PlanSize(max(peak, live), largest, scope)


def _wide(plan: Plan, step: Step) -> Scope:
    """All nodes that a step works over, the one that it sums out included."""
    names = {*plan.scopes[step.out], *step.over}
    return tuple(name for name in plan.cards if name in names)
