"""The certificate of an ensemble: every equilibrium of the case, and a spot check of the changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from backchannel.ensemble.change import Changed
from backchannel.ensemble.ensemble import Ensemble
from backchannel.equilibrium.beliefs.models import Model
from backchannel.equilibrium.beliefs.play import Play
from backchannel.equilibrium.certificate.certify import Certificate, certify
from backchannel.equilibrium.types import Equilibrium, Method
from backchannel.language.names import PlayerName

SPOT = 64
"""Draws of each changed world that are certified."""


@dataclass
class Evidence:
    """What was recomputed by the independent path, over everything that was looked at."""

    worst_residual: float = 0.0
    worst_regret: float = 0.0
    loss: dict[PlayerName, float] = field(default_factory=dict)
    """By player, mean over draws of the most that logit play gives up, in the case itself."""
    spot_checked: int = 0

    def add(self, certificate: Certificate, converged: np.ndarray) -> None:
        """Take the worst of the draws that are used."""
        if converged.any():
            self.worst_residual = max(
                self.worst_residual, float(certificate.residual[converged].max())
            )
            worst = [float(gain[converged].max()) for gain in certificate.regret.values()]
            self.worst_regret = max(self.worst_regret, *worst)


def certify_ensemble(ensemble: Ensemble) -> Evidence:
    """Recompute residual and regret of the case and of every belief model, in every draw."""
    evidence = Evidence()
    play = ensemble.play
    decisions = ensemble.diagram.decisions
    erring = set(play.models.believed)
    free = frozenset(d.name for d in decisions if d.player not in erring)
    truth = certify(play.models.truth.game, play.policies, free=free)
    evidence.add(truth, ensemble.converged)
    for model, equilibrium in _solved(play):
        found = _certify_model(model, equilibrium)
        evidence.add(found, ensemble.converged)
        evidence.loss |= {
            player: _mean(found.loss[player], ensemble.converged)
            for player, planned in play.models.believed.items()
            if planned is model
        }
    for player, loss in truth.loss.items():
        if player not in erring:
            evidence.loss[player] = _mean(loss, ensemble.converged)
    return evidence


def how_found(ensemble: Ensemble) -> tuple[int, int]:
    """In how many draws some model's branch was followed, and in how many of these it folds."""
    play = ensemble.play
    solved = [play.actual, *(equilibrium for _, equilibrium in _solved(play))]
    followed = np.any([found.method != Method.SWEEP for found in solved], axis=0)
    folds = np.any([found.folds > 0 for found in solved], axis=0)
    return int(followed.sum()), int(folds.sum())


def spot_check(evidence: Evidence, changed: Sequence[Changed]) -> None:
    """Recompute the first draws of changed worlds, and add what is found to the evidence."""
    for one in changed:
        some = np.arange(min(SPOT, one.game.n_draws))
        found = certify(
            one.game,
            {d.name: one.world.tables[d.name] for d in one.world.diagram.decisions},
            free=one.replanned,
            available=one.available,
            draws=some,
        )
        evidence.add(found, one.converged[some])
        evidence.spot_checked = len(some)


def _solved(play: Play) -> list[tuple[Model, Equilibrium]]:
    """Every belief model once, at any depth, with what is played in it."""
    found = {play.models.views[view]: equilibrium for view, equilibrium in play.views.items()}
    return list(found.items())


def _certify_model(model: Model, equilibrium: Equilibrium) -> Certificate:
    free = frozenset(
        d.name
        for d in model.game.diagram.decisions
        if d.name not in model.fixed and d.player not in model.about
    )
    return certify(model.game, equilibrium.policies, free=free)


def _mean(loss: np.ndarray, converged: np.ndarray) -> float:
    return float(loss[converged].mean()) if converged.any() else float("nan")
