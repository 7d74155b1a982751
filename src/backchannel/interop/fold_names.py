"""Names for what a tree leaves nameless: players, nodes and values that a case file can spell."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence

from backchannel.expressions import FUNCTIONS
from backchannel.interop.game_tree import CHANCE, CONTEXT
from backchannel.interop.stages import Stage
from backchannel.names import NOT_APPLICABLE

_TAKEN = {*FUNCTIONS, "P", "E", "best", "rest", "table"}
_TAKEN_VALUES = {NOT_APPLICABLE, "else", "table", "rest", ""}
LONGEST = 40
"""Characters of a name made of a label."""


class Names:
    """What everything of an imported tree is called."""

    def __init__(self, players: Sequence[str], stages: Sequence[Stage]) -> None:
        self._used: set[str] = set()
        self._player_labels = players
        self._players = [self.fresh(name, f"player_{i + 1}") for i, name in enumerate(players)]
        self._stages: list[str] = []
        self._titles: list[str] = []
        self._values = [_values(stage.actions) for stage in stages]
        moves: dict[int, int] = {}
        for stage in stages:
            moves[stage.player] = moves.get(stage.player, 0) + 1
            kind = "chance" if stage.player == CHANCE else "move"
            number = sum(
                (k == CHANCE) == (kind == "chance") for k in moves for _ in range(moves[k])
            )
            self._stages.append(self.fresh(_plain_label(stage.label), f"{kind}_{number}"))
            owner = "Chance" if kind == "chance" else players[stage.player - 1]
            self._titles.append(stage.label or f"{owner}, move {moves[stage.player]}")

    def player(self, number: int) -> str:
        """The key of a player; players count from 1."""
        return self._players[number - 1]

    def stage(self, stage: int) -> str:
        """The name of a stage's node; -1 is the start of the game."""
        return self._stages[stage] if stage >= 0 else "start"

    def title(self, stage: int) -> str:
        """What tables call a stage."""
        return self._titles[stage]

    def values(self, stage: int) -> tuple[str, ...]:
        """The values of a stage's node, one for each action."""
        return self._values[stage]

    def fresh(self, wish: str, otherwise: str = "") -> str:
        """A name that nothing else has, like the one wished for."""
        stem = re.sub(r"\W+", "_", wish, flags=re.ASCII).strip("_").lower()[:LONGEST]
        if not stem or not stem[0].isalpha() or keyword.iskeyword(stem) or stem in _TAKEN:
            stem = otherwise or f"x_{stem}"
        name, count = stem, 1
        while name in self._used:
            count += 1
            name = f"{stem}_{count}"
        self._used.add(name)
        return name


def _plain_label(label: str) -> str:
    """What a label says of its node, without the context that an export adds."""
    plain = label.partition(CONTEXT)[0]
    return plain if re.search(r"[A-Za-z]{2}", plain) else ""


def _values(actions: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for i, action in enumerate(actions):
        value = " ".join(re.sub(r"[,'\"\\{}\[\]|:#]", " ", action).split())[:LONGEST]
        if value.lower() in _TAKEN_VALUES:
            value = f"action {i + 1}"
        while value in found:
            value += "_"
        found.append(value)
    return tuple(found)
