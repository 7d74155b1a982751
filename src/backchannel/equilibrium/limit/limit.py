"""The limit: what logit equilibria tend to as the precision of some players grows without bound.

A precision of infinity means this and nothing else: play is the limit, for s → ∞, of the principal
logit equilibria in which every such player has the precision s and the others keep theirs. (For
each s all precisions rise in proportion, as always; where every player's is infinite, the limit is
that of one branch.) Such players answer best, and mix where they are indifferent as the branch
does: matching pennies stays at one half, a tie stays where it was.

**How.** The branch is followed to ever larger s (each `GROWTH` times the last). A rule tends to its
limit as a power series in 1/s where the player is indifferent, and faster where it is not; so the last six points are
extrapolated to 1/s = 0 (Richardson). When two extrapolations in a row agree within `AGREE`, the
limit has converged. A draw in which it does not, up to `MOST` logit units at stake, is out of steps;
one in which the branch is lost before is lost. The certificate then measures, independently, what
such a player could gain by another action, which must be nothing.

Source: McKelvey & Palfrey (1998), the limiting logit equilibrium; the extrapolation is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float

from backchannel.equilibrium.branch.follow import follow
from backchannel.equilibrium.branch.followed import Followed
from backchannel.equilibrium.types import Equilibrium, Method, Policies, Status, Task, largest_gap
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.game import Game

FIRST = 16.0
"""At the first point this much is at stake for the players of infinite precision, in logit units."""
MOST = 40_000.0
"""At the last at most this much."""
GROWTH = 1.5
"""From one point to the next."""
POINTS = 6
"""Points that are extrapolated."""
AGREE = 1e-7
"""Largest difference of two extrapolations in a row at which the limit has converged."""
CLOSE = 1e-5
"""Largest move in a sweep at a point on the way."""
NOTHING = 1e-9
"""A probability below this counts as 0 in the limit."""


def infinite_players(game: Game) -> frozenset[PlayerName]:
    """Players whose precision is infinite, in any draw."""
    owners = {decision.player for decision in game.diagram.decisions}
    return frozenset(p for p in owners if np.isinf(game.precision[p]).any())


def solve_limit(task: Task) -> Equilibrium:
    """Find the limit in every draw of a game with players of infinite precision.

    Args:
        task: The game; a player's precision is infinite in all draws or in none.
    """
    game, n = task.game, task.game.n_draws
    result = Equilibrium(
        policies={name: np.empty((n, *menu.shape[1:])) for name, menu in game.menus.items()},
        change=np.full(n, np.inf),
        sweeps=np.zeros(n, int),
        status=np.full(n, int(Status.OUT_OF_STEPS)),
        method=np.full(n, int(Method.LIMIT)),
        folds=np.zeros(n, int),
        crossings=np.zeros(n, int),
        branch_verified=np.zeros(n, bool),
    )
    left = np.arange(n)
    stake = _stake(game)
    points: list[tuple[float, Policies]] = []
    before: Policies = {}
    height = FIRST
    while len(left) and height <= MOST:
        point = _followed(_at(task, height / stake), left)
        for name, rule in point.policies.items():
            result.policies[name][left] = rule
        result.folds[left] = np.maximum(result.folds[left], point.folds)
        result.crossings[left] = np.maximum(result.crossings[left], point.crossings)
        points = [*points, (1.0 / height, point.policies)][-POINTS:]
        converged = np.zeros(len(left), dtype=bool)
        if len(points) == POINTS:
            now = _extrapolated(points)
            if before:
                gap = largest_gap(now, before)
                result.change[left] = gap
                converged = gap <= AGREE
                for name, rule in now.items():
                    result.policies[name][left[converged]] = rule[converged]
                result.status[left[converged]] = Status.CONVERGED
            before = now
        # Where players all but are indifferent, a sweep magnifies rounding by the precision, which
        # fails the path follower's own check; whether the limit converges shows the same and more.
        close = point.residual <= CLOSE
        lost = ~converged & ~(point.converged | close)
        result.status[left[lost]] = point.status[lost]
        keep = ~converged & ~lost
        left = left[keep]
        points = [(h, _rows(rules, keep)) for h, rules in points]
        before = _rows(before, keep)
        height *= GROWTH
    return result


def _followed(task: Task, draws: np.ndarray) -> Followed:
    """Follow the branch, in shorter steps where it is lost."""
    followed = follow(task, draws=draws)
    for care in (1, 2):
        lost = np.flatnonzero(~(followed.residual <= CLOSE))
        if not len(lost):
            break
        again = follow(task, draws=draws[lost], care=care)
        for name, rule in followed.policies.items():
            rule[lost] = again.policies[name]
        for name in ("residual", "status", "folds", "crossings"):
            getattr(followed, name)[lost] = getattr(again, name)
    return followed


def finite_stand_in(game: Game, height: float = FIRST) -> Game:
    """Put a precision at which so much is at stake (logit units) in the place of infinity."""
    return _at(Task(game), height / _stake(game)).game


def _at(task: Task, precision: Float[np.ndarray, " draw"]) -> Task:
    game = task.game
    finite = {p: np.where(np.isinf(v), precision, v) for p, v in game.precision.items()}
    return replace(task, game=replace(game, precision=finite), start=None)


def _stake(game: Game) -> Float[np.ndarray, " draw"]:
    """Most that a player of infinite precision has at stake, in utility units; 1 if nothing."""
    most = np.zeros(game.n_draws)
    for player in infinite_players(game):
        most = np.maximum(most, game.stake_of(player))
    return np.where(most > 0, most, 1.0)


def _extrapolated(points: list[tuple[float, Policies]]) -> Policies:
    """Put the polynomial in 1/s through some points and take it at 0 (Neville's scheme)."""
    at = [h for h, _ in points]
    limits = {}
    for name in points[0][1]:
        values = [np.array(rules[name]) for _, rules in points]
        for level in range(1, len(points)):
            values = [
                (at[i] * values[i + 1] - at[i + level] * values[i]) / (at[i] - at[i + level])
                for i in range(len(values) - 1)
            ]
        rule = np.where(values[0] < NOTHING, 0.0, values[0])
        limits[name] = rule / rule.sum(axis=-1, keepdims=True)
    return limits


def _rows(rules: Mapping[NodeName, np.ndarray], keep: Bool[np.ndarray, " draw"]) -> Policies:
    return {name: rule[keep] for name, rule in rules.items()}
