"""Read what a language model elsewhere answered to a prompt: a draft that must pass every check.

A model invents numbers without knowing. So every number of its draft is marked as a judgement that nobody has made
yet, beside the sources that the model cites.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from backchannel.case.schema.case import Case
from backchannel.case.schema.reasons import ReasonEntry
from backchannel.case.write import write_case
from backchannel.files.inputs import read_text
from backchannel.language.errors import CommandError

MOST_BYTES = 2_000_000
MARK = ReasonEntry(
    source="", at="", says="", judgement="drafted by a language model; nobody has judged it yet"
)
HEAD = """\
# The draft of a case, written by a language model that read the text. Check every line of it against the text.
# Each number is marked as a judgement that nobody has made yet: replace the mark by your own reason.

"""

_BLOCK = re.compile(r"^(`{3,}|~{3,})[^\n`]*\n(.*?)^\1[ \t]*$", re.DOTALL | re.MULTILINE)


def draft_from_answer(path: Path, *, folder: Path) -> str:
    """Read an answer, check the case in it, and mark its numbers.

    Args:
        path: The file with the answer; the case may stand between ``` marks.
        folder: The folder of the text.

    Raises:
        CaseError: The case in the answer is wrong; every problem is listed, by the lines of the answer.
        CommandError: The file cannot be read.
    """
    answer = read_text(path, limit=MOST_BYTES, what="an answer").lstrip("\ufeff")
    if not answer.strip():
        raise CommandError(f"{path} is empty. Save the answer of the language model in it.")
    case, document = read_case_text(_case_in(answer), file=path.name, folder=folder)
    lower(case, document)
    return HEAD + write_case(_marked(case))


def _case_in(answer: str) -> str:
    """The longest block between marks, or all of it; empty lines before it keep the lines' numbers."""
    blocks = list(_BLOCK.finditer(answer))
    if not blocks:
        return answer
    longest = max(blocks, key=lambda block: len(block[2]))
    return "\n" * answer.count("\n", 0, longest.start(2)) + longest[2]


def _marked(case: Case) -> Case:
    """Add the mark to the reasons of everything that holds numbers."""
    changed: dict[str, Any] = {}
    for part in ("players", "parameters", "nodes", "interests", "deals", "beliefs"):
        entries = getattr(case, part)
        if entries:
            changed[part] = {name: _with_mark(entry) for name, entry in entries.items()}
    for part in ("correlations", "base_rates"):
        if entries := getattr(case, part):
            changed[part] = [_with_mark(entry) for entry in entries]
    return case.model_copy(update=changed)


def _with_mark(entry: Any) -> Any:
    return entry.model_copy(update={"why": [*entry.why, MARK]})
