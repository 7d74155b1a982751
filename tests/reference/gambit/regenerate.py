"""Regenerate the frozen results: `python -m tests.reference.gambit.regenerate catalog|random`.

Needs an environment with Backchannel and with pygambit (the `benchmark` extra).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import time
from pathlib import Path

from backchannel.case.catalog import catalog, find_case
from backchannel.errors import CommandError
from backchannel.interop.efg_write import write_efg
from backchannel.interop.gambit import tree_of
from backchannel.interop.unroll import unroll
from backchannel.study import Study
from tests.reference.gambit.diagrams import medians, random_diagram
from tests.reference.gambit.peer import Peer
from tests.reference.gambit.profiles import Profile, at_precisions, distance, profiles

HERE = Path(__file__).parent
LEVELS = (0.5, 1, 3, 10)
NOT_TREES = {"belarus-2025": "15,974,400 leaves", "belarus-2025-rounds": "many rounds"}
AGREE = 1e-6


def tree_text(diagram, numbers) -> str:
    """A diagram's tree as a file."""
    names = {player: player for player in diagram.players}
    return write_efg(unroll(diagram, numbers, title="random", names=names))


def digest(text: str) -> str:
    """Enough of a hash to notice that a tree has changed."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def freeze_catalog() -> None:
    """Solve every catalog case that is a tree of Gambit's, at its median numbers."""
    peer, frozen = Peer(), {}
    for name in catalog():
        try:
            lowered = Study.load(name).lowered
            tree = tree_of(lowered, draw=None, draws=2, seed=0)
        except CommandError as error:
            print(name, error)
            continue
        text = write_efg(tree)
        with tempfile.NamedTemporaryFile("w", suffix=".efg") as file:
            file.write(text)
            file.flush()
            found = peer.solve(file.name, LEVELS)
        print(f"{name:<48} {tree.n_leaves:>6} leaves {peer.seconds:8.3f} s", found is not None)
        if found is None:
            continue
        frozen[name] = {"tree": digest(text), "profiles": found}
        game = at_precisions(
            lowered.diagram, {n: p.at(0.5) for n, p in lowered.priors.items()}, LEVELS
        )
        own = profiles(tree, game, LEVELS)
        print("   ", {level: _gap(own[level], found[level]) for level in own})
    peer.close()
    (HERE / "catalog.json").write_text(json.dumps(frozen, indent=0) + "\n")


def _gap(own: Profile | None, found: Profile) -> float | None:
    return None if own is None else distance(own, found)


def compare_random(first: int, count: int, keep: int, out: Path, limit: float) -> None:
    """Compare random diagrams, one line of JSON each; freeze the first few that Gambit finished."""
    peer = Peer(limit)
    frozen = {}
    with out.open("a") as log:
        for seed in range(first, first + count):
            diagram = random_diagram(seed)
            text = tree_text(diagram, medians(diagram))
            with tempfile.NamedTemporaryFile("w", suffix=".efg") as file:
                file.write(text)
                file.flush()
                found = peer.solve(file.name, LEVELS)
            game = at_precisions(diagram, medians(diagram), LEVELS)
            began = time.perf_counter()
            entry = {"seed": seed, "gambit_s": round(peer.seconds, 3), "finished": found is not None}
            entry["leaves"] = text.count("\nt ")
            names = {player: player for player in diagram.players}
            tree = unroll(diagram, medians(diagram), title="random", names=names)
            own = profiles(tree, game, LEVELS)
            entry["converged"] = [level for level, play in own.items() if play is not None]
            if found:
                entry["gap"] = {level: _gap(own[level], found[level]) for level in own}
            entry["own_s"] = round(time.perf_counter() - began, 3)
            log.write(json.dumps(entry) + "\n")
            log.flush()
            if found and len(frozen) < keep:
                rounded = {
                    level: {at: [round(x, 10) for x in row] for at, row in sets.items()}
                    for level, sets in found.items()
                }
                frozen[str(seed)] = {"tree": digest(text), "profiles": rounded}
                (HERE / "random.json").write_text(json.dumps(frozen, separators=(",", ":")) + "\n")
    peer.close()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["catalog", "random"])
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--keep", type=int, default=64, help="How many are frozen.")
    parser.add_argument("--limit", type=float, default=60.0, help="Seconds for Gambit, a tree.")
    parser.add_argument("--log", type=Path, default=Path("random-diagrams.jsonl"))
    chosen = parser.parse_args()
    if chosen.what == "catalog":
        freeze_catalog()
    else:
        compare_random(chosen.first, chosen.count, chosen.keep, chosen.log, chosen.limit)


if __name__ == "__main__":
    main()
