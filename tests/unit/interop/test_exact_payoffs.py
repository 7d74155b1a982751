"""Payoffs of a game tree are the case's numbers, not rounded ones."""

from __future__ import annotations

from fractions import Fraction

import pytest

from backchannel import Study
from backchannel.interop.unroll import exact_payoff

TREE = 'EFG 2 R "t" {{ "A" }} ""\n\np "" 1 1 "go" {{ "x" "y" }} 0\nt "" 1 "" {{ {} }}\nt "" 2 "" {{ 0 }}\n'


@pytest.mark.parametrize(
    ("number", "exact"),
    [
        (0.1, Fraction(1, 10)),
        (-2.0, Fraction(-2)),
        (0.0, Fraction(0)),
        (1 / 3, Fraction(1, 3)),
        (-22 / 7, Fraction(-22, 7)),
        (0.8 - 0.5, Fraction(3, 10)),
        (0.77 - 0.76, Fraction(1, 100)),
        (0.1 + 0.2, Fraction(3, 10)),
        (0.1234567890123456, Fraction(1234567890123456, 10**16)),
        (1234567890.123456, Fraction(1234567890123456, 10**6)),
        (12345678901234.25, Fraction(1234567890123425, 100)),
        (9007199254740991.0, Fraction(9007199254740991)),
        (1e300, Fraction(10**300)),
        (1.5e-12, Fraction(15, 10**13)),
    ],
)
def test_a_payoff_is_the_number_that_was_written_or_meant(number, exact):
    assert exact_payoff(number) == exact


@pytest.mark.parametrize(
    "payoff",
    [
        "0.1234567890123456",
        "123456789.1234567",
        "9007199254740991",
        "-1234567/7654321",
        "1/3",
        "0.1",
        "-5e-7",
    ],
)
def test_a_tree_that_is_imported_and_exported_has_the_same_payoffs(tmp_path, payoff):
    """Within the digits that a case has."""
    first, again = tmp_path / "a.efg", tmp_path / "b.efg"
    first.write_text(TREE.format(payoff))
    Study.from_gambit(first).export_gambit(again)
    (line,) = [line for line in again.read_text().splitlines() if line.startswith('t "" 1')]
    found = Fraction(line.split("{")[1].strip(" }"))
    assert float(found) == float(Fraction(payoff))
    if "7654321" not in payoff:
        assert found == Fraction(payoff)
