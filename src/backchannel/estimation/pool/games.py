"""Read a pool: a folder with tables of plays, each named after its case.

`FOLDER/one-shot-3x3.csv` holds plays of the case `FOLDER/one-shot-3x3.yaml`, or else of the catalog's case
of that name. A table can hold many games: rows whose covariates agree are plays of one game.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from backchannel.case.catalog import find_case
from backchannel.case.lower.lower import lower
from backchannel.case.lowered import Lowered
from backchannel.case.read.case_file import read_case
from backchannel.estimation.fit import covariates_of
from backchannel.estimation.play_record import PlayRecord
from backchannel.estimation.plays import PlayTable, alike, describe_dropped, read_plays, read_table
from backchannel.language.errors import CommandError
from backchannel.language.formulas import design_matrix
from backchannel.language.names import is_precision
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game

MOST_TABLES = 500


@dataclass(frozen=True)
class PooledGames:
    """The plays of one case: one compiled game, whose draws are the different games."""

    name: str
    lowered: Lowered
    numbers: dict[str, np.ndarray]
    """Every number of the case, one for each game; precisions are 1."""
    game: Game
    plays: PlayTable
    draw: Int[np.ndarray, " row"]
    """Which of the different games each row is a play of."""
    group: np.ndarray
    """What each row is held out with."""

    @property
    def n_games(self) -> int:
        """How many different games there are."""
        return int(self.draw.max()) + 1

    @property
    def record(self) -> PlayRecord:
        """What was seen, and its chance given everyone's rules."""
        return PlayRecord(self.game, self.plays.evidence)

    def spread(self, player: str) -> Float[np.ndarray, " draw"]:
        """The standard deviation of what a player can get, over everything that can happen; per game."""
        total = np.zeros(self.n_games)
        for term in self.game.terms:
            if term.player == player:
                cells = term.worth.reshape(len(term.worth), -1)
                total = total + np.broadcast_to(cells.var(axis=1), self.n_games)
        return np.sqrt(total)


def read_pool(
    folder: str | Path, *, by: str | None = None, weights: str | None = None
) -> tuple[list[PooledGames], list[str]]:
    """Read a pool.

    Args:
        folder: Where the tables lie.
        by: The column whose groups are held out together; the different games, if left out.
        weights: The column that says how often each row was played.

    Returns:
        The games, and counts of what was left out.

    Raises:
        CommandError: The folder holds no table, a table has no case, or a table does not fit its case;
            every problem is told.
    """
    place = Path(folder)
    tables = sorted(place.glob("*.csv")) if place.is_dir() else []
    if not tables:
        raise CommandError(
            f"{folder} is not a folder with tables of plays (NAME.csv, each of the case NAME)."
        )
    if len(tables) > MOST_TABLES:
        raise CommandError(f"{folder} has {len(tables):,} tables; at most {MOST_TABLES} are read.")
    pooled, problems, remarks = [], [], []
    for table in tables:
        try:
            games, said = _games(table, by, weights)
            pooled.append(games)
            remarks += said
        except CommandError as error:
            problems.append(f"{table.name}: {error}")
    if problems:
        raise CommandError("\n".join(problems))
    return pooled, remarks


def _games(file: Path, by: str | None, weights: str | None) -> tuple[PooledGames, list[str]]:
    own = file.with_suffix(".yaml")
    lowered = lower(*read_case(find_case(own if own.exists() else file.stem)))
    if lowered.beliefs:
        raise CommandError("players who err about each other cannot be pooled yet.")
    covariates = covariates_of(lowered)
    plays = read_plays(
        read_table(file, words={*lowered.diagram.order, *([by] if by else [])}),
        lowered.diagram,
        covariates=covariates,
        weights=weights,
        clusters=by,
    )
    labels = alike(plays.table, covariates)
    _, first, draw = np.unique(labels, return_index=True, return_inverse=True)
    numbers = _numbers(lowered, plays.table.iloc[first].reset_index(drop=True))
    game = compile_game(lowered.diagram, numbers)
    group = (
        plays.clusters
        if plays.clusters is not None
        else np.array([f"{file.stem} {d}" for d in draw])
    )
    dropped = describe_dropped(plays)
    said = [f"{file.name}: {dropped}"] if dropped else []
    return PooledGames(file.stem, lowered, numbers, game, plays, draw, group), said


def _numbers(lowered: Lowered, table: Any) -> dict[str, np.ndarray]:
    """Every number of the case, one for each game; precisions are 1.

    Raises:
        CommandError: A number depends on coefficients that would have to be estimated.
    """
    made, problems = {}, []
    for name, prior in lowered.priors.items():
        if name in lowered.linear:
            laid = design_matrix(lowered.linear[name], table, number=name, is_penalised=True)
            free = [column for column in laid.names if not column.startswith("offset(")]
            if free:
                problems.append(
                    f"{name} has coefficients to estimate ({', '.join(free)}), but a pool estimates behaviour "
                    "only. Write its covariates as offset(x)."
                )
            made[name] = laid.matrix.sum(axis=1)
        elif is_precision(name):
            made[name] = np.ones(len(table))
        else:
            made[name] = np.full(len(table), prior.at(0.5))
    if problems:
        raise CommandError("\n".join(problems))
    return made


def group_codes(pooled: list[PooledGames]) -> tuple[list[np.ndarray], list[str]]:
    """The number of each row's group, over all tables, and the groups' names."""
    codes, names = pd.factorize(np.concatenate([games.group for games in pooled]).astype(str))
    ends = np.cumsum([len(games.draw) for games in pooled])[:-1]
    return np.split(codes, ends), [str(name) for name in names]


def played_games(games: PooledGames) -> Int[np.ndarray, " row"]:
    """The number of each row's game: payoffs that two groups share are two games, played by others."""
    return pd.MultiIndex.from_arrays([games.draw, games.group.astype(str)]).factorize()[0]
