"""The likelihood where players err: the engine's own play, and slopes through every view."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from backchannel.case.catalog import find_case
from backchannel.case.lower.lower import lower
from backchannel.case.lowered import Lowered
from backchannel.case.read.case_file import read_case
from backchannel.diagram.beliefs import Belief, Unaware
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision
from backchannel.ensemble.ensemble import world_of
from backchannel.equilibrium.beliefs.models import build_models
from backchannel.equilibrium.beliefs.play import play
from backchannel.estimation import traced_view
from backchannel.estimation.compare import compare_ways
from backchannel.estimation.fit import Fit, fit
from backchannel.estimation.fit_options import FitOptions
from backchannel.estimation.likelihood import Likelihood
from backchannel.estimation.simulate import simulate
from backchannel.language.expressions import parse
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.inference import joint
from tests.helpers import CANAL, pursuit, quick_but
from tests.laws.nested import NUMBERS, bargain

STEP = 1e-5


def complete(diagram: Diagram) -> dict[str, np.ndarray]:
    """Evidence of every complete play, one a row."""
    names = diagram.order
    cells = list(product(*(range(len(diagram.domains[name])) for name in names)))
    return {
        name: np.eye(len(diagram.domains[name]))[[cell[i] for cell in cells]]
        for i, name in enumerate(names)
    }


def chances(diagram: Diagram, beliefs: tuple[Belief, ...], numbers: dict[str, float]) -> np.ndarray:
    """The same plays' probabilities, from the engine."""
    solved = play(
        build_models(diagram, beliefs, {n: np.array([value]) for n, value in numbers.items()})
    )
    assert solved.converged.all()
    world = world_of(solved.models.truth, solved.policies)
    return np.asarray(joint(world, keep=diagram.order, evidence={})).ravel()


def check(
    diagram: Diagram, beliefs: tuple[Belief, ...], numbers: dict[str, float], *, alike: bool
) -> None:
    """Chances as the engine has them, slopes as differences have them."""
    game = compile_game(diagram, {n: np.array([value]) for n, value in numbers.items()})
    free = tuple(numbers)
    evidence = complete(diagram)
    rows = len(next(iter(evidence.values())))
    likelihood = Likelihood(
        game, free, evidence, beliefs=beliefs, alike=np.zeros(rows, int) if alike else None
    )
    at = np.tile(np.array(list(numbers.values())), (rows, 1))
    found = likelihood(at)
    assert found.settled.all()
    np.testing.assert_allclose(np.exp(found.log), chances(diagram, beliefs, numbers), atol=1e-9)
    for i in range(len(free)):
        move = np.zeros(len(free))
        move[i] = STEP
        ends = [likelihood(at + move).log, likelihood(at - move).log]
        slope = (ends[0] - ends[1]) / (2 * STEP)
        np.testing.assert_allclose(found.slope[:, i], slope, atol=1e-6, err_msg=free[i])


ANSWERS = ("none", "some", "full")
WRONG = {
    "a number": (Belief("blr", {"p": "p8"}),),
    "two players, two numbers": (Belief("blr", {"p": "p8"}), Belief("eu", {"g": "g3"})),
    "a precision": (Belief("blr", {"usa.precision": "g2"}),),
    "a decision taken for chance": (
        Belief(
            "blr",
            nodes={
                "answer": Chance(
                    "answer", ANSWERS,
                    {"none": parse("p8"), "some": parse("1 - p8"), "full": parse("0 * p8")},
                )
            },
        ),
    ),
    "another mechanism": (
        Belief(
            "eu",
            nodes={
                "state": Chance(
                    "state", ("s0", "s1"), {"s0": parse("p8 * p"), "s1": parse("1 - p8 * p")}
                )
            },
        ),
    ),
    "beliefs about beliefs": (
        Belief("blr", {"p": "p8"}, about=(Belief("usa", {"g": "g2"}, about=(Belief("blr"),)),)),
        Belief("eu", {"g": "g3"}, about=(Belief("blr", {"p": "p8", "g": "g3"}),)),
    ),
    "an action it has not thought of": (
        Belief("blr", {"g": "g2"}, unaware=Unaware(actions={"answer": ("full",)})),
    ),
    "a node it has not thought of": (
        Belief("usa", {"g": "g2"}, unaware=Unaware(nodes={"state": "s1"})),
        Belief("eu", {"p": "p8"}, unaware=Unaware(nodes={"offer": "x1"})),
    ),
    "what it overlooks": (
        Belief("usa", {"g": "g2", "p": "p8"}, unaware=Unaware(sees={"answer": ("state",)})),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    "kind",
    quick_but(
        ("beliefs about beliefs", "a decision taken for chance", "what it overlooks",
         "an action it has not thought of", "a node it has not thought of", "a precision"),
        WRONG,
    ),
)  # fmt: skip
def test_plays_of_players_who_err_have_the_chances_that_the_engine_gives(kind):
    """And their slopes are those of differences, by numbers that only a belief holds as well."""
    numbers = {name: value for name, value in NUMBERS.items() if name not in ("zero", "p8_again")}
    check(bargain(), WRONG[kind], numbers, alike=len(kind) % 2 == 0)


CIRCLES = {
    "in the player's own view": (Belief("chaser", {"p": "believed", "a": "taken"}),),
    "in a view within a view": (
        Belief("chaser", {"p": "believed"}, about=(Belief("runner", {"a": "taken"}),)),
    ),
    "in both": (Belief("chaser", {"p": "believed"}), Belief("runner", {"b": "taken"})),
}


@pytest.mark.slow
@pytest.mark.parametrize("written_out", [True, False])
@pytest.mark.parametrize("who", quick_but(("in a view within a view", "in both"), CIRCLES))
def test_slopes_pass_through_views_whose_decisions_need_each_other(who, written_out, monkeypatch):
    """A hidden state, a move that tells of it and a guess: by the linear system, and by sweeps."""
    if not written_out:
        monkeypatch.setattr(traced_view, "FEW", 0)
        monkeypatch.setattr("backchannel.estimation.traced_play.FEW", 0)
    numbers = {
        "p": 0.4, "a": 0.7, "b": 0.5, "c": 1.0, "d": 0.2, "believed": 0.7, "taken": 0.9,
        "runner.precision": 2.0, "chaser.precision": 1.5,
    }  # fmt: skip
    diagram = pursuit()
    assert isinstance(diagram.node["guess"], Decision)
    check(diagram, CIRCLES[who], numbers, alike=True)


@pytest.mark.slow
def test_equal_believed_numbers_stay_apart_where_they_are_free():
    """Two players believe the same at first; a fit may move one of them alone."""
    beliefs = (Belief("blr", {"p": "p8"}), Belief("eu", {"p": "p8_again"}))
    numbers = {name: value for name, value in NUMBERS.items() if name not in ("zero", "g2", "g3")}
    check(bargain(), beliefs, numbers, alike=True)


def recovered(case: Lowered, truth: dict[str, float], n: int, starts: int) -> Fit:
    """Fit what was simulated; every estimate within three errors, and none less likely than the truth."""
    plays, behind = simulate(case, n, seed=1, numbers=truth)
    assert truth.items() <= behind.items()
    found = fit(case, plays, FitOptions(only=tuple(truth), starts=starts))
    estimate = found.found
    assert estimate.converged, estimate.trouble
    for name, value, error in zip(estimate.names, estimate.values, estimate.errors(), strict=True):
        assert abs(value - truth[name]) < 3 * error, name
        assert error < truth[name], name
    real = np.array([truth[name] for name in estimate.names])
    problem = found.problem
    at_truth = problem.likelihood(problem.design.rows(real)).log @ problem.weights
    assert estimate.log_likelihood >= at_truth
    return found


def test_precisions_and_a_belief_are_found_back_in_a_small_case():
    """Aria takes the high resolve for unlikely: what it believes shows in what it demands."""
    truth = {"aria.precision": 9.0, "borland.precision": 4.0, "aria.p_high": 0.2}
    case = lower(*read_case(CANAL))
    found = recovered(case, truth, 4000, 2)
    kinds = dict(zip(found.found.names, found.problem.design.kinds, strict=True))
    assert kinds["aria.p_high"] == "share"
    ways = compare_ways(
        case, found.plays, FitOptions(fixed={**fixed(case, truth), "aria.p_high": 0.2})
    )
    score = {way.name: way.score for way in ways}
    assert max(score, key=lambda name: score[name]) == "quantal response"


def fixed(case: Lowered, sought: dict[str, float]) -> dict[str, float]:
    """Every other number at its median."""
    return {name: prior.at(0.5) for name, prior in case.priors.items() if name not in sought}


@pytest.mark.long
def test_the_flagships_precisions_are_found_back():
    """Seven players, two of whom err; all other numbers at their medians."""
    case = lower(*read_case(find_case("belarus-2025")))
    precisions = (5.0, 11.0, 8.0, 12.0, 6.0, 9.0, 7.0)
    names = [f"{player}.precision" for player in case.diagram.players]
    recovered(case, dict(zip(names, precisions, strict=True)), 3000, 1)
