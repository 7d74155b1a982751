"""The models of a changed case: what an intervention does to the game and to every belief model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
from jaxtyping import Bool, Float

from backchannel.diagram.beliefs import Belief, aware_of, corrected, model_of
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision
from backchannel.diagram.surgery import Intervention, first_change, with_sees
from backchannel.ensemble.ensemble import Ensemble
from backchannel.equilibrium.beliefs.believed_games import (
    as_believed,
    with_mechanism,
    with_numbers,
    with_reasoning,
    with_value,
)
from backchannel.equilibrium.beliefs.believed_rules import Numbers
from backchannel.equilibrium.beliefs.held_rules import Replanning
from backchannel.equilibrium.beliefs.models import Model, Models, believed_numbers, build_models
from backchannel.equilibrium.types import Policies
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.game import Game


def announcement(
    diagram: Diagram, intervention: Intervention
) -> tuple[date, frozenset[PlayerName]]:
    """The day from which an intervention is known, and who is told: nobody, if it is unannounced.

    Raises:
        CommandError: Some player must be told of the intervention, and is not.
    """
    since = first_change(diagram, intervention)
    if isinstance(intervention.announced, date):
        since = intervention.announced
    if intervention.announced == "start":
        since = date.min
    unannounced = intervention.announced == "never"
    told = frozenset() if unannounced else frozenset(intervention.told or diagram.players)
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
    """Build the changed case and belief models, and say who plans again in them, from which day.

    Args:
        ensemble: The solved case.
        intervention: What is changed.
        since: The day from which those who are told plan again.
        told: Players who are told.
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


def _check_meaning(
    diagram: Diagram, intervention: Intervention, told: frozenset[PlayerName], since: date
) -> None:
    for name in {*intervention.sees_added, *intervention.sees_removed}:
        decision = diagram.node[name]
        assert isinstance(decision, Decision)
        if decision.player not in told or decision.date < since:
            raise CommandError(
                f"{decision.player} must be told of a change to what it sees at {name}: announce "
                f"the intervention by {decision.date} to {decision.player}."
            )
    for player in intervention.reasoning:
        if player not in told:
            raise CommandError(
                f"To let {player} reason in another way means to let it plan again: leave `announced: "
                "false` out, or name the player under `told`."
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
        # A player who is not told, or is thought not to be told, keeps its plan.
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
    """The beliefs after corrections, and their models before anything else is changed."""
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
    set_by_hand = set(intervention.parameters)
    believed = {n for n, instead in belief.parameters.items() if instead in set_by_hand}
    own = _own_numbers(belief, numbers, intervention)
    game = with_numbers(model.game, own, frozenset(set_by_hand | believed))
    if game is not model.game:
        game = as_believed(game, belief, own)
    game = with_reasoning(_set_chances(game, intervention, own), intervention.reasoning)
    # A player who is told of a node or an action is aware of it from then on.
    told = {*intervention.do, *intervention.mechanisms}
    fixed = {name: rule for name, rule in model.fixed.items() if name not in told}
    unaware = {name: v for name, v in model.unaware.nodes.items() if name not in told}
    inner_changed = any(about[player] is not model.about[player] for player in about)
    if game is model.game and len(fixed) == len(model.fixed) and not inner_changed:
        return model
    return Model(game, fixed, about, replace(model.unaware, nodes=unaware))


def _own_numbers(belief: Belief, numbers: Numbers, intervention: Intervention) -> Numbers:
    # A player who is told of a parameter's new value no longer errs about it.
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
    return with_reasoning(_set_chances(refilled, intervention, numbers), intervention.reasoning)


def _set_chances(game: Game, intervention: Intervention, numbers: Numbers) -> Game:
    """Replace mechanisms, and set the chance and derived nodes that are set by hand."""
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
    set_rules = {}
    for name, value in intervention.do.items():
        node = models.diagram.node[name]
        if isinstance(node, Decision):
            menu = models.truth.game.menus[name]
            chosen = np.zeros(menu.shape)
            chosen[..., node.domain.index(value)] = 1.0
            possible = menu[..., node.domain.index(value)][..., None]
            set_rules[name] = np.where(possible, chosen, rules[name])
    return set_rules


def _available(
    diagram: Diagram, intervention: Intervention
) -> dict[NodeName, Bool[np.ndarray, " action"]]:
    return {
        name: np.array([value not in removed for value in diagram.domains[name]])
        for name, removed in intervention.remove.items()
    }
