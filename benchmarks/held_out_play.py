"""Ways to reason in play that is repeated: the centipede by held-out halves, and twelve 2×2 games."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.registry import Figure, PeerAbsent

ABOUT = "ways to reason on held-out plays: the centipede, and Selten and Chmura's repeated games"
DATA = Path(__file__).parent.parent.parent / "shared" / "data"
CENTIPEDE = "centipede_mckelvey_palfrey_1992.csv"
CASES = {
    "cent4_lo": "mckelvey-palfrey-1992-centipede-4",
    "cent6": "mckelvey-palfrey-1992-centipede-6",
}
SHARES = {
    1: (0.079, 0.690), 2: (0.217, 0.527), 3: (0.163, 0.793), 4: (0.286, 0.736),
    5: (0.327, 0.664), 6: (0.445, 0.596), 7: (0.141, 0.564), 8: (0.250, 0.586),
    9: (0.254, 0.827), 10: (0.366, 0.699), 11: (0.331, 0.652), 12: (0.439, 0.604),
}  # fmt: skip
"""Of up, and of left, in each game: Selten & Chmura (2008), table 3."""
SEED = 1992


def measure() -> Iterator[Figure]:
    """Held-out log scores; nothing is chosen by them."""
    from backchannel.estimation.pool.ask import fit_pool

    if not (DATA / CENTIPEDE).exists():
        raise PeerAbsent("the folder of data")
    with tempfile.TemporaryDirectory() as folder:
        for game, table in centipede().items():
            table.to_csv(Path(folder) / f"{CASES[game]}.csv", index=False)
        fitted = fit_pool(folder, by="half", weights="count")
    for way in fitted.reasonings:
        yield Figure(f"centipede, log score of a held-out play: {way.name}", way.held_out, "nats")
    with tempfile.TemporaryDirectory() as folder:
        mixed().to_csv(Path(folder) / "one-shot-2x2.csv", index=False)
        fitted = fit_pool(folder, by="game", weights="count")
    for way in fitted.reasonings:
        yield Figure(
            f"Selten & Chmura, log score of a held-out game: {way.name}", way.held_out, "nats"
        )


def centipede() -> dict[str, pd.DataFrame]:
    """The plays of each game by where they end, cut at random into two halves."""
    chance = np.random.default_rng(SEED)
    tables = {}
    with (DATA / CENTIPEDE).open() as file:
        for line in csv.DictReader(file):
            shares = [float(line[f"node{k}"]) for k in range(1, 7) if line[f"node{k}"]]
            plays = int(line["N"])
            counts = np.round(plays * np.array([*shares, float(line["passall"])])).astype(int)
            first = chance.multivariate_hypergeometric(counts, int(counts.sum()) // 2)
            rows = []
            for half, own in (("first", first), ("second", counts - first)):
                for end, count in enumerate(own):
                    moves = {
                        f"move_{k + 1}": "pass" if k < end else "take" if k == end else "n/a"
                        for k in range(len(shares))
                    }
                    rows.append({**moves, "count": int(count), "half": half})
            tables[line["game"]] = pd.DataFrame(rows)
    return tables


def mixed() -> pd.DataFrame:
    """The plays of the twelve games, with their payoffs in points; both players move independently."""
    from backchannel.case.catalog import find_case
    from backchannel.case.read.case_file import read_case

    rows = []
    for game, (up, left) in SHARES.items():
        case = read_case(find_case(f"selten-chmura-2008-game-{game:02}"))[0]
        points = [case.interests[f"points_{player}"].worth for player in (1, 2)]
        payoffs = {
            f"{who}{i}{j}": float(worth[f"{a}, {b}"])
            for who, worth in zip(("row", "col"), points, strict=True)
            for i, a in enumerate(("up", "down"), start=1)
            for j, b in enumerate(("left", "right"), start=1)
        }
        plays = 9600 if game <= 6 else 4800
        for i, p in enumerate((up, 1 - up), start=1):
            for j, q in enumerate((left, 1 - left), start=1):
                cell = {"choice_row": f"r{i}", "choice_col": f"c{j}", "count": plays * p * q}
                rows.append({**payoffs, **cell, "game": f"game {game}"})
    return pd.DataFrame(rows)
