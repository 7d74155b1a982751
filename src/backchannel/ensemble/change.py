"""Change: an intervention made in every draw, with those who learn of it planning anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from jaxtyping import Bool, Float

from backchannel.diagram.beliefs import (
    Belief,
    Observation,
    aware_of,
    corrected,
    model_of,
)
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision
from backchannel.diagram.surgery import Intervention, with_sees
from backchannel.ensemble.ensemble import Ensemble, before, world_of
from backchannel.equilibrium.beliefs.models import (
    Model,
    Models,
    Numbers,
    as_believed,
    believed_numbers,
    build_models,
    with_mechanism,
    with_numbers,
    with_value,
)
from backchannel.equilibrium.beliefs.play import Replanning, keep_rules, replan_all
from backchannel.equilibrium.types import Policies
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, PlayerName
from backchannel.machine.memory import NUMBER, claim
from backchannel.tensors.game import Game
from backchannel.tensors.inference import World

DRAWS_TOGETHER = 8192
"""Draws of changed worlds that are solved together, which bounds the memory they take."""

CACHE_BYTES = 2_500_000_000
"""Changed worlds are kept up to this size, oldest dropped first."""


@dataclass(frozen=True)
class Changed:
    """The world after an intervention, and what of the record still speaks in it."""

    world: World
    game: Game
    """The numbers of the changed case."""
    converged: Bool[np.ndarray, " draw"]
    cut: date | None
    """Entries of the record dated on or after this day are not used; `None` uses them all."""
    record: tuple[Observation, ...]
    """The entries that are used, on both sides of a comparison."""
    replanned: frozenset[NodeName]
    """Decisions that were solved anew as logit responses in the true case; the others were kept,
    set by hand, or planned in a wrong model."""
    erring: frozenset[NodeName]
    """Decisions that were planned anew in a wrong model."""
    available: Mapping[NodeName, Bool[np.ndarray, " action"]]
    """Actions left on a menu, where some were removed."""
    earliest: date
    """The day of the first thing that is changed, or that anyone does otherwise for it."""

    def on_record(self, record: Sequence[Observation]) -> Changed:
        """The same changed world, compared on another record (in order of date)."""
        cut = _cut(self.earliest, record)
        return replace(self, cut=cut, record=before(record, cut))


def change(ensemble: Ensemble, intervention: Intervention) -> Changed:
    """Make an intervention in every draw.

    Let t be the date of the earliest thing it changes (a parameter or a belief: the start). If t is
    after the last entry of the record, the whole record holds on both sides; otherwise only what
    was recorded before t does.

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
) -> list[Changed]:
    """Make several interventions, each by itself; solved together, which is faster."""
    cache = ensemble.cache
    keys = [repr(intervention) for intervention in interventions]
    open_ = {k: i for k, i in zip(keys, interventions, strict=True) if k not in cache}
    found = {key: cache[key] for key in keys if key in cache}
    claim(
        NUMBER * len(open_) * ensemble.n_draws * ensemble.play.models.truth.game.rule_cells,
        f"The rules of {len(open_):,} changed worlds in {ensemble.n_draws:,} draws",
        "Ask about fewer of them at a time, or take fewer draws (--draws).",
    )
    together = max(1, DRAWS_TOGETHER // ensemble.n_draws)
    waiting = list(open_.items())
    for start in range(0, len(waiting), together):
        some = dict(waiting[start : start + together])
        for key, changed in zip(
            some, _changed(ensemble, list(some.values()), progress), strict=True
        ):
            found[key] = changed
            _remember(ensemble, key, changed)
    return [found[key] for key in keys]


def _changed(
    ensemble: Ensemble,
    interventions: Sequence[Intervention],
    progress: Callable[[int], None] | None,
) -> list[Changed]:
    plans = [_planned(ensemble, intervention) for intervention in interventions]
    aloud = [i for i, one in enumerate(interventions) if one.announced != "never"]
    replanned = replan_all(ensemble.play, [plans[i] for i in aloud], progress=progress)
    played = dict(zip(aloud, replanned, strict=True))
    for i, (models, replanning) in enumerate(plans):
        if i not in played:
            played[i] = keep_rules(ensemble.play, models, replanning)
    found = []
    for i, intervention in enumerate(interventions):
        earliest = first_change(ensemble.diagram, intervention)
        if intervention.announced != "never":
            earliest = min(earliest, plans[i][1].since)
        cut = _cut(earliest, ensemble.record)
        models, replanning = plans[i]
        found.append(
            Changed(
                world=world_of(models.truth, played[i].policies),
                game=models.truth.game,
                converged=played[i].converged,
                cut=cut,
                record=before(ensemble.record, cut),
                replanned=_replanned(models, replanning, erring=False),
                erring=_replanned(models, replanning, erring=True),
                available=replanning.available,
                earliest=earliest,
            )
        )
    return found


def _cut(earliest: date, record: Sequence[Observation]) -> date | None:
    """The day from which the record is not used; `None` when all of it came before the change."""
    last = record[-1].date if record else date.min
    return None if earliest > last else earliest


def _planned(ensemble: Ensemble, intervention: Intervention) -> tuple[Models, Replanning]:
    since, told = announcement(ensemble.diagram, intervention)
    return plan_change(ensemble, intervention, since=since, told=told, rules=ensemble.play.policies)


def announcement(
    diagram: Diagram, intervention: Intervention
) -> tuple[date, frozenset[PlayerName]]:
    """From which day an intervention is known, and to whom; to nobody if it stays unannounced.

    Raises:
        CommandError: Somebody would have to be told who is not.
    """
    since = first_change(diagram, intervention)
    if isinstance(intervention.announced, date):
        since = intervention.announced
    if intervention.announced == "start":
        since = date.min
    silent = intervention.announced == "never"
    told = frozenset() if silent else frozenset(intervention.told or diagram.players)
    _check_meaning(diagram, intervention, told, since)
    return since, told


def plan_change(
    ensemble: Ensemble,
    intervention: Intervention,
    *,
    since: date,
    told: frozenset[PlayerName],
    rules: Policies,
) -> tuple[Models, Replanning]:
    """The changed case and belief models, and who plans anew in them from when.

    Args:
        ensemble: The solved case.
        intervention: What is changed.
        since: The day from which the told plan anew.
        told: Who does.
        rules: What is played where a decision is set to an action that is off its menu.
    """
    models = _changed_models(ensemble, intervention, told)
    replanning = Replanning(
        since=since,
        told=told,
        set_by_hand=_set_decisions(models, intervention, rules),
        available=_available(models.diagram, intervention),
    )
    return models, replanning


def first_change(diagram: Diagram, intervention: Intervention) -> date:
    """The date of the earliest thing that an intervention changes."""
    if intervention.parameters or intervention.corrects or intervention.corrects_about:
        return date.min
    touched = {
        *intervention.do,
        *intervention.mechanisms,
        *intervention.remove,
        *intervention.sees_added,
        *intervention.sees_removed,
    }
    return min((diagram.dates[name] for name in touched), default=date.max)


def _check_meaning(
    diagram: Diagram, intervention: Intervention, told: frozenset[str], since: date
) -> None:
    for name in {*intervention.sees_added, *intervention.sees_removed}:
        decision = diagram.node[name]
        assert isinstance(decision, Decision)
        if decision.player not in told or decision.date < since:
            raise CommandError(
                f"{decision.player} must be told of a change to what it sees at {name}: announce "
                f"the intervention by {decision.date} to {decision.player}."
            )
    for player in {*intervention.corrects, *(view[0] for view in intervention.corrects_about)}:
        if player not in told:
            raise CommandError(
                f"Correcting what {player} believes means telling {player}: leave `announced: "
                "false` out, or name the player under `told`."
            )


def _changed_models(ensemble: Ensemble, intervention: Intervention, told: frozenset[str]) -> Models:
    numbers = _changed_numbers(ensemble.numbers, intervention, ensemble.n_draws)
    beliefs, models = _corrected(ensemble, intervention)
    game = _changed_game(models.truth.game, intervention, numbers)
    made: dict[str, Model] = {}

    def changed(belief: Belief, model: Model) -> Model:
        # Who is not told, or is thought not to be told, plans on as before.
        if belief.player not in told:
            return model
        key = model_of(belief)
        if key not in made:
            about = {b.player: changed(b, model.about[b.player]) for b in belief.about}
            made[key] = _changed_model(model, belief, intervention, numbers, about)
        return made[key]

    believed = {
        belief.player: changed(belief, models.believed[belief.player]) for belief in beliefs
    }
    return Models(Model(game, {}), believed)


def _corrected(ensemble: Ensemble, intervention: Intervention) -> tuple[tuple[Belief, ...], Models]:
    """The beliefs that are left, and their models before anything else is changed."""
    models, beliefs = ensemble.play.models, ensemble.beliefs
    right = corrected(beliefs, intervention.corrects, intervention.corrects_about)
    if intervention.sees_added or intervention.sees_removed:
        shown = aware_of(right, intervention.sees_added)
        diagram = with_sees(ensemble.diagram, intervention)
        return shown, build_models(diagram, shown, ensemble.numbers)
    if right != beliefs:
        models = build_models(
            ensemble.diagram, right, ensemble.numbers, known=models, known_beliefs=beliefs
        )
    return right, models


def _changed_model(
    model: Model,
    belief: Belief,
    intervention: Intervention,
    numbers: Numbers,
    about: Mapping[str, Model],
) -> Model:
    changed = set(intervention.parameters)
    touched = {*changed, *(n for n, instead in belief.parameters.items() if instead in changed)}
    own = _own_numbers(belief, numbers, intervention)
    game = with_numbers(model.game, own, frozenset(touched))
    if game is not model.game:
        game = as_believed(game, belief, own)
    game = _set_chances(game, intervention, own)
    # Who is told of a node or an action has thought of it from then on.
    told = {*intervention.do, *intervention.mechanisms}
    fixed = {name: rule for name, rule in model.fixed.items() if name not in told}
    unthought = {name: v for name, v in model.unaware.nodes.items() if name not in told}
    inner_changed = any(about[player] is not model.about[player] for player in about)
    if game is model.game and len(fixed) == len(model.fixed) and not inner_changed:
        return model
    return Model(game, fixed, about, replace(model.unaware, nodes=unthought))


def _own_numbers(belief: Belief, numbers: Numbers, intervention: Intervention) -> Numbers:
    # Who is told of a parameter's new value no longer errs about it.
    told = {name: numbers[name] for name in intervention.parameters}
    return {**believed_numbers(belief, numbers), **told}


def _changed_numbers(numbers: Numbers, intervention: Intervention, n_draws: int) -> Numbers:
    new = {
        name: numbers[value] if isinstance(value, str) else np.full(n_draws, float(value))
        for name, value in intervention.parameters.items()
    }
    return {**numbers, **new}


def _changed_game(game: Game, intervention: Intervention, numbers: Numbers) -> Game:
    refilled = with_numbers(game, numbers, frozenset(intervention.parameters))
    return _set_chances(refilled, intervention, numbers)


def _set_chances(game: Game, intervention: Intervention, numbers: Numbers) -> Game:
    """Replace mechanisms, and settle chance and derived nodes that are set by hand."""
    for node in intervention.mechanisms.values():
        game = with_mechanism(game, node, numbers)
    for name, value in intervention.do.items():
        if not isinstance(game.diagram.node[name], Decision):
            game = with_value(game, name, value)
    return game


def _set_decisions(
    models: Models, intervention: Intervention, rules: Policies
) -> dict[NodeName, Float[np.ndarray, "draw ..."]]:
    """Rules that always take the set action, where it is on the menu."""
    found = {}
    for name, value in intervention.do.items():
        node = models.diagram.node[name]
        if isinstance(node, Decision):
            menu = models.truth.game.menus[name]
            chosen = np.zeros(menu.shape)
            chosen[..., node.domain.index(value)] = 1.0
            possible = menu[..., node.domain.index(value)][..., None]
            found[name] = np.where(possible, chosen, rules[name])
    return found


def _available(
    diagram: Diagram, intervention: Intervention
) -> dict[NodeName, Bool[np.ndarray, " action"]]:
    return {
        name: np.array([value not in removed for value in diagram.domains[name]])
        for name, removed in intervention.remove.items()
    }


def _remember(ensemble: Ensemble, key: str, changed: Changed) -> None:
    cache = ensemble.cache
    cache[key] = changed
    size = sum(_bytes(ensemble, one) for one in cache.values())
    while size > CACHE_BYTES and len(cache) > 1:
        size -= _bytes(ensemble, cache.pop(next(iter(cache))))


def _bytes(ensemble: Ensemble, changed: Changed) -> int:
    # Rules that were kept are those of the case itself, and take no memory twice.
    own = ensemble.world.tables
    tables = changed.world.tables
    return sum(tables[d.name].nbytes for d in ensemble.diagram.decisions
               if tables[d.name] is not own[d.name])  # fmt: skip


def _replanned(models: Models, change: Replanning, *, erring: bool) -> frozenset[NodeName]:
    return frozenset(
        decision.name
        for decision in models.diagram.decisions
        if decision.player in change.told
        and (decision.player in models.believed) == erring
        and decision.date >= change.since
        and decision.name not in change.set_by_hand
    )
