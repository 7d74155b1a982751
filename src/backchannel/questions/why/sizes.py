"""How much memory explaining an outcome takes, known from the graph alone."""

from __future__ import annotations

from backchannel.diagram.diagram import Diagram
from backchannel.machine.memory import NUMBER, claim, how_many

DRAWS_PER_PART = 256
"""Draws processed together with up to 64 sets of causes; fewer with more sets."""


def claim_sets(n_sets: int, n_draws: int, rule_cells: int) -> None:
    """Check that there is memory for everyone's rules with each set of causes undone.

    Raises:
        TooLargeError: There is not enough.
    """
    claim(
        NUMBER * n_sets * n_draws * rule_cells,
        f"The rules of {n_sets:,} sets of causes in {n_draws:,} draws",
        "Ask about fewer causes, or take fewer draws (--draws).",
    )


def draws_together(diagram: Diagram, n_worlds: int, n_sets: int) -> int:
    """How many draws are processed together.

    Raises:
        TooLargeError: Not even one can be.
    """
    domains = diagram.domains
    # What each set prevents, in both couplings; and every node with its shocks, in each world.
    each = NUMBER * n_worlds * (2 * n_sets + sum(2 + 3 * len(domains[name]) for name in domains))
    claim(
        each,
        f"{n_worlds:,} worlds with {n_sets:,} sets of causes",
        "Draw fewer worlds (--worlds), or ask about fewer causes.",
    )
    return how_many(each, max(16, DRAWS_PER_PART * 64 // max(64, n_sets)))
