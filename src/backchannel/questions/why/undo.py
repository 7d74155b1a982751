"""Undo: the world with a set of causes undone, for many sets at once.

Causes are undone in the order of the days on which they become known. Players who are told on a day
replan from that day, with what has become known so far and nothing that comes later; earlier decisions
stand. So the play of a set of causes follows from the play of the set without its latest causes, and
each set is solved once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce

import numpy as np
from jaxtyping import Bool, Float

from backchannel.diagram.combine import combine_interventions
from backchannel.diagram.nodes import Derived
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.changed_models import announcement, plan_change
from backchannel.ensemble.ensemble import Ensemble, world_of
from backchannel.equilibrium.beliefs.play import Play
from backchannel.equilibrium.beliefs.replan import keep_rules, replan_all
from backchannel.language.names import NodeName, PlayerName
from backchannel.questions.why.sizes import claim_sets
from backchannel.tensors.inference import World

UNCHANGED_BELOW = 1e-9
"""A table that changes by less than this counts as unchanged: two solves agree no more closely."""
DRAWS_UNDONE_TOGETHER = 8192
"""Draws of changed worlds that are solved together, to bound memory."""

CauseSet = frozenset[str]
"""Names of the causes that are undone."""


@dataclass(frozen=True)
class UndoneWorld:
    """The world with some causes undone."""

    world: World
    """Where nothing changed, its tables are those of the factual world."""
    converged: Bool[np.ndarray, " draw"]
    deterministic: frozenset[NodeName]
    """Nodes without chance or choice: set by hand, or derived."""


def undo_all(
    ensemble: Ensemble,
    causes: Mapping[str, Intervention],
    sets: Sequence[CauseSet],
    *,
    progress: Callable[[int], None] | None = None,
) -> Iterator[tuple[CauseSet, UndoneWorld]]:
    """Undo each set of causes.

    Args:
        ensemble: The solved case.
        causes: Every cause by its name.
        sets: The sets to undo.
        progress: Called with the number of draws done after each chunk of each model.

    Returns:
        Each set with its world, smallest sets first.

    Raises:
        CommandError: A cause has no meaning in this case.
    """
    known = {name: announcement(ensemble.diagram, cause) for name, cause in causes.items()}
    unannounced = frozenset(name for name, (_, informed) in known.items() if not informed)
    claim_sets(len(sets), ensemble.n_draws, ensemble.play.models.truth.game.rule_cells)
    plays: dict[CauseSet, Play] = {frozenset(): ensemble.play}
    waiting = {cause_set - unannounced for cause_set in sets}
    while open_ := _with_predecessors(waiting, known) - plays.keys():
        ready = [cause_set for cause_set in open_ if _without_latest(cause_set, known) in plays]
        ready.sort(key=lambda cause_set: (len(cause_set), sorted(cause_set)))
        together = max(1, DRAWS_UNDONE_TOGETHER // ensemble.n_draws)
        for start in range(0, len(ready), together):
            batch = ready[start : start + together]
            predecessors = [plays[_without_latest(cause_set, known)] for cause_set in batch]
            changes = [
                _replanning(ensemble, causes, known, cause_set, before)
                for cause_set, before in zip(batch, predecessors, strict=True)
            ]
            plays |= zip(batch, replan_all(predecessors, changes, progress=progress), strict=True)
    for cause_set in sorted(sets, key=lambda cause_set: (len(cause_set), sorted(cause_set))):
        yield (
            cause_set,
            _as_undone(ensemble, causes, cause_set, unannounced, plays[cause_set - unannounced]),
        )


Known = Mapping[str, tuple[date, frozenset[PlayerName]]]


def _without_latest(cause_set: CauseSet, known: Known) -> CauseSet:
    """The causes of a set, except those that become known last."""
    last = max(known[name][0] for name in cause_set)
    return frozenset(name for name in cause_set if known[name][0] < last)


def _with_predecessors(sets: set[CauseSet], known: Known) -> set[CauseSet]:
    closed = set(sets)
    for cause_set in sets:
        while cause_set:
            cause_set = _without_latest(cause_set, known)
            closed.add(cause_set)
    return closed


def _replanning(
    ensemble: Ensemble,
    causes: Mapping[str, Intervention],
    known: Known,
    cause_set: CauseSet,
    before: Play,
):
    latest = cause_set - _without_latest(cause_set, known)
    since = max(known[name][0] for name in latest)
    informed = frozenset().union(*(known[name][1] for name in latest))
    return plan_change(
        ensemble,
        combined_causes(causes, cause_set),
        since=since,
        told=informed,
        rules=before.policies,
    )


def combined_causes(causes: Mapping[str, Intervention], cause_set: CauseSet) -> Intervention:
    """Combine the changes of a set of causes, in the order of the list."""
    return reduce(
        combine_interventions, (cause for name, cause in causes.items() if name in cause_set)
    )


def _as_undone(
    ensemble: Ensemble,
    causes: Mapping[str, Intervention],
    cause_set: CauseSet,
    unannounced: CauseSet,
    play: Play,
) -> UndoneWorld:
    models, policies = play.models, play.policies
    if cause_set & unannounced:
        # An unannounced change affects what happens, although nobody replans for it.
        combined = combined_causes(causes, cause_set)
        models, kept = plan_change(
            ensemble, combined, since=date.min, told=frozenset(), rules=play.policies
        )
        policies = keep_rules(play, models, kept).policies
    world = world_of(models.truth, policies)
    tables = {
        name: same_or_new(ensemble.world.tables[name], table)
        for name, table in world.tables.items()
    }
    by_hand = {name for cause in cause_set for name in causes[cause].do}
    derived = {node.name for node in world.diagram.nodes if isinstance(node, Derived)}
    return UndoneWorld(
        world=replace(world, tables=tables),
        converged=ensemble.converged & play.converged,
        deterministic=frozenset(by_hand | derived),
    )


def same_or_new(
    old: Float[np.ndarray, "draw ..."], new: Float[np.ndarray, "draw ..."]
) -> Float[np.ndarray, "draw ..."]:
    """The old table where nothing changed, so that other code sees by identity what did."""
    if new is old or (
        new.shape[1:] == old.shape[1:] and np.abs(new - old).max() <= UNCHANGED_BELOW
    ):
        return old
    return new
