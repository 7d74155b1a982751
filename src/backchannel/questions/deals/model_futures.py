"""Model futures: what lies ahead of a deal, cut out of every model of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from backchannel.diagram.beliefs import walk_beliefs as views_of_beliefs
from backchannel.diagram.deals import Deal
from backchannel.ensemble.ensemble import Ensemble, entries_before, evidence_of
from backchannel.equilibrium.beliefs.models import Numbers, believed_numbers
from backchannel.equilibrium.deals.future import Future, View
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName
from backchannel.tensors.game import FLOOR, Game
from backchannel.tensors.inference import Evidence, World, chances_given, joint

TRUTH = ""
"""Name of the view that is the actual case. A player's view has the player's name; a view of what one player
thinks of another has both names, with a dot between them."""
MOST_HISTORY_CELLS = 50_000
"""Most cells of the table of past events that matter after the deal."""


@dataclass(frozen=True)
class ModelFutures:
    """What lies ahead of a deal, in every model of the case."""

    future: Future
    views: Mapping[str, View]
    takes: Mapping[str, Mapping[NodeName, str]]
    """For each view, the decisions whose rules come from another view."""
    numbers: Mapping[str, Numbers]
    """Every parameter as each view believes it to be."""


def futures_of(ensemble: Ensemble, deal: Deal) -> ModelFutures:
    """Cut what lies ahead of a deal out of every model of the case.

    Raises:
        CommandError: Too many past events matter after the deal's day.
    """
    models, play = ensemble.play.models, ensemble.play
    truth = models.truth.game
    terms = tuple((term.player, term.scope) for term in truth.terms)
    future = Future(ensemble.diagram, deal.date, deal.nodes, terms)
    cells = int(np.prod([len(ensemble.diagram.domains[name]) for name in future.interface]))
    if cells > MOST_HISTORY_CELLS:
        raise CommandError(
            f"The deal {deal.name} starts on {deal.date}, and {len(future.interface)} earlier nodes "
            f"matter after that day ({', '.join(future.interface)}): {cells:,} combinations, more "
            f"than {MOST_HISTORY_CELLS:,}. Replace them by a derived node that summarises the past."
        )
    last = ensemble.record[-1].date if ensemble.record else None
    cut = deal.date if last is not None and deal.date <= last else None
    evidence = evidence_of(ensemble.diagram, entries_before(ensemble.record, cut))
    views, numbers = {}, {}
    takes: dict[str, dict[NodeName, str]] = {}
    played = play.views
    # What a player thinks that another plans comes before its own plan.
    for view, belief in sorted(views_of_beliefs(ensemble.beliefs), key=lambda pair: -len(pair[0])):
        name, model = ".".join(view), models.views[view]
        fixed = frozenset(model.fixed)
        views[name] = _view(future, model.game, played[view].policies, fixed, evidence)
        numbers[name] = believed_numbers(belief, ensemble.numbers)
        takes[name] = {
            d.name: f"{name}.{d.player}"
            for d in future.decisions
            if d.player in model.about and d.name not in fixed
        }
    takes[TRUTH] = {d.name: d.player for d in future.decisions if d.player in models.believed}
    views[TRUTH] = _view(future, truth, play.policies, frozenset(), evidence)
    numbers[TRUTH] = ensemble.numbers
    return ModelFutures(future, views, takes, numbers)


def _view(
    future: Future,
    game: Game,
    rules: Mapping[NodeName, np.ndarray],
    fixed: frozenset[NodeName],
    evidence: Evidence,
) -> View:
    diagram = game.diagram
    raised = {name: np.maximum(rules[name], FLOOR) * game.conceivable[name] for name in rules}
    possible_world = World(diagram, game.n_draws, {**game.beliefs, **raised})
    actual = World(diagram, game.n_draws, {**game.factors, **rules})
    known = chances_given(actual, keep=future.interface, evidence=evidence)
    impossible = (known == 0).all(axis=tuple(range(1, known.ndim)), keepdims=True)
    return View(
        future=future,
        game=game,
        rules=rules,
        fixed=frozenset(fixed & {d.name for d in future.decisions}),
        prior=joint(possible_world, keep=future.interface),
        posterior=np.where(impossible, np.nan, known),
    )
