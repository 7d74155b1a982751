"""Sizes of plans: what is told beforehand is what is taken, and less memory gives the same numbers."""

import tracemalloc

import jax
import numpy as np
import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from backchannel.ensemble.draws import draw_numbers
from backchannel.equilibrium.certificate.certify import certify
from backchannel.equilibrium.certificate.size import draws_at_once
from backchannel.equilibrium.sweep.batch import SweepRun, gather
from backchannel.equilibrium.sweep.sweeper import LANES, sweeper_of
from backchannel.equilibrium.types import Task
from backchannel.language.errors import TooLargeError
from backchannel.machine.memory import limited
from backchannel.study import Study
from backchannel.tensors import inference
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.inference import World, joint
from backchannel.tensors.interpreter import carry_out
from backchannel.tensors.plan import Plan
from backchannel.tensors.plan_size import size_of
from tests.large import dense, wide

N = 64


@pytest.fixture(scope="module")
def game():
    """A game of 26 nodes in which 16 meet in one table."""
    lowered = lower(*read_case_text(dense(26, 5)))
    return compile_game(lowered.diagram, draw_numbers(lowered.priors, N, seed=0))


@pytest.fixture(scope="module")
def world(game):
    rules = {name: menu / menu.sum(axis=-1, keepdims=True) for name, menu in game.menus.items()}
    shaped = {name: np.broadcast_to(rule, (N, *rule.shape[1:])) for name, rule in rules.items()}
    return World(game.diagram, N, {**game.factors, **shaped})


def peak_of(work):
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_a_chain_by_hand():
    """Summing b out of f(a, b) g(b, c) passes through 2·3·5 cells and leaves 2·5."""
    plan = Plan({"a": 2, "b": 3, "c": 5})
    out = plan.eliminate([plan.take("f", "ab"), plan.take("g", "bc")], keep="ac")
    size = size_of(plan, plan.steps, [out])
    assert size.largest == 30
    assert size.scope == ("a", "b", "c")
    assert 10 <= size.peak <= 30


def test_a_joint_takes_what_was_told(world, monkeypatch):
    told = []
    keep = world.diagram.order[-1:]

    def noted(*given):
        told.append(size_of(*given))
        return told[-1]

    monkeypatch.setattr(inference, "size_of", noted)
    peak = peak_of(lambda: joint(world, keep=keep))
    assert 0.5 * peak < 8 * N * told[0].peak < 2 * peak


def test_a_table_is_let_go_after_its_last_use():
    """Thirty multiplications in a row need two tables at a time, not thirty."""
    plan = Plan({"a": 1000})
    table = plan.take("first", "a")
    for i in range(30):
        table = plan.multiply([table, plan.take(i, "a")])
    given = {t: np.ones((1000, 10)) for t in plan.inputs.values()}
    peak = peak_of(lambda: carry_out(plan, plan.steps, given, keep=[table]))
    size = size_of(plan, plan.steps, [table])
    assert size.peak <= 4 * 1000
    assert peak <= 8 * 10 * size.peak + 20_000


def test_a_compiled_sweep_takes_what_was_told(game):
    """The compiler says itself what a program needs beside what it is given."""
    with jax.enable_x64(True):
        task_run = SweepRun(Task(game))
        sweeper = task_run.sweeper
        chunk, play = gather([(task_run, np.arange(N))], lambda one: one.play)
        how = [np.asarray(number) for number in (1, 10, 0, 1.0, 0.5, 0.0)]
        memory = sweeper._solve.lower(chunk.inputs, play, *how).compile().memory_analysis()
    taken = sum(
        (
            memory.temp_size_in_bytes,
            memory.argument_size_in_bytes,
            memory.output_size_in_bytes,
        )
    )
    assert 0.8 * taken < sweeper.size.bytes(LANES, sweeper.chunk) < 2.5 * taken


def test_fewer_draws_at_once_give_the_same_joint(world):
    keep = world.diagram.order[-3:]
    plenty = joint(world, keep=keep)
    with limited(5 * 10**6):
        scarce = joint(world, keep=keep)
    np.testing.assert_allclose(scarce, plenty, rtol=0, atol=1e-15)


def test_a_joint_that_does_not_fit_is_refused_with_its_nodes(world):
    with limited(20_000), pytest.raises(TooLargeError, match="nodes at once"):
        joint(world, keep=world.diagram.order[-1:])


@pytest.mark.slow
def test_the_certificate_is_the_same_in_fewer_draws_at_once(game, world, monkeypatch):
    """It is made narrow by hand: the walk serves nearly every case."""
    monkeypatch.setattr("backchannel.equilibrium.certificate.certify.is_narrow", lambda _: False)
    rules = {name: world.tables[name] for name in game.menus}
    free = frozenset(rules)
    plenty = certify(game, rules, free=free)
    with limited(20 * 10**6):
        assert 1 <= draws_at_once(game, 256) < N
        scarce = certify(game, rules, free=free)
    np.testing.assert_allclose(scarce.residual, plenty.residual, rtol=0, atol=1e-12)
    with limited(10**5), pytest.raises(TooLargeError, match="the certificate"):
        certify(game, rules, free=free)


@pytest.mark.slow
def test_what_just_fits_is_solved_and_gives_the_same_numbers():
    """Fewer lanes, one at a time if need be, and the same play to rounding."""
    text = dense(22, 4)
    plenty = Study.load(text, draws=N)
    node = plenty.lowered.diagram.order[-1]
    known = plenty.forecast(node).per_draw
    size, stored = sizes_of(plenty)
    scarce = with_memory(text, stored + size.bytes(8, 8))
    np.testing.assert_allclose(scarce.forecast(node).per_draw, known, rtol=0, atol=1e-12)
    refused = with_memory(text, stored + size.bytes(1, 1) - 1)
    with pytest.raises(TooLargeError, match="Solving the case would take"):
        refused.forecast(node)


def with_memory(text, memory):
    """A study with less memory than the least that may be asked for, so that small cases meet it."""
    study = Study.load(text, draws=N)
    study.memory = memory
    return study


def sizes_of(study):
    """What a sweep takes, and what the game itself does."""
    game = study.ensemble.play.models.truth.game
    return sweeper_of(game).size, game.stored


def test_claims_about_much_at_once_are_judged_in_passes():
    """A joint of 27,000 cells in 64 draws is 14 MB; two megabytes give the same verdict."""
    claim = 'claims:\n  - {says: s, source: s, test: "P(x + y > z, given=(w > 1)) > 0.4"}\n'
    text = wide(13, more=claim)
    plenty, scarce = Study.load(text, draws=N), Study.load(text, draws=N)
    scarce.memory = 2 * 10**6
    known, found = plenty.claims().findings[0], scarce.claims().findings[0]
    # x + y > z for three even draws from 0 to 12: counted by hand in Python.
    values = range(13)
    share = sum(x + y > z for x in values for y in values for z in values) / 13**3
    assert found.support == known.support == 1.0
    np.testing.assert_allclose(found.sides, (share, 0.4), atol=1e-12)


def test_tables_in_all_draws_are_refused_before_they_are_filled():
    lowered = lower(*read_case_text(dense(22, 8)))
    numbers = draw_numbers(lowered.priors, 4096, seed=0)

    def refused():
        with limited(10**6), pytest.raises(TooLargeError, match="The tables of the case in 4,096"):
            compile_game(lowered.diagram, numbers)

    assert peak_of(refused) < 10**6


def test_a_large_table_filled_bit_by_bit_is_the_same(game, monkeypatch):
    lowered = lower(*read_case_text(dense(26, 5)))
    monkeypatch.setattr("backchannel.tensors.compile_game.AT_ONCE", 100)
    again = compile_game(lowered.diagram, draw_numbers(lowered.priors, N, seed=0))
    for name, table in game.factors.items():
        np.testing.assert_array_equal(again.factors[name], table)
