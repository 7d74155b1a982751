"""A pool of games: types summed out as by enumeration, and numbers found back from simulated plays."""

from __future__ import annotations

import jax
import numpy as np
import pandas as pd
import pytest
from scipy import special

from backchannel.estimation.pool.ask import fit_pool
from backchannel.estimation.pool.games import read_pool
from backchannel.estimation.pool.reasonings import PoolLikelihood, hierarchy, level_k, slopes
from backchannel.language.errors import CommandError

MEAN, PRECISION = 1.3, 6.0


def levels_by_hand(own: np.ndarray, other: np.ndarray, precision: float, mean: float) -> np.ndarray:
    """A cognitive hierarchy in one matrix game, level by level; the row player's rules."""
    row, col = [np.full(3, 1 / 3)], [np.full(3, 1 / 3)]
    weights = [mean**k / special.factorial(k) for k in range(5)]
    for k in range(1, 5):
        share = np.array(weights[:k]) / sum(weights[:k])
        faced_col, faced_row = share @ np.array(col[:k]), share @ np.array(row[:k])
        row.append(special.softmax(precision * own @ faced_col))
        col.append(special.softmax(precision * other.T @ faced_row))
    return np.array(row)


def table_of(games: int, *, seed: int = 0, plays: int = 300) -> pd.DataFrame:
    """Choices of a cognitive hierarchy in random games, in three papers."""
    chance, rows = np.random.default_rng(seed), []
    weights = np.array([MEAN**k / special.factorial(k) for k in range(5)])
    for game in range(games):
        own, other = chance.random((3, 3)), chance.random((3, 3))
        mix = weights / weights.sum() @ levels_by_hand(own, other, PRECISION, MEAN)
        counts = chance.multinomial(plays, mix)
        payoffs = {
            f"{name}{i + 1}{j + 1}": matrix[i, j]
            for name, matrix in (("row", own), ("col", other))
            for i in range(3)
            for j in range(3)
        }
        for action, count in enumerate(counts):
            rows.append(
                {"choice_row": f"r{action + 1}", "count": count, "paper": f"p{game % 3}", **payoffs}
            )
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A pool of 30 random games."""
    place = tmp_path_factory.mktemp("pool")
    table_of(30).to_csv(place / "one-shot-3x3.csv", index=False)
    return place


def test_types_are_summed_out_as_by_hand(folder):
    """Levels in NumPy, game by game; precision goes with a power of the spread of payoffs."""
    games = read_pool(folder, by="paper", weights="count")[0][0]
    x = np.array([np.log(4.0), np.log(0.9), special.logit(0.2), 0.7])
    with jax.enable_x64(True):
        found = np.asarray(PoolLikelihood(games, hierarchy(by_spread=True, has_spike=True))(x))
    table = games.plays.table
    for row in range(0, len(table), 7):
        cell = table.iloc[row]
        own, other = (
            np.array([[cell[f"{w}{i}{j}"] for j in (1, 2, 3)] for i in (1, 2, 3)])
            for w in ("row", "col")
        )
        rows = _with_own_precisions(
            own, other, 4.0 * own.std() ** 0.7, 4.0 * other.std() ** 0.7, 0.9
        )
        weights = np.array([0.9**k / special.factorial(k) for k in range(5)])
        shares = 0.8 * weights / weights.sum() + 0.2 * np.eye(5)[0]
        chance = (shares @ rows)[int(cell["choice_row"][1]) - 1]
        assert found[row] == pytest.approx(np.log(chance), abs=1e-10)


def _with_own_precisions(own, other, mine, theirs, mean):
    row, col = [np.full(3, 1 / 3)], [np.full(3, 1 / 3)]
    weights = [mean**k / special.factorial(k) for k in range(5)]
    for k in range(1, 5):
        share = np.array(weights[:k]) / sum(weights[:k])
        faced_col, faced_row = share @ np.array(col[:k]), share @ np.array(row[:k])
        row.append(special.softmax(mine * own @ faced_col))
        col.append(special.softmax(theirs * other.T @ faced_row))
    return np.array(row)


@pytest.mark.slow
def test_the_slope_is_that_of_differences(folder):
    """Types, levels and precisions: all of it is differentiated."""
    games = read_pool(folder, by="paper", weights="count")[0][0]
    likelihood = PoolLikelihood(games, level_k(by_spread=True))
    weights = games.plays.weights

    def total(x):
        return (weights * likelihood(x)).sum()

    x = np.array([1.5, 0.4, 0.1, -0.3, 0.2])
    with jax.enable_x64(True):
        slope = np.asarray(jax.grad(total)(x))
        steps = [
            (float(total(x + 1e-5 * e)) - float(total(x - 1e-5 * e))) / 2e-5 for e in np.eye(5)
        ]
    np.testing.assert_allclose(slope, steps, rtol=1e-5)


@pytest.mark.slow
def test_a_hierarchy_is_found_back(folder):
    """Precision and mean level, and that equilibrium predicts worse."""
    found = fit_pool(folder, by="paper", weights="count", reasonings=(hierarchy(),))
    by_name = {one.name: one for one in found.reasonings}
    assert by_name["hierarchy"].numbers["precision"] == pytest.approx(PRECISION, rel=0.12)
    assert by_name["hierarchy"].numbers["mean level"] == pytest.approx(MEAN, rel=0.12)
    assert by_name["hierarchy"].share > max(0.9, by_name["equilibrium"].share + 0.05)
    assert set(by_name["chosen inside"].chosen.values()) == {"hierarchy"}
    assert found.games == 30


@pytest.mark.slow
def test_a_game_in_which_a_player_moves_twice_is_fitted_by_halves(tmp_path):
    """Its levels take several passes, which are differentiated forward; with two groups nothing is chosen."""
    name = "mckelvey-palfrey-1992-centipede-4"
    ends = [("take", "n/a", "n/a", "n/a"), ("pass", "take", "n/a", "n/a"), ("pass", "pass", "take", "n/a"),
            ("pass", "pass", "pass", "take"), ("pass", "pass", "pass", "pass")]  # fmt: skip
    rows = [
        {**{f"move_{i + 1}": move for i, move in enumerate(end)}, "count": count, "half": half}
        for half, counts in (("a", (11, 50, 53, 20, 6)), ("b", (9, 50, 51, 23, 8)))
        for end, count in zip(ends, counts, strict=True)
    ]
    pd.DataFrame(rows).to_csv(tmp_path / f"{name}.csv", index=False)
    games = read_pool(tmp_path, by="half", weights="count")[0]
    likelihood = PoolLikelihood(games[0], hierarchy())
    assert likelihood.repeats
    x, parts = np.array([0.5, 0.2]), [games[0].plays.weights]
    with jax.enable_x64(True):
        value = slopes([likelihood])
        _, slope = value(x, parts)
        steps = [
            (float(value(x + 1e-5 * e, parts)[0]) - float(value(x - 1e-5 * e, parts)[0])) / 2e-5
            for e in np.eye(2)
        ]
    np.testing.assert_allclose(np.asarray(slope), steps, rtol=1e-5)


def test_what_is_no_pool_is_told(tmp_path):
    """An empty folder, a table without a case, coefficients to estimate, one group only."""
    with pytest.raises(CommandError, match="is not a folder with tables of plays"):
        fit_pool(tmp_path)
    (tmp_path / "one-shot-9x9.csv").write_text("choice_row\nr1\n")
    table_of(1).to_csv(tmp_path / "one-shot-3x3.csv", index=False)
    with pytest.raises(CommandError, match=r"one-shot-9x9.csv: There is no file"):
        fit_pool(tmp_path, by="paper", weights="count")
    (tmp_path / "one-shot-9x9.csv").unlink()
    with pytest.raises(CommandError, match="The pool has one group"):
        fit_pool(tmp_path, by="paper", weights="count")
    (tmp_path / "one-shot-3x3.csv").rename(tmp_path / "war1800.csv")
    with pytest.raises(
        CommandError, match=r"war1800.csv: There is no column|war1800.csv: No column"
    ):
        fit_pool(tmp_path, by="paper", weights="count")
