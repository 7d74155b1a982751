"""The house in order: sizes, layers, and documentation that cannot fall behind."""

from __future__ import annotations

import ast
import doctest
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src" / "backchannel"
FILES = sorted(SOURCE.rglob("*.py"))
WITH_EXAMPLES = [file for file in FILES if ">>> " in file.read_text()]
MOST_LINES = 250
"""The most lines that a file of the package may have."""
MADE_BY_THE_SITE = ("gallery/", "../gallery/", "project/changelog.md")
"""Pages that `make docs` makes, and whose links it checks."""


def test_files_stay_readable():
    """One idea a file: a longer one holds a second idea, which gets a file and a name of its own."""
    assert FILES
    counts = {str(file.relative_to(SOURCE)): len(file.read_text().splitlines()) for file in FILES}
    too_long = {file: count for file, count in counts.items() if count > MOST_LINES}
    listed = "\n".join(f"{file}: {count} lines" for file, count in sorted(too_long.items()))
    assert not too_long, f"A file may have at most {MOST_LINES} lines. Cut these by idea:\n{listed}"


def test_a_study_stays_a_short_list_of_doors():
    """What it can do has rooms of its own."""
    text = (SOURCE / "study.py").read_text()
    imports = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert len(imports) <= 20


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_every_module_and_public_name_says_what_it_is(file):
    """And no module reaches for another's private name."""
    tree = ast.parse(file.read_text())
    if not tree.body or file.name == "__main__.py":
        return
    assert ast.get_docstring(tree), file
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{file}: {node.name}"
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("backchannel"):
            private = [
                a.name for a in node.names if a.name.startswith("_") and a.name != "__version__"
            ]
            assert not private, f"{file} imports {private}"


def test_the_layers_hold():
    """The pipeline only looks back."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", WITH_EXAMPLES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_doctests_hold(file, monkeypatch):
    """Every example in a docstring is true, and stands where it is found."""
    monkeypatch.chdir(ROOT)
    parts = file.relative_to(SOURCE.parent).with_suffix("").parts
    module = import_module(".".join(part for part in parts if part != "__init__"))
    done = doctest.testmod(module)
    assert done.attempted == file.read_text().count(">>> "), "some examples are not found"
    assert not done.failed


def test_the_documentation_names_every_command_and_every_key():
    """A key that nobody can look up does not exist."""
    from click import Context

    from backchannel.case.schema.json_schema import case_schema
    from backchannel.case.schema.written_priors import PRIOR_KINDS
    from backchannel.cli import main
    from backchannel.language.calls import FUNCTIONS
    from backchannel.language.names import ICD_203

    cases = (ROOT / "docs" / "cases.md").read_text()
    keys = {key for part in case_schema()["$defs"].values() for key in part.get("properties", {})}
    keys |= set(case_schema()["properties"]) | set(PRIOR_KINDS) | set(FUNCTIONS)
    missing = sorted(key for key in keys if not re.search(rf"`{re.escape(key)}\b", cases))
    assert not missing
    assert all(word in cases for word in ICD_203)
    commands = (ROOT / "docs" / "commands.md").read_text()
    assert not [
        name for name in main.list_commands(Context(main)) if f"backchannel {name}" not in commands
    ]


def test_the_answers_schema_is_documented():
    """Every part of the document is explained."""
    from backchannel.answers.document import ANSWERS_VERSION, Answers

    text = (ROOT / "docs" / "answers.md").read_text()
    assert ANSWERS_VERSION in text
    assert not [name for name in Answers.model_fields if f"`{name}`" not in text]


def test_the_readme_names_the_commands_that_ci_runs():
    """What the README promises is what is tested."""
    readme = (ROOT / "README.md").read_text()
    assert "make answer" in readme
    assert "make test" in readme
    assert "README" in (ROOT / ".ci" / "run").read_text()


def test_what_was_published_is_cited_and_not_copied():
    """No sentence of the article is in the flagship case: no eight words in a row, even."""
    text = (SOURCE / "catalog" / "belarus-2025" / "case.yaml").read_text()
    assert text.count("source: article") > 60
    assert not re.search(r"why: *\{\}", text)


def test_every_link_of_the_documentation_leads_somewhere():
    """Files are renamed; links must follow."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text()):
            is_there = (page.parent / target).exists() or target.startswith(MADE_BY_THE_SITE)
            assert is_there, f"{page.name} links to {target}"
