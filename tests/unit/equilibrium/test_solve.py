"""Choice of method: what a sweep finds is used only where it is on the principal branch."""

from __future__ import annotations

import jax
import numpy as np
import pytest

from backchannel.diagram.nodes import Derived
from backchannel.diagram.relevance import solution_blocks
from backchannel.equilibrium import solve as module
from backchannel.equilibrium.beliefs.believed_games import with_value
from backchannel.equilibrium.solve import solve, solve_all
from backchannel.equilibrium.sweep.batch import SweepRun, gather, sweep
from backchannel.equilibrium.types import Method, Status, Task
from backchannel.machine import memory
from tests.fooling import (
    FOLDS,
    LOCKED_IN,
    random_tables,
    simultaneous,
    two_ahead_of_a_third,
)
from tests.helpers import TOL, quick_but
from tests.oracles.branch import Branch, follow_branch, leaves_of
from tests.strategies import branch_of, plain, random_game, random_rules


def _swept(game) -> tuple[dict, np.ndarray]:
    """Sweeps alone, and which draws settle in them."""
    run = SweepRun(Task(game))
    with jax.enable_x64(True):
        sweep([run], most=30)
    settled = np.ones(game.n_draws, dtype=bool)
    settled[run.todo] = False
    return run.result.policies, settled


def _assert_on_branch(policies, branch: Branch, draw: int = 0, tolerance: float = 1e-9) -> None:
    for (name, context), rule in branch.rules.items():
        np.testing.assert_allclose(policies[name][(draw, *context)], rule, rtol=0, atol=tolerance)


def test_two_who_coordinate_ahead_of_a_third_stay_on_the_joint_path():
    """A sweep answers to the third's final rule from its first round on, and leaves the branch."""
    game = two_ahead_of_a_third()
    branch = branch_of(game)
    swept, settled = _swept(game)
    assert settled.all()
    assert swept["first"][0, 0] < 1e-4
    found = solve(Task(game))
    assert found.converged.all()
    assert found.method[0] == Method.HOMOTOPY
    assert branch.rules["first", ()][0] > 0.999
    _assert_on_branch(found.policies, branch)


@pytest.mark.slow
def test_two_who_are_solved_after_the_third_agree_on_something_else():
    """Group by group is another answer here, which is why these groups are one block."""
    game = two_ahead_of_a_third()
    (block,) = solution_blocks(game.diagram)
    assert block.is_joint
    assert set(block.decisions) == {"first", "second", "reply"}
    # The third's rule needs nobody's: b is worth `mild` more than a, whatever it sees.
    leans = 1 / (1 + np.exp(-8.0 * LOCKED_IN["mild"]))
    reply = np.broadcast_to([1 - leans, leans], (1, 2, 2, 2))
    joint = branch_of(game)
    np.testing.assert_allclose(joint.rules["reply", (0, 0)], reply[0, 0, 0], **TOL)
    small = plain(game, {**random_rules(game, 0), "reply": reply})
    third = next(node for node in small.nodes if node.name == "reply")
    # To the two, who come second then, it is chance.
    third.player = None
    after = follow_branch(leaves_of(small))
    assert joint.rules["first", ()][0] > 0.999
    assert after.rules["first", ()][0] < 1e-3
    found = solve(Task(game, held={"reply": reply}))
    assert found.converged.all()
    _assert_on_branch(found.policies, after)


def test_an_earlier_play_does_not_lead_off_the_branch():
    """A changed world is swept from the play before the change, which may be far from its branch."""
    game = two_ahead_of_a_third()
    start, _ = _swept(game)
    found = solve(Task(game, start=start))
    assert found.converged.all()
    _assert_on_branch(found.policies, branch_of(game))


def test_held_rules_leave_nothing_to_doubt_where_no_circle_is_left():
    """With the first held, nobody left needs the other: one sweep, one equilibrium."""
    game = two_ahead_of_a_third()
    found = solve(Task(game, held={"first": np.array([[0.0, 1.0]])}))
    assert found.converged.all()
    assert found.method[0] == Method.SWEEP
    assert found.policies["second"][0, 1] > 0.99


@pytest.mark.slow
def test_a_branch_that_folds_before_the_target_is_followed_and_counted():
    """A sweep settles beyond the fold on whatever it finds."""
    game = simultaneous(*FOLDS, precision=20.0)
    branch = branch_of(game, step=0.05)
    found = solve(Task(game))
    assert found.converged.all()
    assert found.method[0] == Method.HOMOTOPY
    assert branch.folds == 2
    assert found.folds[0] == 2
    _assert_on_branch(found.policies, branch)


@pytest.fixture(scope="module")
def tables():
    """Sixty random 3×3 games at a precision of eight, and the branch of each."""
    game = simultaneous(*random_tables(60, 3, seed=8), precision=8.0)
    return game, [branch_of(game, draw, step=0.2) for draw in range(60)]


@pytest.mark.slow
def test_no_random_game_is_answered_off_its_principal_branch(tables):
    """Of what sweeps settle on by themselves, some is wrong: this is what the climb is for."""
    game, branches = tables
    swept, settled = _swept(game)
    wrong = [
        draw
        for draw in np.flatnonzero(settled).tolist()
        if np.abs(swept["r"][draw] - branches[draw].rules["r", ()]).max() > 1e-3
    ]
    assert len(wrong) >= 3
    found = solve(Task(game))
    assert found.converged.mean() > 0.95
    for draw in np.flatnonzero(found.converged).tolist():
        _assert_on_branch(found.policies, branches[draw], draw)
    assert (found.method == Method.SWEEP).mean() > 0.3


def test_a_doubtful_sweep_is_not_used_when_the_branch_is_lost(tables, monkeypatch):
    """It is left out, with the status that the homotopy gave."""
    game, _ = tables
    good = solve(Task(game))
    followed = good.method == Method.HOMOTOPY
    real = module.follow_several

    def lost(asked):
        found = real(asked)
        for one in found:
            one.status[:] = Status.LOST_PATH
        return found

    monkeypatch.setattr(module, "follow_several", lost)
    again = solve(Task(game))
    assert (again.status[followed] == Status.LOST_PATH).all()
    assert not again.converged[followed].any()
    assert again.converged[~followed].all()


SPLIT = {4: (3, 1), 22: (1, 3), 27: (3, 1), 36: (2, 2)}
"""Seeds of games that are solved in two blocks, and the decisions of each: one is solved jointly, and
single decisions come before it or after it, a step each."""


@pytest.mark.parametrize("seed", quick_but((22, 27), SPLIT))
def test_solving_group_by_group_equals_the_joint_path(seed):
    """The solver goes by groups where design allows it; the oracle knows no groups."""
    game = random_game(seed, precision=2.0)
    blocks = solution_blocks(game.diagram)
    assert tuple(len(block.decisions) for block in blocks) == SPLIT[seed]
    assert sum(block.is_joint for block in blocks) == 1
    found = solve(Task(game))
    assert found.converged.all()
    assert found.method[0] == Method.SWEEP
    _assert_on_branch(found.policies, branch_of(game, step=0.2))


@pytest.mark.slow
def test_few_draws_are_worked_on_by_themselves_and_play_the_same():
    """Where somebody waits for the last few draws, a chunk is not filled up for them."""
    rows, columns = random_tables(70, 2, seed=3)
    game = simultaneous(rows, columns, precision=1.0)
    few, _ = gather([(SweepRun(Task(game)), np.arange(3))], lambda run: run.uniform)
    assert few.count == 3
    together, alone = solve(Task(game)), solve(Task(simultaneous(rows[69], columns[69], 1.0)))
    for name, rule in alone.policies.items():
        np.testing.assert_allclose(rule[0], together.policies[name][69], **TOL, err_msg=name)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 8, 40])
def test_worlds_that_set_a_derived_node_otherwise_are_solved_side_by_side(seed):
    """A derived node's table is one for all draws of a game, but not for all games in a chunk."""
    game = random_game(seed)
    derived = [node for node in game.diagram.nodes if isinstance(node, Derived)]
    games = [game]
    for node in derived:
        games += [with_value(game, node.name, value) for value in node.domain]
    together = solve_all([Task(one) for one in games])
    for one, found in zip(games, together, strict=True):
        for name, rule in solve(Task(one)).policies.items():
            np.testing.assert_allclose(found.policies[name], rule, **TOL, err_msg=name)


def test_the_system_is_asked_once_how_much_memory_is_free(monkeypatch):
    """To ask takes about as long as a sweep of a small game."""
    game, asked = simultaneous(*FOLDS, precision=1.0), []

    def free() -> int:
        asked.append(1)
        return 10**10

    monkeypatch.setattr(memory, "free_memory", free)
    assert solve(Task(game)).converged.all()
    assert len(asked) == 1
