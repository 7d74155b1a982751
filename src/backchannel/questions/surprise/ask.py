"""Surprise: compare what each player expects with what the forecast says, and with the record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from backchannel.diagram.beliefs import Viewpoint
from backchannel.diagram.nodes import Decision, Derived
from backchannel.ensemble.ensemble import Ensemble, noticed
from backchannel.ensemble.evidence import evidence_of
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.ensemble.weighted import mean
from backchannel.equilibrium.beliefs.models import Model
from backchannel.equilibrium.types import Policies
from backchannel.language.names import NodeName
from backchannel.questions.forecast.ask import node_chances
from backchannel.questions.surprise.expectations import Expectation, RecordSurprise, Surprise
from backchannel.tensors.game import FLOOR
from backchannel.tensors.inference import Evidence, World

LEAST_POSSIBLE = 1e-20
"""A player's model rules out what has a smaller probability in it."""


def compare_expectations(
    ensemble: Ensemble, *, progress: Callable[[int], None] | None = None
) -> Surprise:
    """Compare what each player with wrong beliefs expects with what the forecast says.

    Each player forecasts in its own model, given the public record: a node on record as of just before
    its entry, any other node after the whole record. Private observations are not used. A player's own
    decisions are left out, and so are derived nodes. The draws express the analyst's uncertainty, so
    forecasts are compared draw by draw, with the weights of the whole record on both sides.

    Args:
        ensemble: The solved case.
        progress: Called with 1 after each view.
    """
    views = tuple(sorted(ensemble.play.models.views, key=len))
    expectations: list[Expectation] = []
    record_surprises: list[RecordSurprise] = []
    forecasts = _Forecasts(ensemble)
    for view in views:
        expectations += forecasts.expectations(view)
        if len(view) == 1:
            record_surprises += forecasts.record_surprises(view)
        if progress:
            progress(1)
    return Surprise(
        views=views,
        unerring=tuple(p for p in ensemble.diagram.players if (p,) not in views),
        expectations=tuple(sorted(expectations, key=lambda e: -round(e.gap, 9))),
        record_surprises=tuple(record_surprises),
        record=ensemble.record,
        n_draws=ensemble.n_draws,
        effective_draws=ensemble.effective_draws,
        left_out=ensemble.left_out,
    )


class _Forecasts:
    """The world of every view, and its forecasts at every point of the record."""

    def __init__(self, ensemble: Ensemble) -> None:
        self.ensemble = ensemble
        play = ensemble.play
        self.models = {(): play.models.truth, **play.models.views}
        rules = {view: solved.policies for view, solved in play.views.items()}
        self.worlds: dict[Viewpoint, World] = {(): ensemble.world}
        self.worlds |= {
            view: world_allowing_surprises(self.models[view], rules[view]) for view in rules
        }
        self.known: dict[tuple[Viewpoint, NodeName, int | None], np.ndarray] = {}
        first: dict[NodeName, int] = {}
        for i, entry in enumerate(ensemble.record):
            first.setdefault(entry.node, i)
        self.first: Mapping[NodeName, int] = first

    def expectations(self, view: Viewpoint) -> Iterator[Expectation]:
        """What a view expects of each node that its holder does not decide."""
        diagram, weights = self.ensemble.diagram, self.ensemble.weights
        for name in diagram.order:
            node = diagram.node[name]
            own = isinstance(node, Decision) and node.player == view[-1]
            if own or isinstance(node, Derived):
                continue
            entry = self.first.get(name)
            expects = self.forecast(view, name, entry)
            actual = self.forecast(self.actual_view(view), name, entry)
            both = np.isfinite(expects).all(axis=1) & np.isfinite(actual).all(axis=1)
            if not (weights * both > 0).any():
                continue
            yield Expectation(
                view, name, diagram.domains[name], expects, actual, weights * both, entry
            )

    def record_surprises(self, view: Viewpoint) -> Iterator[RecordSurprise]:
        """How surprising each entry of the record was that the view's holder noticed and did not decide."""
        ensemble = self.ensemble
        for i, entry in enumerate(ensemble.record):
            node = ensemble.diagram.node[entry.node]
            own = isinstance(node, Decision) and node.player == view[-1]
            if own or entry.node in self.models[view].unaware.nodes:
                continue
            likelihood = np.exp(evidence_of(ensemble.diagram, [entry])[entry.node])
            probabilities = [self.forecast(v, entry.node, i) @ likelihood for v in (view, ())]
            weights = ensemble.weights * np.isfinite(probabilities).all(axis=0)
            if not (weights > 0).any():
                continue
            possible = weights * (probabilities[0] > LEAST_POSSIBLE)
            share = float(possible.sum() / weights.sum())
            bits, unavoidable = (-np.log2(np.where(possible > 0, p, 1.0)) for p in probabilities)
            ever_possible = share > 0
            yield RecordSurprise(
                view=view,
                entry=i,
                bits=float(mean(bits, possible)) if ever_possible else float("inf"),
                unavoidable=float(mean(unavoidable, possible)) if ever_possible else float("nan"),
                impossible=1.0 - share,
            )

    def forecast(self, view: Viewpoint, node: NodeName, entry: int | None) -> np.ndarray:
        """P(node | the record before an entry) in a view's model; nan where the model rules it out."""
        key = (view, node, entry)
        if key not in self.known:
            evidence = evidence_of(self.ensemble.diagram, self.ensemble.record[:entry])
            seen: Evidence = noticed(self.models[view], evidence)
            self.known[key] = node_chances(self.worlds[view], node, seen)
        return self.known[key]

    def actual_view(self, view: Viewpoint) -> Viewpoint:
        """What a view is compared with: the actual case, or what the other player really expects."""
        return resolve_view(view[1:], self.worlds)


def resolve_view(
    view: Viewpoint, known: Mapping[Viewpoint, object] | Sequence[Viewpoint]
) -> Viewpoint:
    """Find the view whose model a nested view really uses.

    A player without a belief about another assumes that the other shares its model; a player without
    errors knows what others really think.

    >>> resolve_view(("usa", "blr"), [(), ("blr",)])
    ('blr',)
    """
    while view and view not in known:
        view = view[:-1] if view[:-1] in known and len(view) > 1 else view[1:]
    return view


def world_allowing_surprises(model: Model, rules: Policies) -> World:
    """Build a model's world in which even what it rules out has a tiny probability.

    So a player still has expectations after an entry of the record that its model rules out.
    """
    game = model.game
    raised = {name: (rule + FLOOR) * game.conceivable[name] for name, rule in rules.items()}
    return World(game.diagram, game.n_draws, {**game.beliefs, **raised})


def ask(case: SolvedCase, earlier: Mapping[str, Any]) -> Surprise | None:
    """Compare the expectations, for a run; `None` where no player errs."""
    del earlier
    return compare_expectations(case.ensemble) if case.ensemble.beliefs else None
