"""Editing: from an operation to the changed text, the redrawn diagram and the new check, at 60 nodes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from statistics import median

from backchannel.case.edit.operation_models import RenameEverywhere, SetValue
from backchannel.case.edit.operations import carried_out
from backchannel.case.edit.text_places import TextPlaces
from backchannel.web.checking import checked_case, facts_of
from backchannel.web.outline import outline_messages, sketch_message
from benchmarks.registry import Figure

ABOUT = "a case of 60 nodes edited: text, diagram and check, processor seconds of one core"
NODES = 60
PLAYERS = 6
RUNS = 7


def measure() -> Iterator[Figure]:
    """Edit the case several times; what the workbench does in its processes happens here in this one."""
    text = sixty_nodes()
    found = checked_case(text, file="case.yaml", revision=0)
    lowered, document = found.lowered, found.document
    assert lowered is not None, "the case has no problems"
    assert document is not None
    facts = facts_of(lowered)
    places = TextPlaces(text)  # As after an earlier change.
    titles = iter(range(1000))

    def edit() -> None:
        value = f"move {next(titles)}"
        carried_out(places, [SetValue(kind="set", path=["nodes", "n30", "title"], value=value)])

    def rename() -> None:
        change = RenameEverywhere(kind="rename", of="node", name="n30", new_name="pivot", inside="")
        carried_out(places, [change])

    def read() -> None:
        TextPlaces(text)

    def sketch() -> None:
        sketch_message(places.data, revision=1)

    def check() -> None:
        checked_case(text, file="case.yaml", revision=0)

    def draw() -> None:
        outline_messages(document.data, lowered, facts, name="sixty", revision=0)

    works = (edit, rename, read, sketch, check, draw)
    edited, renamed, first, sketched, checked, drawn = map(_processor, works)
    yield Figure("an operation to the redrawn diagram", edited + sketched, "s", "at most 0.1")
    yield Figure(
        "a rename everywhere to the redrawn diagram", renamed + sketched, "s", "at most 0.1"
    )
    yield Figure("the same, once the text was typed in", renamed + first + sketched, "s")
    yield Figure("an operation to the new check", edited + checked, "s", "at most 0.3")
    yield Figure("check to the whole outline", drawn, "s")


def sixty_nodes() -> str:
    """A case in which each decision sees the two nodes before it, and every fifth node is a chance."""
    lines = [
        "case: Sixty nodes",
        "utility_unit: points",
        "as_of: 2030-01-15",
        "players:",
        *(f"  p{i}: {{name: Player {i}, precision: {{between: [2, 8]}}}}" for i in range(PLAYERS)),
        "parameters:",
        *(
            f"  c{i}: {{prior: {{between: [0.1, 0.5]}}, unit: points, why: {{judgement: of the benchmark}}}}"
            for i in range(NODES // 2)
        ),
        "nodes:",
    ]
    for i in range(NODES):
        day = f"20{30 + i // 12}-{i % 12 + 1:02d}-10"
        seen = ", ".join(f"n{j}" for j in range(max(i - 2, 0), i))
        if i % 5 == 0:
            lines.append(
                f"  n{i}: {{chance: true, domain: [a, b], odds: {{a: likely, b: 1}}, at: {day}}}"
            )
        else:
            lines.append(
                f"  n{i}: {{player: p{i % PLAYERS}, domain: [a, b], sees: [{seen}], at: {day}, title: Move {i}}}"
            )
    lines.append("interests:")
    for i in range(1, NODES):
        worth = f"c{i // 2} * (n{i} == 'a') - 0.1 * (n{i - 1} == 'b')"
        lines.append(f'  w{i}: {{player: p{i % PLAYERS}, worth: "{worth}"}}')
    lines += [
        "questions:",
        f"  last: {{forecast: n{NODES - 1}}}",
        "claims:",
        f"  - {{says: They hold, source: desk, test: \"P(n{NODES - 1} == 'a') > 0.5\"}}",
        "sources:",
        "  desk: {title: The desk}",
    ]
    return "\n".join(lines) + "\n"


def _processor(work: Callable[[], None]) -> float:
    """The middle of some runs, in seconds of the processor: other programs count less than on the clock."""
    times = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return median(times)
