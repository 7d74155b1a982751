"""The compiled sweep: a graphics card takes a chunk as a whole, a processor takes it in blocks."""

from __future__ import annotations

import jax
import numpy as np
import pytest

from backchannel.equilibrium.settle import STILL
from backchannel.equilibrium.solve import solve
from backchannel.equilibrium.sweep import sweeper as module
from backchannel.equilibrium.sweep.batch import SweepRun, gather
from backchannel.equilibrium.sweep.chunk import DISTURBANCE, Chunk, Rungs, Swept
from backchannel.equilibrium.sweep.sweeper import CHUNK, LANES
from backchannel.equilibrium.types import Equilibrium, Method, Task
from tests.helpers import pursuit_game
from tests.reference.gambit.profiles import at_precisions
from tests.strategies import random_game, random_rules

EXACT = {"rtol": 0, "atol": 1e-12}
"""The same arithmetic, put together by the compiler in another way."""
N = LANES + 6


@pytest.fixture
def on(monkeypatch):
    """Do something as on a kind of device, with no program left from before.

    Only what the sweep asks JAX for is changed: the program itself runs on the processor.
    """

    def as_on(device: str, work):
        with monkeypatch.context() as there:
            there.setattr(jax, "default_backend", lambda: device)
            there.setattr(module, "_sweepers", {})
            return work()

    return as_on


@pytest.mark.parametrize("seed", [0, 4])
def test_a_chunk_that_is_taken_as_a_whole_plays_as_one_in_blocks(seed, on):
    """Menus, a derived node, decisions before and after those that need each other; one is held."""
    game = at_precisions(random_game(seed).diagram, {}, np.linspace(0.1, 4.0, N))
    first = game.diagram.decisions[0].name
    menu = game.menus[first]
    held = {first: np.broadcast_to(menu / menu.sum(axis=-1, keepdims=True), (N, *menu.shape[1:]))}

    def swept() -> list[Swept]:
        found = []
        with jax.enable_x64(True):
            for task in (Task(game), Task(game, held=held)):
                run = SweepRun(task)
                chunk, play = gather([(run, np.arange(N))], lambda run: run.play)
                found.append(run.sweeper.solve(chunk, play, most=40))
        return found

    whole, blocks = on("gpu", swept), on("cpu", swept)
    for one, other in zip(whole, blocks, strict=True):
        np.testing.assert_allclose(one.play[:, :N], other.play[:, :N], **EXACT)
        np.testing.assert_allclose(one.change[:N], other.change[:N], **EXACT)
        np.testing.assert_array_equal(one.sweeps[:N], other.sweeps[:N])
    # Lanes that no draw is in are not worked on in blocks of which none has a draw.
    assert (np.asarray(whole[0].sweeps) > 0).all()
    assert (np.asarray(blocks[0].sweeps)[2 * LANES :] == 0).all()


@pytest.mark.slow
def test_a_game_is_solved_on_a_graphics_card_as_on_a_processor(on):
    """Sweeps, climbs and the branch: the same play, found in the same ways."""
    n = CHUNK + LANES
    game = pursuit_game(n, b=np.linspace(0.1, 3.0, n))

    def solved() -> Equilibrium:
        return solve(Task(game))

    card, processor = on("gpu", solved), on("cpu", solved)
    assert card.converged.all()
    assert {*card.method} == {Method.SWEEP, Method.HOMOTOPY}
    for field in ("status", "method", "folds", "branch_verified", "sweeps"):
        np.testing.assert_array_equal(getattr(card, field), getattr(processor, field), field)
    for name, rule in processor.policies.items():
        np.testing.assert_allclose(card.policies[name], rule, **EXACT, err_msg=name)


@pytest.mark.parametrize("seed", [0, 3, 4])
def test_a_pass_by_numpy_is_a_sweep_of_the_program(seed):
    """Whatever is compiled: from random play, with one rule held."""
    game = at_precisions(random_game(seed).diagram, {}, np.linspace(0.1, 4.0, N))
    held = {game.diagram.decisions[-1].name: random_rules(game, 1)[game.diagram.decisions[-1].name]}
    run = SweepRun(Task(game, held=held, start=random_rules(game, 2)))
    with jax.enable_x64(True):
        chunk, play = gather([(run, np.arange(N))], lambda run: run.play)
        compiled = np.asarray(run.sweeper.solve(chunk, play, most=1).play)[:, :N]
        plain = run.sweeper.once(chunk, play)[:, :N]
    assert np.abs(compiled - play[:, :N]).max() > 0.01
    np.testing.assert_allclose(plain, compiled, **EXACT)


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_a_climb_in_one_call_is_a_climb_sweep_by_sweep(seed):
    """Rung by rung, by NumPy: the last sweep of each may move little, by what the one before moved."""
    game = at_precisions(random_game(seed).diagram, {}, np.geomspace(0.01, 6.0, N))
    run = SweepRun(Task(game))
    rungs = Rungs(count=3, ratio=2.0, contraction=0.25, disturbance=DISTURBANCE)
    assert sum(block.is_joint for block in run.sweeper.blocks) == 1
    with jax.enable_x64(True):
        chunk, play = gather([(run, np.arange(N))], lambda run: run.uniform)
        found = run.sweeper.climb(chunk, play, sweeps=3, rungs=rungs)
    passed = np.ones(N, dtype=bool)
    for rung in range(3, -1, -1):
        scaled = {**chunk.inputs, "precision": chunk.inputs["precision"] * 2.0**-rung}
        moves = []
        for i in range(3):
            disturbance = DISTURBANCE if i == 0 else 0.0
            new = run.sweeper.once(Chunk(scaled, N), play, disturbance=disturbance)
            before, play = play, new
            moves.append(np.abs(play[:, :N] - before[:, :N]).max(axis=0))
        passed &= moves[2] <= np.maximum(0.25 * moves[1], STILL)
    np.testing.assert_array_equal(np.asarray(found.passed)[:N], passed)
    assert passed.any()
    assert not passed.all()
    # A block climbs on as long as one of its lanes passes; those that pass arrive.
    ends = np.asarray(found.play)[:, :N][:, passed]
    np.testing.assert_allclose(ends, play[:, :N][:, passed], rtol=0, atol=1e-9)
