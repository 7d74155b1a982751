"""Surprise: what each player expects to happen beside what will, and how it took what has happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from backchannel.diagram.beliefs import Observation, View
from backchannel.diagram.nodes import Decision, Derived
from backchannel.ensemble.ensemble import Ensemble, evidence_of, noticed
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.ensemble.weighted import bounded, mean, quantile
from backchannel.equilibrium.models import Model
from backchannel.equilibrium.result import Policies
from backchannel.language.names import NodeName, PlayerName, Value
from backchannel.questions.forecast.ask import HIGH, LOW, node_chances
from backchannel.tensors.game import FLOOR
from backchannel.tensors.inference import Evidence, World
from backchannel.wording.result import Result

IMPOSSIBLE = 1e-20
"""What was less likely than this in a player's model could happen only by surprise."""


@dataclass(frozen=True)
class Expectation:
    """One node as somebody expects it, beside what is so; what was on record is known to both."""

    view: View
    """Whose expectation; of a nested view, what is so is what the player at its end expects."""
    node: NodeName
    domain: tuple[Value, ...]
    expects: Float[np.ndarray, "draw value"]
    is_so: Float[np.ndarray, "draw value"]
    weights: Float[np.ndarray, " draw"]
    entry: int | None
    """The entry of the record just before which both look; `None`: after all of it."""

    @cached_property
    def per_draw(self) -> Float[np.ndarray, " draw"]:
        """Total variation: the largest difference that any event on this node can make."""
        return np.abs(self.expects - self.is_so).sum(axis=1) / 2

    @property
    def gap(self) -> float:
        """Mean total variation, 0 to 1."""
        return float(mean(self.per_draw, self.weights))

    @property
    def range(self) -> tuple[float, float]:
        """The 5–95% range of the total variation over draws."""
        ends = (quantile(self.per_draw, self.weights, at) for at in (LOW, HIGH))
        return next(ends), next(ends)

    @property
    def divergence(self) -> float:
        """Mean Kullback–Leibler divergence from what is so, in bits: the surprise still to come."""
        with np.errstate(invalid="ignore", divide="ignore"):
            terms = self.is_so * np.log2(self.is_so / self.expects)
        terms = np.where(self.is_so > 0, terms, 0.0)
        return float(mean(terms.sum(axis=1), self.weights))

    def mean_of(self, value: Value) -> tuple[float, float]:
        """Mean chance of one value: expected, and so."""
        i = self.domain.index(value)
        return (
            float(mean(self.expects[:, i], self.weights)),
            float(mean(self.is_so[:, i], self.weights)),
        )


@dataclass(frozen=True)
class Reception:
    """How somebody took one entry of the record, after those before it."""

    view: View
    entry: int
    bits: float
    """Mean of -log2 of its chance in the view's model, over draws in which it was possible there."""
    due: float
    """The same in the case as it is: what nobody could have spared itself."""
    impossible: float
    """Share of the weighted draws in which it was impossible in the view's model."""


@dataclass(frozen=True)
class Surprise(Result):
    """Everyone's expectations, beside what is so."""

    views: tuple[View, ...]
    """Players who err, then what they think that others expect."""
    unerring: tuple[PlayerName, ...]
    """Players who hold the true case, know who errs, and so expect what is so."""
    expectations: tuple[Expectation, ...]
    """Widest gap first."""
    receptions: tuple[Reception, ...]
    record: tuple[Observation, ...]
    n_draws: int
    effective_draws: float
    left_out: float
    """Share of draws that did not settle; a gap can be anything from 0 to 1 in these."""

    def of(self, view: PlayerName | View, node: NodeName) -> Expectation:
        """One expectation."""
        wanted = (view,) if isinstance(view, str) else tuple(view)
        return next(e for e in self.expectations if e.view == wanted and e.node == node)

    def to_frame(self) -> pd.DataFrame:
        """One row for each value of each node that somebody has an expectation of."""
        rows = []
        for one in self.expectations:
            for value in one.domain:
                expects, is_so = one.mean_of(value)
                rows.append(
                    {
                        "view": ".".join(one.view),
                        "node": one.node,
                        "value": value,
                        "expects": expects,
                        "is so": is_so,
                        "gap": one.gap,
                        "gap at least": bounded(one.gap, self.left_out)[0],
                        "gap at most": bounded(one.gap, self.left_out)[1],
                        "bits": one.divergence,
                    }
                )
        columns = [
            "view",
            "node",
            "value",
            "expects",
            "is so",
            "gap",
            "gap at least",
            "gap at most",
            "bits",
        ]
        return pd.DataFrame(rows, columns=columns)

    def record_frame(self) -> pd.DataFrame:
        """One row for each entry of the record that somebody took in."""
        rows = [
            {
                "view": ".".join(one.view),
                "node": self.record[one.entry].node,
                "value": self.record[one.entry].value,
                "bits": one.bits,
                "due": one.due,
                "impossible": one.impossible,
            }
            for one in self.receptions
        ]
        return pd.DataFrame(rows, columns=["view", "node", "value", "bits", "due", "impossible"])


def surprise(ensemble: Ensemble, *, progress: Callable[[int], None] | None = None) -> Surprise:
    """Compare what each player that errs expects with what is so.

    Each forecasts in its own model, given the public record: a node on record as it looked just
    before its entry, any other after the whole record. What a player alone has seen is not used. Its
    own moves are left out, and so are derived nodes. The draws are the analyst's ignorance, so
    forecasts are compared draw by draw, with the weights of the whole record on both sides.

    Args:
        ensemble: The solved case.
        progress: Called with 1 after each view.
    """
    views = tuple(sorted(ensemble.play.models.views, key=len))
    expectations: list[Expectation] = []
    receptions: list[Reception] = []
    facts = _Facts(ensemble)
    for view in views:
        expectations += facts.expectations(view)
        if len(view) == 1:
            receptions += facts.receptions(view)
        if progress:
            progress(1)
    return Surprise(
        views=views,
        unerring=tuple(p for p in ensemble.diagram.players if (p,) not in views),
        expectations=tuple(sorted(expectations, key=lambda one: -round(one.gap, 9))),
        receptions=tuple(receptions),
        record=ensemble.record,
        n_draws=ensemble.n_draws,
        effective_draws=ensemble.effective_draws,
        left_out=ensemble.left_out,
    )


class _Facts:
    """Everybody's world, and what each would have forecast at every point of the record."""

    def __init__(self, ensemble: Ensemble) -> None:
        self.ensemble = ensemble
        play = ensemble.play
        self.models = {(): play.models.truth, **play.models.views}
        rules = {view: found.policies for view, found in play.views.items()}
        self.worlds: dict[View, World] = {(): ensemble.world}
        self.worlds |= {view: after_surprises(self.models[view], rules[view]) for view in rules}
        self.known: dict[tuple[View, NodeName, int | None], np.ndarray] = {}
        first: dict[NodeName, int] = {}
        for i, entry in enumerate(ensemble.record):
            first.setdefault(entry.node, i)
        self.first: Mapping[NodeName, int] = first

    def expectations(self, view: View) -> Iterator[Expectation]:
        """What a view expects of everything that its holder does not decide itself."""
        diagram, weights = self.ensemble.diagram, self.ensemble.weights
        for name in diagram.order:
            node = diagram.node[name]
            own = isinstance(node, Decision) and node.player == view[-1]
            if own or isinstance(node, Derived):
                continue
            entry = self.first.get(name)
            expects = self.forecast(view, name, entry)
            is_so = self.forecast(self.reality(view), name, entry)
            both = np.isfinite(expects).all(axis=1) & np.isfinite(is_so).all(axis=1)
            if not (weights * both > 0).any():
                continue
            yield Expectation(
                view, name, diagram.domains[name], expects, is_so, weights * both, entry
            )

    def receptions(self, view: View) -> Iterator[Reception]:
        """How a view took every entry of the record that its holder noticed and did not decide."""
        ensemble = self.ensemble
        for i, entry in enumerate(ensemble.record):
            node = ensemble.diagram.node[entry.node]
            own = isinstance(node, Decision) and node.player == view[-1]
            if own or entry.node in self.models[view].unaware.nodes:
                continue
            likelihood = np.exp(evidence_of(ensemble.diagram, [entry])[entry.node])
            chances = [self.forecast(v, entry.node, i) @ likelihood for v in (view, ())]
            weights = ensemble.weights * np.isfinite(chances).all(axis=0)
            if not (weights > 0).any():
                continue
            possible = weights * (chances[0] > IMPOSSIBLE)
            share = float(possible.sum() / weights.sum())
            bits, due = (-np.log2(np.where(possible > 0, c, 1.0)) for c in chances)
            known = share > 0
            yield Reception(
                view=view,
                entry=i,
                bits=float(mean(bits, possible)) if known else float("inf"),
                due=float(mean(due, possible)) if known else float("nan"),
                impossible=1.0 - share,
            )

    def forecast(self, view: View, node: NodeName, entry: int | None) -> np.ndarray:
        """P(node | the record before an entry) as a view has it; nan where that is ruled out."""
        key = (view, node, entry)
        if key not in self.known:
            evidence = evidence_of(self.ensemble.diagram, self.ensemble.record[:entry])
            seen: Evidence = noticed(self.models[view], evidence)
            self.known[key] = node_chances(self.worlds[view], node, seen)
        return self.known[key]

    def reality(self, view: View) -> View:
        """What a view is about: the case itself, or what the player it thinks of really expects."""
        return nearest_view(view[1:], self.worlds)


def nearest_view(view: View, known: Mapping[View, object] | Sequence[View]) -> View:
    """Where an idea of others is really planned, among the views that there are.

    Who has no idea of its own of another takes it to share its model; who does not err knows what
    others really think.

    >>> nearest_view(("usa", "blr"), [(), ("blr",)])
    ('blr',)
    """
    while view and view not in known:
        view = view[:-1] if view[:-1] in known and len(view) > 1 else view[1:]
    return view


def after_surprises(model: Model, rules: Policies) -> World:
    """The world of a model in which what it rules out can happen, with a chance near 0.

    So somebody whom an entry of the record has caught unawares still has expectations after it.
    """
    game = model.game
    lifted = {
        name: np.maximum(rule, FLOOR) * game.conceivable[name] for name, rule in rules.items()
    }
    return World(game.diagram, game.n_draws, {**game.beliefs, **lifted})


def ask(case: SolvedCase, found: Mapping[str, Any]) -> Surprise | None:
    """What a run asks; nothing where no player errs."""
    del found
    return surprise(case.ensemble) if case.ensemble.beliefs else None
