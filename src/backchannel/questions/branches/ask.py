"""Branches: the principal branch of one draw, and all equilibria that a search finds.

Both are computed in the true case. Players with wrong beliefs keep the rules that they planned in their
own models, and players with a level keep the rules of their level; the other players respond to these.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from backchannel.ensemble.certificate import crossed_draws
from backchannel.ensemble.ensemble import Ensemble
from backchannel.equilibrium.branch.crossed import is_crossed
from backchannel.equilibrium.branch.follow import follow
from backchannel.equilibrium.branch.followed import Followed
from backchannel.equilibrium.branch.several import Found, search
from backchannel.equilibrium.limit.limit import finite_stand_in, infinite_players
from backchannel.equilibrium.reasoning.mixed import by_who_has_a_level
from backchannel.equilibrium.types import Status, Task
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, PlayerName, did_you_mean
from backchannel.questions.branches.results import Branch, Equilibria
from backchannel.tensors.game import Game

SEARCH_STARTS = 24
"""Starts of a search, in each draw."""


def principal_branch(
    ensemble: Ensemble, draw: int, *, until: float = 1.0, nodes: Sequence[NodeName] = ()
) -> Branch:
    """Follow one draw's principal branch and keep its points.

    Args:
        ensemble: The solved case.
        draw: Which draw.
        until: Where to stop: the multiple of every player's own precision.
        nodes: Decisions that will be shown; here they are only checked.

    Raises:
        CommandError: There is no such draw or decision.
    """
    decisions = [d.name for d in ensemble.diagram.decisions]
    for node in nodes:
        if node not in decisions:
            raise CommandError(
                f"No decision is called '{node}'."
                f"{did_you_mean(str(node), decisions)} The decisions are: {', '.join(decisions)}."
            )
    if not 0 <= draw < ensemble.n_draws:
        raise CommandError(f"There is no draw {draw}: draws are 0 to {ensemble.n_draws - 1}.")
    game, held = _true_game(ensemble)
    ((with_level, _),) = by_who_has_a_level(game, np.array([draw]))
    held |= _rules_of(ensemble, with_level)
    stand_in = infinite_players(game)
    finite = finite_stand_in(game) if stand_in else game
    raised = _scale_precision(finite, until)
    task = Task(raised, held=held)
    followed = follow(task, draws=np.array([draw]), trace=True)
    assert followed.trace is not None
    trace = followed.trace[0]
    policies = {
        d.name: trace.policies[d.name]
        if d.name in trace.policies
        else np.broadcast_to(held[d.name][draw], (len(trace.t), *held[d.name].shape[1:]))
        for d in ensemble.diagram.decisions
    }
    t = trace.t * until
    turns = np.flatnonzero(np.diff(np.sign(np.diff(t))) != 0) + 1
    owners = {d.player for d in ensemble.diagram.decisions}
    return Branch(
        diagram=ensemble.diagram,
        draw=draw,
        t=t,
        precision={p: t * v[draw] for p, v in finite.precision.items() if p in owners},
        policies=policies,
        folds=tuple(turns.tolist()),
        status=Status(int(followed.status[0])),
        crossed=_is_crossed(task, followed),
        stand_in=stand_in,
        kept=frozenset(d.player for d in ensemble.diagram.decisions if d.name in held),
    )


def find_equilibria(
    ensemble: Ensemble,
    *,
    several: bool = False,
    starts: int = SEARCH_STARTS,
    draws: int | None = None,
    seed: int = 0,
) -> Equilibria:
    """List the principal logit equilibrium of each draw, and search for others if `several`.

    Args:
        ensemble: The solved case.
        several: Whether to search for other equilibria, from a schedule of starts (`starts`).
        starts: Starts in each draw.
        draws: How many draws to use, from the first; default: all.
        seed: The same seed gives the same starts.

    Raises:
        CommandError: A player's precision is infinite.
    """
    game, held = _true_game(ensemble)
    if several and infinite_players(game):
        raise CommandError(
            "A search for other equilibria needs finite precisions. Give "
            f"{', '.join(sorted(infinite_players(game)))} a number as precision."
        )
    used = np.flatnonzero(ensemble.converged)
    used = used if draws is None else used[:draws]
    policies = ensemble.play.policies
    if several:
        parts = [
            search(
                Task(game, held={**held, **_rules_of(ensemble, with_level)}),
                draws=some,
                known=policies,
                starts=starts,
                seed=seed,
            )
            for with_level, some in by_who_has_a_level(game, used)
        ]
        equilibria = parts[0] if len(parts) == 1 else _in_order(parts)
    else:
        plays = tuple(
            ({name: np.asarray(rule[draw]) for name, rule in policies.items()},)
            for draw in used.tolist()
        )
        equilibria = Found(used, plays, by_newton=False)
    crossed = crossed_draws(ensemble)[used]
    return Equilibria(
        ensemble.diagram, used, equilibria, ensemble.play.actual, crossed, several, starts
    )


def _true_game(ensemble: Ensemble) -> tuple[Game, dict[NodeName, np.ndarray]]:
    """The true game, and the rules that players with wrong beliefs planned in their models."""
    play = ensemble.play
    erring = set(play.models.believed)
    held = {d.name: play.policies[d.name] for d in ensemble.diagram.decisions if d.player in erring}
    return play.models.truth.game, held


def _rules_of(ensemble: Ensemble, players: Collection[PlayerName]) -> dict[NodeName, np.ndarray]:
    """The rules of some players, in every draw."""
    rules = ensemble.play.policies
    return {d.name: rules[d.name] for d in ensemble.diagram.decisions if d.player in players}


def _in_order(parts: Sequence[Found]) -> Found:
    """One result of several groups of draws, in the order of the draws."""
    plays = {
        draw: play
        for part in parts
        for draw, play in zip(part.draws.tolist(), part.plays, strict=True)
    }
    draws = np.array(sorted(plays))
    return Found(draws, tuple(plays[d] for d in draws.tolist()), all(p.by_newton for p in parts))


def _is_crossed(task: Task, followed: Followed) -> bool:
    if followed.crossings[0] > 0 or not followed.converged[0]:
        return bool(followed.crossings[0] > 0)
    return bool(is_crossed(task, followed.policies, followed.draws, followed.trace)[0])


def _scale_precision(game: Game, factor: float) -> Game:
    return replace(game, precision={p: factor * v for p, v in game.precision.items()})
