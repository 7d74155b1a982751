"""The certificate of an ensemble: all equilibria of the case, and some draws of each changed world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Bool

from backchannel.ensemble.change import ChangedWorld
from backchannel.ensemble.ensemble import Ensemble
from backchannel.equilibrium.beliefs.models import Model
from backchannel.equilibrium.beliefs.play import Play
from backchannel.equilibrium.branch.crossed import crossed_on_the_way
from backchannel.equilibrium.certificate.certify import Certificate, certify
from backchannel.equilibrium.certificate.levels import certify_levels
from backchannel.equilibrium.types import Equilibrium, Method, Task
from backchannel.language.names import NodeName, PlayerName

SPOT_CHECKED_DRAWS = 64
"""Draws of each changed world that are certified."""


@dataclass
class CertifiedErrors:
    """The largest errors of play that the independent check found, over all that it recomputed."""

    worst_residual: float = 0.0
    worst_regret: float = 0.0
    loss: dict[PlayerName, float] = field(default_factory=dict)
    """By player, the most that logit play gives up in the case itself, mean over draws."""
    spot_checked: int = 0
    """Draws of each changed world that were checked."""

    def add(self, certificate: Certificate, converged: np.ndarray) -> None:
        """Keep the worst of the draws that are used."""
        if converged.any():
            self.worst_residual = max(
                self.worst_residual, float(certificate.residual[converged].max())
            )
            worst = [float(gain[converged].max()) for gain in certificate.regret.values()]
            self.worst_regret = max(self.worst_regret, *worst)


def certify_ensemble(ensemble: Ensemble) -> CertifiedErrors:
    """Recompute residual and regret of the case and of every belief model, in every draw."""
    errors = CertifiedErrors()
    play = ensemble.play
    decisions = ensemble.diagram.decisions
    erring = set(play.models.believed)
    free = frozenset(d.name for d in decisions if d.player not in erring)
    game = play.models.truth.game
    truth = certify(game, play.policies, free=free)
    errors.add(truth, ensemble.converged)
    if game.types:
        by_level = certify_levels(game, play.policies, play.actual.levels, free=free)
        errors.add(by_level, ensemble.converged)
        truth = _with_losses(truth, by_level)
    for model, equilibrium in _solved(play):
        certificate = _certify_model(model, equilibrium)
        errors.add(certificate, ensemble.converged)
        if model.game.types:
            free_here = _free(model)
            levels = equilibrium.levels
            by_level = certify_levels(model.game, equilibrium.policies, levels, free=free_here)
            errors.add(by_level, ensemble.converged)
            certificate = _with_losses(certificate, by_level)
        errors.loss |= {
            player: _mean(certificate.loss[player], ensemble.converged)
            for player, planned in play.models.believed.items()
            if planned is model
        }
    for player, loss in truth.loss.items():
        if player not in erring:
            errors.loss[player] = _mean(loss, ensemble.converged)
    return errors


def count_followed(ensemble: Ensemble) -> tuple[int, int]:
    """Count the draws in which the branch of some model was followed, and those in which it folds."""
    play = ensemble.play
    solved = [play.actual, *(equilibrium for _, equilibrium in _solved(play))]
    followed = np.any([equilibrium.method != Method.SWEEP for equilibrium in solved], axis=0)
    folds = np.any([equilibrium.folds > 0 for equilibrium in solved], axis=0)
    return int(followed.sum()), int(folds.sum())


def crossed_draws(ensemble: Ensemble) -> Bool[np.ndarray, " draw"]:
    """Draws in which other branches cross the principal one exactly, in the case or in a belief model.

    The branch goes straight on there: equals are treated as equals.
    """
    play = ensemble.play
    erring = set(play.models.believed)
    held = {d.name: play.policies[d.name] for d in ensemble.diagram.decisions if d.player in erring}
    tasks = [(Task(play.models.truth.game, held=held), play.actual)]
    tasks += [
        (Task(model.game, held=_held(model, equilibrium)), equilibrium)
        for model, equilibrium in _solved(play)
    ]
    crossed = np.zeros(ensemble.n_draws, bool)
    for task, equilibrium in tasks:
        # Players who play a level in some draws are looked at as if they did in all.
        typed = {d.name for d in ensemble.diagram.decisions if d.player in task.game.types}
        rules = {name: equilibrium.policies[name] for name in typed}
        crossed |= crossed_on_the_way(replace(task, held={**task.held, **rules}), equilibrium)
    return crossed & ensemble.converged


def spot_check(errors: CertifiedErrors, worlds: Sequence[ChangedWorld]) -> None:
    """Recompute the first draws of changed worlds, and add their errors."""
    for changed in worlds:
        draws = np.arange(min(SPOT_CHECKED_DRAWS, changed.game.n_draws))
        certificate = certify(
            changed.game,
            {d.name: changed.world.tables[d.name] for d in changed.world.diagram.decisions},
            free=changed.replanned,
            available=changed.available,
            draws=draws,
        )
        errors.add(certificate, changed.converged[draws])
        if changed.game.types:
            by_level = certify_levels(
                changed.game,
                {d.name: changed.world.tables[d.name] for d in changed.world.diagram.decisions},
                changed.levels,
                free=changed.replanned,
                available=changed.available,
                draws=draws,
            )
            errors.add(by_level, changed.converged[draws])
        errors.spot_checked = len(draws)


def _with_losses(certificate: Certificate, by_level: Certificate) -> Certificate:
    """The certificate with the losses of players who have a level, against what they believe."""
    loss = {player: lost + by_level.loss[player] for player, lost in certificate.loss.items()}
    return replace(certificate, loss=loss)


def _solved(play: Play) -> list[tuple[Model, Equilibrium]]:
    """Each distinct belief model, at any depth, with its equilibrium."""
    by_model = {play.models.views[view]: equilibrium for view, equilibrium in play.views.items()}
    return list(by_model.items())


def _held(model: Model, equilibrium: Equilibrium) -> dict[NodeName, np.ndarray]:
    free = _free(model)
    return {name: rule for name, rule in equilibrium.policies.items() if name not in free}


def _certify_model(model: Model, equilibrium: Equilibrium) -> Certificate:
    return certify(model.game, equilibrium.policies, free=_free(model))


def _free(model: Model) -> frozenset[NodeName]:
    return frozenset(
        d.name
        for d in model.game.diagram.decisions
        if d.name not in model.fixed and d.player not in model.about
    )


def _mean(loss: np.ndarray, converged: np.ndarray) -> float:
    return float(loss[converged].mean()) if converged.any() else float("nan")
