"""Undo: the world with a set of causes undone, for many sets at once.

Causes are undone in the order of the days on which they become known. Whoever is told on a day
plans anew from then on, knowing what has become known up to that day and nothing that comes later;
what was decided before that day stands. So a set of causes is the set without its latest ones,
changed once more, and every set is solved once, from the play of a smaller one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce

import numpy as np
from jaxtyping import Bool, Float

from backchannel.diagram.nodes import Derived
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.changed_models import announcement, plan_change
from backchannel.ensemble.ensemble import Ensemble, world_of
from backchannel.equilibrium.play import Play, keep_rules, replan_all
from backchannel.language.names import NodeName, PlayerName
from backchannel.machine.memory import NUMBER, claim
from backchannel.questions.claims.ask import merge
from backchannel.tensors.inference import World

STILL = 1e-9
"""A table that moves less than this was not changed: two solves agree no better."""
LANES_TOGETHER = 8192
"""Draws of changed worlds that are solved together, which bounds the memory they take."""

Sets = frozenset[str]
"""Names of the causes undone."""


@dataclass(frozen=True)
class Undone:
    """The world with some causes undone."""

    world: World
    """Its tables are those of the factual world wherever nothing changed."""
    converged: Bool[np.ndarray, " draw"]
    settled: frozenset[NodeName]
    """Nodes that chance and choice have no part in: set by hand, or derived."""


def undo_all(
    ensemble: Ensemble,
    causes: Mapping[str, Intervention],
    sets: Sequence[Sets],
    *,
    progress: Callable[[int], None] | None = None,
) -> Iterator[tuple[Sets, Undone]]:
    """Undo each set of causes.

    Args:
        ensemble: The solved case.
        causes: Every cause by its name.
        sets: Which to undo together.
        progress: Called with the number of draws done after each chunk of each model.

    Returns:
        Each set with its world, small sets first.

    Raises:
        CommandError: A cause asks for something that has no meaning.
    """
    known = {name: announcement(ensemble.diagram, cause) for name, cause in causes.items()}
    silent = frozenset(name for name, (_, told) in known.items() if not told)
    claim(
        NUMBER * len(sets) * ensemble.n_draws * ensemble.play.models.truth.game.rule_cells,
        f"The rules of {len(sets):,} sets of causes in {ensemble.n_draws:,} draws",
        "Ask about fewer causes, or take fewer draws (--draws).",
    )
    plays: dict[Sets, Play] = {frozenset(): ensemble.play}
    waiting = {some - silent for some in sets}
    while open_ := _with_earlier(waiting, known) - plays.keys():
        ready = [some for some in open_ if _earlier(some, known) in plays]
        ready.sort(key=lambda some: (len(some), sorted(some)))
        together = max(1, LANES_TOGETHER // ensemble.n_draws)
        for start in range(0, len(ready), together):
            batch = ready[start : start + together]
            met = [plays[_earlier(some, known)] for some in batch]
            changes = [
                _replanning(ensemble, causes, known, some, before)
                for some, before in zip(batch, met, strict=True)
            ]
            plays |= zip(batch, replan_all(met, changes, progress=progress), strict=True)
    for some in sorted(sets, key=lambda some: (len(some), sorted(some))):
        yield some, _as_undone(ensemble, causes, some, silent, plays[some - silent])


Known = Mapping[str, tuple[date, frozenset[PlayerName]]]


def _earlier(some: Sets, known: Known) -> Sets:
    """The causes of a set but those that become known last."""
    last = max(known[name][0] for name in some)
    return frozenset(name for name in some if known[name][0] < last)


def _with_earlier(sets: set[Sets], known: Known) -> set[Sets]:
    found = set(sets)
    for some in sets:
        while some:
            some = _earlier(some, known)
            found.add(some)
    return found


def _replanning(
    ensemble: Ensemble,
    causes: Mapping[str, Intervention],
    known: Known,
    some: Sets,
    before: Play,
):
    latest = some - _earlier(some, known)
    since = max(known[name][0] for name in latest)
    told = frozenset().union(*(known[name][1] for name in latest))
    return plan_change(
        ensemble, merged(causes, some), since=since, told=told, rules=before.policies
    )


def merged(causes: Mapping[str, Intervention], some: Sets) -> Intervention:
    """Everything that a set of causes changes, in the order in which the causes are listed."""
    return reduce(merge, (cause for name, cause in causes.items() if name in some))


def _as_undone(
    ensemble: Ensemble, causes: Mapping[str, Intervention], some: Sets, silent: Sets, play: Play
) -> Undone:
    models, policies = play.models, play.policies
    if some & silent:
        # Whatever was kept quiet changes what happens, though nobody plans with it.
        whole = merged(causes, some)
        models, kept = plan_change(
            ensemble, whole, since=date.min, told=frozenset(), rules=play.policies
        )
        policies = keep_rules(play, models, kept).policies
    world = world_of(models.truth, policies)
    tables = {
        name: _same_or_new(ensemble.world.tables[name], table)
        for name, table in world.tables.items()
    }
    by_hand = {name for cause in some for name in causes[cause].do}
    derived = {node.name for node in world.diagram.nodes if isinstance(node, Derived)}
    return Undone(
        world=replace(world, tables=tables),
        converged=ensemble.converged & play.converged,
        settled=frozenset(by_hand | derived),
    )


def _same_or_new(
    old: Float[np.ndarray, "draw ..."], new: Float[np.ndarray, "draw ..."]
) -> Float[np.ndarray, "draw ..."]:
    if new is old or (new.shape[1:] == old.shape[1:] and np.abs(new - old).max() <= STILL):
        return old
    return new
