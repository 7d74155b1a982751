"""Cases as game trees and back: what is exported, and that play survives the way there and back."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from backchannel import Study
from backchannel.case.lowered import Lowered
from backchannel.ensemble.draws import draw_numbers
from backchannel.equilibrium.solve import solve
from backchannel.equilibrium.types import Task
from backchannel.interop.efg_read import read_efg
from backchannel.interop.efg_write import write_efg
from backchannel.interop.gambit import tree_of
from backchannel.interop.game_tree import GameTree
from backchannel.interop.tree_to_case import case_from_tree
from backchannel.interop.unroll import count_leaves, exact_chances, unroll
from backchannel.language.errors import CommandError
from backchannel.tensors.compile_game import compile_game
from tests.helpers import CANAL
from tests.reference.gambit.diagrams import medians, random_diagram
from tests.reference.gambit.profiles import profile

BAYES = """EFG 2 R "Two stages" { "Player 1" "Player 2" }
c "" 1 "(0,1)" { "1G" 1/2 "1B" 1/2 } 0
p "" 1 1 "a" { "H" "L" } 0
p "" 2 1 "b" { "h" "l" } 1 "x" { 1.0, .2 }
p "" 1 2 "c" { "H" "L" } 0
t "" 1
t "" 2 "y" { 0, 1.0 }
p "" 1 2 0
t "" 1
t "" 0
p "" 2 1 2
t "" 1
t "" 2
p "" 1 3 "d" { "H" "L" } 3 "z" { 1/3, -.5 }
t "" 1
p "" 2 1 0
t "" 2
p "" 1 2 0
t "" 1
c "" 9 "" { "a" .25 "b" 3/4 } 0
t "" 0
t "" 2
"""


def tree(case, **how) -> GameTree:
    """A case as a tree."""
    return tree_of(Study.load(case).lowered, **{"draw": None, "draws": 64, "seed": 0, **how})


def played(lowered: Lowered):
    """Play at the medians."""
    numbers = {name: np.array([prior.at(0.5)]) for name, prior in lowered.priors.items()}
    game = compile_game(lowered.diagram, numbers)
    return game, solve(Task(game))


def there_and_back(first: GameTree) -> tuple[GameTree, Lowered]:
    """Import a tree as a case and export it again."""
    case = case_from_tree(read_efg(write_efg(first)))
    lowered = Study.load(case).lowered
    return tree_of(lowered, draw=None, draws=2, seed=0), lowered


def assert_same_tree(one: GameTree, other: GameTree) -> dict[str, str]:
    """The same moves, chances and payoffs in the same places; which set became which."""
    assert len(one.nodes) == len(other.nodes)
    renamed: dict[str, str] = {}
    paid: list[list[Fraction]] = []
    for tree in (one, other):
        sums, waiting = [], [tuple(Fraction(0) for _ in tree.players)]
        for node in tree.nodes:
            so_far = waiting.pop()
            if node.outcome:
                so_far = tuple(a + b for a, b in zip(so_far, node.outcome.payoffs, strict=True))
            waiting += [so_far] * node.n_branches
            if node.at is None:
                sums.append(so_far)
        paid.append(sums)
    np.testing.assert_allclose(np.array(paid[0], float), np.array(paid[1], float), atol=1e-12)
    for a, b in zip(one.nodes, other.nodes, strict=True):
        assert (a.at is None) == (b.at is None)
        if a.at and b.at:
            assert (a.at.player, len(a.at.actions)) == (b.at.player, len(b.at.actions))
            np.testing.assert_allclose(
                np.array(a.at.chances, float), np.array(b.at.chances, float), atol=1e-15
            )
            if a.at.player:
                assert renamed.setdefault(a.at.label, b.at.label) == b.at.label
    assert len(set(renamed.values())) == len(renamed), "two information sets became one"
    return renamed


@pytest.mark.parametrize(
    "name", [CANAL, "sanctions-threat", "selten-1975-horse", "myerson-1991-poker"]
)
def test_export_and_import_give_the_same_equilibrium(name):
    """Absent nodes, removed actions, hidden types, precisions that differ: play to 1e-10."""
    lowered = Study.load(name).lowered
    first = tree_of(lowered, draw=None, draws=2, seed=0)
    again, imported = there_and_back(first)
    renamed = assert_same_tree(first, again)
    game, play = played(lowered)
    other, other_play = played(imported)
    before = profile(first, game.diagram, play, 0)
    after = profile(again, other.diagram, other_play, 0)
    for label, rule in before.items():
        np.testing.assert_allclose(after[renamed[label]], rule, atol=1e-10, rtol=0)


@pytest.mark.parametrize("seed", range(12))
def test_random_trees_come_back_as_they_went(seed):
    """Imperfect information of every kind; sets neither merged nor split, payoffs where they were."""
    diagram = random_diagram(seed)
    names = {player: player for player in diagram.players}
    first = unroll(diagram, medians(diagram), title="random", names=names)
    again, _ = there_and_back(first)
    assert_same_tree(first, again)


def test_payoffs_at_inner_nodes_and_moves_that_depend_on_the_path_are_kept():
    """A set that is reached on several paths at different depths is one decision."""
    first = read_efg(BAYES)
    again, lowered = there_and_back(first)
    assert_same_tree(first, again)
    assert sum(node.player is not None for node in lowered.case.nodes.values()) == 3


def test_a_move_that_comes_only_after_one_action_is_a_node_with_a_condition():
    """The centipede reads as an analyst would write it."""
    case = case_from_tree(tree("mckelvey-palfrey-1992-centipede-4"))
    assert case.nodes["move_3"].when == "move_2 == 'pass'"
    assert case.nodes["move_3"].sees == ["move_2"]


def test_absent_nodes_and_removed_actions_are_no_branches():
    """The canal's parley comes only after a fight."""
    found = tree(CANAL)
    parleys = [n.at for n in found.nodes if n.at and n.at.label.startswith("parley")]
    assert parleys
    assert all("reply=fight" in at.label and at.actions == ("talk", "wait") for at in parleys)


def test_chances_are_fractions_that_sum_to_exactly_one():
    """Gambit adds them exactly; binary fractions would miss."""
    rng = np.random.default_rng(0)
    for size in (2, 3, 7):
        for _ in range(50):
            row = rng.dirichlet(np.ones(size))
            shares = exact_chances(row)
            assert sum(shares) == 1
            np.testing.assert_allclose(np.array(shares, float), row, atol=1e-15)
    thirds = exact_chances(np.full(3, 1 / 3))
    assert thirds == (Fraction(1, 3),) * 3


def test_a_tree_that_is_too_large_is_counted_and_refused_before_it_is_built():
    """The flagship has sixteen million leaves."""
    with pytest.raises(CommandError, match=r"has 15,974,400 leaves; at most 200,000"):
        tree("belarus-2025")


def test_leaves_are_counted_right():
    """By one contraction, as by walking."""
    for seed in range(5):
        diagram = random_diagram(seed)
        names = {player: player for player in diagram.players}
        found = unroll(diagram, medians(diagram), title="random", names=names)
        ones = {name: np.ones(1) for name in medians(diagram)}
        assert count_leaves(compile_game(diagram, ones)) == found.n_leaves


def test_the_kth_draw_is_the_study_s_kth_draw():
    """Counted from 1; precisions are noted, because Gambit has no place for them."""
    lowered = Study.load("sanctions-threat").lowered
    drawn = draw_numbers(lowered.priors, 64, seed=3, correlations=lowered.correlations)
    third = tree_of(lowered, draw=3, draws=64, seed=3)
    noted = [float(text) for text in third.comment.rpartition("order:")[2].split()]
    players = lowered.diagram.players
    assert noted == [drawn[f"{player}.precision"][2] for player in players]
    assert case_from_tree(third).players["the_sender"].precision == noted[0]
    with pytest.raises(CommandError, match="no draw 65"):
        tree_of(lowered, draw=65, draws=64, seed=3)


@pytest.mark.parametrize("noted", [(np.inf, 3.0), (0.5, np.inf)])
def test_an_infinite_precision_comes_back_with_the_others(noted):
    """One that is infinite does not make the other 1."""
    note = f"Logit precision by player, in order: {noted[0]} {noted[1]}"
    text = BAYES.replace('"Player 2" }', f'"Player 2" }} "{note}"', 1)
    players = case_from_tree(read_efg(text)).players.values()
    assert tuple(float(player.precision) for player in players) == noted


def test_study_writes_and_loads_trees(tmp_path):
    """The front door in both directions; a precision given by hand wins over the noted one."""
    path = tmp_path / "threat.efg"
    study = Study.load("sanctions-threat", draws=4)
    assert study.export_gambit(path).n_leaves == 10
    back = Study.load(path, draws=4)
    assert back.name == "threat"
    medians = Study.load("sanctions-threat").lowered.priors["sender.precision"].at(0.5)
    assert back.lowered.priors["the_sender.precision"].at(0.5) == medians
    other = Study.from_gambit(path, precision=2.5, draws=4)
    assert other.lowered.priors["the_target.precision"].at(0.5) == 2.5
