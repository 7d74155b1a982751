"""The `rounds` block: how it is written out, and what is said when it is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from backchannel.case.lower.grid import on_grid
from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from backchannel.case.write import write_case
from backchannel.language.calendar import read_round_length
from backchannel.language.errors import CaseError
from backchannel.language.evaluation import evaluate
from backchannel.language.expressions import parse

QUARRY = (Path(__file__).parents[3] / "cases" / "quarry.yaml").read_text()

WRONG = {
    "prev outside": ("P(dig@1 != 'none') > 0.5", "P(dig@prev != 'none') > 0.5",
                     "'@prev' can only be used inside `rounds`. Name the round: dig@1."),
    "no start": ("start: 70, ", "", "'stock@prev' needs a value before round 1. Give stock a `start`"),
    "bare name": ("P(dig@1 != 'none') > 0.5", "P(dig != 'none') > 0.5", "'dig' repeats, so name its round"),
    "grid unordered": ("{from: 0, to: 100, step: 20}", "[0, 40, 20]", "should rise; 40 comes before 20."),
    "grid twice": ("{from: 0, to: 100, step: 20}", "[0, 20, 20]", "20 is repeated."),
    "grid steps": ("step: 20}", "step: 30}", "100 is not 0 plus steps of 30."),
    "n is 0": ("n: 4", "n: 0", "a whole number from 1 to 120."),
    "n is a half": ("n: 4", "n: 2.5", "a whole number from 1 to 120."),
    "n is huge": ("n: 4", "n: 1000", "should be at most 120, not 1000"),
    "every": ("every: month", "every: fortnight", "should be day, week, month, quarter or year"),
    "no such round": ("P(dig@1", "P(dig@9", "there is no round 9; the rounds are 1 to 4."),
    "misspelt": ("P(dig@1", "P(digg@1", "Did you mean 'dig'?"),
    "misspelt in a round": ("sees: [stock@prev, fee], day", "sees: [stok@prev, fee], day",
                            "no node in `rounds` is called 'stok'. Did you mean 'stock'?"),
    "does not repeat": ("sees: [stock@prev, fee], day", "sees: [mood@prev, fee], day",
                        "'mood' is outside of `rounds` and does not repeat."),
    "discount": ("discount: 0.8", "discount: 1.2", "must be above 0 and at most 1"),
    "discount of 0": ("discount: 0.8", "discount: 0", "must be above 0 and at most 1"),
    "discount outside": ("discount: 0.8", "discount: {uniform: [0.5, 1.5]}", "must be above 0 and at most 1"),
    "no digits left": ("discount: 0.8", "discount: 1.0e-60", "too small to compute with"),
    "range": ("do: {fee: high}", 'do: {"fee@2..9": high}', "there is no round 5"),
    "no round": ("do: {fee: high}", "do: {fee@two: high}", "write fee@3, fee@3..6 or fee@3.."),
    "a day of its own": ("Landslide, chance", "Landslide, at: 2031-01-20, chance", "cannot have `at`"),
    "sees what comes later": ("day: 10", "day: 1", "sees fee, of 2031-01-02"),
    "name taken": ("nodes:\n  mood", "nodes:\n  dig: {chance: true, domain: [a], odds: {a: 1}}\n  mood",
                   "the name is already used by nodes.dig."),
    "@ elsewhere": ("0.01 * stock", "0.01 @ stock", "between a node and a round"),
    "start looks ahead": ("start: 70", "start: dig", "'dig' repeats, so name its round"),
}  # fmt: skip


def _lowered(text: str):
    return lower(*read_case_text(text))


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_rounds_is_told_once_at_its_place(name):
    """Whatever the number of rounds: the block stands in the file once."""
    old, new, message = WRONG[name]
    assert old in QUARRY
    with pytest.raises(CaseError) as caught:
        _lowered(QUARRY.replace(old, new))
    said = [str(problem) for problem in caught.value.problems]
    assert any(message in problem for problem in said), said
    assert 1 <= len(said) == len(set(said)) <= 5
    assert all(problem.startswith("case.yaml:") for problem in said)


def test_a_discount_without_rounds_counts_nothing():
    """It would be a number that no answer depends on."""
    text = (Path(__file__).parents[3] / "cases" / "canal.yaml").read_text()
    text = text.replace("name: Aria,", "name: Aria, discount: 0.9,")
    with pytest.raises(CaseError, match="a discount needs `rounds`"):
        _lowered(text)


def test_an_ending_that_is_not_said_is_warned_of():
    """After the last round nothing is worth anything, unless the case says so."""
    assert not _lowered(QUARRY).warnings
    (warning,) = _lowered(QUARRY.replace(", last: 0}", "}")).warnings
    assert "no interest of mason has a `last` worth" in str(warning)


def test_a_number_that_leaves_its_grid_is_warned_of_once():
    """With the worst place, and not once a round."""
    text = QUARRY.replace(
        "clip(left_over + refill * (slide == 'yes'), 0, 100)",
        "left_over + refill * (slide == 'yes')",
    )
    (warning,) = _lowered(text).warnings
    assert "stock@prev = 100, dig = none, slide = yes" in str(warning)


def test_rounds_are_written_out_as_dated_nodes():
    """Names that a record, a question or a claim can use."""
    diagram = _lowered(QUARRY).diagram
    assert {f"stock@{t}" for t in range(5)} <= diagram.node.keys()
    assert diagram.node["dig@3"].date == date(2031, 3, 10)
    assert diagram.node["dig@3"].sees == ("stock@2", "fee@3")
    assert diagram.parents("stock@1")[0] == "stock@0"
    assert {i.name for i in diagram.interests} >= {"land@4", "land@after"}
    assert diagram.likeness["stock@4"] == "stock@1"


def test_a_name_without_a_round_stands_for_all_of_them():
    """In questions, settings and outcomes; a range for some."""
    lowered = _lowered(QUARRY.replace("do: {fee: high}", 'do: {"fee@2..": high}'))
    assert set(lowered.interventions["high"].do) == {"fee@2", "fee@3", "fee@4"}
    assert [node for node, _ in lowered.questions[0].outcomes] == [
        f"stock@{t}" for t in range(1, 5)
    ]


def test_a_case_with_rounds_reads_back_as_it_was_written():
    """`from` and grids included."""
    case, _ = read_case_text(QUARRY)
    again, _ = read_case_text(write_case(case))
    assert again == case


@pytest.mark.parametrize("number", [-30.0, 0.0, 13.0, 50.0, 99.9, 100.0, 140.0])
def test_a_grid_keeps_the_mean_of_what_lies_on_it(number):
    """Shared between neighbours in proportion; what lies outside is put on the end."""
    grid = [0.0, 20.0, 50.0, 100.0]
    weights = on_grid(parse("x"), grid)
    found = np.array([float(evaluate(w, {"x": np.asarray(number)})) for w in weights.values()])
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(1)
    assert found @ grid == pytest.approx(min(max(number, 0), 100))
    assert (found > 0).sum() <= 2


def test_months_end_where_months_end():
    """The 31st of January and one month is the last of February."""
    assert read_round_length("month").after(date(2031, 1, 31), 1) == date(2031, 2, 28)
    assert read_round_length("quarter").after(date(2030, 11, 15), 1) == date(2031, 2, 15)
    assert read_round_length("10 days").after(date(2031, 1, 1), 3) == date(2031, 1, 31)
