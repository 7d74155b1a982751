"""Quantities: the probabilities, expected worths and best actions that claims ask for, per draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import prod

import numpy as np
from jaxtyping import Float

from backchannel.diagram.claim_tests import Quantity
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision, actual_values
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.weighted import mean
from backchannel.language.coded_words import CodedWords, node_axes
from backchannel.language.evaluation import evaluate
from backchannel.language.expressions import Expression
from backchannel.language.names import NodeName, Value, split_round
from backchannel.machine.memory import NUMBER, how_many
from backchannel.tensors.game import Game
from backchannel.tensors.inference import Evidence, World, chances_given, scope_of
from backchannel.tensors.marginals import expected_worths, is_long
from backchannel.tensors.plan import Scope

COPIES = 4
"""Tables of joint probabilities that are in memory at the same time while a quantity is computed."""


def measure(
    world: World, game: Game, quantity: Quantity, evidence: Evidence
) -> CodedWords | Float[np.ndarray, " draw"]:
    """Compute one quantity in every draw; nan (or n/a) where its condition is impossible.

    Args:
        world: The world in which it is computed.
        game: The numbers of that world, for the interests.
        quantity: What to compute.
        evidence: What was recorded.
    """
    if quantity.kind == "P":
        assert quantity.event is not None
        return probability(world, quantity.event, evidence, quantity.given)
    if quantity.kind == "E":
        return expected_worth(world, game, quantity.subject, evidence, quantity.given)
    return best_action(world, game, quantity.subject, evidence, quantity.given)


def probability(
    world: World, event: Expression, evidence: Evidence, given: Expression | None = None
) -> Float[np.ndarray, " draw"]:
    """P(event | evidence and given) in every draw."""
    diagram = world.diagram
    names = scope_of(diagram, list(event.names | (given.names if given else frozenset())))
    wanted = truth_table(diagram, event, names)
    held = truth_table(diagram, given, names) if given else 1.0

    def chance(some: World, _: slice) -> Float[np.ndarray, " draw"]:
        table = chances_given(some, keep=names, evidence=evidence)
        known = table * held
        axes = tuple(range(1, table.ndim))
        return _ratio((known * wanted).sum(axis=axes), known.sum(axis=axes))

    return _in_chunks(world, names, chance)


def expected_worth(
    world: World, game: Game, subject: str, evidence: Evidence, given: Expression | None = None
) -> Float[np.ndarray, " draw"]:
    """Expected worth of an interest, or of all interests of a player, in utility units."""
    total = np.zeros(world.n_draws)
    for scope, worth in terms_of_subject(game, subject):
        names = scope_of(world.diagram, [*scope, *(given.names if given else ())])
        held = truth_table(world.diagram, given, names) if given else None
        lengths = dict(zip(scope, worth.shape[1:], strict=True))
        aligned = worth.reshape(len(worth), *(lengths.get(name, 1) for name in names))
        mean = partial(_mean, aligned=aligned, names=names, held=held, evidence=evidence)
        total = total + _in_chunks(world, names, mean)
    return total


def _mean(
    world: World,
    draws: slice,
    *,
    aligned: Float[np.ndarray, "draw ..."],
    names: Scope,
    held: np.ndarray | None,
    evidence: Evidence,
) -> Float[np.ndarray, " draw"]:
    table = chances_given(world, keep=names, evidence=evidence)
    if held is not None:
        table = table * held
    axes = tuple(range(1, table.ndim))
    part = aligned if len(aligned) == 1 else aligned[draws]
    return _ratio((table * part).sum(axis=axes), table.sum(axis=axes))


def _in_chunks(
    world: World, names: Scope, work: Callable[[World, slice], Float[np.ndarray, " draw"]]
) -> Float[np.ndarray, " draw"]:
    """Compute something from a table over some nodes, in as many draws at a time as memory allows."""
    cells = prod(len(world.diagram.domains[name]) for name in names)
    together = max(how_many(NUMBER * COPIES * cells, world.n_draws), 1)
    chunks = []
    for start in range(0, world.n_draws, together):
        draws = slice(start, min(start + together, world.n_draws))
        n = draws.stop - draws.start
        tables = {k: t if len(t) == 1 else t[draws] for k, t in world.tables.items()}
        chunks.append(work(world if n == world.n_draws else World(world.diagram, n, tables), draws))
    return np.concatenate(chunks)


def best_action(
    world: World, game: Game, decision: NodeName, evidence: Evidence, given: Expression | None
) -> CodedWords:
    """The action with the highest expected worth to its owner, with all other rules unchanged.

    In contexts where the action is off the menu, the owner's own rule stays in place.
    """
    owner, rules = always_rules(world, game, decision)
    worths = []
    for rule in rules.values():
        there = World(world.diagram, world.n_draws, {**world.tables, decision: rule})
        worths.append(expected_worth(there, game, owner, evidence, given))
    return best_of(list(rules), worths)


def always_rules(
    world: World, game: Game, decision: NodeName
) -> tuple[str, dict[Value, Float[np.ndarray, "draw ..."]]]:
    """A decision's owner, and for each action the rule that always takes it where it is on the menu."""
    node = world.diagram.node[decision]
    assert isinstance(node, Decision)
    menu = game.menus[decision]
    rules = {}
    for action in actual_values(node):
        chosen = np.zeros(menu.shape)
        chosen[..., node.domain.index(action)] = 1.0
        on_menu = menu[..., node.domain.index(action)][..., None]
        rules[action] = np.where(on_menu, chosen, world.tables[decision])
    return node.player, rules


def best_of(actions: Sequence[Value], worths: Sequence[Float[np.ndarray, " draw"]]) -> CodedWords:
    """The action with the highest worth in every draw; none where a worth is not known."""
    stacked = np.array(worths)
    codes = np.where(np.isfinite(stacked).all(axis=0), np.argmax(stacked, axis=0), -1)
    return CodedWords(codes, tuple(str(action) for action in actions))


def terms_of_subject(game: Game, subject: str) -> list[tuple[Scope, np.ndarray]]:
    """The terms of an interest, or of all interests of a player: their nodes, and their worths."""
    if subject in game.diagram.players:
        return [(t.scope, t.worth) for t in game.terms if t.player == subject]
    # A repeated interest has a name in each round; its name without a round means all rounds.
    interests = [i for i in game.diagram.interests if subject in (i.name, split_round(i.name)[0])]
    return [term for interest in interests for term in game.worths_of(interest)]


def truth_table(diagram: Diagram, event: Expression, names: tuple[NodeName, ...]) -> np.ndarray:
    """Whether an event holds, by the values of some nodes; axis 0 has length 1."""
    domains = diagram.domains
    table = evaluate(event, node_axes(domains, names))
    shape = tuple(len(domains[name]) for name in names)
    # The last axis runs over draws; an event has the same value in all of them.
    return np.broadcast_to(table, (*shape, 1))[..., 0][None] != 0


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan)


def mean_worths(ensemble: Ensemble) -> dict[str, float]:
    """The expected worth of each interest given the record, mean over the weighted draws."""
    evidence = ensemble.evidence
    game = ensemble.play.models.truth.game
    together = expected_worths(ensemble.world, game, evidence) if is_long(ensemble.world) else {}
    worths = {}
    for interest in ensemble.diagram.interests:
        worth = together.get(interest.name)
        if worth is None:
            worth = expected_worth(ensemble.world, game, interest.name, evidence)
        worths[interest.name] = float(mean(worth, ensemble.weights))
    return worths
