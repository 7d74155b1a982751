"""Formulas that are refused: hostile, large or wrong ones, each in words and at once."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case
from backchannel.language.errors import CaseError, CommandError
from backchannel.language.formulas import (
    FormulaError,
    design_matrix,
    formula_columns,
    parse_for_fit,
    parse_formula,
)

PIECES = [
    "a", "x.y", "`q r`", "np", "1", "0", "2", "1e9", "'w'",
    "+", "-", "*", ":", "^", "**", "/", "(", ")", "|", ",", "=",
    "[", "]", "log(", "poly(", "C(", "I(", "Treatment(", "eval(", "{", "~", "@", "\n", "\x00", "é", "\u202e", "True",
]  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.integers(1, 60))
def test_any_text_is_a_formula_or_refused_in_words_at_once(pieces, times):
    """Never another error, never a second of the processor's time."""
    begin = time.process_time()
    try:
        formula = parse_for_fit("".join(pieces) * times)
    except FormulaError as error:
        assert all(at >= 1 and message for at, message in error.problems)
    else:
        assert 1 <= len(formula.terms) <= 100
    assert time.process_time() - begin < 1


HOSTILE = [
    '1 + z + np.testing.runstring("{code}", {{}})',
    "1 + z + np.savetxt('{file}', z)",
    "1 + z + __import__('pathlib').Path('{file}').touch()",
    "1 + {{open('{file}', 'w')}}",
    "1 + C(z, open('{file}', 'w'))",
    "1 + poly(z, degree=open('{file}', 'w'))",
    "1 + log(open('{file}', 'w'))",
    "1 + I(().__class__)",
    "1 + `z` + (lambda: open('{file}', 'w'))()",
    "1 + z.__class__('{file}')",
    "1 + hashed(z, hash_func=open)",
]


@pytest.mark.parametrize("attack", HOSTILE)
def test_no_formula_runs_anything(attack, tmp_path):
    """Attacks that would leave a file behind are refused while they are read."""
    mark = tmp_path / "mark"
    text = attack.format(file=mark, code=f"open('{mark}', 'w')")
    with pytest.raises(FormulaError):
        parse_for_fit(text)
    with pytest.raises(CommandError):
        design_matrix(text, pd.DataFrame({"z": [1.0, 2.0, 4.0]}), number="pull")
    assert not mark.exists()


def test_names_that_look_like_code_are_only_names():
    """A column may be called anything, and shadows no function."""
    table = pd.DataFrame(
        {
            "np": [1.0, 2, 4, 8, 3],
            "log": [2.0, 3, 5, 7, 11],
            "x.y": [1.0, 0, 0, 1, 5],
            "__class__": [3.0, 1, 4, 1, 5],
            "open('m', 'w')": [2.0, 7, 1, 8, 2],
        }
    )
    laid = design_matrix(
        "0 + np + log(log) + x.y + __class__ + `open('m', 'w')`", table, number="pull"
    )
    assert laid.names == ("np", "log(log)", "x.y", "__class__", "open('m', 'w')")
    expected = table.assign(log=np.log(table["log"])).to_numpy()
    np.testing.assert_allclose(laid.matrix, expected, rtol=1e-15)
    assert formula_columns("poly(np, 2) + log(`a b`):C(log)") == {"np", "a b", "log"}


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("(z + 1)**40", "from 1 to 4"),
        ("(z + 1)^99999999999999999999", "from 1 to 4"),
        ("(a+b+c+d+e)^5", "from 1 to 4"),
        ("(a+b+c+d+e+f+g)^4 : (h+i+j+k)^4", "more than 100 terms"),
        ("*".join(f"v{i}" for i in range(12)), "more than (6 factors|100 terms)"),
        (":".join(f"v{i}" for i in range(7)), "more than 6 factors"),
        (" + ".join(f"v{i}" for i in range(200)), "more than 100 terms"),
        ("(" * 1000 + "z" + ")" * 900, "nested more than 20 deep"),
        ("log(" * 390 + "z" + ")" * 390, "nested more than 20 deep"),
        ("I(" + "(" * 900 + "z" + ")" * 900 + ")", "nested more than 20 deep"),
        ("I(" + "z + " * 450 + "z)", "more than 50 arithmetic operations"),
        ("I(" + "-" * 1900 + "z)", "one '-' is enough"),
        ("-" * 1999 + "z", None),
        ("z + " * 100_000 + "z", "at most 2,000"),
        ("I(z ** 1e9)", "a power lies between"),
        ("I(z * 1e999)", "too large"),
        ("C(z, levels=[" + "1, " * 500 + "1])", "at most 100 entries"),
        ("poly(z, degree=1000000000)", "a whole number from 1 to 50"),
        ("bs(z, df=1000000)", "a whole number from 1 to 50"),
    ],
)
def test_large_formulas_are_refused_at_once(formula, says):
    """Length, depth, powers and the number of terms are bounded."""
    begin = time.process_time()
    if says is None:
        parse_formula(formula)
    else:
        with pytest.raises(FormulaError, match=says):
            parse_for_fit(formula)
    assert time.process_time() - begin < 1


def test_too_many_columns_are_refused_before_they_are_made():
    """A covariate of words makes a column a word; products multiply."""
    table = pd.DataFrame({"w": [f"w{i}" for i in range(2_000)], "z": np.arange(2_000.0)})
    with pytest.raises(CommandError, match=r"up to 2,001 columns.*w alone makes 2,000"):
        design_matrix("1 + w", table, number="pull")
    words = [f"w{i % 40}" for i in range(400)], [f"v{i % 39}" for i in range(400)]
    square = pd.DataFrame(dict(zip("ab", words, strict=True)))
    with pytest.raises(CommandError, match="up to 1,601 columns"):
        design_matrix("a*b - b", square, number="pull")
    with pytest.raises(CommandError, match=r"2 columns for 30,000,000 rows"):
        design_matrix("1 + z", pd.DataFrame({"z": np.zeros(30_000_000, np.int8)}), number="pull")


@pytest.mark.parametrize(
    ("formula", "column", "says"),
    [
        ("1 + poli(x, 2)", 5, "no function 'poli'. Did you mean 'poly'?"),
        ("1 + poly(x, degre=2)", 13, "no option 'degre'.* Did you mean 'degree'?"),
        ("1 + poly(x, 2, degree=2)", 16, "given 'degree' twice"),
        ("1 + poly(x, 2.5)", 13, "'degree' of poly is a whole number"),
        ("1 + log(x, 2)", 12, "log takes no option"),
        ("1 + log(2)", 9, "given no column"),
        ("1 + C(x + 1)", 7, "C takes one column"),
        ("1 + log(C(x))", 9, "C cannot stand inside another function"),
        ("y ~ x", 3, "write only the part to the right of '~'"),
        ("1 + x / z", 7, "write a \\+ a:b"),
        ("1 + 2:x", 5, "2 cannot stand here"),
        ("x * 0", 5, "0 cannot stand here"),
        ("1 + x z", 7, "not 'z'"),
        ("1 + (x + z", 11, "'\\)' is expected here, not the end"),
        ("", 1, "not the end of the formula"),
        ("1 - 1", 1, "nothing is left"),
        ("x + (z | g)", 8, "only the intercept can differ"),
        ("x + z:(1 | g)", 7, "nothing that ':'"),
        ("x + 2.5 * (1 | g)", 5, "2.5 cannot stand here"),
        ("x + (1 | g) * z", 5, "a group effect is added"),
        ("x - (1 | g)", 5, "a group effect is added"),
        ("x | g", 3, "not '|'"),
        ("`1` + x", 1, "two different parts are called '1'"),
        ("log(x) + `log(x)`", 1, "two different parts are called 'log\\(x\\)'"),
        ("x > 1", 3, "make the comparison a column"),
    ],
)
def test_what_is_wrong_with_a_formula_is_told_with_its_column(formula, column, says):
    """Place, problem and remedy."""
    with pytest.raises(FormulaError, match=says) as told:
        parse_for_fit(formula)
    assert [at for at, _ in told.value.problems] == [column]


def test_every_wrong_function_of_a_formula_is_told_at_once():
    """One reading shows them all."""
    with pytest.raises(FormulaError) as told:
        parse_for_fit("1 + poli(x) + scle({x}) + bs(z, df='four') + log10(x) + log(y) % z")
    assert [at for at, _ in told.value.problems] == [5, 15, 33, 46, 64]


CASE = """
case: Formula
utility_unit: logits
as_of: 2000-01-01
sources:
  made: {title: Made up, author: Nobody, date: 1999-06-01, grade: F6}
players:
  one: {name: One, precision: 1}
parameters:
  pull: {linear: "FORMULA", unit: logits, why: {source: made}}
nodes:
  go: {player: one, domain: [0, 1], at: 1999-01-01}
interests:
  gain: {player: one, worth: "pull * go"}
"""


def test_check_tells_the_problems_of_a_formula_at_their_place(tmp_path):
    """Line and column in the case file, every problem of every formula."""
    case = tmp_path / "case.yaml"
    source = CASE.replace("FORMULA", "1 + poli(x) + np.abs(z)")
    case.write_text(source)
    with pytest.raises(CaseError) as told:
        lower(*read_case(case))
    line, begin = next(
        (i, s.index("1 +")) for i, s in enumerate(source.splitlines(), 1) if "1 +" in s
    )
    places = [
        (p.place.line, p.place.column) for p in told.value.problems if "function" in p.message
    ]
    assert places == [(line, begin + 5), (line, begin + 15)]
