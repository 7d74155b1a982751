"""Memory for a sweep: how many draws can go through its program side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backchannel.equilibrium.sweep.plan import SweepPlan
from backchannel.language.names import first_few
from backchannel.machine.memory import NUMBER, allowed, claim, in_words
from backchannel.tensors.plan import Scope
from backchannel.tensors.plan_size import REMEDY, size_of

if TYPE_CHECKING:
    from backchannel.equilibrium.reasoning.plan import LevelPlan

CHUNK = 256
"""Lanes that are handed to the compiled program at once; more draws need no new compilation."""
LANES = 64
"""Lanes that a processor works on together: their tables stay in its cache. A graphics card takes
the whole chunk."""
MOST_AT_ONCE = 4
"""Chunks that are on their way at the same time, at most."""


@dataclass(frozen=True)
class SweepSize:
    """Numbers that a sweep takes, known from its plans."""

    each: int
    """In every lane that is worked on."""
    laid: int
    """In every lane of a chunk, worked on or not: what goes into the program and comes out."""
    largest: int
    """Cells of the largest table on the way."""
    scope: Scope
    """The nodes of that table."""

    def bytes(self, lanes: int, chunk: int) -> int:
        """What one chunk takes of which so many lanes are worked on together."""
        return NUMBER * (lanes * self.each + chunk * self.laid)

    def fitting(self, lanes: int, chunk: int, stored: int = 0) -> tuple[int, int]:
        """Lanes that are worked on together and lanes of a chunk: as asked for, or fewer that fit.

        Args:
            lanes: Lanes that are worked on together at best.
            chunk: Lanes of a chunk at best.
            stored: Bytes of the game itself, which is there all the while.

        Raises:
            TooLargeError: Not even one lane fits.
        """
        while lanes > 1 and stored + self.bytes(lanes, chunk) > allowed():
            lanes //= 2
            chunk = lanes
        nodes = f"{len(self.scope)} nodes at once ({first_few(self.scope)})"
        claim(
            stored + self.bytes(lanes, chunk),
            "Solving the case",
            f"One table is over {nodes}, {in_words(NUMBER * self.largest)} in each draw. {REMEDY}",
        )
        return lanes, chunk


def sweep_size(plans: Sequence[SweepPlan | LevelPlan], *, given: int, rules: int) -> SweepSize:
    """What the sweeps of a game's blocks take.

    Args:
        plans: One sweep for each block.
        given: Cells of all tables that the program is given.
        rules: Cells of all rules.
    """
    kept = peak = largest = 0
    scope: Scope = ()
    for sweep in plans:
        plan, evaluator = sweep.plan, sweep.evaluator
        used = evaluator.used_again
        needed = {step.out for step in evaluator.once} & used | set(sweep.new.values())
        for steps in (evaluator.once, evaluator.again):
            size = size_of(plan, steps, needed, is_compiled=True)
            peak = max(peak, size.peak)
            if size.largest > largest:
                largest, scope = size.largest, size.scope
        # What no rule enters is there from the first sweep to the last.
        kept += sum(plan.size(plan.scopes[s.out]) for s in evaluator.once if s.out in used)
    # The rules before and after a sweep, and where it began.
    return SweepSize(kept + peak + given + 4 * rules, given + 3 * rules, largest, scope)
