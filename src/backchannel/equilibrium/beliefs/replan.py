"""Play after a change: who learns of it plans again from a date on, and all others keep their rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from backchannel.diagram.beliefs import Viewpoint
from backchannel.equilibrium.beliefs.affected import affected
from backchannel.equilibrium.beliefs.held_rules import (
    Replanning,
    free_decisions,
    planned_elsewhere,
    rules_that_stay,
)
from backchannel.equilibrium.beliefs.images import images_of, kept_images, with_levels
from backchannel.equilibrium.beliefs.models import Model, Models
from backchannel.equilibrium.beliefs.play import Play, ladders_in
from backchannel.equilibrium.reasoning.ladders import Ladders
from backchannel.equilibrium.reasoning.mixed import solve_mixed
from backchannel.equilibrium.types import Equilibrium, LadderKey, LevelRules, Policies, Task
from backchannel.language.names import NodeName, PlayerName


def replan_all(
    before: Play | Sequence[Play],
    changes: Sequence[tuple[Models, Replanning]],
    *,
    progress: Callable[[int], None] | None = None,
) -> list[Play]:
    """Solve changed cases: players who are told plan again from a date on, all others keep their rules.

    Args:
        before: Play without any change; or, for each change, the play that it meets.
        changes: Each with the changed case and belief models, and who plans again from when. A
            player who erred before but has no model here has been corrected.
        progress: Called with the number of draws done after each chunk.

    Source: Hammond et al. (2023), pre- and post-policy interventions; the dates are ours.
    """
    met = [before] * len(changes) if isinstance(before, Play) else list(before)
    is_equilibrium = isinstance(before, Play)
    ladders = ladders_in(*(models for models, _ in changes))
    plans = [
        _Plans(met_play, *change, is_equilibrium=is_equilibrium, ladders=ladders)
        for met_play, change in zip(met, changes, strict=True)
    ]
    for depth in range(1 + max((plan.depth for plan in plans), default=-1)):
        tasks = {
            (i, key): task
            for i, plan in enumerate(plans)
            for key, task in plan.tasks(depth).items()
        }
        equilibria = solve_mixed(list(tasks.values()), ladders, progress=progress)
        for (i, key), equilibrium in zip(tasks, equilibria, strict=True):
            plans[i].solved[key] = equilibrium
    actual = solve_mixed([plan.truth() for plan in plans], ladders, progress=progress)
    return [plan.play(equilibrium) for plan, equilibrium in zip(plans, actual, strict=True)]


class _Plans:
    """One changed case: which belief models must be solved again, and the equilibria found so far."""

    def __init__(
        self,
        before: Play,
        models: Models,
        change: Replanning,
        *,
        is_equilibrium: bool,
        ladders: Ladders,
    ) -> None:
        self.before, self.models, self.change = before, models, change
        self.ladders = ladders
        self.is_equilibrium = is_equilibrium
        """The play before is an equilibrium of the case, and none in which rules were set."""
        # A player who is thought not to be told keeps its rules in any model.
        told = [view for view in models.views if change.told.issuperset(view)]
        self.replanned = {view for view in told if not self._is_unchanged(view)}
        self.depth = max((models.views[view].depth for view in self.replanned), default=-1)
        self.solved: dict[tuple[Model, int], Equilibrium] = {}

    def tasks(self, depth: int) -> dict[tuple[Model, int], Task]:
        """What must be solved of the models of one depth; those within them are solved."""
        tasks = {}
        for view in self.replanned:
            model = self.models.views[view]
            if model.depth == depth and self._key(view) not in tasks:
                tasks[self._key(view)] = self._task(model, view)
        return tasks

    def truth(self) -> Task:
        """The case itself, around the rules of those who err."""
        return self._task(self.models.truth, ())

    def play(self, actual: Equilibrium) -> Play:
        """Everything put together."""
        believed = {player: self._of((player,)) for player in self.models.believed}
        inner = {view: self._of(view) for view in self.models.views if len(view) > 1}
        return Play(self.models, actual, believed, inner)

    def _of(self, view: Viewpoint) -> Equilibrium:
        return (
            self.solved[self._key(view)] if view in self.replanned else self.before.nearest(view)[1]
        )

    def _solved(self, view: Viewpoint) -> tuple[Model, Equilibrium]:
        """A view's model and what is played in it: solved again, or as before."""
        if view in self.replanned:
            return self.models.views[view], self._of(view)
        return self.before.nearest(view)

    def _key(self, view: Viewpoint) -> tuple[Model, int]:
        # Views that share a model share its equilibrium, if they start from the same play.
        return self.models.views[view], id(self.before.nearest(view)[1])

    def _task(self, model: Model, view: Viewpoint) -> Task:
        old, equilibrium = self.before.nearest(view)
        earlier = equilibrium.policies
        held = rules_that_stay(model, earlier, old, self.models, self.change)
        about = model.about if view else self.models.believed
        inner = {player: self._of((*view, player)) for player in about}
        free = {decision.name for decision in free_decisions(model, self.change)}
        planned = planned_elsewhere(model, about, inner)
        held |= {name: rule for name, rule in planned.items() if name in free}
        kept = {name for name in held if name not in free}
        if self.is_equilibrium:
            unreached = self._unreached(model, about, old, earlier, held)
            held |= unreached
            kept |= unreached.keys()
        images = self._images(model, view, about, kept)
        # What someone sees may have changed, and with it the shape of a rule.
        menus = model.game.menus
        same = all(earlier[name].shape[1:] == menus[name].shape[1:] for name in menus)
        if not same:
            return Task(model.game, held, self.change.available, allow_skips=True, images=images)
        verified = equilibrium.branch_verified
        if model.game is not old.game:
            # Larger stakes need a longer climb than the one that verified the play.
            verified = verified & (model.game.at_stake <= old.game.at_stake * (1 + 1e-9))
        return Task(
            model.game,
            held,
            self.change.available,
            earlier,
            verified,
            allow_skips=True,
            images=images,
        )

    def _images(
        self,
        model: Model,
        view: Viewpoint,
        about: Mapping[PlayerName, Model],
        kept: set[NodeName],
    ) -> dict[LadderKey, LevelRules]:
        """The beliefs of each level about held rules: plans made in other models, and earlier plans."""
        if not self.ladders.means:
            return {}
        before = self.before
        old = before.nearest(view)[0]
        earlier = with_levels(
            before.nearest, before.nearest_view(view), before.models.believed, self.ladders
        )
        levels = {
            player: with_levels(self._solved, (*view, player), self.models.believed, self.ladders)
            for player in about
        }
        images = images_of(model, about, levels)
        by_hand = {*self.change.set_by_hand, *model.fixed}
        names = [name for name in kept if name not in by_hand]
        old_images = kept_images(earlier, names, old, model, self.change.available)
        return {
            key: {**images.get(key, {}), **old_images.get(key, {})} for key in self.ladders.means
        }

    def _unreached(
        self,
        model: Model,
        about: Mapping[PlayerName, Model],
        old: Model,
        earlier: Policies,
        held: Policies,
    ) -> dict[NodeName, np.ndarray]:
        """Rules that the change cannot reach: solved again they would be the same."""
        truth = self.before.models.truth
        erred = self.before.models.believed if old is truth else old.about
        decisions = model.game.diagram.decisions
        # A player who is corrected planned in another model; none of its rules are kept.
        changed = {d.name for d in decisions if d.player in erred and d.player not in about}
        changed |= set(self.change.available)
        reached = affected(old, model, old=earlier, given=held, changed=frozenset(changed))
        names = [d.name for d in decisions if d.name not in reached and d.name not in held]
        return {name: earlier[name] for name in names}

    def _is_unchanged(self, view: Viewpoint) -> bool:
        # Correcting another player's belief, say, changes nothing in this player's own model.
        model = self.models.views[view]
        same = model is self.before.models.views.get(view)
        if same and not self.change.set_by_hand and not self.change.available:
            return True
        # Only its own later rules are taken from a player's model.
        return not any(
            decision.player == view[-1] for decision in free_decisions(model, self.change)
        )


def keep_rules(before: Play, models: Models, change: Replanning) -> Play:
    """Everyone plays as if nothing had changed, because nobody learns of the intervention."""
    nobody = replace(change, told=frozenset())
    held = rules_that_stay(models.truth, before.policies, before.models.truth, models, nobody)
    policies = {
        name: np.broadcast_to(rule, before.policies[name].shape) for name, rule in held.items()
    }
    actual = replace(before.actual, policies=policies)
    return Play(models, actual, before.believed, before.inner)
