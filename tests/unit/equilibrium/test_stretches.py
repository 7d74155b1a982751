"""Stretches: what serves held rules alone is skipped, and nothing else changes."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from backchannel.diagram.relevance import Block
from backchannel.equilibrium.frame import frame_of
from backchannel.equilibrium.game_tables import game_tables
from backchannel.equilibrium.response import lift_zeros, logit_response
from backchannel.equilibrium.skipping import carry_out_stretches
from backchannel.equilibrium.sweep.plan import SweepPlan, sweep_plan
from backchannel.tensors.interpreter import carry_out, draws_last
from tests.reference.gambit.profiles import at_precisions
from tests.strategies import random_game, random_rules

EXACT = {"rtol": 0, "atol": 1e-13}
"""The same arithmetic, put together by the compiler in another way."""


class Update:
    """One update of the rules of a random game, some of which are held."""

    def __init__(self, seed: int, held: slice) -> None:
        self.game = at_precisions(random_game(seed).diagram, {}, (0.3, 1.0, 2.0))
        diagram = self.game.diagram
        terms = [(term.player, term.scope) for term in self.game.terms]
        frame = frame_of(diagram, terms, held=())
        self.names = [d.name for d in diagram.decisions]
        self.sweep: SweepPlan = sweep_plan(frame, Block(tuple(self.names), is_joint=True))
        self.held = set(self.names[held])
        self.tables = game_tables(self.game, held={}, available={})
        played = random_rules(self.game, seed)
        self.rules = {name: draws_last(played[name]) for name in self.names}
        given = {
            (kind, name): draws_last(table)
            for kind in ("factor", "belief", "term")
            for name, table in self.tables[kind].items()
        }
        prepared = self.sweep.evaluator.prepare(given)
        old = {table: self.rules[name] for name, table in self.sweep.old.items()}
        self.given = {**prepared, **old}
        self.responses: list[str] = []

    def hands(self, xp):
        """How worths become rules, and zeros are lifted."""

        def respond(name, worth):
            self.responses.append(name)
            precision = self.tables["precision"][name]
            menu = draws_last(self.tables["menu"][name])
            response = logit_response(worth, precision=precision, menu=menu, xp=xp)
            return self.rules[name] if name in self.held else response

        def floor(name, rule):
            return lift_zeros(rule, draws_last(self.tables["conceivable"][name]), xp)

        return {"respond": respond, "floor": floor}

    def in_stretches(self, xp):
        """The new rules, by stretches."""
        free = {name: name not in self.held for name in self.names}
        if xp is jnp:
            free = {name: jnp.asarray(is_free) for name, is_free in free.items()}
        made = carry_out_stretches(
            self.sweep.plan,
            self.sweep.stretches,
            self.given,
            free=free,
            held=self.rules,
            xp=xp,
            **self.hands(xp),
        )
        return {name: made[table] for name, table in self.sweep.new.items()}

    def in_one_go(self):
        """The new rules, with every step carried out."""
        made = carry_out(self.sweep.plan, self.sweep.evaluator.again, self.given, **self.hands(np))
        return {name: made[table] for name, table in self.sweep.new.items()}


@pytest.mark.parametrize("held", [slice(0), slice(1), slice(1, None), slice(None)])
@pytest.mark.parametrize("seed", [0, 4, 5])
def test_rules_are_those_of_a_whole_update(seed, held):
    """Whether the first, all others, all or none are held; by NumPy and compiled."""
    update = Update(seed, held)
    whole = update.in_one_go()
    with jax.enable_x64(True):
        compiled = jax.jit(lambda: update.in_stretches(jnp))()
    for rules in (update.in_stretches(np), compiled):
        for name, rule in whole.items():
            np.testing.assert_allclose(rules[name], rule, **EXACT, err_msg=name)


def test_the_responses_of_held_rules_are_not_worked_out():
    """A rule that is held stays as it is, so that its response would be thrown away."""
    update = Update(4, slice(1))
    update.in_stretches(np)
    assert update.responses
    assert not update.held & set(update.responses)


@pytest.mark.parametrize("seed", [0, 4, 5])
def test_every_step_lies_in_one_stretch_after_what_it_needs(seed):
    """So they can be carried out in order, and nothing is worked out twice."""
    sweep = Update(seed, slice(0)).sweep
    made: set[int] = set()
    own = {step.out for step in sweep.evaluator.again}
    for stretch in sweep.stretches:
        for step in stretch.steps:
            assert own.intersection(step.operands) <= made
            assert step.out not in made
            made.add(step.out)
    assert made == own
