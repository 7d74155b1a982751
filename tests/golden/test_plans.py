"""The compiled plan of each small case as text: what is contracted, in which order.

A change here is a change of the engine. Look at it, and if it is meant, write the files anew with
`python -m tests.golden.test_plans`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from backchannel.case.catalog import find_case
from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case
from backchannel.diagram.relevance import solution_blocks
from backchannel.equilibrium.frame import frame_of
from backchannel.equilibrium.sweep.plan import sweep_plan
from backchannel.tensors.compile_game import compile_game
from tests.helpers import CANAL

FOLDER = Path(__file__).parent / "plans"
CASES = {
    "canal": CANAL,
    "signalling": find_case("signalling"),
    "sanctions-threat": find_case("sanctions-threat"),
    "machine-tools-2022": find_case("machine-tools-2022"),
}


def plan_text(path: Path) -> str:
    """Every block of a case and the steps of one sweep over it."""
    lowered = lower(*read_case(path))
    medians = {name: prior.at(0.5) for name, prior in lowered.priors.items()}
    game = compile_game(lowered.diagram, medians)
    frame = frame_of(lowered.diagram, [(term.player, term.scope) for term in game.terms], held=())
    parts = []
    for block in solution_blocks(lowered.diagram):
        plan = sweep_plan(frame, block).plan
        parts.append(f"# {' '.join(block.decisions)}\n{plan.describe()}")
    return "\n".join(parts)


@pytest.mark.parametrize("name", CASES)
def test_the_plan_is_the_one_on_file(name):
    """Shared intermediates, elimination order, and what is worked out once."""
    assert plan_text(CASES[name]) == (FOLDER / f"{name}.txt").read_text()


def test_the_size_of_a_plan_grows_about_linearly_with_the_game():
    """Twice the rounds of one exchange, about twice the steps."""
    from tests.golden.chain import chain

    steps = []
    for rounds in (4, 8, 16):
        diagram = chain(rounds)
        terms = [(i.player, diagram.scope(i)) for i in diagram.interests]
        frame = frame_of(diagram, terms, held=())
        counts = [len(sweep_plan(frame, block).steps) for block in solution_blocks(diagram)]
        steps.append(sum(counts))
    assert steps[2] / steps[1] < 2.6
    assert steps[1] / steps[0] < 2.6


if __name__ == "__main__":
    for name, path in CASES.items():
        (FOLDER / f"{name}.txt").write_text(plan_text(path))
