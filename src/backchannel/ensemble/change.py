"""Changed worlds: an intervention made in every draw, with those who learn of it planning again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from jaxtyping import Bool

from backchannel.diagram.beliefs import Observation
from backchannel.diagram.surgery import Intervention, first_change
from backchannel.ensemble.changed_models import announcement, plan_change
from backchannel.ensemble.ensemble import Ensemble, world_of
from backchannel.ensemble.evidence import entries_before
from backchannel.equilibrium.beliefs.held_rules import Replanning
from backchannel.equilibrium.beliefs.models import Models
from backchannel.equilibrium.beliefs.play import Play
from backchannel.equilibrium.beliefs.replan import keep_rules, replan_all
from backchannel.equilibrium.types import LadderKey, LevelRules
from backchannel.language.names import NodeName
from backchannel.machine.memory import NUMBER, claim
from backchannel.tensors.game import Game
from backchannel.tensors.inference import World

CHANGED_DRAWS_TOGETHER = 8192
"""Draws of changed worlds that are solved together. It bounds the memory they take."""

CACHE_BYTES = 2_500_000_000
"""Size of the changed worlds that are kept; beyond it, the oldest are dropped."""


@dataclass(frozen=True)
class ChangedWorld:
    """The world after an intervention, and the part of the record that still holds in it."""

    world: World
    game: Game
    """The numbers of the changed case."""
    converged: Bool[np.ndarray, " draw"]
    cut: date | None
    """Entries of the record dated on or after this day are not used; `None`: all are used."""
    record: tuple[Observation, ...]
    """The entries that are used, on both sides of a comparison."""
    replanned: frozenset[NodeName]
    """Decisions solved again as logit responses in the true case. The others were kept, set by
    hand, or planned in a wrong model."""
    erring: frozenset[NodeName]
    """Decisions solved again in a wrong model."""
    available: Mapping[NodeName, Bool[np.ndarray, " action"]]
    """Actions left on a menu, where some were removed."""
    levels: Mapping[LadderKey, LevelRules]
    """Everyone's rules at each level, where somebody reasons in levels."""
    earliest: date
    """The first day on which anything is changed, or anyone acts differently because of it."""

    def on_record(self, record: Sequence[Observation]) -> ChangedWorld:
        """Return the same changed world, compared on another record (in order of date)."""
        cut = _cut(self.earliest, record)
        return replace(self, cut=cut, record=entries_before(record, cut))


def change(ensemble: Ensemble, intervention: Intervention) -> ChangedWorld:
    """Make an intervention in every draw.

    Let t be the date of the earliest thing it changes (for a parameter or a belief: the start). If
    t is after the last entry of the record, both sides use the whole record; otherwise both sides
    use only what was recorded before t.

    Args:
        ensemble: The solved case.
        intervention: What is changed, and who learns of it when.

    Raises:
        CommandError: The intervention asks for something that has no meaning.
    """
    return change_all(ensemble, [intervention])[0]


def change_all(
    ensemble: Ensemble,
    interventions: Sequence[Intervention],
    *,
    progress: Callable[[int], None] | None = None,
) -> list[ChangedWorld]:
    """Make several interventions, each in a world of its own; solving them together is faster."""
    cache = ensemble.cache
    keys = [repr(intervention) for intervention in interventions]
    unsolved = {k: i for k, i in zip(keys, interventions, strict=True) if k not in cache}
    worlds = {key: cache[key] for key in keys if key in cache}
    claim(
        NUMBER * len(unsolved) * ensemble.n_draws * ensemble.play.models.truth.game.rule_cells,
        f"The rules of {len(unsolved):,} changed worlds in {ensemble.n_draws:,} draws",
        "Ask about fewer of them at a time, or take fewer draws (--draws).",
    )
    together = max(1, CHANGED_DRAWS_TOGETHER // ensemble.n_draws)
    waiting = list(unsolved.items())
    for start in range(0, len(waiting), together):
        batch = dict(waiting[start : start + together])
        solved = _solve_changes(ensemble, list(batch.values()), progress)
        for key, changed in zip(batch, solved, strict=True):
            worlds[key] = changed
            _remember(ensemble, key, changed)
    return [worlds[key] for key in keys]


def _solve_changes(
    ensemble: Ensemble,
    interventions: Sequence[Intervention],
    progress: Callable[[int], None] | None,
) -> list[ChangedWorld]:
    plans = [_plan(ensemble, intervention) for intervention in interventions]
    told = [i for i, made in enumerate(interventions) if made.announced != "never"]
    replanned = replan_all(ensemble.play, [plans[i] for i in told], progress=progress)
    plays = dict(zip(told, replanned, strict=True))
    for i, (models, replanning) in enumerate(plans):
        if i not in plays:
            plays[i] = keep_rules(ensemble.play, models, replanning)
    return [
        _changed_world(ensemble, intervention, *plans[i], plays[i])
        for i, intervention in enumerate(interventions)
    ]


def _plan(ensemble: Ensemble, intervention: Intervention) -> tuple[Models, Replanning]:
    since, told = announcement(ensemble.diagram, intervention)
    return plan_change(ensemble, intervention, since=since, told=told, rules=ensemble.play.policies)


def _changed_world(
    ensemble: Ensemble,
    intervention: Intervention,
    models: Models,
    replanning: Replanning,
    play: Play,
) -> ChangedWorld:
    earliest = first_change(ensemble.diagram, intervention)
    if intervention.announced != "never":
        earliest = min(earliest, replanning.since)
    cut = _cut(earliest, ensemble.record)
    return ChangedWorld(
        world=world_of(models.truth, play.policies),
        game=models.truth.game,
        converged=play.converged,
        cut=cut,
        record=entries_before(ensemble.record, cut),
        replanned=_replanned(models, replanning, erring=False),
        erring=_replanned(models, replanning, erring=True),
        available=replanning.available,
        levels=play.actual.levels,
        earliest=earliest,
    )


def _cut(earliest: date, record: Sequence[Observation]) -> date | None:
    """The day from which the record is not used; `None` if all of it came before the change."""
    last = record[-1].date if record else date.min
    return None if earliest > last else earliest


def _replanned(models: Models, change: Replanning, *, erring: bool) -> frozenset[NodeName]:
    return frozenset(
        decision.name
        for decision in models.diagram.decisions
        if decision.player in change.told
        and (decision.player in models.believed) == erring
        and decision.date >= change.since
        and decision.name not in change.set_by_hand
    )


def _remember(ensemble: Ensemble, key: str, changed: ChangedWorld) -> None:
    cache = ensemble.cache
    cache[key] = changed
    size = sum(_bytes(ensemble, cached) for cached in cache.values())
    while size > CACHE_BYTES and len(cache) > 1:
        size -= _bytes(ensemble, cache.pop(next(iter(cache))))


def _bytes(ensemble: Ensemble, changed: ChangedWorld) -> int:
    # Rules that were kept are shared with the case itself, and take no further memory.
    own = ensemble.world.tables
    tables = changed.world.tables
    return sum(tables[d.name].nbytes for d in ensemble.diagram.decisions
               if tables[d.name] is not own[d.name])  # fmt: skip
