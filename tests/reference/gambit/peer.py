"""Gambit as a program of its own: one tree after the other, each within a time limit.

Run as `python -m tests.reference.gambit.peer`, this module reads lines of JSON (a file, precisions)
and writes lines of JSON (the profiles of Gambit's principal branch).
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
import time
from collections.abc import Sequence

Profiles = dict[str, dict[str, list[float]]]


class Peer:
    """Holds a process with pygambit; a tree that takes too long ends it, and the next gets another."""

    def __init__(self, limit: float = 60.0) -> None:
        self.limit = limit
        self.process: subprocess.Popen[str] | None = None
        self.seconds = 0.0

    def solve(self, file: str, levels: Sequence[float]) -> Profiles | None:
        """Gambit's profiles by precision and information set; `None` when it did not finish."""
        if self.process is None:
            command = [sys.executable, "-m", "tests.reference.gambit.peer"]
            pipe = subprocess.PIPE
            self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
            self.process.stdout.readline()
        process = self.process
        process.stdin.write(json.dumps([file, list(levels)]) + "\n")
        process.stdin.flush()
        began = time.perf_counter()
        ready, _, _ = select.select([process.stdout], [], [], self.limit)
        line = process.stdout.readline() if ready else ""
        self.seconds = time.perf_counter() - began
        if not line:
            self.close()
            return None
        return json.loads(line)

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def principal_branch(file: str, levels: Sequence[float]) -> Profiles | None:
    """Trace Gambit's principal branch in this process."""
    import pygambit

    game = pygambit.read_efg(file)
    try:
        solved = pygambit.qre.logit_solve_lambda(game, lam=list(levels))
    except RuntimeError:
        return None
    if len(solved) < len(levels):
        return None
    found: Profiles = {}
    for level, play in zip(levels, solved, strict=True):
        if abs(play.lam - level) > 1e-6:
            return None
        # pygambit 16.7 gives the probabilities as one list: by player, information set, action.
        numbers, sets = [play[i] for i in range(len(play))], {}
        for player in game.players:
            for at in player.infosets:
                n = len(list(at.actions))
                sets[at.label], numbers = numbers[:n], numbers[n:]
        found[str(level)] = sets
    return found


def main() -> None:
    """Answer requests until the input ends."""
    import pygambit  # noqa: F401 (imported before the first request is timed)

    print("ready", flush=True)
    for line in sys.stdin:
        file, levels = json.loads(line)
        print(json.dumps(principal_branch(file, levels)), flush=True)


if __name__ == "__main__":
    main()
