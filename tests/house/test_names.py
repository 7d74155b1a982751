"""Names and words: one name means one thing, and the text can be understood at first reading."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src" / "backchannel"
COMMAND = "a command and a method of `Study` are named after the same question"
SAME_ALIAS = "the same alias of an array that NumPy or JAX made"
DAY = "the type `date`, where a field of the same name hides it"
SAME = "the same thing, on two levels: the solved case, and its part of the answers document"

REPEATS = {
    "Array": SAME_ALIAS,
    "Day": DAY,
    "Certificate": SAME,
    "Moved": SAME,
    "branch": COMMAND,
    "claims": COMMAND,
    "deals": COMMAND,
    "diff": COMMAND,
    "equilibria": COMMAND,
    "sensitivity": COMMAND,
    "update": COMMAND,
    "check": COMMAND,
    "fit": COMMAND,
    "forecast": COMMAND,
    "run": COMMAND,
    "score": COMMAND,
    "serve": COMMAND,
    "simulate": COMMAND,
    "sources": COMMAND,
    "surprise": COMMAND,
    "watch": COMMAND,
    "what_if": COMMAND,
    "why": COMMAND,
    "ask": "the verb of a question's room",
    "answer": "the verb of a question's room",
    "worlds": "the verb of a question's room",
    "compose": "the verb of a question's room",
    "document": "the verb of a question's room",
    "show": "the verb of a question's room",
}
"""Names that several modules may define, each with the reason."""

REPEATS_NOT_YET = {
            }  # fmt: skip
"""Repeated names that still have to be renamed; this set only shrinks."""

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
)

SEARCHED = (
    *sorted(SOURCE.rglob("*.py")),
    *sorted(SOURCE.rglob("*.html")),
    *sorted(ROOT.joinpath("docs").glob("*.md")),
    *sorted(
        file
        for kind in ("*.ts", "*.svelte")
        for file in ROOT.joinpath("interface", "src").rglob(kind)
        # These two are generated from the schemas.
        if file.name not in ("answers.ts", "messages.ts")
    ),
    ROOT / "README.md",
)
"""Files whose words are checked; decision records keep the words of their time."""


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
    unknown = {
        name: files
        for name, files in repeated_names().items()
        if name not in REPEATS and name not in REPEATS_NOT_YET
    }
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


def test_the_list_of_work_to_do_is_not_longer_than_needed():
    """A name that is defined once is not excused."""
    assert not REPEATS_NOT_YET - repeated_names().keys()


def test_the_scan_finds_what_it_looks_for():
    """A name in two modules, and a banned word, would be seen."""
    assert "run" in repeated_names()
    assert re.search(BANNED_PATTERNS[0], "worth 12 equal draws")
