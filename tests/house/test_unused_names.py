"""Every name that a module defines is used somewhere in the package."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parent.parent.parent / "src" / "backchannel"

FOR_OTHERS = {
    "Solver": "the protocol of all methods; the tests solve the same games with each",
    "SweepSolver": "one of these methods",
    "BranchSolver": "one of these methods",
    "CombinedSolver": "one of these methods",
    "answers_as_ready": "what shows answers one by one, as a benchmark does",
}
"""Names that only tests and documents use, each with the reason."""


def definitions(code: str) -> Iterator[str]:
    """The functions, classes and constants of a module; not its commands and the hooks of Python."""
    for node in ast.parse(code).body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                decorated = " ".join(ast.unparse(one) for one in node.decorator_list)
                names = [] if "command" in decorated else [node.name]
            case ast.ClassDef():
                names = [node.name]
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names = [name]
            case _:
                names = []
        yield from (name for name in names if not name.startswith("__"))


def test_no_module_defines_what_nobody_uses():
    """A name that occurs only where it is defined is dead, or belongs to the tests."""
    files = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]
    words = Counter(word for file in files for word in re.findall(r"\w+", file.read_text()))
    unused = {
        name
        for file in SOURCE.rglob("*.py")
        for name in definitions(file.read_text())
        if words[name] == 1
    }
    assert unused == FOR_OTHERS.keys()
