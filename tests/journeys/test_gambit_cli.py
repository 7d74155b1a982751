"""Game trees on the command line: written, read, and refused."""

from __future__ import annotations

from tests.commands import QUICK, run
from tests.helpers import CANAL


def test_a_case_goes_to_gambit_and_comes_back(tmp_path):
    """The written case runs, and a tree runs without being written as a case."""
    said = run("export", CANAL, "--gambit", tmp_path / "canal.efg", "--draw", "3").stdout
    assert "draw 3 of 1024 with seed 0" in said
    assert "The wrong beliefs of Aria are left out" in said
    assert "18 leaves" in said
    text = (tmp_path / "canal.efg").read_text()
    assert text.startswith('EFG 2 R "Canal tolls" { "Aria" "Borland" }')
    assert '"reply | resolve=high, demand=10" { "pay" "fight" }' in text
    done = run("import", "canal.efg", cwd=tmp_path)
    assert "Wrote canal.yaml: 2 players, 3 decisions" in done.stdout
    assert "fine" in run("check", tmp_path / "canal.yaml").stdout
    assert "parley" in run("forecast", tmp_path / "canal.efg", *QUICK).stdout
    assert "canal.efg: fine" in run("check", "canal.efg", cwd=tmp_path).stdout
    again = run("import", "canal.efg", cwd=tmp_path, check=2)
    assert "exists already" in again.stderr


def test_a_tree_that_is_broken_or_too_large_writes_nothing(tmp_path):
    """Every problem with line and column; a file that was there stays."""
    bad = tmp_path / "bad.efg"
    bad.write_text(
        'EFG 2 R "x" { "A" }\nc "" 1 "" { "l" 1/2 "r" 1/3 } 0\nt "" 1 "a" { 1, 2 }\nt "" 0\n'
    )
    done = run("import", "bad.efg", "--out", "case.yaml", cwd=tmp_path, check=1)
    assert "bad.efg:2:1: The probabilities sum to 5/6" in done.stderr
    assert "bad.efg:3:12: There are 2 payoffs here" in done.stderr
    assert "2 problems. Nothing was written." in done.stderr
    assert "2 problems" in run("run", bad, check=1).stderr
    assert "2 problems" in run("check", bad, check=1).stderr
    kept = tmp_path / "kept.efg"
    kept.write_text("mine")
    done = run("export", "belarus-2025", "--gambit", kept, "--force", check=2)
    assert "15,974,400 leaves; at most 200,000" in done.stderr
    assert kept.read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.efg", "kept.efg"]


def test_the_catalog_is_listed_in_two_groups():
    """What an analyst wants first, then the games that the solver is checked on."""
    listed = run("cases").stdout
    cases, games = listed.split("Games from the literature, by citation:")
    assert "belarus-2025" in cases
    assert "selten-1975-horse" in games
    assert "selten-1975-horse" not in cases
