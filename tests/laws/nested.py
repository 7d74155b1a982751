"""The diagram of `tests.oracles.nested`, for the laws about beliefs about beliefs."""

from __future__ import annotations

from itertools import product

import numpy as np

from backchannel.diagram.beliefs import Belief
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.ensemble.ensemble import Ensemble, build_ensemble
from backchannel.language.expressions import parse, table
from tests.helpers import day

MOVERS = {"open": "eu", "offer": "blr", "answer": "usa"}
ANSWERS = ("none", "some", "full")
WORTH = dict(zip(MOVERS, np.random.default_rng(4).normal(size=(3, 2, 2, 2, 3)), strict=True))
PRECISION = {"open": 3.0, "offer": 2.0, "answer": 1.5}
NUMBERS = {
    "p": 0.3, "g": 1.0, "zero": 0.0, "p8": 0.8, "g2": 2.0, "g3": -1.5, "p8_again": 0.8,
    **{f"{player}.precision": PRECISION[move] for move, player in MOVERS.items()},
}  # fmt: skip


def bargain(
    movers: dict[str, str] = MOVERS, answers: tuple[str, ...] = ANSWERS, overlooked: str = ""
) -> Diagram:
    """Opening, offer and answer; only who answers knows the state.

    Args:
        movers: Who makes each move.
        answers: The answers that there are.
        overlooked: What who answers does not see.
    """
    saw = tuple(name for name in ("state", "open", "offer") if name != overlooked)
    nodes = (
        Chance("state", ("s0", "s1"), {"s0": parse("1 - p"), "s1": parse("p")}, date=day(0)),
        Decision("open", ("z0", "z1"), movers["open"], day(1)),
        Decision("offer", ("x0", "x1"), movers["offer"], day(2), sees=("open",)),
        Decision("answer", answers, movers["answer"], day(3), sees=saw),
    )
    scope = ("state", "open", "offer", "answer")
    interests = []
    for move, player in movers.items():
        factor = " * g" if move == "answer" else ""
        cells = {
            (f"s{s}", f"z{z}", f"x{x}", answer): parse(
                f"{float(WORTH[move][s, z, x, ANSWERS.index(answer)])!r}{factor}"
            )
            for s, z, x, answer in product((0, 1), (0, 1), (0, 1), answers)
        }
        interests.append(Interest(f"worth_of_{move}", player, table(scope, cells)))
    return Diagram(tuple(sorted(movers.values())), nodes, tuple(interests))


def bargained(
    *beliefs: Belief, diagram: Diagram | None = None, numbers: dict[str, float] = NUMBERS
) -> Ensemble:
    """Solve the case with these beliefs in one draw."""
    arrays = {name: np.array([value]) for name, value in numbers.items()}
    return build_ensemble(diagram or bargain(), beliefs, arrays)


def played(ensemble: Ensemble) -> dict[str, np.ndarray]:
    """What is actually played, in the one draw."""
    return {name: rule[0] for name, rule in ensemble.play.policies.items()}
