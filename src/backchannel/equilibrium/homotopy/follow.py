"""Follow the principal branch of every draw to the draw's own precisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import jax
import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.equilibrium.homotopy.frame import Frame, frame_of
from backchannel.equilibrium.homotopy.lanes import sources
from backchannel.equilibrium.homotopy.reduction import Part, reduce_game
from backchannel.equilibrium.homotopy.residual import all_rules
from backchannel.equilibrium.homotopy.run import Ends, Job, run
from backchannel.equilibrium.homotopy.step import Stage
from backchannel.equilibrium.homotopy.verify import check
from backchannel.equilibrium.result import Policies, Status
from backchannel.equilibrium.sweep import Tables, game_tables
from backchannel.equilibrium.task import Task
from backchannel.names import NodeName

LOOKED_AT = 8
"""Draws by which contexts are found equivalent."""
AT_ONCE = 256
"""Draws whose rules are written out together, or more if these have fewer than `FEW` cells."""
FEW = 50_000
SMALL = 8
"""Unknowns up to which steps are short from the start: exact symmetries, at which branches cross, are
found in small games of textbooks, and a long step may take the wrong turn there."""
STAKE = 4.0
"""Logit units at stake for each unit of the path's length."""
EXACT_POINTS = 65
"""Points of a branch that need not be followed."""
FLAT = 1e-6
"""Slope of τ along the branch at its end below which the end is near a fold."""
WRONG = 1e-10
"""Largest residual at the end of a branch, on the game itself, with which a draw is converged."""


@dataclass(frozen=True)
class Trace:
    """The branch of one draw, point by point."""

    t: Float[np.ndarray, " point"]
    """Share of its own precision that every player has there; it runs back after a fold."""
    policies: dict[NodeName, Float[np.ndarray, "point ..."]]
    """Every free decision's rule; axes: point, what it sees in order of time, action."""


@dataclass(frozen=True)
class Followed:
    """The end of the principal branch in every draw that was asked for, in that order."""

    draws: Int[np.ndarray, " some"]
    policies: dict[NodeName, Float[np.ndarray, "some ..."]]
    """Every decision's rule, those that were held included."""
    residual: Float[np.ndarray, " some"]
    """Largest gap between a rule and the answer to the others', on the game itself."""
    status: Int[np.ndarray, " some"]
    """`Status` of each draw."""
    folds: Int[np.ndarray, " some"]
    """How often the branch turned back on its way, over all parts that fold by themselves."""
    steps: Int[np.ndarray, " some"]
    """Steps that were taken or tried, over all parts."""
    trace: tuple[Trace, ...] | None = None
    """The branch of each draw, where it was asked for."""

    @property
    def converged(self) -> Bool[np.ndarray, " some"]:
        """Draws whose play may be used."""
        return self.status == Status.CONVERGED


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
    whole = _Whole(task)
    with jax.enable_x64(True):
        found, landed = _followed(whole, chosen, trace=trace, care=care, quotient=True)
        wrong = np.flatnonzero(landed & ~(found.residual <= WRONG))
        if len(wrong):
            # Contexts that are alike in the draws that were looked at may differ in these.
            again, _ = _followed(whole, chosen[wrong], trace=trace, care=care, quotient=False)
            found = _replaced(found, wrong, again)
    return found


class _Whole:
    """The game as the path follower takes it."""

    def __init__(self, task: Task) -> None:
        game = task.game
        self.task, self.game = task, game
        self.tables: Tables = game_tables(game, held=task.held, available=task.available)
        self.frame: Frame = frame_of(
            game.diagram, [(term.player, term.scope) for term in game.terms], task.held
        )

    def length(self, draws: np.ndarray) -> Float[np.ndarray, " some"]:
        """Length of the path: the most that a player has at stake, in logit units."""
        longest = np.zeros(len(draws))
        for name, player in self.frame.owner.items():
            stake = np.zeros(1)
            for term in self.game.terms:
                if term.player == player:
                    flat = term.worth.reshape(len(term.worth), -1)
                    stake = stake + flat.max(axis=1) - flat.min(axis=1)
            stake = np.broadcast_to(stake, (self.game.n_draws,))[draws]
            longest = np.maximum(longest, self.game.precision_at(name)[draws] * stake)
        return longest / STAKE


def _followed(
    whole: _Whole, draws: np.ndarray, *, trace: bool, care: int, quotient: bool
) -> tuple[Followed, Bool[np.ndarray, " some"]]:
    """Follow every part; also say in which draws all of them landed."""
    game, tables, frame = whole.game, whole.tables, whole.frame
    some = np.random.default_rng(1).choice(draws, min(LOOKED_AT, len(draws)), replace=False)
    parts = reduce_game(frame, tables, some, quotient=quotient, joint=trace)
    policies = {}
    for name, menu in tables["menu"].items():
        rule = np.broadcast_to(
            menu / menu.sum(axis=-1, keepdims=True), (len(draws), *menu.shape[1:])
        )
        policies[name] = np.array(rule)
        if name in whole.task.held:
            policies[name][...] = tables["rule"][name][draws]
    status = np.full(len(draws), int(Status.CONVERGED))
    folds, steps = np.zeros(len(draws), int), np.zeros(len(draws), int)
    length = whole.length(draws)
    traces = None
    for part in parts:
        job = _job(whole, part, draws, length, care)
        ends = run(job, trace=trace)
        _fill(policies, part, job, ends)
        per = (len(draws), part.slices.shape[1])
        folds += ends.folds.reshape(per).sum(axis=1)
        steps += ends.steps.reshape(per).sum(axis=1)
        status = np.maximum(status, _status(ends).reshape(per).max(axis=1))
        if ends.way is not None:
            traces = tuple(
                _trace(job, lane, ends.way[lane], whole.tables["menu"])
                for lane in range(len(draws))
            )
    followed = frozenset(name for part in parts for name in part.frame.owner)
    policies, residual = check(game, tables, policies, followed, draws)
    landed = (status == Status.CONVERGED) | (status == Status.NEAR_FOLD)
    status = np.where(landed & ~(residual <= WRONG), Status.LOST_PATH, status)
    policies.update({name: tables["rule"][name][draws] for name in whole.task.held})
    found = Followed(draws, policies, residual, status, folds, steps, traces)
    return found, landed


def _status(ends: Ends) -> Int[np.ndarray, " job"]:
    known = {
        Stage.LANDED: Status.CONVERGED,
        Stage.LOST: Status.LOST_PATH,
        Stage.NOT_FINITE: Status.NOT_FINITE,
    }
    status = np.array([known.get(Stage(s), Status.OUT_OF_STEPS) for s in ends.stage.tolist()], int)
    return np.where((status == Status.CONVERGED) & (ends.flat < FLAT), Status.NEAR_FOLD, status)


def _job(whole: _Whole, part: Part, draws: np.ndarray, length: np.ndarray, care: int) -> Job:
    """Lay out one lane for each draw and slice, the slices of a draw together."""
    n_slices = part.slices.shape[1]
    each = np.repeat(np.arange(len(draws)), n_slices)
    keys = all_rules(part).keys
    lengths = length[each]
    return Job(
        part=part,
        found=sources(part.frame, whole.tables, part.public, keys),
        draws=draws[each],
        slices=part.slices[:, np.tile(np.arange(n_slices), len(draws))],
        length=lengths,
        ratio={
            name: whole.game.precision_at(name)[draws][each] / np.where(lengths > 0, lengths, 1.0)
            for name in part.frame.owner
        },
        care=max(care, 1) if part.n_unknowns <= SMALL else care,
    )


def _fill(policies: Policies, part: Part, job: Job, ends: Ends) -> None:
    """Write the rules of a part out, in all contexts of the game."""
    n_slices = part.slices.shape[1]
    cells = sum(rule[0].size for rule in policies.values())
    together = max(AT_ONCE, FEW // cells) * n_slices
    for first in range(0, len(job.draws), together):
        lanes = np.arange(first, min(first + together, len(job.draws)))
        rules = _rules(job, lanes, ends.x[:, lanes], job.length[lanes])
        rows = lanes[::n_slices] // n_slices
        for name, rule in rules.items():
            for s in range(n_slices):
                fixed = dict(zip(part.public, part.slices[:, s].tolist(), strict=True))
                where = (
                    slice(fixed[p], fixed[p] + 1) if p in fixed else slice(None)
                    for p in part.frame.parents[name]
                )
                policies[name][(rows, *where)] = _in_full(part.frame, name, rule[..., s::n_slices])


def _trace(job: Job, lane: int, way: list[tuple[float, np.ndarray]], menus: Mapping) -> Trace:
    """Work out every rule at each point of one draw's branch."""
    tau = np.array([tau for tau, _ in way])
    x = np.stack([x for _, x in way], axis=-1)
    if not len(x):
        # Nobody needs anybody: there is a point for every share of the precisions.
        tau = np.linspace(0.0, job.length[lane], EXACT_POINTS)
        x = np.zeros((0, EXACT_POINTS))
    rules = _rules(job, np.full(len(tau), lane), x, tau)
    policies = {}
    for name, rule in rules.items():
        full = _in_full(job.part.frame, name, rule)
        policies[name] = np.array(np.broadcast_to(full, (len(tau), *menus[name].shape[1:])))
    length = job.length[lane]
    return Trace(tau / length if length > 0 else tau, policies)


def _rules(
    job: Job, lanes: np.ndarray, x: np.ndarray, tau: np.ndarray
) -> dict[NodeName, np.ndarray]:
    """Every rule of a part at some points; the lane is the last axis."""
    residual = all_rules(job.part)
    draws, slices = job.draws[lanes], job.slices[:, lanes]
    given = {key: source.take(draws, slices) for key, source in job.found.items()}
    ratio = {decision: values[lanes] for decision, values in job.ratio.items()}
    return residual.rules(x, tau, residual.prepare(given), ratio)


def _in_full(frame: Frame, name: NodeName, rule: np.ndarray) -> Float[np.ndarray, "lane ..."]:
    """Give a rule an axis for each parent that it does not depend on, and the lane first."""
    first = np.moveaxis(rule, -1, 0)
    unused = [i + 1 for i, p in enumerate(frame.parents[name]) if p not in frame.sees(name)]
    return np.expand_dims(first, unused)


def _replaced(found: Followed, rows: np.ndarray, other: Followed) -> Followed:
    """Take some draws from another attempt."""
    policies = {name: rule.copy() for name, rule in found.policies.items()}
    for name, rule in policies.items():
        rule[rows] = other.policies[name]
    changed = {}
    for field in ("residual", "status", "folds", "steps"):
        changed[field] = getattr(found, field).copy()
        changed[field][rows] = getattr(other, field)
    trace = found.trace
    if trace is not None and other.trace is not None:
        again = dict(zip(rows.tolist(), other.trace, strict=True))
        trace = tuple(again.get(i, one) for i, one in enumerate(trace))
    return replace(found, policies=policies, trace=trace, **changed)
