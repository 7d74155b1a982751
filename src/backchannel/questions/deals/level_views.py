"""Level views: a deal as players see it who think some levels ahead.

A player of level k takes the others to be at level k − 1, with a deal as without one: what they do while it is
in force, and what they do once it is broken. So each level of a player is a view of its own. In it the
others' rules are those that their lower levels have planned, and only the player's own are sought. Level
0 thinks of nobody, and so it does what it does without a deal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from backchannel.diagram.beliefs import Viewpoint
from backchannel.equilibrium.beliefs.models import Model, Models
from backchannel.equilibrium.deals.future import Future
from backchannel.equilibrium.deals.solver import Taken
from backchannel.equilibrium.reasoning.mixed import LEVEL_K
from backchannel.equilibrium.types import Equilibrium
from backchannel.language.names import NodeName, PlayerName

TRUTH = ""
"""Name of the view that is the actual case. A player's view has the player's name; a view of what one player
thinks of another has both names, with a dot between them."""


def view_name(view: Viewpoint) -> str:
    """Name of the view that is somebody's idea of the case."""
    return ".".join(view)


@dataclass(frozen=True)
class LevelView:
    """What one player plans at one level, in one model of the case; nobody plans at level 0."""

    views: LevelViews
    model: str
    """Name of the view of the model."""
    player: PlayerName
    """Empty at level 0, where all players are in one view."""
    level: int

    @property
    def name(self) -> str:
        """Name of the view; no player can have it."""
        return f"{self.model}#{self.player}@{self.level}"

    def plan(
        self, model: Model, solved: Equilibrium
    ) -> tuple[
        Mapping[NodeName, np.ndarray], frozenset[NodeName], dict[NodeName, tuple[Taken, ...]]
    ]:
        """Everyone's rules without a deal as this level sees them, decisions that it takes for chance, and
        those whose rules other levels plan.

        Args:
            model: The model.
            solved: What is played in it.
        """
        rules_by_level = solved.levels[LEVEL_K]
        decisions = self.views.future.decisions
        own = {d.name for d in model.game.diagram.decisions if d.player == self.player}
        rules = {
            name: by_level[self.level if name in own else max(self.level - 1, 0)]
            for name, by_level in rules_by_level.items()
        }
        if self.level == 0:
            return rules, frozenset(d.name for d in decisions), {}
        fixed = frozenset(model.fixed)
        takes = {
            d.name: (Taken(self.views.below(self, d.player).name),)
            for d in decisions
            if d.name not in own and d.name not in fixed
        }
        return rules, fixed, takes


class LevelViews:
    """The levels that the players of a case have in some draw, and all levels that these take others to have.

    Args:
        future: What lies ahead.
        models: The models of the case.
    """

    def __init__(self, future: Future, models: Models) -> None:
        self.future = future
        self.models = {view_name(view): model for view, model in models.views.items()}
        self.models[TRUTH] = models.truth
        self.believed = models.believed
        self.deciding = {d.player for d in future.decisions}
        self.wanted: dict[str, set[tuple[PlayerName, int]]] = {name: set() for name in self.models}
        for name in self.models:
            for player, levels in self._levels(name).items():
                for level in levels:
                    self._want(LevelView(self, name, player, level))

    def of_model(self, model: str) -> Iterator[LevelView]:
        """The levels that are planned in a model, the lowest first."""
        for player, level in sorted(self.wanted[model], key=lambda pair: (pair[1], pair[0])):
            yield LevelView(self, model, player, level)

    def taken_by(self, model: str) -> dict[NodeName, tuple[Taken, ...]]:
        """The rules that a model takes from other views: of who errs, and in some draws of each level."""
        own, about = self.models[model], self._about(model)
        taken: dict[NodeName, tuple[Taken, ...]] = {}
        for decision in self.future.decisions:
            name, player = decision.name, decision.player
            if name in own.fixed:
                continue
            if player in about:
                taken[name] = (Taken(self._inner(model, player)),)
            elif player in own.game.types:
                at = np.round(own.game.types[player].level)
                taken[name] = tuple(
                    Taken(self._at(model, player, level).name, at == level)
                    for level in self._levels(model)[player]
                )
        return taken

    def below(self, view: LevelView, other: PlayerName) -> LevelView:
        """The view of the next lower level, in which a level takes another player to plan."""
        erring = other in self._about(view.model)
        model = self._inner(view.model, other) if erring else view.model
        return self._at(model, other, view.level - 1)

    def _at(self, model: str, player: PlayerName, level: int) -> LevelView:
        return LevelView(self, model, player if level else "", level)

    def _want(self, view: LevelView) -> None:
        key = (view.player if view.level else "", view.level)
        if key in self.wanted[view.model]:
            return
        self.wanted[view.model].add(key)
        if view.level:
            for other in self.deciding - {view.player}:
                self._want(self.below(view, other))

    def _levels(self, model: str) -> dict[PlayerName, list[int]]:
        """The levels that players who plan in a model have in some draw."""
        about = self._about(model)
        return {
            player: sorted({int(level) for level in np.round(types.level) if level >= 0})
            for player, types in self.models[model].game.types.items()
            if player in self.deciding and player not in about
        }

    def _about(self, model: str) -> Mapping[PlayerName, Model]:
        return self.believed if model == TRUTH else self.models[model].about

    def _inner(self, model: str, player: PlayerName) -> str:
        return f"{model}.{player}" if model else player
