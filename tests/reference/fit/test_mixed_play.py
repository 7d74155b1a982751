"""Twelve games in which both players mix: one precision from published frequencies, and found back.

Frequencies: Selten & Chmura (2008), table 3. The fits they are compared with are made without any of
Backchannel's solvers: a root in one dimension for play, a search in one dimension for the precision.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from backchannel.case.catalog import find_case
from backchannel.case.lower.lower import lower
from backchannel.case.lowered import Lowered
from backchannel.case.read.case_file import read_case_text
from backchannel.estimation.fit import fit
from backchannel.estimation.fit_options import FitOptions
from backchannel.estimation.simulate import simulate
from tests.helpers import quick_but
from tests.oracles.two_by_two import Payoffs, log_likelihood, logit_play

SHARES = {
    1: (0.079, 0.690), 2: (0.217, 0.527), 3: (0.163, 0.793), 4: (0.286, 0.736),
    5: (0.327, 0.664), 6: (0.445, 0.596), 7: (0.141, 0.564), 8: (0.250, 0.586),
    9: (0.254, 0.827), 10: (0.366, 0.699), 11: (0.331, 0.652), 12: (0.439, 0.604),
}  # fmt: skip
"""Of up, and of left, in each game."""
HARDEST = (6, 11)
"""Two of the games in which sweeps that start from others' play oscillate most."""
PLAYS = {game: 9600.0 if game <= 6 else 4800.0 for game in SHARES}
BOTH = ("player_1.precision", "player_2.precision")
CELLS = ("up, left", "up, right", "down, left", "down, right")


def _text(game: int) -> str:
    return find_case(f"selten-chmura-2008-game-{game:02d}").read_text()


@cache
def _payoffs(game: int) -> tuple[Payoffs, Payoffs]:
    """As the catalog's case has them."""
    players = []
    for line in re.findall("points_.: .*", _text(game)):
        cell = {c: float(re.findall(f'"{c}": ([0-9.]+)', line)[0]) for c in CELLS}
        players.append(((cell[CELLS[0]], cell[CELLS[1]]), (cell[CELLS[2]], cell[CELLS[3]])))
    return players[0], players[1]


def _case(game: int) -> Lowered:
    """The catalog's case, with precisions that are sought."""
    return lower(
        *read_case_text(_text(game).replace("precision: 1,", "precision: {between: [0.1, 5]},"))
    )


def _rows(game: int) -> pd.DataFrame:
    up, left = SHARES[game]
    plays = PLAYS[game]
    return pd.DataFrame(
        {
            "row": ["up", "down", None, None],
            "column": [None, None, "left", "right"],
            "w": [up * plays, (1 - up) * plays, left * plays, (1 - left) * plays],
        }
    )


def _height(game: int, precision: float) -> float:
    chances = logit_play(*_payoffs(game), precision, precision)
    return log_likelihood(SHARES[game], PLAYS[game], chances)


def _best(*games: int) -> tuple[float, float, float]:
    """Precision, log likelihood, standard error."""

    def negative(precision: float) -> float:
        return -sum(_height(game, precision) for game in games)

    bounds = (0.02, 8.0)
    found = optimize.minimize_scalar(
        negative, bounds=bounds, method="bounded", options={"xatol": 1e-9}
    )
    x, h = float(found.x), 1e-3
    bend = (negative(x + h) - 2 * negative(x) + negative(x - h)) / h**2
    return x, -negative(x), bend**-0.5


@pytest.mark.parametrize("game", quick_but(set(SHARES) - {5}, SHARES))
def test_one_precision_is_found_from_published_frequencies(game):
    """Each game alone."""
    precision, height, error = _best(game)
    found = fit(_case(game), _rows(game), FitOptions(same=(BOTH,), weights="w")).found
    assert found.converged, found.trouble
    assert found.values[0] == pytest.approx(precision, abs=2e-5)
    assert found.log_likelihood == pytest.approx(height, abs=1e-6)
    assert found.errors()[0] == pytest.approx(error, rel=1e-3)
    assert all(start.log_likelihood == pytest.approx(height, abs=1e-6) for start in found.starts)


@pytest.mark.parametrize(
    "game",
    quick_but(set(SHARES) - set(HARDEST), SHARES),
)
def test_two_precisions_are_found_back(game):
    """Plays that are made with precisions of one and a half and of one half, where both mix."""
    truth = dict(zip(BOTH, (1.5, 0.5), strict=True))
    plays, _ = simulate(_case(game), 20_000, seed=game, numbers=truth)
    found = fit(_case(game), plays, FitOptions()).found
    assert found.converged, found.trouble
    for name, value, error in zip(found.names, found.values, found.errors(), strict=True):
        assert abs(value - truth[name]) < 4 * error, name


def _together() -> tuple[Lowered, pd.DataFrame]:
    """All twelve as one case: chance draws the game, which both players know."""
    lines = {1: [], 2: []}
    for game in SHARES:
        for player, payoffs in enumerate(_payoffs(game), 1):
            numbers = [number for row in payoffs for number in row]
            lines[player] += [f'"g{game}, {c}": {n}' for c, n in zip(CELLS, numbers, strict=True)]
    domain = ", ".join(f"g{game}" for game in SHARES)
    chances = ", ".join(f"g{game}: {'rest' if game == 12 else 1 / 12}" for game in SHARES)
    text = f"""
case: Twelve games
utility_unit: one point
as_of: 2008-01-01
players:
  player_1: {{name: player 1, precision: {{between: [0.1, 5]}}}}
  player_2: {{name: player 2, precision: {{between: [0.1, 5]}}}}
nodes:
  game: {{chance: true, domain: [{domain}], probability: {{{chances}}}, at: 2008-01-02}}
  row: {{player: player_1, sees: [game], domain: [up, down], at: 2008-01-03}}
  column: {{player: player_2, sees: [game], domain: [left, right], at: 2008-01-03}}
interests:
  first: {{player: player_1, worth: {{table: [game, row, column], {", ".join(lines[1])}}}}}
  second: {{player: player_2, worth: {{table: [game, row, column], {", ".join(lines[2])}}}}}
"""
    rows = pd.concat([_rows(game).assign(game=f"g{game}") for game in SHARES])
    return lower(*read_case_text(text)), rows


@pytest.mark.slow
def test_one_precision_for_all_twelve_games():
    """The maximum over all games, whose likelihood has no other."""
    precision, height, error = _best(*SHARES)
    case, rows = _together()
    found = fit(case, rows, FitOptions(same=(BOTH,), weights="w")).found
    # Each row also has the chance of its game.
    height += np.log(1 / 12) * float(rows["w"].sum())
    assert found.converged, found.trouble
    assert found.values[0] == pytest.approx(precision, abs=2e-5)
    assert found.log_likelihood == pytest.approx(height, abs=1e-5)
    assert found.errors()[0] == pytest.approx(error, rel=1e-3)
