"""Quantities of claims as counterfactuals: probabilities, expected worths and best actions given the whole record."""

from __future__ import annotations

import numpy as np

from backchannel.diagram.claim_tests import Quantity
from backchannel.diagram.diagram import Diagram
from backchannel.ensemble.change import ChangedWorld
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.quantities import (
    always_rules,
    best_of,
    expected_worth,
    probability,
    terms_of_subject,
    truth_table,
)
from backchannel.language.coded_words import CodedWords
from backchannel.language.expressions import Expression
from backchannel.questions.counterfactuals.counterfactual import (
    BothCouplings,
    NumberTerm,
    counterfactual,
    with_rule,
)
from backchannel.questions.why.replay import Coupling
from backchannel.tensors.game import Game
from backchannel.tensors.inference import World, scope_of

BothAnswers = dict[Coupling, CodedWords | np.ndarray]


def measure_past(
    ensemble: Ensemble, changed: ChangedWorld | None, quantity: Quantity
) -> BothAnswers:
    """Compute one quantity of a world that was changed before the end of the record, in every draw.

    Args:
        ensemble: The solved case.
        changed: The changed world; `None` for the case itself, in which `best` sets a decision.
        quantity: What to compute. Its condition is about the changed world.
    """
    truth = ensemble.play.models.truth.game
    world, game = (changed.world, changed.game) if changed else (ensemble.world, truth)
    if quantity.kind == "P":
        assert quantity.event is not None
        return dict(_probability(ensemble, world, quantity.event, quantity.given))
    if quantity.kind == "E":
        return dict(_worth(ensemble, world, game, quantity.subject, quantity.given))
    owner, rules = always_rules(world, game, quantity.subject)
    worths = [
        _worth(ensemble, with_rule(world, quantity.subject, rule), game, owner, quantity.given)
        for rule in rules.values()
    ]
    return {c: best_of(list(rules), [worth[c] for worth in worths]) for c in Coupling}


def _probability(
    ensemble: Ensemble, world: World, event: Expression, given: Expression | None
) -> BothCouplings:
    diagram = ensemble.diagram
    wanted = [_event(diagram, event)]
    if given is None:
        exact = probability(ensemble.world, event, ensemble.evidence)
        means = counterfactual(ensemble, world).mean(wanted, exact=exact)
        return {coupling: np.clip(table, 0.0, 1.0) for coupling, table in means.items()}
    held = _event(diagram, given)
    both = _times(diagram, wanted[0], held)
    return counterfactual(ensemble, world).ratio([both], [held])


def _worth(
    ensemble: Ensemble, world: World, game: Game, subject: str, given: Expression | None
) -> BothCouplings:
    terms = terms_of_subject(game, subject)
    if given is None:
        truth = ensemble.play.models.truth.game
        exact = expected_worth(ensemble.world, truth, subject, ensemble.evidence)
        actual = terms_of_subject(truth, subject)
        return counterfactual(ensemble, world).mean(terms, actual, exact=exact)
    held = _event(ensemble.diagram, given)
    there = [_times(ensemble.diagram, term, held) for term in terms]
    return counterfactual(ensemble, world).ratio(there, [held])


def _event(diagram: Diagram, event: Expression) -> NumberTerm:
    names = scope_of(diagram, list(event.names))
    return names, truth_table(diagram, event, names) * 1.0


def _times(diagram: Diagram, one: NumberTerm, other: NumberTerm) -> NumberTerm:
    names = scope_of(diagram, [*one[0], *other[0]])
    product = np.ones(1)
    for scope, table in (one, other):
        lengths = dict(zip(scope, table.shape[1:], strict=True))
        product = product * table.reshape(len(table), *(lengths.get(name, 1) for name in names))
    return names, product
