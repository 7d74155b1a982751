"""Whatever the text, `check` ends with an answer: in time, in bounded memory, without a traceback."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import texts
from tests.fuzz.ending import Ending, check_ends_well

KINDS = {
    "case": texts.cases(),
    "expression": texts.expressions(),
    "test": texts.tests(),
    "formula": texts.formulas(),
    "efg": texts.games(),
    "table": texts.tables(),
}
SEEDED = {"derandomize": True, "deadline": None, "suppress_health_check": list(HealthCheck)}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_check_ends_well_on_any_text(kind):
    """A minute for all kinds together; the texts are the same in every run."""

    @settings(max_examples=150, **SEEDED)
    @given(st.data())
    def tried(data):
        check_ends_well(kind, data.draw(KINDS[kind]))

    tried()


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_check_ends_well_on_many_texts(kind):
    """Ten minutes for all kinds together."""

    @settings(max_examples=2_000, **SEEDED)
    @given(st.data())
    def tried(data):
        check_ends_well(kind, data.draw(KINDS[kind]))

    tried()


HEAD = """\
case: A
utility_unit: u
as_of: 2030-01-03
players:
  a: {name: a, precision: 1}
"""
NODES = """\
nodes:
  w: {chance: true, domain: [x, y], probability: {x: 0.3, y: 0.7}, at: 2030-01-01}
  t: {player: a, sees: [w], domain: [l, r], at: 2030-01-02}
"""
WORTH = "interests:\n  i: {player: a, worth: \"(t == 'l') * (w == 'x')\"}\n"


def _entries(n: int, line: str) -> str:
    return "".join(line.replace("#", str(i)) for i in range(n))


TINY = {
    "brackets": "[" * 100_000,
    "lists in lines": "- " * 100_000,
    "keys in lines": "".join(" " * i + "a:\n" for i in range(1_000)),
    "aliases": "a: &a [1]\n" + _entries(30, "a#: &b# [*a, *a, *a]\n"),
    "aliases that double": "a0: &a0 [1]\n" + "".join(
        f"a{i + 1}: &a{i + 1} [*a{i}, *a{i}]\n" for i in range(60)
    ),
    "an alias inside itself": "a: &a [*a]\n",
    "half a character": HEAD.replace("case: A", 'case: "\\ud800"') + NODES + WORTH,
    "digits": HEAD.replace("precision: 1", f"precision: {'1' * 5000}") + NODES + WORTH,
    "quantities that double": HEAD + "quantities:\n  q0: w == 'x'\n"
    + "".join(f"  q{i + 1}: q{i}+q{i}\n" for i in range(40)) + NODES + WORTH,
    "a chain of quantities": HEAD + "quantities:\n  q0: w == 'x'\n"
    + "".join(f"  q{i + 1}: 1+q{i}\n" for i in range(3_000)) + NODES + WORTH,
    "a ring of quantities": HEAD + "quantities:\n"
    + "".join(f"  q{i}: q{(i + 1) % 2000}\n" for i in range(2_000)) + NODES + WORTH,
    "rounds past the calendar": HEAD + NODES + WORTH + "rounds:\n  n: 120\n  every: 9999 years\n"
    "  nodes:\n    r: {player: a, domain: [x, y]}\n",
    "rounds of a range without end": HEAD + NODES + WORTH + "rounds:\n  n: 2\n  every: month\n"
    "  nodes:\n    r: {player: a, domain: [x, y]}\nquestions:\n  q: {forecast: r@1..9999}\n",
    "an endless grid": HEAD + NODES + "  n: {derived: '1', grid: {from: 0, to: 1e999, step: 1}}\n" + WORTH,
    "a grid without steps": HEAD + NODES + "  n: {derived: '1', grid: {from: 0, to: 1, step: 1e-320}}\n" + WORTH,
    "a table of all else": HEAD + "nodes:\n" + _entries(
        5, f"  g#: {{chance: true, domain: [{_entries(9, '#, ')}9], odds: {{{_entries(9, '#: 1, ')}9: 1}}}}\n"
    ) + "  t: {player: a, sees: [], domain: [l, r], at: 2030-01-02}\n"
    "interests:\n  i: {player: a, worth: {table: [g0, g1, g2, g3, g4], else: 0}}\n",
}  # fmt: skip
"""Texts that a person could type or paste, and that once took for ever or ended the process."""


def _ends_within_a_second(kind: str, text: str) -> Ending:
    """A processor is not always as fast, so a slow answer is asked for again, twice at most."""
    for _ in range(3):
        ending = check_ends_well(kind, text)
        if ending.seconds < 1.0:
            return ending
    raise AssertionError(f"It took {ending.seconds:.2f} s of the processor's time, three times.")


@pytest.mark.parametrize("name", TINY)
def test_a_tiny_text_is_answered_at_once(name):
    """Within a second of the processor's time."""
    _ends_within_a_second("case", TINY[name])


LARGE = {
    "actions that are alike": HEAD + NODES.replace(
        "[l, r]", f"[l, {_entries(500, 'a#, ')}r]"
    ) + WORTH,
    "misspelt names": HEAD + NODES + "interests:\n" + _entries(
        3_000, "  i#: {player: a, worth: \"tt# == 'l'\"}\n"
    ),
    "unknown keys": HEAD + NODES + WORTH + _entries(5_000, "kase#: 1\n"),
    "keys that stand twice": HEAD + "case: B\n" * 20_000,
    "a quantity that many name": HEAD + "quantities:\n  b: " + "+".join(["(w=='x')"] * 55)
    + "\n  c: " + "*".join(["(b+1)"] * 50) + "\n" + NODES + "interests:\n"
    + _entries(2_000, "  i#: {player: a, worth: c * #}\n"),
    "values": HEAD + "nodes:\n  w: {chance: true, domain: [" + _entries(5_000, "a#, ") + "b], odds: {"
    + _entries(5_000, "a#: 1, ") + "b: 1}, at: 2030-01-01}\n  t: {player: a, sees: [], domain: [l, r], "
    "at: 2030-01-02}\ninterests:\n  i: {player: a, worth: t == 'l'}\n",
    "rounds of a large block": HEAD + NODES + WORTH + "rounds:\n  n: 120\n  every: month\n  nodes:\n"
    + _entries(500, "    r#: {player: a, domain: [x, y]}\n"),
    "decisions": HEAD + NODES + _entries(
        1_000, "  n#: {player: a, sees: [w], domain: [x, y], at: 2030-01-01}\n"
    ) + WORTH,
}  # fmt: skip
"""Texts of up to 200 kB, each large in one way."""


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_a_large_text_is_answered(name):
    """Whatever it is large in, time grows no faster than by its length, or it is refused."""
    check_ends_well("case", LARGE[name])


def test_a_node_of_a_thousand_moves_is_checked():
    """Alike or not, moves are told apart in one pass, and one warning names them."""
    head = 'EFG 2 R "g" { "a" "b" }\np "" 1 1 "" { ' + _entries(1_000, '"m#" ') + "} 0\n"
    apart = head + "".join(f't "" {i + 1} "" {{ {i}, 1 }}\n' for i in range(1_000))
    alike = head + 't "" 1 "" { 1, 1 }\n' * 1_000
    assert check_ends_well("efg", apart).code == 0
    ending = check_ends_well("efg", alike)
    assert ending.code == 0
    assert ending.said.count("distinguishes") == 1
    assert "and 994 more" in ending.said


NO_GAMES = {
    "a deep tree": "".join(f'p "" 1 {i + 1} "" {{ "l" "r" }} 0\nt "" 0\n' for i in range(9_000)),
    "quotes": '"' * 100_001,
    "braces": "{" * 100_000,
    "digits": 't "" 1 "" { ' + "9" * 100_000 + ", 1 }",
    "an exponent": 't "" 1 "" { 1e' + "9" * 70 + ", 1 }",
    "a division by 0": 't "" 1 "" { 1/0, 1 }',
    "names": 'p "" 1 1 "" { "\x1b[31m" "n/a" "\\"" "" } 0\nt "" 0\n',
}  # fmt: skip


@pytest.mark.parametrize("name", NO_GAMES)
def test_what_is_no_game_is_refused_at_once(name):
    """With its place."""
    ending = _ends_within_a_second("efg", 'EFG 2 R "g" { "a" "b" }\n' + NO_GAMES[name])
    assert ending.code == 1
