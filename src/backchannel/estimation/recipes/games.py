"""Plays of one-shot matrix games from published papers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from backchannel.language.errors import CommandError


def one_shot_games(table: Any, *, size: int) -> pd.DataFrame:
    """One row for each action of each game: the payoffs, divided by the game's range, and its count.

    Games of another size and rows whose sizes do not agree are left out; the attribute `left_out` of the
    table says how many.
    """
    rows, left_out = [], 0
    for record in table.to_dict("records"):
        try:
            own = _matrix(record["matrixrow"])
            other = own.T if _is_empty(record["matrixcol"]) else _matrix(record["matrixcol"])
            counts = _counts(record["choicerow"])
            if own.shape != (size, size) or other.shape != own.shape or len(counts) != size:
                raise ValueError("another size")
        except ValueError:
            left_out += 1
            continue
        span = max(own.max(), other.max()) - min(own.min(), other.min())
        payoffs = {
            f"{who}{i + 1}{j + 1}": float(matrix[i, j] / span)
            for who, matrix in (("row", own), ("col", other))
            for i in range(size)
            for j in range(size)
        }
        for action, count in enumerate(counts):
            rows.append(
                {
                    "paper": record["paper"],
                    "game": f"{record['paper']} {record['game']}",
                    "choice_row": f"r{action + 1}",
                    "count": count,
                    **payoffs,
                }
            )
    if not rows:
        raise CommandError(
            f"No row of the table is a game with {size} actions and counts of choices."
        )
    made = pd.DataFrame(rows)
    made.attrs["left_out"] = left_out
    return made


def _matrix(text: Any) -> np.ndarray:
    return np.array([[float(cell) for cell in line.split()] for line in str(text).split(";")])


def _counts(text: Any) -> list[int]:
    """How often each action was chosen; shares count as so many of 100."""
    counts = []
    for part in str(text).split(";"):
        cells = [float(cell) for cell in part.replace("%", "").split()]
        share = cells[0] <= 1 and len(cells) == 1
        counts.append(round(cells[0] * 100) if share else round(cells[0]))
    return counts


def _is_empty(cell: Any) -> bool:
    return cell is None or cell != cell or str(cell).strip() == ""
