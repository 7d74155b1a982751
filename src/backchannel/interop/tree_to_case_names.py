"""Names for the players, nodes and values of a tree that a case file can use."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence

from backchannel.interop.game_tree import CHANCE, CONTEXT
from backchannel.interop.stages import TreeStage
from backchannel.language.calls import FUNCTIONS
from backchannel.language.names import NOT_APPLICABLE

_TAKEN = {*FUNCTIONS, "P", "E", "best", "rest", "table"}
_TAKEN_VALUES = {NOT_APPLICABLE, "else", "table", "rest", ""}
LONGEST = 40
"""Longest name that is made from a label, in characters."""


class Names:
    """The names of everything in an imported tree."""

    def __init__(self, players: Sequence[str], stages: Sequence[TreeStage]) -> None:
        self._used: dict[str, None] = {}
        self._counts: dict[str, int] = {}
        self._player_labels = players
        self._players = [self.fresh(name, f"player_{i + 1}") for i, name in enumerate(players)]
        self._stages: list[str] = []
        self._titles: list[str] = []
        self._values = [_values(stage.actions) for stage in stages]
        moves: dict[int, int] = {}
        numbers = {"chance": 0, "move": 0}
        for stage in stages:
            moves[stage.player] = moves.get(stage.player, 0) + 1
            kind = "chance" if stage.player == CHANCE else "move"
            numbers[kind] += 1
            number = numbers[kind]
            self._stages.append(self.fresh(_plain_label(stage.label), f"{kind}_{number}"))
            owner = "Chance" if kind == "chance" else players[stage.player - 1]
            self._titles.append(stage.label or f"{owner}, move {moves[stage.player]}")

    def player(self, number: int) -> str:
        """Return the key of a player; players count from 1."""
        return self._players[number - 1]

    def stage(self, stage: int) -> str:
        """Return the name of a stage's node; -1 is the start of the game."""
        return self._stages[stage] if stage >= 0 else "start"

    def title(self, stage: int) -> str:
        """Return the title of a stage."""
        return self._titles[stage]

    def values(self, stage: int) -> tuple[str, ...]:
        """Return the values of a stage's node, one per action."""
        return self._values[stage]

    def fresh(self, wish: str, otherwise: str = "") -> str:
        """Return an unused name that resembles the wanted one."""
        stem = re.sub(r"\W+", "_", wish, flags=re.ASCII).strip("_").lower()[:LONGEST]
        if not stem or not stem[0].isalpha() or keyword.iskeyword(stem) or stem in _TAKEN:
            stem = otherwise or f"x_{stem}"
        return _fresh(stem, self._used, self._counts)


def _plain_label(label: str) -> str:
    """Return a label without the context that an export adds."""
    plain = label.partition(CONTEXT)[0]
    return plain if re.search(r"[A-Za-z]{2}", plain) else ""


def _values(actions: Sequence[str]) -> tuple[str, ...]:
    values: dict[str, None] = {}
    counts: dict[str, int] = {}
    for i, action in enumerate(actions):
        value = " ".join(re.sub(r"[,'\"\\{}\[\]|:#]", " ", action).split())[:LONGEST]
        if value.lower() in _TAKEN_VALUES:
            value = f"action {i + 1}"
        _fresh(value, values, counts)
    return tuple(values)


def _fresh(wish: str, used: dict[str, None], counts: dict[str, int]) -> str:
    """Return the wanted name, with a number if it is used already, and mark it as used."""
    name, count = wish, counts.get(wish, 1)
    while name in used:
        count += 1
        name = f"{wish}_{count}"
    used[name] = None
    # The next search starts at this number.
    counts[wish] = count
    return name
