"""A game's tables, as the compiled programs take them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from backchannel.language.names import NodeName
from backchannel.tensors.game import Game
from backchannel.tensors.menus import narrowed_menu

Tables = dict[str, Any]
"""By kind, then by name; see `game_tables`."""


def game_tables(
    game: Game, *, held: Mapping[NodeName, Any], available: Mapping[NodeName, Any]
) -> Tables:
    """Arrange a game's tables for the compiled program.

    Args:
        game: The numbers.
        held: Rules that are not to be changed, by decision.
        available: Actions that are on a decision's menu at all, where some are not.
    """
    names = [d.name for d in game.diagram.decisions]
    n = game.n_draws
    menus, conceivable = (
        {name: _narrowed(table[name], available.get(name)) for name in names}
        for table in (game.menus, game.conceivable)
    )
    blank = {name: np.zeros((1, *menus[name].shape[1:])) for name in names}
    return {
        "factor": dict(game.factors),
        "belief": dict(game.beliefs),
        "term": {i: term.worth for i, term in enumerate(game.terms)},
        "precision": {name: game.precision_at(name) for name in names},
        "menu": menus,
        "conceivable": conceivable,
        "held": frozenset(held),
        "rule": {
            name: np.broadcast_to(held.get(name, blank[name]), (n, *menus[name].shape[1:]))
            for name in names
        },
    }


def _narrowed(menu: np.ndarray, available: Any) -> np.ndarray:
    if available is None:
        return menu * 1.0
    return narrowed_menu(menu, np.asarray(available, float))
