"""Regenerate the frozen results: `python -m tests.reference.gambit.regenerate catalog|trace|compare`.

`catalog` and `trace` need an environment with Backchannel and with pygambit (the `benchmark` extra);
`compare` needs only Backchannel and what `trace` wrote.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from pathlib import Path

import jax

from backchannel.case.catalog import catalog
from backchannel.interop.efg_write import write_efg
from backchannel.interop.gambit import tree_of
from backchannel.interop.game_tree import GameTree
from backchannel.interop.unroll import unroll
from backchannel.language.errors import CommandError
from backchannel.study import Study
from tests.reference.gambit.diagrams import medians, random_diagram
from tests.reference.gambit.peer import Peer
from tests.reference.gambit.profiles import Profile, at_precisions, distance, profiles

HERE = Path(__file__).parent
LEVELS = (0.5, 1, 3, 10)
AGREE = 1e-6


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


def trace_random(first: int, count: int, log: Path, limit: float) -> None:
    """Have Gambit trace the branch of random diagrams, a line of JSON each; seeds in the log are done."""
    peer = Peer(limit)
    done = {entry["seed"] for entry in _entries(log)} if log.exists() else set()
    with log.open("a") as out:
        for seed in sorted(set(range(first, first + count)) - done):
            tree = tree_of_seed(seed)
            text = write_efg(tree)
            with tempfile.NamedTemporaryFile("w", suffix=".efg") as file:
                file.write(text)
                file.flush()
                found = peer.solve(file.name, LEVELS)
            entry = {"seed": seed, "tree": digest(text), "leaves": tree.n_leaves}
            entry |= {"seconds": round(peer.seconds, 3), "profiles": found}
            out.write(json.dumps(entry) + "\n")
            out.flush()
    peer.close()


def compare_random(log: Path, keep: int) -> None:
    """Solve what Gambit traced, count where both agree, and freeze some."""
    counts = {
        "diagrams": 0,
        "finished": 0,
        "draws": 0,
        "converged": 0,
        "compared": 0,
        "agreeing": 0,
    }
    frozen = {}
    for entry in sorted(_entries(log), key=lambda entry: entry["seed"]):
        seed, found = entry["seed"], entry["profiles"]
        diagram, tree = random_diagram(seed), tree_of_seed(seed)
        assert digest(write_efg(tree)) == entry["tree"], seed
        own = profiles(tree, at_precisions(diagram, medians(diagram), LEVELS), LEVELS)
        counts["diagrams"] += 1
        counts["finished"] += found is not None
        counts["draws"] += len(LEVELS)
        counts["converged"] += sum(play is not None for play in own.values())
        for level, play in own.items():
            gap = _gap(play, found[level]) if found else None
            if play is None:
                print(f"seed {seed}, λ = {level}: no play found here")
            elif gap is not None:
                counts["compared"] += 1
                counts["agreeing"] += gap <= AGREE
                if gap > AGREE:
                    print(f"seed {seed}, λ = {level}: {gap:.1e} apart")
        if found and len(frozen) < keep:
            frozen[str(seed)] = {"tree": entry["tree"], "profiles": _rounded(found)}
        if counts["diagrams"] % 25 == 0:
            print(counts, flush=True)
            jax.clear_caches()
    print(counts)
    if keep:
        text = json.dumps(frozen, separators=(",", ":"))
        (HERE / "random.json").write_text(text + "\n")


def tree_of_seed(seed: int) -> GameTree:
    """The tree of a random diagram."""
    diagram = random_diagram(seed)
    names = {player: player for player in diagram.players}
    return unroll(diagram, medians(diagram), title=f"random {seed}", names=names)


def _entries(log: Path) -> list[dict]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def _rounded(found: dict) -> dict:
    return {
        level: {at: [round(x, 10) for x in row] for at, row in sets.items()}
        for level, sets in found.items()
    }


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["catalog", "trace", "compare"])
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--keep", type=int, default=64, help="How many are frozen.")
    parser.add_argument("--limit", type=float, default=60.0, help="Seconds for Gambit, a tree.")
    parser.add_argument("--log", type=Path, default=Path("random-diagrams.jsonl"))
    chosen = parser.parse_args()
    if chosen.what == "catalog":
        freeze_catalog()
    elif chosen.what == "trace":
        trace_random(chosen.first, chosen.count, chosen.log, chosen.limit)
    else:
        compare_random(chosen.log, chosen.keep)


if __name__ == "__main__":
    main()
