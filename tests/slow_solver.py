"""A solver like ours, but one that never ends where a case asks for it by its title. Run as a module by tests."""

from __future__ import annotations

import time

from backchannel.web import solving_child, solving_work
from backchannel.web.child import end_now, take_streams

STUCK = "A case that is never solved"
solve = solving_work.solve_full_answers


def solve_or_stick(lowered, shifts, **options):
    """Solve, or never end and hear nothing."""
    while lowered.case.case == STUCK:
        time.sleep(0.01)
    return solve(lowered, shifts, **options)


if __name__ == "__main__":
    solving_work.solve_full_answers = solve_or_stick
    streams = take_streams()
    solving_child.run_service(*streams, end=end_now)
