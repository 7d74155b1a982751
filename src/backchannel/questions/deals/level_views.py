"""Level views: a deal as players see it who think some levels ahead.

A player of level k takes the others to be at level k − 1, or in a hierarchy to be spread over the levels below k,
with a deal as without one: what they do while it is in force, and what they do once it is broken. So each
level of a player is a view of its own. In it the others' rules are those that their lower levels have
planned, and only the player's own are sought. In a hierarchy the others' levels are hidden nodes. Level 0
thinks of nobody, and so it does what it does without a deal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.diagram.beliefs import Viewpoint
from backchannel.equilibrium.beliefs.models import Model, Models
from backchannel.equilibrium.beliefs.play import ladders_in
from backchannel.equilibrium.deals.future import Future
from backchannel.equilibrium.deals.hidden_levels import future_as_seen, game_as_seen, rules_as_seen
from backchannel.equilibrium.deals.solver import Taken
from backchannel.equilibrium.reasoning.ladders import LEVEL_K, ladder_key, mean_of
from backchannel.equilibrium.reasoning.shares import hierarchy_shares
from backchannel.equilibrium.types import Equilibrium, LadderKey
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.game import Game

TRUTH = ""
"""Name of the view that is the actual case. A player's view has the player's name; a view of what one player
thinks of another has both names, with a dot between them."""


def view_name(view: Viewpoint) -> str:
    """Name of the view that is somebody's idea of the case."""
    return ".".join(view)


@dataclass(frozen=True)
class LevelView:
    """What one player plans at one level of a ladder, in one model of the case; nobody plans at level 0."""

    views: LevelViews
    model: str
    """Name of the view of the model."""
    ladder: LadderKey
    player: PlayerName
    """Empty at level 0, where all players are in one view."""
    level: int

    @property
    def name(self) -> str:
        """Name of the view; no player can have it."""
        return f"{self.model}#{self.ladder}#{self.player}@{self.level}"

    def plan(self, model: Model, solved: Equilibrium) -> PlannedView:
        """Cut out what this level plans in a model.

        Args:
            model: The model.
            solved: What is played in it.
        """
        future, game = self.views.future, model.game
        rules_by_level = solved.levels[self.ladder]
        if self.level == 0:
            lowest = {name: by_level[0] for name, by_level in rules_by_level.items()}
            everything = frozenset(d.name for d in future.decisions)
            return PlannedView(future, game, lowest, everything, {})
        own = {d.name for d in game.diagram.decisions if d.player == self.player}
        fixed = frozenset(model.fixed)
        shares = self.views.shares(self, model)
        taken = {
            d.name: self._taken(d.player, shares)
            for d in future.decisions
            if d.name not in own and d.name not in fixed
        }
        if shares is None:
            rules = {
                name: by_level[self.level if name in own else self.level - 1]
                for name, by_level in rules_by_level.items()
            }
            return PlannedView(future, game, rules, fixed, taken)
        future = self.views.future_of(self.player)
        game = game_as_seen(game, future, shares)
        rules = rules_as_seen(rules_by_level, future, self.player, self.level, shares)
        return PlannedView(future, game, rules, fixed, taken)

    def _taken(
        self, other: PlayerName, shares: Float[np.ndarray, "level draw"] | None
    ) -> tuple[Taken, ...]:
        """The rules that another player is taken to have, at each level that it may have."""
        below = [view.name for view in self.views.below(self, other)]
        if shares is None:
            return tuple(map(Taken, below))
        # The share of the level itself, and of those above, is 0: any rule serves there.
        filled = below + below[-1:] * (len(shares) - len(below))
        return tuple(Taken(name, share=share) for name, share in zip(filled, shares, strict=True))


@dataclass(frozen=True)
class PlannedView:
    """What one level plans in one model."""

    future: Future
    """What lies ahead, with the hidden levels of others where it believes in several."""
    game: Game
    rules: Mapping[NodeName, Float[np.ndarray, "draw ..."]]
    """Everyone's rules without a deal, as this level sees them."""
    fixed: frozenset[NodeName]
    """Decisions that it takes for chance."""
    taken: Mapping[NodeName, tuple[Taken, ...]]
    """Decisions whose rules other levels plan."""


class LevelViews:
    """The levels that the players of a case have in some draw, and all levels that these take others to have.

    Args:
        future: What lies ahead.
        models: The models of the case.
        count: Number of levels that a player of a hierarchy may take others to have.
    """

    def __init__(self, future: Future, models: Models, count: int) -> None:
        self.future = future
        self.models = {view_name(view): model for view, model in models.views.items()}
        self.models[TRUTH] = models.truth
        self.believed = models.believed
        self.ladders = ladders_in(models)
        self.count = count
        self._futures: dict[PlayerName, Future] = {}
        self.deciding = {d.player for d in future.decisions}
        self.wanted: dict[str, set[LevelView]] = {name: set() for name in self.models}
        for name in self.models:
            for player, levels in self._levels(name).items():
                for level in levels:
                    self._want(self._at(name, self._ladder(name, player), player, level))

    def of_model(self, model: str) -> Iterator[LevelView]:
        """The levels that are planned in a model, the lowest first."""
        return iter(
            sorted(self.wanted[model], key=lambda view: (view.level, view.ladder, view.player))
        )

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
                at, ladder = np.round(own.game.types[player].level), self._ladder(model, player)
                taken[name] = tuple(
                    Taken(self._at(model, ladder, player, level).name, at == level)
                    for level in self._levels(model)[player]
                )
        return taken

    def below(self, view: LevelView, other: PlayerName) -> list[LevelView]:
        """The views in which a level takes another player to plan, the lowest first: the next level below, or
        in a hierarchy all levels below."""
        erring = other in self._about(view.model)
        model = self._inner(view.model, other) if erring else view.model
        lowest = view.level - 1 if view.ladder == LEVEL_K else 0
        return [self._at(model, view.ladder, other, level) for level in range(lowest, view.level)]

    def shares(self, view: LevelView, model: Model) -> Float[np.ndarray, "level draw"] | None:
        """How a level takes each other player to be spread over lower levels; None for level-k thinking."""
        mean = mean_of(model.game, view.ladder, self.ladders)
        if mean is None:
            return None
        return hierarchy_shares(mean, self.count)[view.level, : self.count]

    def future_of(self, player: PlayerName) -> Future:
        """What lies ahead as a player of a hierarchy sees it."""
        if player not in self._futures:
            self._futures[player] = future_as_seen(self.future, player, self.count)
        return self._futures[player]

    def _at(self, model: str, ladder: LadderKey, player: PlayerName, level: int) -> LevelView:
        return LevelView(self, model, ladder, player if level else "", level)

    def _want(self, view: LevelView) -> None:
        if view in self.wanted[view.model]:
            return
        self.wanted[view.model].add(view)
        if view.level:
            for other in self.deciding - {view.player}:
                for lower in self.below(view, other):
                    self._want(lower)

    def _ladder(self, model: str, player: PlayerName) -> LadderKey:
        return ladder_key(self.models[model].game, player)

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
