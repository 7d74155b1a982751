"""Branches as tables, searches for all equilibria, and limits, from the case file on."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel import Study
from backchannel.case.catalog import find_case
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.equilibrium.branch.several import search
from backchannel.equilibrium.certificate.certify import certify
from backchannel.equilibrium.solve import solve
from backchannel.equilibrium.types import Method, Status, Task
from backchannel.language.errors import CaseError, CommandError
from backchannel.language.expressions import parse
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game
from tests.fooling import FOLDS, simultaneous
from tests.helpers import day
from tests.oracles.branch import all_equilibria, leaves_of
from tests.strategies import plain

POKER = find_case("reiley-2008-poker").read_text()


def _poker(bettor: str, caller: str) -> Study:
    text = POKER.replace("player, precision: 1", f"player, precision: {bettor}", 1)
    return Study.load(
        text.replace("player, precision: 1", f"player, precision: {caller}", 1), draws=2
    )


def _played(study: Study) -> tuple[float, float, float]:
    rules = study.ensemble.play.policies
    return rules["bet"][0, 0, 0], rules["bet"][0, 1, 0], rules["answer"][0, 0, 0]


def lewis(precision: float) -> Game:
    """Two who want the same: one sees a state and signals, the other guesses it (Lewis 1969).

    One signal costs a little. Three equilibria are known: either signal may come to mean either
    state, or signals mean nothing.
    """
    diagram = Diagram(
        ("sender", "receiver"),
        (
            Chance("state", ("sun", "rain"), {"sun": parse("0.6"), "rain": parse("0.4")}),
            Decision("signal", ("red", "blue"), "sender", day(1), sees=("state",)),
            Decision("guess", ("sun", "rain"), "receiver", day(2), sees=("signal",)),
        ),
        (
            Interest("shared", "sender", parse("(guess == state) - 0.1 * (signal == 'blue')")),
            Interest("right", "receiver", parse("1 * (guess == state)")),
        ),
    )
    return compile_game(
        diagram,
        {"sender.precision": np.array([precision]), "receiver.precision": np.array([precision])},
    )


@pytest.mark.slow
def test_a_signalling_game_has_the_three_equilibria_that_newton_finds_on_its_tree():
    """The principal one first; each of the others as the oracle has it, which shares no code."""
    game = lewis(6.0)
    known = solve(Task(game))
    found = search(Task(game), draws=np.array([0]), known=known.policies, starts=24)
    uniform = {n: menu / menu.sum(axis=-1, keepdims=True) for n, menu in game.menus.items()}
    expected = all_equilibria(leaves_of(plain(game, uniform)))
    (plays,) = found.plays
    assert len(plays) == len(expected) == 3
    np.testing.assert_array_equal(plays[0]["signal"], known.policies["signal"][0])
    for play in plays:
        gaps = [
            max(np.abs(play[name][context] - rule).max() for (name, context), rule in one.items())
            for one in expected
        ]
        assert min(gaps) < 1e-7


def test_a_search_says_how_many_draws_have_more_than_one():
    """A catalog case has draws of both kinds."""
    found = Study.load("signalling", draws=16, seed=0).equilibria(all=True, starts=8)
    assert found.several == (found.counts > 1).sum() > 0
    frame = found.to_frame()
    assert set(frame[frame.principal].draw) == set(found.draws.tolist())
    totals = frame.groupby(["draw", "equilibrium", "decision", "context"]).probability.sum()
    np.testing.assert_allclose(totals, 1.0, atol=1e-9)


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        ("1", (0.9317854, 0.5390868, 0.6144444)),
        pytest.param("5", (0.9999986, 0.4090198, 0.6912013), marks=pytest.mark.slow),
    ],
)
def test_the_catalog_s_poker_has_the_published_logit_equilibria(precision, expected):
    """Reiley et al.'s game, by the whole path from a file."""
    np.testing.assert_allclose(_played(_poker(precision, precision)), expected, atol=6e-8)


def test_infinite_precision_is_the_limit_of_the_branch():
    """In poker: bet a king always, a queen one time in three; call two times in three."""
    study = _poker("inf", "inf")
    np.testing.assert_allclose(_played(study), (1, 1 / 3, 2 / 3), atol=1e-6)
    play = study.ensemble.play
    assert (play.actual.method == Method.LIMIT).all()
    found = certify(play.models.truth.game, play.policies, free=frozenset({"bet", "answer"}))
    assert found.residual.max() < 1e-6
    assert max(loss.max() for loss in found.loss.values()) < 1e-6


def test_a_player_of_infinite_precision_answers_best_to_one_that_errs():
    """At the caller's λ = 2 the bettor is indifferent with a queen, which fixes the call at 2/3;
    and the caller's own logit response then fixes the bluff: q with 2 (Q(call) - Q(pass)) = log 2."""
    bets_king, bluffs, calls = _played(_poker("inf", "2"))
    gain = (-2 + 2 * bluffs) / (1 + bluffs) + 1
    assert bets_king == pytest.approx(1, abs=1e-9)
    assert calls == pytest.approx(2 / 3, abs=1e-6)
    assert 2 * gain == pytest.approx(np.log(2), abs=1e-5)


def test_matching_pennies_stays_at_one_half_and_a_tie_where_it_was():
    """Indifference is kept: no action is picked that is no better."""
    for rows, columns in (
        (np.eye(2), 1 - np.eye(2)),
        (np.array([[1.0, 0.0], [1.0, 0.0]]), np.eye(2)),
    ):
        found = solve(Task(simultaneous(rows, columns, np.inf)))
        assert found.converged.all()
        np.testing.assert_allclose(found.policies["r"], 0.5, atol=1e-7)


def test_a_centipede_ends_at_once_in_the_limit():
    """Four moves, each of the two takes the larger pile: backward induction, by hand."""
    names = ("m1", "m2", "m3", "m4")
    nodes = tuple(
        Decision(
            name, ("take", "pass"), ("one", "two")[i % 2], day(i + 1), sees=names[:i],
            when=parse(" and ".join(f"{n} == 'pass'" for n in names[:i])) if i else None,
        )
        for i, name in enumerate(names)
    )  # fmt: skip
    nodes = tuple(
        node if i == 0 else Decision(
            node.name, ("take", "pass", "n/a"), node.player, node.date, node.sees, {}, node.when
        )
        for i, node in enumerate(nodes)
    )  # fmt: skip
    ends = [(0.4, 0.1), (0.2, 0.8), (1.6, 0.4), (0.8, 3.2), (6.4, 1.6)]
    interests = tuple(
        Interest(
            f"pile_{player}", player,
            parse(" + ".join(
                f"{end[k]} * ({name} == 'take')" for name, end in zip(names, ends, strict=False)
            ) + f" + {ends[4][k]} * (m4 == 'pass')"),
        )
        for k, player in enumerate(("one", "two"))
    )  # fmt: skip
    infinite = {"one.precision": np.array([np.inf]), "two.precision": np.array([np.inf])}
    found = solve(Task(compile_game(Diagram(("one", "two"), nodes, interests), infinite)))
    assert found.converged.all()
    assert found.policies["m1"][0, 0] == pytest.approx(1.0, abs=1e-9)
    assert found.policies["m3"][0, 1, 1, 0] == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{between: [1, inf]}", "needs 2 numbers in brackets"),
        ("infinite", "or inf"),
    ],
)
def test_what_is_no_precision_is_refused(text, message):
    """Infinity is a number by itself, not one end of a prior."""
    with pytest.raises(CaseError, match=message):
        _poker(text, "1")


def test_a_branch_is_a_table_from_coin_tosses_to_the_equilibrium():
    """Its last row is what the solver found; on the way λ is t times the player's own."""
    study = Study.load("signalling", draws=8, seed=2)
    branch = study.branch(draw=3)
    frame = branch.to_frame()
    assert branch.status == Status.CONVERGED
    assert branch.t[0] == 0
    assert branch.t[-1] == pytest.approx(1)
    np.testing.assert_allclose(frame.iloc[0].filter(like="=").to_numpy(), 0.5, atol=1e-12)
    for name, rule in branch.policies.items():
        np.testing.assert_allclose(rule[-1], study.ensemble.play.policies[name][3], atol=1e-8)
    sender = study.ensemble.numbers["sender.precision"][3]
    np.testing.assert_allclose(frame["λ sender"], branch.t * sender)


def test_poker_s_branch_reaches_the_published_point_at_five_times_its_precision():
    """The branch goes on beyond the case's own precisions."""
    branch = _poker("1", "1").branch(until=5)
    end = branch.policies
    found = end["bet"][-1, 0, 0], end["bet"][-1, 1, 0], end["answer"][-1, 0, 0]
    np.testing.assert_allclose(found, (0.9999986, 0.4090198, 0.6912013), atol=6e-8)


def test_a_fold_is_where_t_turns():
    """It is followed back and on again, so that its points are in the table."""
    from backchannel.equilibrium.branch.follow import follow

    game = simultaneous(*FOLDS, precision=20.0)
    way = follow(Task(game), trace=True).trace[0].t
    turns = np.flatnonzero(np.diff(np.sign(np.diff(way))) != 0)
    assert len(turns) == 2
    assert way[turns[0] + 1] == pytest.approx(0.80, abs=0.05)
    assert way[turns[1] + 1] == pytest.approx(0.36, abs=0.05)


def test_what_cannot_be_asked_is_told():
    """In the user's words."""
    study = _poker("inf", "1")
    with pytest.raises(CommandError, match="There is no draw 7"):
        study.branch(draw=7)
    with pytest.raises(CommandError, match="above 0"):
        study.branch(until=0)
    with pytest.raises(CommandError, match="No decision is called"):
        study.branch(nodes=["card"])
    with pytest.raises(CommandError, match="needs finite precisions"):
        study.equilibria(all=True)


SYMMETRIC = """\
case: Two roads
question: Which road?
utility_unit: points
as_of: 2000-01-01
players:
  ann: {name: Ann, precision: 3.0}
  bob: {name: Bob, precision: 3.0}
nodes:
  ann_goes: {player: ann, domain: [hill, lake], sees: [], at: 2000-01-02}
  bob_goes: {player: bob, domain: [hill, lake], sees: [], at: 2000-01-03}
interests:
  company: {player: ann, worth: "ann_goes == bob_goes"}
  solitude: {player: bob, worth: "ann_goes == bob_goes"}
questions:
  ask: {forecast: ann_goes}
"""
"""Two who would like to take the same road, all else alike: branches cross at a precision of 2."""


def test_identical_draws_have_the_same_branch_to_the_end():
    """No priors: each of several draws is followed, crosses, and goes on alike."""
    study = Study.load(SYMMETRIC, draws=5)
    ways = [study.branch(draw=draw) for draw in range(5)]
    for way in ways:
        assert way.status == Status.CONVERGED
        assert way.crossed
        assert way.folds == ()
        np.testing.assert_allclose(way.policies["ann_goes"], 0.5, atol=1e-9)
        np.testing.assert_allclose(way.t, ways[0].t, atol=1e-12)
    followed = study.branch(until=0.5)
    assert not followed.crossed


def test_a_crossing_is_named_where_play_is_shown():
    """In the certificate, in the branch and in the list of equilibria; in numbers and in words."""
    study = Study.load(SYMMETRIC, draws=4)
    certificate = study.answers().certificate
    assert certificate.crossed == 4
    assert "other branches cross this one" in certificate.line
    assert "the symmetric one is shown" in study.branch().document().caption
    found = study.equilibria(all=True)
    assert found.document().crossed == 4
    assert found.counts.tolist() == [3] * 4
    other = Study.load(SYMMETRIC.replace("3.0", "1.9"), draws=4)
    assert other.answers().certificate.crossed == 0
    assert "crossed" not in other.answers().certificate.line
