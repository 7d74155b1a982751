"""What a recipe is, and the list of them.

The tables stay outside of Backchannel: a user downloads one, and a recipe reads it as it was published.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from backchannel.estimation.recipes.disputes import war1800
from backchannel.estimation.recipes.games import one_shot_games
from backchannel.estimation.recipes.sanctions import sanction_threats
from backchannel.files.data_table import read_table_file
from backchannel.language.errors import CommandError
from backchannel.language.names import did_you_mean


@dataclass(frozen=True)
class PublicTable:
    """How a public table becomes plays."""

    name: str
    case: str
    """The case of the catalog whose plays it makes."""
    about: str
    origin: str
    """Who publishes the table, and where to look for it."""
    needs: tuple[str, ...]
    """The columns that it reads."""
    make: Callable[[Any], pd.DataFrame]
    advice: str
    """How the plays are evaluated."""


RECIPES = {
    recipe.name: recipe
    for recipe in (
        PublicTable(
            "war1800",
            "war1800",
            "313 militarised disputes, 1816–1899: escalation and war",
            "R package games (GPL ≥ 2), data set war1800, written with write.csv",
            ("ccode1", "ccode2", "year", "esc", "war", "s_wt_re1", "revis1", "regime1", "regime2", "balanc"),
            war1800,
            "backchannel evaluate war1800 plays.csv --by dyad --leave-out midnum",
        ),
        PublicTable(
            "sanction-threats",
            "sanction-threats",
            "threats of economic sanctions, 1945–2005: concession and imposition",
            "Threat and Imposition of Economic Sanctions, version 4 (Morgan, Bapat & Kobayashi 2014)",
            ("startyear", "primarysender", "targetstate", "imposition", "finaloutcome"),
            sanction_threats,
            "backchannel evaluate sanction-threats plays.csv --by target_code",
        ),
        *(
            PublicTable(
                f"one-shot-{size}x{size}",
                f"one-shot-{size}x{size}",
                f"one-shot games with {size} actions from laboratory papers: payoffs and counts of choices",
                "the repository polomsca/ml-matrix-game, all games in one table",
                ("paper", "game", "matrixrow", "matrixcol", "choicerow"),
                partial(one_shot_games, size=size),
                "backchannel fit --pool FOLDER --weights count --by paper, with these plays as "
                f"FOLDER/one-shot-{size}x{size}.csv",
            )
            for size in (2, 3)
        ),
    )
}  # fmt: skip
"""The recipes by their names."""


def plays_from(name: str, file: str) -> pd.DataFrame:
    """Turn a table, as published, into plays.

    Args:
        name: The recipe's.
        file: The table's.

    Raises:
        CommandError: There is no such recipe, or the table is another one; every problem is told.
    """
    if name not in RECIPES:
        raise CommandError(
            f"There is no recipe '{name}'.{did_you_mean(name, list(RECIPES))} There are: "
            f"{', '.join(RECIPES)}."
        )
    recipe = RECIPES[name]
    table = read_table_file(file)
    missing = [column for column in recipe.needs if column not in table.columns]
    if missing:
        raise CommandError(
            f"{file} is not the table of {name}: it has no column {', '.join(missing)}. It comes from "
            f"{recipe.origin}."
        )
    return recipe.make(table)
