"""Fit a pool of games, and compare ways to reason on games that were held out.

Groups (papers, say) are left out one at a time. The best way to reason is chosen once more inside of the
other groups, each left out in turn, so that what is said of it owes nothing to the group it is scored on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import jax
import numpy as np
import pandas as pd

from backchannel.estimation.pool.fitters import EQUILIBRIUM, equilibrium_fitter, level_fitter
from backchannel.estimation.pool.games import PooledGames, group_codes, played_games, read_pool
from backchannel.estimation.pool.reasonings import REASONINGS, WayToReason
from backchannel.language.errors import CommandError
from backchannel.machine.reports import Progress, Silence

CHOSEN = "chosen inside"


@dataclass(frozen=True)
class PooledReasoning:
    """One way to reason, fitted to the whole pool and scored on what was held out."""

    name: str
    numbers: dict[str, float]
    """Fitted to the whole pool; empty for what was chosen part by part."""
    fitted: float
    """Mean log likelihood of a play in the whole pool, in nats."""
    held_out: float
    """Mean log likelihood of a held-out play."""
    share: float
    """How far from uniform play to the frequencies that were seen the held-out score lies."""
    by_group: dict[str, float]
    """This share in each group that was held out."""
    chosen: dict[str, str] = field(default_factory=dict)
    """For what was chosen part by part, which way to reason in each."""


@dataclass(frozen=True)
class PoolFit:
    """What a pool says of ways to reason."""

    reasonings: tuple[PooledReasoning, ...]
    games: int
    plays: float
    groups: tuple[str, ...]
    uniform: float
    """Mean log likelihood of uniform play."""
    seen: float
    """Mean log likelihood of the frequencies that were seen: no prediction does better."""
    remarks: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row a way to reason."""
        return pd.DataFrame(
            [
                {"reasoning": r.name, "fitted": r.fitted, "held_out": r.held_out, "share": r.share}
                for r in self.reasonings
            ]
        )


def fit_pool(
    folder: Any,
    *,
    by: str | None = None,
    weights: str | None = None,
    reasonings: Sequence[WayToReason] = REASONINGS,
    progress: Progress | None = None,
) -> PoolFit:
    """Fit all ways to reason to a pool, and score them on what is held out.

    Args:
        folder: Where the tables lie; see `read_pool`.
        by: The column whose groups are held out; the games, if left out.
        weights: The column that says how often each row was played.
        reasonings: The ways to reason, beside equilibrium.
        progress: Told how far it is.

    Raises:
        CommandError: The pool cannot be read, or has one group.
    """
    pooled, remarks = read_pool(folder, by=by, weights=weights)
    codes, names = group_codes(pooled)
    if len(names) < 2:
        raise CommandError(
            "The pool has one group; at least 2 are needed, so that one can be predicted from the other."
        )
    progress = progress or Silence()
    progress.stage("fitting ways to reason", len(reasonings) + 1)
    counts = [games.plays.weights for games in pooled]
    flat, weight = np.concatenate(codes), np.concatenate(counts)
    uniform, seen = _ends(pooled)
    models = {EQUILIBRIUM: equilibrium_fitter(pooled)}
    progress.advance(1)
    for reasoning in reasonings:
        models[reasoning.name] = level_fitter(pooled, reasoning)
        progress.advance(1)
    summaries, held, inner = [], {}, {}
    for name, model in models.items():
        whole, numbers, _ = model(weight)
        logs = np.zeros(len(flat))
        inside: dict[tuple[int, int], float] = {}
        for out in range(len(names)):
            rows, _, start = model(np.where(flat == out, 0.0, weight))
            logs[flat == out] = rows[flat == out]
            for other in range(len(names)):
                if other == out or len(names) == 2:
                    continue
                kept = np.where((flat == out) | (flat == other), 0.0, weight)
                again, _, _ = model(kept, start)
                inside[out, other] = float(weight[flat == other] @ again[flat == other])
        held[name], inner[name] = logs, inside
        summaries.append(_summary(name, numbers, whole, logs, weight, flat, names, uniform, seen))
    if len(names) > 2:
        best = {
            out: max(
                models, key=lambda n, out=out: sum(v for (o, _), v in inner[n].items() if o == out)
            )
            for out in range(len(names))
        }
        logs = np.zeros(len(flat))
        for out, name in best.items():
            logs[flat == out] = held[name][flat == out]
        nested = _summary(CHOSEN, {}, None, logs, weight, flat, names, uniform, seen)
        chosen = {names[out]: name for out, name in best.items()}
        summaries.append(replace(nested, chosen=chosen))
    else:
        remarks.append(
            "With two groups nothing is left to choose in, so no way to reason is chosen."
        )
    return PoolFit(
        reasonings=tuple(summaries),
        games=sum(int(played_games(games).max()) + 1 for games in pooled),
        plays=float(weight.sum()),
        groups=tuple(names),
        uniform=float(weight @ uniform / weight.sum()),
        seen=float(weight @ seen / weight.sum()),
        remarks=tuple(remarks),
    )


def _ends(pooled: Sequence[PooledGames]) -> tuple[np.ndarray, np.ndarray]:
    """Each row's log likelihood under uniform play, and under the frequencies of its own game."""
    uniform, seen = [], []
    for games in pooled:
        rules = {n: m / m.sum(axis=-1, keepdims=True) for n, m in games.game.menus.items()}
        with jax.enable_x64(True):
            flat = games.record.log({**games.game.factors, **rules}, games.draw)
        uniform.append(np.asarray(flat))
        game = played_games(games)
        shown = [table.argmax(axis=1) for table in games.plays.evidence.values()]
        pattern = pd.factorize(pd.MultiIndex.from_arrays([game, *shown]))[0]
        count = np.bincount(pattern, games.plays.weights)
        per_game = np.bincount(game, games.plays.weights)
        with np.errstate(divide="ignore"):
            logs = np.log(count[pattern] / per_game[game])
        seen.append(np.where(games.plays.weights > 0, logs, 0.0))
    return np.concatenate(uniform), np.concatenate(seen)


def _summary(
    name: str,
    numbers: dict[str, float],
    whole: np.ndarray | None,
    logs: np.ndarray,
    weight: np.ndarray,
    flat: np.ndarray,
    names: Sequence[str],
    uniform: np.ndarray,
    seen: np.ndarray,
) -> PooledReasoning:
    def share(rows: np.ndarray) -> float:
        at = weight * rows
        return float((at @ logs - at @ uniform) / (at @ seen - at @ uniform))

    return PooledReasoning(
        name=name,
        numbers=numbers,
        fitted=float("nan") if whole is None else float(weight @ whole / weight.sum()),
        held_out=float(weight @ logs / weight.sum()),
        share=share(np.ones(len(flat))),
        by_group={group: share((flat == i) * 1.0) for i, group in enumerate(names)},
    )
