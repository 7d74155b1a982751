"""Names and words: one name means one thing, and the text can be understood at first reading."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src" / "backchannel"
COMMAND = "a command is named after the function that it runs"
SAME_ALIAS = "the same alias of an array that NumPy or JAX made"
DAY = "the type `date`, where a field of the same name hides it"
SAME = "the same thing, on two levels: the solved case, and its part of the answers document"

REPEATS = {
    "Array": SAME_ALIAS,
    "Day": DAY,
    "Moved": SAME,
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
    "compose": "the verb of a question's room",
    "document": "the verb of a question's room",
    "show": "the verb of a question's room",
}
"""Names that several modules may define, each with the reason."""

REPEATS_NOT_YET = {
    "Answer", "Asked", "Bounds", "Certificate", "Chances", "Cut", "Ends", "Evidence", "Facts",
    "Found", "Job", "Kept", "Key", "Lanes", "Layout", "Numbers", "Problem", "Progress", "Rules", "Run", "Shift",
    "Shifts", "Solved", "Solver", "Source", "Status", "Step", "Surprise", "Tables", "Task",
    "Values", "Whole", "from_logs", "intervention_of", "lay", "lifted", "marks", "nodes", "rules",
    "shares", "softmax", "solve_all",
}  # fmt: skip
"""Repeated names that still have to be renamed; this set only shrinks."""

BANNED = (
    "brisk", "calm", "told_by", "settling", "laying", "anew", "be they", "is so", "what is so",
    "ignorant of", "likeliest", "see to it", "sees no more", "sees_removed", "whosoever", "wherein",
    "thereof", "as it were", "nought", "lest", "upon", "is no day",
)  # fmt: skip
"""Words and phrases that a reader with another first language may not know, or that mean too much."""
BANNED_PATTERNS = (r"worth [\w{}:.,]+ equal draws", r"\bapart\b(?! from)", r"\bis no more\b")

SEARCHED = (
    *sorted(SOURCE.rglob("*.py")),
    *sorted(SOURCE.rglob("*.html")),
    *sorted(ROOT.joinpath("docs").glob("*.md")),
    *sorted(
        file
        for kind in ("*.ts", "*.svelte")
        for file in ROOT.joinpath("interface", "src").rglob(kind)
    ),
    ROOT / "README.md",
)
"""Files whose words are checked; decision records keep the words of their time."""

NOT_YET = {
    "README.md",
    "docs/answers.md",
    "docs/beliefs.md",
    "docs/cases.md",
    "docs/commands.md",
    "docs/deals.md",
    "docs/fit.md",
    "docs/gambit.md",
    "docs/interface.md",
    "docs/living.md",
    "docs/sensitivity.md",
    "docs/why.md",
    "interface/src/lib/draws.ts",
    "interface/src/lib/forecasts.test.ts",
    "interface/src/lib/forecasts.ts",
    "interface/src/lib/nodes.ts",
    "interface/src/lib/picture/picture.ts",
    "interface/src/lib/protocol.ts",
    "interface/src/lib/read.ts",
    "interface/src/lib/reweigh.ts",
    "interface/src/lib/rules.ts",
    "interface/src/lib/shifting.svelte.ts",
    "interface/src/lib/shifting.test.ts",
    "interface/src/lib/tables/all.test.ts",
    "interface/src/lib/tables/grounds.ts",
    "interface/src/lib/tables/outcomes.ts",
    "interface/src/lib/timeline.ts",
    "interface/src/lib/xlsx.ts",
    "interface/src/parts/DiagramCanvas.svelte",
    "interface/src/parts/ForecastBody.svelte",
    "interface/src/parts/LiveBar.svelte",
    "interface/src/parts/RuleTable.svelte",
    "interface/src/parts/Timeline.svelte",
    "interface/src/parts/Watch.svelte",
    "interface/src/testing/findings.ts",
    "interface/src/views/Assumptions.svelte",
    "interface/src/views/Assumptions.test.ts",
    "interface/src/views/Diagram.svelte",
    "interface/src/views/Diagram.test.ts",
    "interface/src/views/Next.svelte",
    "interface/src/views/Surprise.svelte",
    "interface/src/views/Surprise.test.ts",
    "interface/src/views/WhatIf.svelte",
    "interface/src/views/WhatIf.test.ts",
    "interface/src/views/Why.svelte",
    "interface/src/views/Why.test.ts",
    "interface/src/views/assumptions/Draws.svelte",
    "interface/src/views/assumptions/Tipping.svelte",
    "interface/src/views/surprise/Errors.svelte",
    "interface/src/views/surprise/Expectation.svelte",
    "interface/src/views/surprise/Heat.svelte",
    "interface/src/views/what_if/Card.svelte",
    "interface/src/views/why/Apart.svelte",
    "interface/src/views/why/Words.svelte",
    "src/backchannel/answers/brief.py",
    "src/backchannel/answers/compose.py",
    "src/backchannel/answers/composer.py",
    "src/backchannel/answers/document.py",
    "src/backchannel/answers/draws_compose.py",
    "src/backchannel/answers/draws_document.py",
    "src/backchannel/answers/layout/place.py",
    "src/backchannel/answers/page/templates/decides.html",
    "src/backchannel/answers/page/templates/next.html",
    "src/backchannel/answers/page/templates/surprise.html",
    "src/backchannel/answers/page/templates/why.html",
    "src/backchannel/answers/sentences.py",
    "src/backchannel/answers/terminal.py",
    "src/backchannel/cli/fit.py",
    "src/backchannel/cli/sensitivity.py",
    "src/backchannel/cli/why.py",
    "src/backchannel/ensemble/change.py",
    "src/backchannel/ensemble/ensemble.py",
    "src/backchannel/ensemble/solve.py",
    "src/backchannel/equilibrium/batch.py",
    "src/backchannel/equilibrium/cells.py",
    "src/backchannel/equilibrium/certify.py",
    "src/backchannel/equilibrium/climb.py",
    "src/backchannel/equilibrium/future.py",
    "src/backchannel/equilibrium/homotopy/dual.py",
    "src/backchannel/equilibrium/homotopy/follow.py",
    "src/backchannel/equilibrium/homotopy/lanes.py",
    "src/backchannel/equilibrium/homotopy/passes.py",
    "src/backchannel/equilibrium/homotopy/step.py",
    "src/backchannel/equilibrium/homotopy/verify.py",
    "src/backchannel/equilibrium/homotopy/whole.py",
    "src/backchannel/equilibrium/keeping_program.py",
    "src/backchannel/equilibrium/laying.py",
    "src/backchannel/equilibrium/limit.py",
    "src/backchannel/equilibrium/play.py",
    "src/backchannel/equilibrium/result.py",
    "src/backchannel/equilibrium/settling.py",
    "src/backchannel/equilibrium/several.py",
    "src/backchannel/equilibrium/solve.py",
    "src/backchannel/equilibrium/sweep.py",
    "src/backchannel/equilibrium/task.py",
    "src/backchannel/questions/deals/ask.py",
    "src/backchannel/questions/deals/compose.py",
    "src/backchannel/questions/deals/document.py",
    "src/backchannel/questions/deals/packages.py",
    "src/backchannel/questions/deals/view.py",
    "src/backchannel/questions/rounds/document.py",
    "src/backchannel/questions/rounds/sentences.py",
    "src/backchannel/questions/sensitivity/ask.py",
    "src/backchannel/questions/sensitivity/discovery.py",
    "src/backchannel/questions/sensitivity/document.py",
    "src/backchannel/questions/sensitivity/information.py",
    "src/backchannel/questions/sensitivity/inverse.py",
    "src/backchannel/questions/sensitivity/new_draws.py",
    "src/backchannel/questions/sensitivity/sample.py",
    "src/backchannel/questions/sensitivity/sentences.py",
    "src/backchannel/questions/sensitivity/terminal.py",
    "src/backchannel/questions/sensitivity/tipping.py",
    "src/backchannel/questions/surprise/ask.py",
    "src/backchannel/questions/surprise/compose.py",
    "src/backchannel/questions/surprise/document.py",
    "src/backchannel/questions/surprise/terminal.py",
    "src/backchannel/questions/update/ask.py",
    "src/backchannel/questions/what_if/ask.py",
    "src/backchannel/questions/why/compose.py",
    "src/backchannel/questions/why/decomposition.py",
    "src/backchannel/questions/why/document.py",
    "src/backchannel/questions/why/estimate.py",
    "src/backchannel/questions/why/explain.py",
    "src/backchannel/questions/why/replay.py",
    "src/backchannel/questions/why/sentences.py",
    "src/backchannel/questions/why/terminal.py",
    "src/backchannel/questions/why/undo.py",
    "src/backchannel/study.py",
    "src/backchannel/tensors/game.py",
    "src/backchannel/tensors/game_size.py",
    "src/backchannel/tensors/walk.py",
    "src/backchannel/web/answering.py",
    "src/backchannel/web/live.py",
    "src/backchannel/web/messages.py",
    "src/backchannel/web/solver.py",
    "src/backchannel/web/windows.py",
}
"""Files that still hold banned words; this set only shrinks."""


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
    found = [
        line
        for file in SEARCHED
        if str(file.relative_to(ROOT)) not in NOT_YET
        for line in banned_words(file)
    ]
    assert not found, "\n".join(found)


def test_the_lists_of_work_to_do_are_not_longer_than_needed():
    """What is clean already is not excused."""
    clean = {
        name for name in NOT_YET if not (ROOT / name).exists() or not banned_words(ROOT / name)
    }
    assert not clean, f"take these out of NOT_YET: {sorted(clean)}"
    assert not REPEATS_NOT_YET - repeated_names().keys()


def test_the_scan_finds_what_it_looks_for():
    """A name in two modules, and a banned word, would be seen."""
    assert "run" in repeated_names()
    assert re.search(BANNED_PATTERNS[0], "worth 12 equal draws")
