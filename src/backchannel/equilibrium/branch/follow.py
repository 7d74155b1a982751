"""Follow the principal branch of every draw to the draw's own precisions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import jax
import numpy as np
from jaxtyping import Bool, Int

from backchannel.equilibrium.branch.by_sweeps import follow_by_sweeps
from backchannel.equilibrium.branch.context import GameContext
from backchannel.equilibrium.branch.followed import Followed, replaced
from backchannel.equilibrium.branch.parts import follow_parts
from backchannel.equilibrium.branch.reduction import Part, reduce_game
from backchannel.equilibrium.branch.verify import verify_by_sweeps
from backchannel.equilibrium.types import Status, Task
from backchannel.machine.memory import NUMBER, how_many

Asked = tuple[GameContext, Int[np.ndarray, " some"]]
"""A game and some of its draws."""

MOST_SLOPES = 300_000
"""Numbers of F and its slopes in one draw up to which they get a compiled program."""
LANES = 8
"""Lanes that a program of slopes has at least, on all processors together."""
LOOKED_AT = 8
"""Draws by which contexts are found equivalent."""
WRONG = 1e-10
"""Largest residual at the end of a branch, on the game itself, with which a draw is converged."""


def follow(
    task: Task,
    *,
    draws: Int[np.ndarray, " some"] | None = None,
    trace: bool = False,
    care: int = 0,
) -> Followed:
    """Follow the principal branch from precision 0 to the end, in every draw.

    Every player's precision grows in proportion, λᵢ(t) = t λᵢ; held rules keep their final values
    all along. The first point of the branch at t = 1 is the equilibrium.

    Args:
        task: The game, the rules that are held, the actions that are left.
        draws: Which draws; all, if left out.
        trace: Whether to return the way, too. It is then followed jointly, one t for all rules.
        care: 0, 1 or 2: how short the steps are at first. Lanes that are lost take more by
            themselves.

    Source: McKelvey & Palfrey (1998), the principal branch of the logit correspondence; Turocy
        (2005) for following it. Parts, slices and equivalent contexts are ours.
    """
    chosen = np.arange(task.game.n_draws) if draws is None else np.asarray(draws, int)
    return _followed([(GameContext(task), chosen)], trace=trace, care=care)[0]


def follow_several(
    asked: Sequence[tuple[Task, Int[np.ndarray, " some"]]],
) -> list[Followed]:
    """Follow some draws of each of several games; large games of one frame go together.

    Args:
        asked: Each task with its draws, one at least.
    """
    by_number: dict[int, Followed] = {}
    alike: dict[tuple[Any, ...], list[int]] = {}
    contexts = [GameContext(task) for task, _ in asked]
    for i, context in enumerate(contexts):
        alike.setdefault(context.kind if context.sweeper.is_large else (i,), []).append(i)
    for together in alike.values():
        some = _followed([(contexts[i], asked[i][1]) for i in together])
        by_number |= dict(zip(together, some, strict=True))
    return [by_number[i] for i in range(len(asked))]


def goes_by_sweeps(context: GameContext, parts: Sequence[Part]) -> bool:
    """Whether F with its slopes is too large to compile: then following by sweeps is quicker.

    Where they would not fit into memory, it is the only one.

    Args:
        context: The game.
        parts: Its parts.
    """
    most = max((part.size for part in parts), default=0)
    if how_many(NUMBER * most * LANES, 1) < 1:
        return True
    return context.sweeper.is_large and most > MOST_SLOPES


def _followed(asked: Sequence[Asked], *, trace: bool = False, care: int = 0) -> list[Followed]:
    if not any(len(draws) for _, draws in asked):
        return [_nothing(context) for context, _ in asked]
    with jax.enable_x64(True):
        results, landed = _once(asked, trace=trace, care=care, quotient=True)
        for i, (context, draws) in enumerate(asked):
            wrong = np.flatnonzero(landed[i] & ~(results[i].residual <= WRONG))
            if len(wrong):
                # Contexts that are alike in the draws that were looked at may differ in these.
                again = _once([(context, draws[wrong])], trace=trace, care=care, quotient=False)
                results[i] = replaced(results[i], wrong, again[0][0])
    return results


def _once(
    asked: Sequence[Asked], *, trace: bool, care: int, quotient: bool
) -> tuple[list[Followed], list[Bool[np.ndarray, " some"]]]:
    """Follow some draws of several games and check where they end; also say which landed."""
    looked_at = [_some(draws) for _, draws in asked]
    # One after the other, and only of as many games as need it.
    parts = (
        reduce_game(context.frame, context.tables, some, quotient=quotient, joint=trace)
        for (context, _), some in zip(asked, looked_at, strict=True)
    )
    first = next(parts)
    if goes_by_sweeps(asked[0][0], first):
        ends = follow_by_sweeps(asked, looked_at, trace=trace, care=care, quotient=quotient)
    else:
        ends = [
            follow_parts(context, draws, some, trace=trace, care=care)
            for (context, draws), some in zip(asked, chain([first], parts), strict=True)
        ]
    followed, landed = [], []
    for (context, draws), end in zip(asked, ends, strict=True):
        policies, residual = verify_by_sweeps(context, end.policies, end.followed, draws)
        landed.append((end.status == Status.CONVERGED) | (end.status == Status.NEAR_FOLD))
        status = np.where(landed[-1] & ~(residual <= WRONG), Status.LOST_PATH, end.status)
        policies.update({name: context.tables["rule"][name][draws] for name in context.task.held})
        counted = (end.folds, end.crossings, end.steps)
        followed.append(Followed(draws, policies, residual, status, *counted, end.trace))
    return followed, landed


def _some(draws: Int[np.ndarray, " some"]) -> Int[np.ndarray, " few"]:
    few = min(LOOKED_AT, len(draws))
    return np.random.default_rng(1).choice(draws, few, replace=False) if few else draws


def _nothing(context: GameContext) -> Followed:
    none = np.zeros(0, int)
    return Followed(none, context.unplayed(none), np.zeros(0), none, none, none, none)
