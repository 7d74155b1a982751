"""Play: who does what in the case, with players who err about it and interventions they learn of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from jaxtyping import Bool, Float

from backchannel.diagram.nodes import Decision
from backchannel.equilibrium.affected import affected
from backchannel.equilibrium.models import Model, Models
from backchannel.equilibrium.result import Equilibrium, Policies
from backchannel.equilibrium.solve import Task, solve, solve_all
from backchannel.names import NodeName, PlayerName

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Play:
    """Everyone's actual rules, and the equilibrium of each belief model behind them."""

    models: Models
    actual: Equilibrium
    believed: Mapping[PlayerName, Equilibrium]

    @property
    def policies(self) -> Policies:
        """What is actually played."""
        return self.actual.policies

    @property
    def converged(self) -> Bool[np.ndarray, " draw"]:
        """Draws in which every model settled."""
        settled = self.actual.converged.copy()
        for equilibrium in self.believed.values():
            settled &= equilibrium.converged
        return settled


@dataclass(frozen=True)
class Replanning:
    """Who plans anew, from when, and what is out of anyone's hands."""

    since: date
    """Decisions dated earlier keep their rules."""
    told: frozenset[PlayerName]
    """Who knows; the others keep their rules."""
    set_by_hand: Mapping[NodeName, Float[np.ndarray, "draw ..."]]
    """Decisions whose rules are given."""
    available: Mapping[NodeName, Bool[np.ndarray, " action"]]
    """Actions left on a menu, where some were removed."""


def play(models: Models, *, progress: Progress | None = None) -> Play:
    """Solve the case: each model of a player who errs, then the true case around their rules.

    A player who errs plans in its own model, which it takes for common knowledge: everyone plays
    that model's equilibrium there, and only its own rules are taken out. The others know who errs.
    """
    tasks = [Task(model.game, held=model.fixed) for model in models.believed.values()]
    solved = solve_all(tasks, progress=progress)
    believed = dict(zip(models.believed, solved, strict=True))
    held = {
        decision.name: believed[decision.player].policies[decision.name]
        for decision in models.diagram.decisions
        if decision.player in believed
    }
    actual = solve(Task(models.truth.game, held=held), progress=progress)
    return Play(models, actual, believed)


def replan_all(
    before: Play | Sequence[Play],
    changes: Sequence[tuple[Models, Replanning]],
    *,
    progress: Progress | None = None,
) -> list[Play]:
    """Solve changed cases: the told plan anew from a date on, everyone else keeps to their rules.

    Args:
        before: Play without any change; or, for each change, the play that it meets.
        changes: Each with the changed case and belief models, and who plans anew from when. A
            player who erred before but has no model here has been corrected.
        progress: Called with the number of draws done after each chunk.

    Source: Hammond et al. (2023), pre- and post-policy interventions; the dates are ours.
    """
    met = [before] * len(changes) if isinstance(before, Play) else list(before)
    tasks: dict[tuple[int, PlayerName], Task] = {}
    for i, (models, change) in enumerate(changes):
        for player, model in models.believed.items():
            if player in change.told and not _is_unchanged(model, met[i], player, change):
                earlier = met[i].believed[player].policies
                held = _kept(model, earlier, change)
                if isinstance(before, Play):
                    own_before = before.models.believed[player]
                    _keep_unaffected(held, own_before, model, change, earlier)
                tasks[i, player] = _task(model, held, change, earlier)
    solved = dict(zip(tasks, solve_all(list(tasks.values()), progress=progress), strict=True))
    believed = [
        {player: solved.get((i, player), met[i].believed[player]) for player in models.believed}
        for i, (models, _) in enumerate(changes)
    ]
    actual = []
    for (models, change), own, earlier in zip(changes, believed, met, strict=True):
        held = _kept(models.truth, earlier.policies, change)
        for decision in _free(models.truth, change):
            if decision.player in own:
                held[decision.name] = own[decision.player].policies[decision.name]
        if isinstance(before, Play):
            # Who is corrected planned in another model; nothing of that is kept.
            anew = before.models.believed.keys() - models.believed.keys()
            truth, rules = before.models.truth, before.policies
            _keep_unaffected(held, truth, models.truth, change, rules, anew=frozenset(anew))
        actual.append(_task(models.truth, held, change, earlier.policies))
    played = solve_all(actual, progress=progress)
    return [
        Play(models, equilibrium, own)
        for (models, _), equilibrium, own in zip(changes, played, believed, strict=True)
    ]


def _keep_unaffected(
    held: dict[NodeName, np.ndarray],
    before: Model,
    after: Model,
    change: Replanning,
    rules: Policies,
    *,
    anew: frozenset[PlayerName] = frozenset(),
) -> None:
    """Hold the rules, too, that the change cannot reach: solved again they would be the same.

    This takes the rules before the change for an equilibrium: of the case itself, that is, and not
    of one in which some rules were set by hand.
    """
    decisions = after.game.diagram.decisions
    open_ = set(change.available) | {d.name for d in decisions if d.player in anew}
    reached = affected(before, after, old=rules, given=held, changed=frozenset(open_))
    for decision in decisions:
        if decision.name not in reached and decision.name not in held:
            held[decision.name] = rules[decision.name]


def _is_unchanged(model: Model, before: Play, player: PlayerName, change: Replanning) -> bool:
    # Correcting another player's belief, say, changes nothing in this player's own model.
    same = model is before.models.believed[player]
    if same and not change.set_by_hand and not change.available:
        return True
    # Only its own later rules are taken from a player's model.
    return not any(decision.player == player for decision in _free(model, change))


def _task(model: Model, held: Policies, change: Replanning, start: Policies) -> Task:
    # What someone sees may have changed, and with it the shape of a rule.
    menus = model.game.menus
    same = all(start[name].shape[1:] == menus[name].shape[1:] for name in menus)
    return Task(model.game, held, change.available, start if same else None)


def keep_rules(before: Play, models: Models, change: Replanning) -> Play:
    """Play on as if nothing had changed: what an intervention does when nobody learns of it."""
    nobody = replace(change, told=frozenset())
    held = _kept(models.truth, before.policies, nobody)
    policies = {
        name: np.broadcast_to(rule, before.policies[name].shape) for name, rule in held.items()
    }
    return Play(models, replace(before.actual, policies=policies), before.believed)


def _free(model: Model, change: Replanning) -> list[Decision]:
    return [
        decision
        for decision in model.game.diagram.decisions
        if decision.date >= change.since
        and decision.player in change.told
        and decision.name not in change.set_by_hand
        and decision.name not in model.fixed
    ]


def _kept(model: Model, rules: Policies, change: Replanning) -> dict[NodeName, np.ndarray]:
    free = {decision.name for decision in _free(model, change)}
    held: dict[NodeName, np.ndarray] = {}
    for decision in model.game.diagram.decisions:
        name = decision.name
        if name in free:
            continue
        held[name] = without(rules[name], change.available.get(name))
        if name in change.set_by_hand:
            held[name] = change.set_by_hand[name]
    return held


def without(rule: np.ndarray, available: np.ndarray | None) -> np.ndarray:
    """Take actions out of a rule and share their probability among the rest, in proportion."""
    if available is None:
        return rule
    left = rule * available
    total = left.sum(axis=-1, keepdims=True)
    return np.where(total > 0, left / np.where(total > 0, total, 1.0), rule)
