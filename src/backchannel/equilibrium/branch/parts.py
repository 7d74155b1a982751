"""Follow the branch part by part, each in lanes of its own, by a compiled program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from backchannel.equilibrium.branch.context import GameContext
from backchannel.equilibrium.branch.followed import Arrival, Trace, status_of
from backchannel.equilibrium.branch.lane import at_least
from backchannel.equilibrium.branch.lane_tables import lane_tables
from backchannel.equilibrium.branch.reduction import Part
from backchannel.equilibrium.branch.residual import all_rules
from backchannel.equilibrium.branch.run import BranchJob, follow_job
from backchannel.equilibrium.frame import Frame
from backchannel.equilibrium.types import Policies, Status
from backchannel.language.names import NodeName

AT_ONCE = 256
"""Draws whose rules are written out together, at least."""
CELLS = 50_000
"""Cells of rules that are written out together, where `AT_ONCE` draws have fewer."""
EXACT_POINTS = 65
"""Points of a branch that need not be followed."""


def follow_parts(
    context: GameContext,
    draws: Int[np.ndarray, " some"],
    parts: Sequence[Part],
    *,
    trace: bool,
    care: int,
) -> Arrival:
    """Follow every part of a game to its end.

    Args:
        context: The game.
        draws: Which draws.
        parts: Its parts; all free decisions are one, if the way is noted.
        trace: Whether to note the way.
        care: How short the steps are at first.
    """
    policies = context.unplayed(draws)
    status = np.full(len(draws), int(Status.CONVERGED))
    folds, crossings, steps = np.zeros((3, len(draws)), int)
    length = context.length(draws)
    traces = None
    for part in parts:
        job = job_of(context, part, draws, length, care)
        ends = follow_job(job, trace=trace)
        fill_rules(policies, job, ends.x)
        per = (len(draws), part.slices.shape[1])
        folds += ends.folds.reshape(per).sum(axis=1)
        crossings += ends.crossings.reshape(per).sum(axis=1)
        steps += ends.steps.reshape(per).sum(axis=1)
        status = np.maximum(status, status_of(ends.stage, ends.flat).reshape(per).max(axis=1))
        if ends.way is not None:
            traces = tuple(
                _trace(job, lane, ends.way[lane], context.tables["menu"])
                for lane in range(len(draws))
            )
    followed = frozenset(name for part in parts for name in part.frame.owner)
    return Arrival(policies, followed, status, folds, crossings, steps, traces)


def job_of(
    context: GameContext, part: Part, draws: np.ndarray, length: np.ndarray, care: int
) -> BranchJob:
    """Put a part into lanes, one for each draw and slice, the slices of a draw together."""
    n_slices = part.slices.shape[1]
    each = np.repeat(np.arange(len(draws)), n_slices)
    keys = all_rules(part).keys
    lengths = length[each]
    return BranchJob(
        part=part,
        tables=lane_tables(part.frame, context.tables, part.public, keys),
        draws=draws[each],
        slices=part.slices[:, np.tile(np.arange(n_slices), len(draws))],
        length=lengths,
        ratio={
            name: context.game.precision_at(name)[draws][each] / np.where(lengths > 0, lengths, 1.0)
            for name in part.frame.owner
        },
        care=at_least(care, part.n_unknowns),
    )


def fill_rules(policies: Policies, job: BranchJob, x: Float[np.ndarray, "unknown job"]) -> None:
    """Write the rules of a part at the ends of its paths out, in all contexts of the game."""
    part = job.part
    n_slices = part.slices.shape[1]
    cells = sum(rule[0].size for rule in policies.values())
    together = max(AT_ONCE, CELLS // cells) * n_slices
    for first in range(0, len(job.draws), together):
        lanes = np.arange(first, min(first + together, len(job.draws)))
        rules = _rules(job, lanes, x[:, lanes], job.length[lanes])
        rows = lanes[::n_slices] // n_slices
        for name, rule in rules.items():
            for s in range(n_slices):
                fixed = dict(zip(part.public, part.slices[:, s].tolist(), strict=True))
                where = (
                    slice(fixed[p], fixed[p] + 1) if p in fixed else slice(None)
                    for p in part.frame.parents[name]
                )
                policies[name][(rows, *where)] = _in_full(part.frame, name, rule[..., s::n_slices])


def _trace(
    job: BranchJob, lane: int, way: list[tuple[float, np.ndarray]], menus: Mapping[Any, Any]
) -> Trace:
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
    job: BranchJob, lanes: np.ndarray, x: np.ndarray, tau: np.ndarray
) -> dict[NodeName, np.ndarray]:
    """Every rule of a part at some points; the lane is the last axis."""
    residual = all_rules(job.part)
    draws, slices = job.draws[lanes], job.slices[:, lanes]
    given = {key: source.take(draws, slices) for key, source in job.tables.items()}
    ratio = {decision: values[lanes] for decision, values in job.ratio.items()}
    return residual.rules(x, tau, residual.prepare(given), ratio)


def _in_full(frame: Frame, name: NodeName, rule: np.ndarray) -> Float[np.ndarray, "lane ..."]:
    """Give a rule an axis for each parent that it does not depend on, and put the lane first."""
    first = np.moveaxis(rule, -1, 0)
    unused = [i + 1 for i, p in enumerate(frame.parents[name]) if p not in frame.sees(name)]
    return np.expand_dims(first, unused)
