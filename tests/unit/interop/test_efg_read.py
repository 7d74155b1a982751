"""Gambit files that are broken: every problem at its place, and never another kind of error."""

from __future__ import annotations

import time

import pytest

from backchannel.interop import efg_read, tree_to_case
from backchannel.interop.efg_read import read_efg, read_efg_bytes, read_efg_file
from backchannel.interop.efg_write import write_efg
from backchannel.interop.game_tree import EfgError
from backchannel.interop.stages import paths_of
from backchannel.language.errors import CommandError
from tests.commands import run

POKER = """EFG 2 R "A \\"simple\\" poker game" { "Fred" "Alice" }
"One card,
and a comment of two lines"

c "" 1 "deal" { "Red" 1/2 "Black" .5 } 0
p "" 1 1 "" { "Raise" "Fold" } 0
p "" 2 1 "Alice's" { "Meet" "Pass" } 0
t "" 1 "Win big" { 2, -2 }
t "" 2 "Win" { 1 -1 }
t "" 2
p "" 1 2 "" { "Raise" "Fold" } 3 "Ante" { -0.5e-1, 0 }
p "" 2 1 0
t "" 4 "Lose big" { -2, 2 }
t "" 2 "Win" { 1, -1 }
t "" 5 "Lose" { -1, 1 }
"""


def complaints(text: str) -> list[str]:
    """What is said of a broken text."""
    with pytest.raises(EfgError) as caught:
        tree_to_case.case_from_tree(read_efg(text, file="game.efg"))
    assert "Nothing was written." in str(caught.value)
    return [str(problem) for problem in caught.value.problems]


def test_a_file_is_read_whole_and_written_back():
    """Escaped quotes, commas left out, sets and outcomes that are only named the second time."""
    tree = read_efg(POKER)
    assert tree.title == 'A "simple" poker game'
    assert tree.players == ("Fred", "Alice")
    assert tree.n_leaves == 6
    alices = [node.at for node in tree.nodes if node.at and node.at.player == 2]
    assert alices[0] is alices[1]
    assert float(tree.nodes[6].outcome.payoffs[0]) == -0.05
    again = read_efg(write_efg(tree))
    assert write_efg(again) == write_efg(tree)
    assert [n.outcome and n.outcome.payoffs for n in again.nodes] == [
        n.outcome and n.outcome.payoffs for n in tree.nodes
    ]


def test_a_file_cut_off_at_any_byte_is_an_error_of_its_own_kind():
    """A download that stopped; the place is always inside the file."""
    data = POKER.rstrip().encode()
    for length in range(len(data)):
        with pytest.raises(EfgError) as caught:
            tree_to_case.case_from_tree(read_efg_bytes(data[:length]))
        for problem in caught.value.problems:
            assert problem.place.line >= 1, length
            assert problem.place.column >= 1, length


@pytest.mark.parametrize(
    "junk", ['"', "{", "}", "x", "9", "1/0", "-", "1e999", "\0", "\\", "é", ","]
)
def test_junk_put_in_anywhere_is_an_error_of_its_own_kind_or_harmless(junk):
    """Whatever stands there: no traceback."""
    for position in range(0, len(POKER), 3):
        text = POKER[:position] + junk + POKER[position:]
        try:
            tree_to_case.case_from_tree(read_efg(text))
        except EfgError as error:
            assert error.problems


def test_every_problem_is_told_at_once_with_line_and_column():
    """Chances that do not sum to 1, a player who is not there, payoffs that are too few."""
    broken = (
        POKER.replace('"Black" .5', '"Black" 1/3')
        .replace("{ -2, 2 }", "{ -2 }")
        .replace('p "" 1 2 ""', 'p "" 3 2 ""')
        .replace('t "" 2 "Win" { 1, -1 }', 't "" 2 "Win" { 1, -3 }')
    )
    found = complaints(broken)
    assert len(found) == 4
    assert found[0] == ("game.efg:5:1: The probabilities sum to 5/6, not to 1: 1/2 + 1/3.")
    assert found[1].startswith("game.efg:11:1: There is no player 3")
    assert found[2].startswith("game.efg:13:19: There are 1 payoffs here, but 2 players.")
    assert found[3].startswith("game.efg:14:6: Outcome 2 has different payoffs")


def test_what_contradicts_itself_is_an_error():
    """Other actions, other chances, a chance below 0, payoffs for no outcome."""
    other = POKER.replace('p "" 2 1 0', 'p "" 2 1 "Alice\'s" { "Meet" "Run" } 0')
    assert "has the actions Meet, Run here, but Meet, Pass before" in complaints(other)[0]
    below = POKER.replace("1/2", "-1/2").replace(".5 }", "3/2 }")
    assert "below 0" in complaints(below)[0]
    null = POKER.replace('t "" 5 "Lose"', 't "" 0 "Lose"')
    assert "Outcome 0 means no outcome" in complaints(null)[0]


def test_nodes_that_nothing_leads_to_are_an_error():
    """After the last branch, and below a branch of chance 0."""
    assert complaints(POKER + 't "" 2\n')[0].startswith(
        "game.efg:16:1: The tree is already complete"
    )
    never = POKER.replace("1/2", "0").replace(".5 }", "1 }")
    found = complaints(never)
    assert found == [
        "game.efg:6:1: Information set 1 of player 1 is reached with probability 0, so its play "
        "has no effect. Remove the branch, or give it a small probability."
    ]


def test_a_player_who_forgets_having_moved_in_the_same_set_is_refused():
    """Absent-mindedness: the same decision twice on one path is nothing a case can say."""
    text = """EFG 2 R "Driver" { "D" }
p "" 1 1 "" { "exit" "on" } 0
t "" 1 "a" { 0 }
p "" 1 1 0
t "" 2 "b" { 4 }
t "" 3 "c" { 1 }
"""
    assert "comes twice on one path" in complaints(text)[0]


def test_sets_that_come_before_each_other_are_refused():
    """Who moves first is drawn, and neither knows: a case has one order of time."""
    text = """EFG 2 R "Order" { "A" "B" }
c "" 1 "" { "a" 1/2 "b" 1/2 } 0
p "" 1 1 "" { "l" "r" } 0
p "" 2 1 "" { "l" "r" } 0
t "" 1 "x" { 1, 0 }
t "" 0
t "" 0
p "" 2 1 0
p "" 1 1 0
t "" 1
t "" 0
t "" 0
"""
    assert "different paths" in complaints(text)[0]


def test_what_is_too_large_or_no_text_is_refused(tmp_path, monkeypatch):
    """Before it is read into memory, and at the place of the first byte that is no text."""
    path = tmp_path / "large.efg"
    path.write_text(POKER)
    monkeypatch.setattr(efg_read, "MAX_BYTES", 100)
    with pytest.raises(EfgError, match="bytes; at most 100"):
        read_efg_file(path)
    monkeypatch.undo()
    monkeypatch.setattr(efg_read, "MOST_LEAVES", 3)
    assert "at most 3 are read" in complaints(POKER)[0]
    with pytest.raises(EfgError, match="2:1: This is not UTF-8"):
        read_efg_bytes(b"EFG 2 R\n\xff\xfe")
    with pytest.raises(CommandError):
        read_efg_file(tmp_path / "nowhere.efg")
    assert "begins with 'EFG 2 R'" in complaints("GAME 1 R")[0]
    assert "no players" in complaints('EFG 2 R "" { } t "" 0')[0]


def chance(probabilities: list[str]) -> str:
    """A tree in which chance moves once."""
    moves = " ".join(f'"{i}" {p}' for i, p in enumerate(probabilities))
    leaves = "\n".join(f't "" {i + 1} "" {{ {i} }}' for i in range(len(probabilities)))
    return f'EFG 2 R "x" {{ "a" }}\nc "" 1 "" {{ {moves} }} 0\n{leaves}\n'


def test_a_sum_of_long_fractions_is_told_in_few_digits():
    """Exactly, it has thousands, which Python does not even write."""
    text = chance([f"1/{10**37 + 7 * i + 1}" for i in range(400)])
    with pytest.raises(EfgError, match=r"The probabilities sum to [0-9.e-]{1,20}, not to 1"):
        read_efg(text)


def test_a_move_with_thousands_of_branches_is_folded_in_a_moment():
    """Each branch is looked for once, and not among all the others."""
    n = 8_000
    tree = read_efg(chance([f"1/{n}"] * n))
    began = time.process_time()
    paths_of(tree)
    assert time.process_time() - began < 4


@pytest.mark.parametrize(
    ("name", "text", "remedy"),
    [
        ("duel.nfg", 'NFG 1 R "duel" { "A" "B" }', "one decision that sees nothing"),
        ("duel.gbt", "<gambit:document/>", "save the game as a tree"),
        ("duel.efg", 'NFG 1 R "duel" { "A" "B" }', "one decision that sees nothing"),
    ],
)
def test_files_of_gambit_that_are_no_trees_are_met_with_what_to_do(tmp_path, name, text, remedy):
    """Whatever command they are given to."""
    (tmp_path / name).write_text(text)
    for command in ("check", "import", "run"):
        is_read = command == "import" or name.endswith(".efg")
        assert remedy in run(command, tmp_path / name, check=1 if is_read else 2).stderr
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_tree_that_makes_no_case_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    """The case is checked as `check` does, with every reason."""
    file = tmp_path / "small.efg"
    file.write_text(
        'EFG 2 R "t" { "A" } p "" 1 1 "m" { "l" "r" } 0 t "" 1 "" { 1 } t "" 2 "" { 0 }'
    )
    monkeypatch.setattr("backchannel.case.lower.sizes.MAX_VALUES", 1)
    done = run("import", file, "--out", tmp_path / "small.yaml", check=1)
    assert "As a case, this game would be refused" in done.stderr
    assert not (tmp_path / "small.yaml").exists()
