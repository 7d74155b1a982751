"""Play: who does what in the case, with players who err about it.

Belief models are solved from the innermost outwards, each once and in order: no fixed point is sought between them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool

from backchannel.diagram.beliefs import Viewpoint
from backchannel.equilibrium.beliefs.held_rules import planned_elsewhere
from backchannel.equilibrium.beliefs.images import images_of
from backchannel.equilibrium.beliefs.models import Model, Models
from backchannel.equilibrium.reasoning.ladders import Ladders, ladders_of
from backchannel.equilibrium.reasoning.mixed import solve_mixed
from backchannel.equilibrium.types import Equilibrium, Policies, Task
from backchannel.language.names import PlayerName


@dataclass(frozen=True)
class Play:
    """Everyone's actual rules, and the equilibrium of each belief model."""

    models: Models
    actual: Equilibrium
    believed: Mapping[PlayerName, Equilibrium]
    """Of each player's own model."""
    inner: Mapping[Viewpoint, Equilibrium] = field(default_factory=dict)
    """Of the models nested in them: what a player believes that another believes, and so on."""

    @property
    def policies(self) -> Policies:
        """What is actually played."""
        return self.actual.policies

    @property
    def views(self) -> Mapping[Viewpoint, Equilibrium]:
        """The equilibrium of every belief model, by whose idea it is."""
        return {**{(player,): view for player, view in self.believed.items()}, **self.inner}

    def nearest(self, view: Viewpoint) -> tuple[Model, Equilibrium]:
        """Somebody's idea of the case and what is played in it, or the nearest wider one's."""
        view = self.nearest_view(view)
        if not view:
            return self.models.truth, self.actual
        return self.models.views[view], self.views[view]

    def nearest_view(self, view: Viewpoint) -> Viewpoint:
        """The view itself if somebody has such an idea of the case, or the nearest wider one."""
        known = self.views
        while view and view not in known:
            view = view[:-1]
        return view

    @property
    def converged(self) -> Bool[np.ndarray, " draw"]:
        """Draws in which every model converged."""
        converged = self.actual.converged.copy()
        for equilibrium in self.views.values():
            converged &= equilibrium.converged
        return converged


def play(
    models: Models,
    *,
    progress: Callable[[int], None] | None = None,
    allow_skips: bool = False,
    solver: Callable[[Task], Equilibrium] | None = None,
) -> Play:
    """Solve the case: each model of a player who errs, then the true case around their rules.

    A player who errs plans in its own model, which it takes for common knowledge except for those
    of whom it believes that they plan in another: everyone else plays that model's equilibrium
    there, and only its own rules are taken out. So models are solved from the innermost outwards,
    equal ones once. The players who do not err know who does.

    Args:
        models: The case in every view.
        progress: Called with the number of draws done.
        allow_skips: Whether a few draws in doubt may be left out (`Task`).
        solver: Solves each model by itself, where all players are at equilibrium; if left out, models of one
            kind are solved together.
    """
    ladders = ladders_in(models)

    def solve_tasks(tasks: Sequence[Task]) -> Sequence[Equilibrium]:
        if solver is None:
            return solve_mixed(tasks, ladders, progress=progress)
        return [solver(task) for task in tasks]

    solved: dict[Model, Equilibrium] = {}
    for depth in range(1 + max((model.depth for model in models.distinct), default=-1)):
        level = [model for model in models.distinct if model.depth == depth]
        tasks = []
        for model in level:
            inner = {player: solved[other] for player, other in model.about.items()}
            held = {**planned_elsewhere(model, model.about, inner)}
            levels = {player: equilibrium.levels for player, equilibrium in inner.items()}
            images = images_of(model, model.about, levels)
            tasks.append(Task(model.game, held, allow_skips=allow_skips, images=images))
        equilibria = solve_tasks(tasks)
        solved |= dict(zip(level, equilibria, strict=True))
    believed = {player: solved[model] for player, model in models.believed.items()}
    held = planned_elsewhere(models.truth, models.believed, believed)
    levels = {player: equilibrium.levels for player, equilibrium in believed.items()}
    images = images_of(models.truth, models.believed, levels)
    truth = Task(models.truth.game, held, allow_skips=allow_skips, images=images)
    (actual,) = solve_tasks([truth])
    inner = {view: solved[model] for view, model in models.views.items() if len(view) > 1}
    return Play(models, actual, believed, inner)


def ladders_in(*cases: Models) -> Ladders:
    """The ladders of levels that some view of some case needs."""
    games = [model.game for models in cases for model in (models.truth, *models.distinct)]
    return ladders_of(games)
