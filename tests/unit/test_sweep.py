"""The compiled sweep: a graphics card takes a chunk as a whole, a processor takes it in blocks."""

from __future__ import annotations

import jax
import numpy as np
import pytest

from backchannel.equilibrium import sweep as module
from backchannel.equilibrium.batch import Run, gather
from backchannel.equilibrium.result import Equilibrium, Method
from backchannel.equilibrium.solve import Task, solve
from backchannel.equilibrium.sweep import CHUNK, LANES, Swept
from tests.helpers import pursuit_game
from tests.reference.gambit.profiles import at_precisions
from tests.strategies import random_game

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
                run = Run(task)
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


def test_a_game_is_solved_on_a_graphics_card_as_on_a_processor(on):
    """Sweeps, climbs and the branch: the same play, found in the same ways."""
    n = CHUNK + LANES
    game = pursuit_game(n, b=np.linspace(0.1, 3.0, n))

    def solved() -> Equilibrium:
        return solve(Task(game))

    card, processor = on("gpu", solved), on("cpu", solved)
    assert card.converged.all()
    assert {*card.method} == {Method.SWEEP, Method.HOMOTOPY}
    for field in ("status", "method", "folds", "calm", "sweeps"):
        np.testing.assert_array_equal(getattr(card, field), getattr(processor, field), field)
    for name, rule in processor.policies.items():
        np.testing.assert_allclose(card.policies[name], rule, **EXACT, err_msg=name)
