"""Names and words: one name means one thing, and the text can be understood at first reading."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src" / "backchannel"


class Repeat(NamedTuple):
    """Why several modules may define a name, and which ones."""

    reason: str
    where: str
    """A pattern that the paths of all of them match."""


ALIAS = Repeat(
    "the same alias of an array that NumPy or JAX made", r"equilibrium|language|tensors|trade"
)
DAY = Repeat("`date`, where a field of the same name hides it", r"case/schema/|wording/")
COMMAND = Repeat(
    "a command, and the function or method of the same name that answers it",
    r"cli/|questions/\w+/(ask|command|method)\.py$|estimation/(fit|simulate)\.py$|ledger/scores\.py$",
)
ROOM = Repeat("what each question's room defines", r"questions/\w+/|answers/terminal\.py$")
LEVELS = Repeat("the same thing: per draw, and summed up in the document", r"equilibrium|answers/")

REPEATS = {
    "Array": ALIAS,
    "Day": DAY,
    "Certificate": LEVELS,
    "branch": COMMAND,
    "claims": COMMAND,
    "deals": COMMAND,
    "diff": COMMAND,
    "equilibria": COMMAND,
    "fit": COMMAND,
    "forecast": COMMAND,
    "merge": COMMAND,
    "review": COMMAND,
    "rivals": COMMAND,
    "scenarios": COMMAND,
    "score": COMMAND,
    "sensitivity": COMMAND,
    "simulate": COMMAND,
    "surprise": COMMAND,
    "update": COMMAND,
    "watch": COMMAND,
    "what_if": COMMAND,
    "why": COMMAND,
    "answer": ROOM,
    "ask": ROOM,
    "bottom_line": ROOM,
    "compose": ROOM,
    "show": ROOM,
    "too_large": ROOM,
    "worlds": ROOM,
}
"""Names that several modules may define, each with the reason."""

BANNED = (
    "brisk", "calm", "told_by", "settling", "laying", "anew", "be they", "is so", "what is so",
    "ignorant of", "likeliest", "see to it", "sees no more", "sees_no_more", "whosoever", "wherein",
    "thereof", "as it were", "nought", "lest", "upon", "is no day",
)  # fmt: skip
"""Words and phrases that a reader with another first language may not know, or that mean too much."""
BANNED_PATTERNS = (
    r"worth [\w{}:.,]+ equal draws",
    r"\b(?:def|class) [Aa]part\b",
    r"\bis no more\b",
    r"\blikelier\b",
    r"\bmakes? believe\b",
    r"\bdid not settle\b",
)

SEARCHED = (
    *sorted(SOURCE.rglob("*.py")),
    *sorted(SOURCE.rglob("*.html")),
    *sorted(SOURCE.rglob("*.yaml")),
    *sorted(
        file
        for kind in ("*.md", "*.ipynb", "*.py", "*.txt")
        for file in ROOT.joinpath("docs").rglob(kind)
        if file.name != "changelog.md"
    ),
    *sorted(
        file
        for kind in ("*.ts", "*.svelte")
        for file in ROOT.joinpath("interface", "src").rglob(kind)
        # These two are generated from the schemas.
        if file.name not in ("answers.ts", "messages.ts")
    ),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
)
"""Files whose words are checked. The changelog names what things were called before, so it is left out."""


def defined_names() -> dict[str, list[str]]:
    """Every public class, function and type alias, with the modules that define it."""
    places: dict[str, list[str]] = defaultdict(list)
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.parse(file.read_text()).body:
            names: list[str] = []
            match node:
                case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                    names = [node.name]
                case (
                    ast.Assign(targets=[ast.Name(id=name)])
                    | ast.AnnAssign(target=ast.Name(id=name))
                ):
                    # Constants in capitals belong to their module.
                    names = [] if name.isupper() else [name]
            for name in names:
                if not name.startswith("_"):
                    places[name].append(str(file.relative_to(SOURCE)))
    return places


def repeated_names() -> dict[str, list[str]]:
    """Names that more than one module defines."""
    return {name: files for name, files in defined_names().items() if len(files) > 1}


def test_a_name_is_defined_in_one_module_only():
    """Things that differ have different names."""
    unknown = {name: files for name, files in repeated_names().items() if name not in REPEATS}
    assert not unknown, f"rename one of each, or give the reason in REPEATS: {unknown}"


def banned_words(file: Path) -> list[str]:
    """The banned words of a file, each with its line."""
    words = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in BANNED)
    pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)|{'|'.join(BANNED_PATTERNS)}", re.IGNORECASE)
    return [
        f"{file.relative_to(ROOT)}:{number}: {match[0]}"
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        for match in pattern.finditer(line)
    ]


def test_no_banned_word_is_used():
    """In names, comments, docstrings, messages, pages and documentation alike."""
    lines = [line for file in SEARCHED for line in banned_words(file)]
    assert not lines, "\n".join(lines)


def test_reasons_are_given_only_for_names_that_repeat():
    """And each for the modules that it names, so that nothing else borrows the name."""
    repeated = repeated_names()
    assert not REPEATS.keys() - repeated.keys()
    strange = {
        (name, file)
        for name, repeat in REPEATS.items()
        for file in repeated[name]
        if not re.match(repeat.where, file)
    }
    assert not strange


def test_the_scan_finds_what_it_looks_for():
    """A name in two modules, and a banned word, would be seen."""
    assert "why" in repeated_names()
    assert re.search(BANNED_PATTERNS[0], "worth 12 equal draws")
