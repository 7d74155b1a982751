"""An outcome of a derived node that contradicts the outcomes of its parts is not entered."""

from __future__ import annotations

from datetime import date

import pytest

from backchannel import Study
from backchannel.language.errors import CommandError
from backchannel.ledger.derivation_text import Derivation
from backchannel.ledger.entries import Logged, RunEntry
from backchannel.ledger.ledger import Ledger
from backchannel.ledger.scores import score

CASE = """
case: Two votes
question: Does the treaty pass?
utility_unit: one
as_of: 2030-01-01
sources: {paper: {title: Paper, date: 2030-01-01}}
players:
  lower: {name: Lower house, precision: 1, why: {judgement: test}}
  upper: {name: Upper house, precision: 1, why: {judgement: test}}
nodes:
  budget: {chance: true, domain: ["yes", "no"], probability: {"yes": 0.5, "no": 0.5}, at: 2029-12-01}
  first: {player: lower, domain: ["yes", "no", "late"], at: 2030-02-01}
  second: {player: upper, domain: ["yes", "no"], at: 2030-03-01}
  passed: {domain: [treaty, nothing],
           derived: "'treaty' if first == 'yes' and second == 'yes' and budget == 'yes' else 'nothing'"}
  mood: {domain: [glad, calm, sad],
         derived: "'glad' if passed == 'treaty' else ('sad' if first == 'no' else 'calm')"}
interests:
  a: {player: lower, worth: "(first == 'yes') * 0.1", why: {judgement: test}}
  b: {player: upper, worth: "(second == 'yes') * 0.1", why: {judgement: test}}
record:
  - {node: budget, value: "yes", date: 2029-12-01, source: paper}
questions:
  q: {asks: Does it pass?, forecast: passed}
"""
DAY = {"on": date(2030, 4, 1), "source": "Gazette"}
CORRECT = {**DAY, "correct": True, "why": "misread"}


@pytest.fixture(scope="module")
def study():
    return Study.load(CASE, draws=2)


@pytest.fixture
def book(study, tmp_path):
    book = Ledger(tmp_path / "team.ledger")
    study.log(book)
    return book


def outcomes(book):
    return {outcome.node: outcome.value for outcome in book.outcomes()}


def test_a_derived_outcome_follows_from_its_parts(book):
    """The budget is recorded as passed, so two votes make the treaty."""
    book.resolve("case", {"first": "yes", "second": "yes"}, **DAY)
    with pytest.raises(CommandError) as refused:
        book.resolve("case", {"passed": "nothing"}, **DAY)
    assert str(refused.value).startswith(
        "passed = nothing contradicts its parts: passed is derived from first, second; with "
        "first = yes, second = yes, it is treaty."
    )
    book.resolve("case", {"passed": "treaty", "mood": "glad"}, **DAY)


@pytest.mark.parametrize("wrong", [{"passed": "nothing"}, {"first": "no"}, {"mood": "sad"}])
def test_a_correction_must_agree_with_the_other_outcomes(book, wrong):
    """Whether it is the derived node that is corrected, or a part of it."""
    entered = {"first": "yes", "second": "yes", "passed": "treaty", "mood": "glad"}
    book.resolve("case", entered, **DAY)
    with pytest.raises(CommandError, match="contradicts its parts"):
        book.resolve("case", wrong, **CORRECT)
    assert outcomes(book) == entered
    together = {"first": "no", "passed": "nothing", "mood": "sad"}
    book.resolve("case", together, **CORRECT)
    assert outcomes(book) == {**entered, **together}


def test_parts_without_an_outcome_can_be_anything(book):
    """One vote against is enough; one vote for is not."""
    book.resolve("case", {"second": "no"}, **DAY)
    with pytest.raises(CommandError, match="with second = no, it is nothing"):
        book.check("case", {"passed": "treaty"}, correct=False, why="")
    with pytest.raises(CommandError, match=r"it is one of: calm, sad\."):
        book.check("case", {"mood": "glad"}, correct=False, why="")
    book.resolve("case", {"mood": "calm"}, **DAY)
    with pytest.raises(CommandError, match="mood = calm contradicts its parts"):
        book.resolve("case", {"first": "no"}, **DAY)


def test_wrong_outcomes_of_one_command_are_told_together(book):
    with pytest.raises(CommandError) as refused:
        book.resolve("case", {"second": "no", "passed": "treaty", "mood": "calm"}, **DAY)
    assert str(refused.value).count("contradicts its parts") == 2
    assert outcomes(book) == {}


def test_a_derivation_that_is_too_large_to_check_still_names_its_parts(
    study, tmp_path, monkeypatch
):
    """Its outcome is not compared with theirs, but it is no forecast of its own beside them: two votes, two nodes."""
    monkeypatch.setattr("backchannel.answers.ledger_entries.MOST_COMBINATIONS", 5)
    book = Ledger(tmp_path / "large.ledger")
    study.log(book)
    book.resolve("case", {"first": "yes", "second": "yes", "passed": "treaty"}, **DAY)
    report = score(book)
    assert (report.total.nodes, report.derived_nodes) == (2, ("passed",))
    book.resolve("case", {"mood": "sad"}, **DAY)
    assert score(book).derived_nodes == ("mood", "passed")


def test_a_derived_node_follows_from_the_parts_of_its_parts(book):
    """The mood follows from both votes, though nobody entered whether the treaty passed."""
    book.resolve("case", {"first": "yes", "second": "no", "mood": "calm"}, **DAY)
    report = score(book)
    assert (report.total.nodes, report.derived_nodes) == (2, ("mood",))


def test_a_derivation_without_a_table_and_of_unknown_parts_is_not_checked(tmp_path):
    """A ledger of somebody else can hold one; outcomes are entered all the same."""
    book = Ledger(tmp_path / "strange.ledger")
    run = RunEntry("case", "Case", "hash", date(2030, 1, 1), 8, 8.0, 0, "1")
    even = (0.5, 0.5)
    strange = Derivation(("nowhere",), ())
    book.log(run, [Logged("n", "n", None, "", ("x", "y"), even, even, even, strange)])
    book.resolve("case", {"n": "x"}, **DAY)
    assert outcomes(book) == {"n": "x"}
