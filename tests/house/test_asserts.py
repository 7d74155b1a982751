"""No test asserts what it chooses itself: what is expected is known before the answer is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house.test_house import ROOT

TESTS = sorted((ROOT / "tests").rglob("*.py"))


def idle(tree: ast.AST) -> Iterator[ast.AST]:
    """Asserts that hold whatever is tested, and expected texts that are chosen by looking for them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and _always_holds(node.test):
            yield node
        if isinstance(node, ast.IfExp) and _looks_for_itself(node):
            yield node
        if isinstance(node, ast.If):
            asked = {ast.dump(part) for part in _parts(node.test)}
            inner = (inner for line in node.body for inner in ast.walk(line))
            yield from (
                one for one in inner if isinstance(one, ast.Assert) and ast.dump(one.test) in asked
            )


def _always_holds(test: ast.expr) -> bool:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return any(_always_holds(value) for value in test.values)
    if isinstance(test, ast.Constant):
        return bool(test.value)
    return isinstance(test, ast.Tuple | ast.IfExp)


def _looks_for_itself(choice: ast.IfExp) -> bool:
    """`A if A in said else B`."""
    return (
        isinstance(choice.test, ast.Compare)
        and isinstance(choice.test.ops[0], ast.In | ast.NotIn | ast.Eq | ast.NotEq)
        and isinstance(choice.test.left, ast.Constant | ast.JoinedStr)
        and ast.dump(choice.test.left) in (ast.dump(choice.body), ast.dump(choice.orelse))
    )


def _parts(test: ast.expr) -> list[ast.expr]:
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]


@pytest.mark.parametrize("file", TESTS, ids=lambda file: str(file.relative_to(ROOT / "tests")))
def test_no_test_asserts_what_it_chooses_itself(file):
    """Such a test passes whatever the program says."""
    found = [node.lineno for node in idle(ast.parse(file.read_text("utf-8")))]
    assert not found, f"{file.relative_to(ROOT)}, lines {found}"


@pytest.mark.parametrize(
    "sample",
    [
        "for piece in ('a', '1 claims:' if '1 claims:' in out else '1 claim:'): assert piece in out",
        "assert found == 1 if out else True",
        "assert found or True",
        "assert (found, 'this is always true')",
        "assert 1",
        "if found:\n    assert found",
        "if out and found > 1:\n    print()\n    assert found > 1",
    ],
)
def test_an_idle_assert_would_be_found(sample):
    """The search itself."""
    assert list(idle(ast.parse(sample)))


@pytest.mark.parametrize(
    "sample",
    [
        "assert ('up' if sign > 0 else 'down') in said",
        "assert found[0] == (-1 if alone is None else alone)",
        "if kind == 'a':\n    assert found",
        "assert one or other",
    ],
)
def test_a_choice_that_the_case_makes_is_none(sample):
    """What is expected may depend on what was given."""
    assert not list(idle(ast.parse(sample)))
