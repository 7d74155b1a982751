"""Certificate: residual and regret of given play, worked out independently and in another way.

The solver reads the nodes backwards and forms beliefs; this module does neither. It writes each
player's expected utility as one sum over everything that can happen and differentiates it: play is
multilinear in the rules, so the derivative by σ_d(a | c) is P(c) Q_d(c, a), and the derivative of
the total probability 1 is P(c) (`derivatives`). Only the game's tables are shared with the solver.

Where little is open at any time, as in nearly every case, a walk through the nodes (`walk`)
gives the same derivatives without compiling anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.equilibrium.certificate.derivatives import derivative_inputs, derivative_program
from backchannel.equilibrium.certificate.size import draws_at_once
from backchannel.equilibrium.certificate.walk import is_narrow, walk_of, walked
from backchannel.equilibrium.types import Policies
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.game import Game

TIE = 1e-5
"""Actions whose worths differ by less, relative to the best's (at least 1), count as tied at infinite
precision: a limit is known to some digits."""
CHUNK = 256
"""Draws that go through the compiled program at once."""


@dataclass(frozen=True)
class Certificate:
    """How far given play is from equilibrium play, in every draw."""

    residual: Float[np.ndarray, " draw"]
    """Largest gap, over the free decisions and the contexts that can be reached, between a rule
    and the logit response to everyone's rules; at infinite precision the most that is played of
    what is not a best reply."""
    regret: Mapping[PlayerName, Float[np.ndarray, " draw"]]
    """The most that one of a player's decisions could gain, in λ · expected utility + entropy,
    which logit play maximises (nats); at infinite precision in expected utility itself."""
    loss: Mapping[PlayerName, Float[np.ndarray, " draw"]]
    """The most that one of a player's decisions gives up against best replies (utility units);
    it is not 0 at equilibrium, because logit play is not best reply."""


def certify(
    game: Game,
    policies: Policies,
    *,
    free: frozenset[NodeName],
    available: Mapping[NodeName, Bool[np.ndarray, " action"]] | None = None,
    draws: Int[np.ndarray, " some"] | None = None,
) -> Certificate:
    """Work out the residual and the regret of given play.

    Args:
        game: The game that is played.
        policies: Everyone's rules.
        free: Decisions whose rules should be logit responses; the others were held. Of players who
            have a level in some draws, only the other draws count.
        available: For a decision, the actions that are on the menu at all.
        draws: Which draws to look at; all, if left out. The result follows this order.

    Source: McKelvey & Palfrey (1998) for logit play as the maximum of payoff plus entropy.
    """
    chosen = np.arange(game.n_draws) if draws is None else draws
    n = len(chosen)
    residual = np.zeros(n)
    regret = {player: np.zeros(n) for player in game.diagram.players}
    loss = {player: np.zeros(n) for player in game.diagram.players}
    for rows, padded, values, reach in portions(game, policies, chosen):
        for decision in game.diagram.decisions:
            if decision.name not in free:
                continue
            judged = judge_rule(
                game, decision.name, policies, values, reach, padded, available or {}
            )
            gap, gain, given_up = (part[: len(rows)] for part in judged)
            owner = decision.player
            if owner in game.types:
                # Who plays a level answers what it believes; see `certify_levels`.
                is_level = game.types[owner].level[chosen[rows]] >= 0
                gap, gain, given_up = (np.where(is_level, 0.0, p) for p in (gap, gain, given_up))
            residual[rows] = np.maximum(residual[rows], gap)
            regret[owner][rows] = np.maximum(regret[owner][rows], gain)
            loss[owner][rows] = np.maximum(loss[owner][rows], given_up)
    return Certificate(residual, regret, loss)


def portions(
    game: Game, policies: Policies, chosen: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray, Mapping[NodeName, Any], Mapping[NodeName, Any]]]:
    """Yield some rows at a time: which, their draws (padded), P(c) Q(c, a) and P(c).

    Args:
        game: The game.
        policies: Everyone's rules.
        chosen: The draws; rows are positions in it.
    """
    n = len(chosen)
    if is_narrow(game):
        walk = walk_of(game)
        for some in walk.chunks(n):
            rows = np.arange(n)[some]
            yield (rows, chosen[rows], *walked(game, walk, policies, chosen[rows]))
        return
    together = draws_at_once(game, CHUNK)
    program = derivative_program(game)
    with jax.enable_x64(True):
        for start in range(0, n, together):
            rows = np.arange(start, min(start + together, n))
            padded = np.concatenate([chosen[rows], np.full(together - len(rows), chosen[rows[-1]])])
            yield (rows, padded, *program(derivative_inputs(game, policies, padded)))


def judge_rule(
    game: Game,
    name: NodeName,
    policies: Policies,
    values: Mapping[NodeName, Any],
    reach: Mapping[NodeName, Any],
    draws: np.ndarray,
    available: Mapping[NodeName, np.ndarray],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compare a rule with the response to some values: the gap, the gain in nats, the loss in utility.

    Args:
        game: The game.
        name: The decision.
        policies: Rules, of this decision at least.
        values: P(c) Q(c, a), by decision.
        reach: P(c), by decision.
        draws: The draws that `values` and `reach` are of.
        available: Actions that are on the menu at all, where some are not.
    """
    rule = policies[name][draws]
    menu = np.broadcast_to(game.menus[name], rule.shape)
    if name in available:
        narrowed = menu & np.asarray(available[name])
        menu = np.where(narrowed.any(axis=-1, keepdims=True), narrowed, menu)
    # Every action of a context has the same reach, but for rounding.
    prob = np.asarray(reach[name]).max(axis=-1)
    can_happen = prob > 0
    worth = np.asarray(values[name]) / np.where(can_happen, prob, 1.0)[..., None]
    along = (-1, *(1,) * (worth.ndim - 1))
    # As its owner sees it from the decision's own round.
    worth = worth * game.scale[name][draws].reshape(along)
    lam = game.lambda_at(name)[draws].reshape(along)
    best = np.where(menu, worth, -np.inf).max(axis=-1)
    plain = best - (rule * np.where(menu, worth, 0.0)).sum(axis=-1)
    axes = tuple(range(1, can_happen.ndim))
    given_up = (prob * plain).sum(axis=axes)
    if np.isinf(lam).any():
        # In the limit nothing that is worse is done, and what is gained by another action is 0.
        worse = menu & (best[..., None] - worth > TIE * (1.0 + np.abs(best))[..., None])
        gap = np.where(can_happen, (rule * worse).sum(axis=-1), 0.0)
        return gap.max(axis=axes) if axes else gap, given_up, given_up
    scaled = np.where(menu, lam * worth, -np.inf)
    top = scaled.max(axis=-1, keepdims=True)
    weights = np.exp(scaled - top)
    response = weights / weights.sum(axis=-1, keepdims=True)
    gap = np.where(can_happen, np.abs(rule - response).max(axis=-1), 0.0)
    most = top[..., 0] + np.log(weights.sum(axis=-1))
    logs = np.log(np.where(rule > 0, rule, 1.0))
    safe = np.where(menu, lam * worth, 0.0)
    now = (rule * safe).sum(axis=-1) - (rule * logs).sum(axis=-1)
    return (
        gap.max(axis=axes) if axes else gap,
        (prob * np.maximum(most - now, 0.0)).sum(axis=axes),
        given_up,
    )


def check_room(game: Game) -> None:
    """Check that play of a game can be certified in the memory that is left.

    Raises:
        TooLargeError: It cannot; the nodes that make it large are named.
    """
    if not is_narrow(game):
        draws_at_once(game, CHUNK)
