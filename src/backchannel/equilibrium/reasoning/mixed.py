"""Games in which some players think some levels ahead and others are at equilibrium.

The levels come first: they depend on no equilibrium. In each draw every player has one type. Players
with a level play that level's rules; the others answer what everyone does in that draw, so the draws
are solved in groups, by who is at equilibrium.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Int

from backchannel.equilibrium.reasoning.ladders import Ladders, climb_all, ladder_key
from backchannel.equilibrium.reasoning.rules import RulesByLevel
from backchannel.equilibrium.solve import solve_all
from backchannel.equilibrium.types import Equilibrium, LadderKey, Policies, Status, Task, rows_of
from backchannel.language.names import PlayerName
from backchannel.tensors.game import Game
from backchannel.tensors.take_draws import take_draws

CLOSE = 1e-9
"""Largest move of a rule in the last pass at which the rules of a level have converged."""


def by_who_has_a_level(
    game: Game,
    draws: Int[np.ndarray, " some"],
    among: Collection[PlayerName] | None = None,
) -> list[tuple[frozenset[PlayerName], Int[np.ndarray, " some"]]]:
    """Group draws by the players who play a level in them; the others are at equilibrium.

    Args:
        game: The numbers.
        draws: Which draws.
        among: The players to look at; all who may have a level, if left out.
    """
    players = list(game.types if among is None else among)
    if not players:
        return [(frozenset(), draws)]
    has_level = np.array([game.types[player].level[draws] >= 0 for player in players])
    patterns, which = np.unique(has_level, axis=1, return_inverse=True)
    return [
        (
            frozenset(p for p, has in zip(players, patterns[:, i], strict=True) if has),
            draws[which.ravel() == i],
        )
        for i in range(patterns.shape[1])
    ]


def solve_mixed(
    tasks: Sequence[Task],
    ladders: Ladders,
    *,
    progress: Callable[[int], None] | None = None,
) -> list[Equilibrium]:
    """Find everyone's play in several games in which players reason in different ways.

    Args:
        tasks: What to solve.
        ladders: The ladders of levels that some view of the case needs.
        progress: Called with the number of draws done.
    """
    if not ladders.means:
        return solve_all(tasks, progress=progress)
    climbs = [
        climb_all(task.game, ladders, held=task.held, images=task.images, available=task.available)
        for task in tasks
    ]
    groups = [list(_groups(task, climbed)) for task, climbed in zip(tasks, climbs, strict=True)]
    flat = [group.task for several in groups for group in several]
    solved = iter(solve_all(flat, progress=progress))
    return [
        _together(task, climbed, [(group, next(solved)) for group in several])
        for task, climbed, several in zip(tasks, climbs, groups, strict=True)
    ]


@dataclass(frozen=True)
class _Group:
    """Draws of a task in which the same players are at equilibrium."""

    draws: Int[np.ndarray, " some"]
    task: Task


def _groups(task: Task, climbed: Mapping[LadderKey, RulesByLevel]) -> Iterator[_Group]:
    game = task.game
    rules: dict[PlayerName, Policies] = {}
    for player, types in game.types.items():
        own = [d.name for d in game.diagram.decisions if d.player == player]
        free = [name for name in own if name not in task.held]
        if free:
            at = np.maximum(np.round(types.level).astype(int), 0)
            rules_by_level = climbed[ladder_key(game, player)].rules
            # Every draw takes the rules of its own level.
            rules[player] = {
                name: rules_by_level[name][at, np.arange(game.n_draws)] for name in free
            }
    for thinking, draws in by_who_has_a_level(game, np.arange(game.n_draws), rules):
        mine = {
            name: rule
            for player in rules
            if player in thinking
            for name, rule in rules[player].items()
        }
        yield _Group(draws, _narrowed(task, {**task.held, **mine}, draws))


def _narrowed(task: Task, held: Policies, draws: np.ndarray) -> Task:
    """A task in some of its draws, with more rules held."""
    if len(draws) == task.game.n_draws:
        return replace(task, held=held)
    verified = task.branch_verified
    return replace(
        task,
        game=take_draws(task.game, draws),
        held=rows_of(held, draws),
        start=None if task.start is None else rows_of(task.start, draws),
        branch_verified=None if verified is None else verified[draws],
    )


def _together(
    task: Task,
    climbed: Mapping[LadderKey, RulesByLevel],
    parts: Sequence[tuple[_Group, Equilibrium]],
) -> Equilibrium:
    """One result of all draws, with what became of the levels."""
    n = task.game.n_draws
    joined = parts[0][1] if len(parts) == 1 else _joined(task.game, n, parts)
    status = joined.status.copy()
    gap = np.max([ladder.gap for ladder in climbed.values()], axis=0)
    status[gap > CLOSE] = Status.OUT_OF_STEPS
    status[~_is_finite(joined.policies, n)] = Status.NOT_FINITE
    levels = {key: ladder.rules for key, ladder in climbed.items()}
    return replace(joined, status=status, levels=levels)


def _joined(game: Game, n: int, parts: Sequence[tuple[_Group, Equilibrium]]) -> Equilibrium:
    first = parts[0][1]
    policies = {name: np.empty((n, *menu.shape[1:])) for name, menu in game.menus.items()}
    rows: dict[str, Any] = {
        name: np.zeros(n, dtype=getattr(first, name).dtype)
        for name in (
            "change",
            "sweeps",
            "status",
            "method",
            "folds",
            "crossings",
            "branch_verified",
        )
    }
    for group, solved in parts:
        for name, rule in solved.policies.items():
            policies[name][group.draws] = rule
        for name, row in rows.items():
            row[group.draws] = getattr(solved, name)
    return Equilibrium(policies=policies, **rows)


def _is_finite(policies: Policies, n: int) -> np.ndarray:
    finite = np.ones(n, dtype=bool)
    for rule in policies.values():
        finite &= np.isfinite(rule).all(axis=tuple(range(1, rule.ndim)))
    return finite
