"""Relevance and the order of solution, on diagrams whose answer is known by eye."""

from __future__ import annotations

import itertools

import networkx as nx
import pytest

from backchannel.diagram.diagram import Diagram, interest_vertex
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.diagram.relevance import relevance_graph, solution_blocks, useful_observations
from backchannel.language.expressions import parse
from tests.golden.chain import chain
from tests.helpers import day, pursuit
from tests.strategies import random_game


def test_a_signalling_game_needs_itself():
    """The receiver reads the sender's rule, the sender foresees the receiver's."""
    needs = relevance_graph(pursuit())
    assert set(needs.edges) == {("move", "guess"), ("guess", "move")}
    (block,) = solution_blocks(pursuit())
    assert block.is_joint
    assert block.decisions == ("move", "guess")


def test_perfect_information_is_one_exact_pass():
    """Backward induction: the last first, each once."""
    (block,) = solution_blocks(chain(3))
    assert not block.is_joint
    assert block.decisions[0] == "offer0"
    assert len(block.decisions) == 6


def _coordination_before_a_third_move() -> Diagram:
    return Diagram(
        players=("ann", "bob", "cat"),
        nodes=(
            Decision("a", ("l", "r"), "ann", day(1)),
            Decision("b", ("l", "r"), "bob", day(2)),
            Decision("c", ("l", "r"), "cat", day(3), sees=("a",)),
        ),
        interests=(
            Interest("ua", "ann", parse("(a == b) + 0.3 * (c == 'l')")),
            Interest("ub", "bob", parse("(a == b) + 0.1 * (b == 'l')")),
            Interest("uc", "cat", parse("c == a")),
        ),
    )


def test_a_group_that_needs_others_is_solved_together_with_them():
    """Solving the third move first could leave the principal branch."""
    (block,) = solution_blocks(_coordination_before_a_third_move())
    assert block.is_joint
    assert block.decisions == ("a", "b", "c")


def test_what_does_not_touch_a_players_interests_is_irrelevant():
    """A player that gains nothing from a later choice need not know its rule."""
    diagram = Diagram(
        players=("ann", "bob"),
        nodes=(
            Chance("s", ("x", "y"), {"x": parse(0.5), "y": parse(0.5)}),
            Decision("a", ("l", "r"), "ann", day(1), sees=("s",)),
            Decision("b", ("l", "r"), "bob", day(2), sees=("a", "s")),
        ),
        interests=(
            Interest("ua", "ann", parse("a == 'l'")),
            Interest("ub", "bob", parse("(b == a) * (s == 'x')")),
        ),
    )
    assert not relevance_graph(diagram).edges


def test_order_is_by_parents_then_by_date_then_as_listed():
    """The axes of every table follow it."""
    assert _coordination_before_a_third_move().order == ("a", "b", "c")
    assert pursuit().order == ("state", "move", "guess")


@pytest.mark.parametrize("seed", range(8))
def test_one_walk_finds_what_d_separation_finds_pair_by_pair(seed):
    """The definition, tested with a dummy parent for every pair, by networkx."""
    diagram = random_game(seed).diagram
    found = relevance_graph(diagram)
    for one, other in itertools.permutations([d.name for d in diagram.decisions], 2):
        below = nx.descendants(diagram.graph, one)
        owner = diagram.node[one].player
        stake = {interest_vertex(i) for i in diagram.interests_of(owner)} & below
        probe = diagram.graph.copy()
        probe.add_edge("probe:", other)
        known = {one, *diagram.parents(one)}
        needs = bool(stake) and not nx.is_d_separator(probe, {"probe:"}, stake, known)
        assert found.has_edge(one, other) == needs, (one, other)
        if other not in known:
            useful = bool(stake) and not nx.is_d_separator(diagram.graph, {other}, stake, known)
            assert (other in useful_observations(diagram, one)) == useful
