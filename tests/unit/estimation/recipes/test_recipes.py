"""Recipes for public tables: small tables by hand, and the published ones where they are at hand."""

from __future__ import annotations

import pandas as pd
import pytest

from backchannel import Study
from backchannel.estimation.recipes.games import one_shot_games
from backchannel.estimation.recipes.recipe import RECIPES, plays_from
from backchannel.estimation.recipes.sanctions import sanction_threats
from backchannel.language.errors import CommandError
from tests.house.test_house import ROOT

DATA = ROOT.parent / "shared" / "data"
FILES = {
    "war1800": ("war1800.csv", 313),
    "sanction-threats": ("sanction_threats.csv", 756),
    "one-shot-3x3": ("one_shot_games.csv", 285),
    "one-shot-2x2": ("one_shot_games.csv", 10),
}


def test_a_game_becomes_a_row_for_each_action():
    """Payoffs are divided by the game's range; in a symmetric game the column player's are the transpose."""
    table = pd.DataFrame(
        [
            {
                "paper": "p",
                "game": 1,
                "matrixrow": "0 10; 4 2",
                "matrixcol": None,
                "choicerow": "3 4; 1 4",
            },
            {
                "paper": "p",
                "game": 2,
                "matrixrow": "0 10 1; 4 2",
                "matrixcol": None,
                "choicerow": "3 4; 1 4",
            },
        ]
    )
    made = one_shot_games(table, size=2)
    assert made.attrs["left_out"] == 1
    assert made["choice_row"].tolist() == ["r1", "r2"]
    assert made["count"].tolist() == [3, 1]
    assert made.iloc[0][["row11", "row12", "row21", "row22"]].tolist() == [0, 1, 0.4, 0.2]
    assert made.iloc[0][["col11", "col12", "col21", "col22"]].tolist() == [0, 0.4, 1, 0.2]


def test_a_threat_becomes_an_answer_and_what_followed():
    """Codes are words; where the target gave in, nothing could be imposed."""
    table = pd.DataFrame(
        {
            "startyear": [1990] * 4, "primarysender": [2, 2, 200, None], "targetstate": [710] * 4,
            "issue1": [3] * 4, "imposition": [0, 1, 0, None], "finaloutcome": [1, 7, 3, None],
        }
    )  # fmt: skip
    made = sanction_threats(table)
    assert made["answer"].fillna("").tolist() == ["concedes", "defies", "defies", ""]
    assert made["sanctions"].fillna("").tolist() == ["", "imposed", "not_imposed", ""]
    assert made["us"].tolist() == ["us", "us", "other", "other"]
    assert made["sender_code"].tolist() == ["code 2", "code 2", "code 200", "unknown"]


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_published_table_becomes_plays_of_its_case(name):
    """As it was published, and as the case reads it."""
    file, rows = FILES[name]
    if not (DATA / file).exists():
        pytest.skip(f"{file} is not at hand")
    plays = plays_from(name, str(DATA / file))
    assert len(plays) == rows
    nodes = set(Study.load(RECIPES[name].case).lowered.diagram.order)
    assert nodes & set(plays.columns)


def test_another_table_is_refused_with_what_it_lacks(tmp_path):
    """And a recipe that is none, with the nearest one."""
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="it has no column ccode1"):
        plays_from("war1800", str(tmp_path / "other.csv"))
    with pytest.raises(CommandError, match="Did you mean 'war1800'"):
        plays_from("war180", str(tmp_path / "other.csv"))
