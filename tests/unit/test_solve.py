"""Choice of method: what a sweep finds is used only where it is on the principal branch."""

from __future__ import annotations

import jax
import numpy as np
import pytest

from backchannel.equilibrium import solve as module
from backchannel.equilibrium.batch import CHUNK, FEW, Run, gather, sweep
from backchannel.equilibrium.result import Method, Status
from backchannel.equilibrium.solve import Task, solve
from tests.fooling import FOLDS, random_tables, simultaneous, two_ahead_of_a_third
from tests.helpers import TOL
from tests.oracles.branch import Branch, follow_branch, leaves_of
from tests.strategies import plain, random_game


def _uniform(game):
    even = {name: menu / menu.sum(axis=-1, keepdims=True) for name, menu in game.menus.items()}
    return {n: np.broadcast_to(rule, (game.n_draws, *rule.shape[1:])) for n, rule in even.items()}


def _branch(game, draw: int = 0, **how: float) -> Branch:
    return follow_branch(leaves_of(plain(game, _uniform(game), draw)), **how)


def _swept(game) -> tuple[dict, np.ndarray]:
    """Sweeps alone, and which draws settle in them."""
    run = Run(Task(game))
    with jax.enable_x64(True):
        sweep([run], most=30)
    settled = np.ones(game.n_draws, dtype=bool)
    settled[run.todo] = False
    return run.result.policies, settled


def _assert_on_branch(policies, branch: Branch, draw: int = 0, tolerance: float = 1e-9) -> None:
    for (name, context), rule in branch.rules.items():
        np.testing.assert_allclose(policies[name][(draw, *context)], rule, rtol=0, atol=tolerance)


def test_two_who_coordinate_ahead_of_a_third_stay_on_the_joint_path():
    """Solving the third first is exact for the third, and leads the two off the branch."""
    game = two_ahead_of_a_third()
    branch = _branch(game)
    swept, settled = _swept(game)
    assert settled.all()
    assert swept["first"][0, 0] < 1e-4
    found = solve(Task(game))
    assert found.converged.all()
    assert found.method[0] == Method.HOMOTOPY
    assert branch.rules["first", ()][0] > 0.999
    _assert_on_branch(found.policies, branch)


def test_an_earlier_play_does_not_lead_off_the_branch():
    """A changed world is swept from the play before the change, which may be far from its branch."""
    game = two_ahead_of_a_third()
    start, _ = _swept(game)
    found = solve(Task(game, start=start))
    assert found.converged.all()
    _assert_on_branch(found.policies, _branch(game))


def test_held_rules_leave_nothing_to_doubt_where_no_circle_is_left():
    """With the first held, nobody left needs the other: one sweep, one equilibrium."""
    game = two_ahead_of_a_third()
    found = solve(Task(game, held={"first": np.array([[0.0, 1.0]])}))
    assert found.converged.all()
    assert found.method[0] == Method.SWEEP
    assert found.policies["second"][0, 1] > 0.99


def test_a_branch_that_folds_before_the_target_is_followed_and_counted():
    """A sweep settles beyond the fold on whatever it finds."""
    game = simultaneous(*FOLDS, precision=20.0)
    branch = _branch(game, step=0.05)
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
    return game, [_branch(game, draw, step=0.2) for draw in range(60)]


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
    real = module.follow

    def lost(task, *, draws):
        found = real(task, draws=draws)
        found.status[:] = Status.LOST_PATH
        return found

    monkeypatch.setattr(module, "follow", lost)
    again = solve(Task(game))
    assert (again.status[followed] == Status.LOST_PATH).all()
    assert not again.converged[followed].any()
    assert again.converged[~followed].all()


@pytest.mark.parametrize("seed", [0, 1, 2, 5])
def test_solving_group_by_group_equals_the_joint_path(seed):
    """The solver goes by groups where design allows it; the oracle knows no groups."""
    game = random_game(seed, precision=3.0)
    found = solve(Task(game))
    assert found.converged.all()
    branch = _branch(game, step=0.2)
    for (name, context), rule in branch.rules.items():
        np.testing.assert_allclose(found.policies[name][(0, *context)], rule, **TOL)


def test_in_a_hurry_few_draws_take_a_smaller_program_and_play_the_same():
    """Only the number of lanes that are filled up differs."""
    game = two_ahead_of_a_third()
    calm, hurried = solve(Task(game)), solve(Task(game), hurries=True)
    for name, rule in calm.policies.items():
        np.testing.assert_allclose(hurried.policies[name], rule, **TOL, err_msg=name)
    lanes = [
        len(gather([(Run(Task(game), hurries=hurries), np.arange(1))], lambda run: run.uniform)["lane"]["draw"])
        for hurries in (False, True)
    ]  # fmt: skip
    assert lanes == [CHUNK, FEW]
