"""Model futures: what lies ahead of a deal, cut out of every model of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Int

from backchannel.diagram.beliefs import walk_beliefs as views_of_beliefs
from backchannel.diagram.deals import Deal
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.evidence import evidence_of
from backchannel.ensemble.pooling import carried_nodes, pooled
from backchannel.equilibrium.beliefs.believed_rules import Numbers
from backchannel.equilibrium.beliefs.models import Model, believed_numbers
from backchannel.equilibrium.deals.future import Future, View
from backchannel.equilibrium.deals.program import DealProgram, program_of
from backchannel.equilibrium.deals.solver import Taken, Takes
from backchannel.equilibrium.types import Equilibrium
from backchannel.language.names import NodeName, PlayerName
from backchannel.questions.deals.level_views import TRUTH, LevelViews, view_name
from backchannel.questions.deals.open_past import (
    future_after,
    levels_believed_in,
    record_before,
)
from backchannel.questions.deals.settled import at_settled, sliced
from backchannel.tensors.game import FLOOR, Game
from backchannel.tensors.inference import Evidence, World, chances_given, indicator, merged


@dataclass(frozen=True)
class ModelFutures:
    """What lies ahead of a deal, in every model of the case."""

    future: Future
    """In the case as it is."""
    views: Mapping[str, View]
    takes: Takes
    """For each view, the decisions whose rules come from other views."""
    numbers: Mapping[str, Numbers]
    """Every parameter as each view believes it to be."""

    def programs(self, concerned: tuple[PlayerName, ...]) -> set[DealProgram]:
        """The compiled programs of all views.

        Args:
            concerned: Players whom keeping or breaking a promise costs or pays something.
        """
        return {program_of(view.future, concerned) for view in self.views.values()}

    def of(self, draws: Int[np.ndarray, " some"]) -> ModelFutures:
        """The same in some draws."""
        return ModelFutures(
            self.future,
            {name: view.of(draws) for name, view in self.views.items()},
            {
                name: {d: tuple(taken.of(draws) for taken in some) for d, some in own.items()}
                for name, own in self.takes.items()
            },
            {
                name: {n: row if len(row) == 1 else row[draws] for n, row in own.items()}
                for name, own in self.numbers.items()
            },
        )


def futures_of(ensemble: Ensemble, deal: Deal) -> ModelFutures:
    """Cut what lies ahead of a deal out of every model of the case.

    Raises:
        CommandError: Too many past events matter after the deal's day.
    """
    models, play = ensemble.play.models, ensemble.play
    truth = models.truth.game
    terms = tuple((term.player, term.scope) for term in truth.terms)
    record = record_before(ensemble.record, deal)
    evidence = evidence_of(ensemble.diagram, record)
    future = future_after(ensemble.diagram, evidence, ensemble.beliefs, deal, terms)
    views, numbers = {}, {}
    takes: dict[str, Mapping[NodeName, tuple[Taken, ...]]] = {}
    levels = LevelViews(future, models, levels_believed_in(ensemble.diagram, ensemble.beliefs))
    played = play.views

    def add(name: str, model: Model, solved: Equilibrium, own: Numbers, evidence: Evidence) -> None:
        for level in levels.of_model(name):
            planned = level.plan(model, solved)
            views[level.name] = _view(
                planned.future, planned.game, planned.rules, planned.fixed, evidence
            )
            takes[level.name], numbers[level.name] = planned.taken, own
        fixed = frozenset(model.fixed)
        views[name] = _view(future, model.game, solved.policies, fixed, evidence)
        numbers[name] = own
        takes[name] = levels.taken_by(name)

    # What a player thinks that another plans comes before its own plan.
    for view, belief in sorted(views_of_beliefs(ensemble.beliefs), key=lambda pair: -len(pair[0])):
        own = believed_numbers(belief, ensemble.numbers)
        add(view_name(view), models.views[view], played[view], own, evidence)
    # Base rates are the analyst's; what players believe about the past stays theirs.
    outlook = pooled(replace(ensemble, record=record), before=deal.date).soft
    add(TRUTH, models.truth, play.actual, ensemble.numbers, merged(evidence, outlook))
    return ModelFutures(future, views, takes, numbers)


def base_rates_of(ensemble: Ensemble, deal: Deal) -> tuple[NodeName, ...]:
    """Nodes whose base rates a deal carries: they come about before its day."""
    known = replace(ensemble, record=record_before(ensemble.record, deal))
    return carried_nodes(known, before=deal.date)


def _view(
    future: Future,
    game: Game,
    rules: Mapping[NodeName, np.ndarray],
    fixed: frozenset[NodeName],
    evidence: Evidence,
) -> View:
    diagram = game.diagram
    raised = {name: (rules[name] + FLOOR) * game.conceivable[name] for name in rules}
    possible_world = World(diagram, game.n_draws, {**game.beliefs, **raised})
    actual = World(diagram, game.n_draws, {**game.factors, **rules})
    known = chances_given(actual, keep=future.interface, evidence=evidence)
    impossible = (known == 0).all(axis=tuple(range(1, known.ndim)), keepdims=True)
    settled = {
        name: indicator(diagram, name, diagram.domains[name][position])
        for name, position in future.settled.items()
    }
    return View(
        future=future,
        game=at_settled(game, future),
        rules={
            d.name: sliced(rules[d.name], (*diagram.parents(d.name), d.name), future)
            for d in future.decisions
        },
        fixed=frozenset(fixed & {d.name for d in future.decisions}),
        prior=chances_given(possible_world, keep=future.interface, evidence=settled),
        posterior=np.where(impossible, np.nan, known),
    )
