"""What a run will cost: equilibria, the largest table, seconds and memory, counted before anything is solved.

The work is counted from the plans that a run carries out. Seconds follow from it by rates that were measured
once, on one processor of 2023; another machine differs by a factor. No number of the case is used, and JAX is
not imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from backchannel.case.lowered import Lowered
from backchannel.diagram.beliefs import count_models
from backchannel.diagram.relevance import solution_blocks
from backchannel.ensemble.evidence import evidence_of
from backchannel.equilibrium.deals.future import Future
from backchannel.equilibrium.deals.hidden_levels import future_as_seen
from backchannel.equilibrium.deals.plan import broken_plan, deal_plan
from backchannel.equilibrium.frame import frame_of
from backchannel.equilibrium.sweep.plan import sweep_plan
from backchannel.equilibrium.sweep.size import CHUNK, LANES, MOST_AT_ONCE, sweep_size
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, PlayerName, first_few
from backchannel.machine import memory
from backchannel.machine.memory import NUMBER
from backchannel.questions.deals.open_past import (
    future_after,
    reasonings_of,
    record_before,
    run_draws,
)
from backchannel.questions.statistics.shapley import shapley_design
from backchannel.questions.why.why_question import RUN_DRAWS
from backchannel.tensors.plan import Plan, Scope, Step
from backchannel.tensors.plan_size import size_of
from backchannel.wording.nouns import several

START_UP = 5.0
"""Seconds of start-up: libraries, the draws, the certificate, the document."""
PER_STEP = 0.02
"""Seconds to compile one step of a plan."""
PER_NUMBER = 1.1e-10
"""Seconds to work out one number of a table in one update of play."""
UPDATES = 5
"""Updates of play until an equilibrium is found and checked, on average; one where no rule needs itself."""
PER_DRAW_AND_CELL = 1e-7
"""Seconds to pack, store and read one number of a rule."""
PER_QUESTION = 1e-4
"""Seconds of a claim or an assumption in one draw: replays, and what decides the answer."""
LIBRARIES = 400_000_000
"""Bytes of Python and its libraries."""
COMPILING = 1_500_000
"""Bytes that compiling one step of a plan takes."""


@dataclass(frozen=True)
class RunCost:
    """What a run takes, counted beforehand."""

    equilibria: int
    """Equilibria that are solved: in every draw the case, the belief models, the changed worlds and the packages."""
    largest: int
    """Numbers in the largest table of one draw."""
    scope: Scope
    """The nodes of that table."""
    seconds: float
    """Of one processor, with nothing compiled before."""
    memory: int
    """Bytes at the peak."""


def cost_of(lowered: Lowered, draws: int) -> RunCost:
    """Count what a run of a case will cost.

    Args:
        lowered: The case.
        draws: How many draws; a record that few of them allow can make a run take up to eight times as many.
    """
    diagram = lowered.diagram
    terms = tuple(
        (interest.player, diagram.in_time(term.names))
        for interest in diagram.interests
        for term in diagram.terms(interest)
    )
    frame = frame_of(diagram, terms, held=())
    sweeps = [sweep_plan(frame, block) for block in solution_blocks(diagram)]
    rules = sum(_cells(frame.cards, frame.scope(name)) for name in frame.owner)
    solves = _solves(lowered, draws)
    passed = sum(
        _passed(sweep.plan, sweep.evaluator.again) * (UPDATES if sweep.block.is_joint else 1)
        for sweep in sweeps
    )
    n_steps = sum(len(sweep.steps) for sweep in sweeps)
    seconds = START_UP + PER_STEP * n_steps
    seconds += solves * (PER_NUMBER * passed + PER_DRAW_AND_CELL * rules)
    seconds += PER_QUESTION * draws * (len(lowered.claims) + len(lowered.priors))
    given = sum(_cells(frame.cards, scope) for _, scope in terms)
    size = sweep_size(sweeps, given=given, rules=rules)
    largest, scope, equilibria = size.largest, size.scope, solves
    for plan, steps, packages, used in _deals(lowered, terms, draws):
        piece = size_of(plan, steps, is_compiled=True)
        if piece.largest > largest:
            largest, scope = piece.largest, piece.scope
        solved = 2 * packages * used
        equilibria += solved
        n_steps += len(steps)
        seconds += PER_STEP * len(steps) + solved * PER_NUMBER * UPDATES * _passed(plan, steps)
    worlds = 1 + count_models(lowered.beliefs) + _n_worlds(lowered)
    peak = LIBRARIES + COMPILING * n_steps + NUMBER * draws * (rules * worlds + given)
    peak += MOST_AT_ONCE * size.bytes(LANES, CHUNK)
    return RunCost(equilibria, largest, scope, seconds, peak)


def cost_sentences(cost: RunCost, draws: int) -> str:
    """Say in two sentences what a run will cost, and whether the memory that is allowed is enough."""
    names = first_few([f"`{name}`" for name in cost.scope])
    nodes = f"{several(len(cost.scope), 'node')} ({names})"
    size = memory.in_words(NUMBER * cost.largest)
    room = memory.in_words(memory.allowed())
    enough = f"of the {room} that are allowed"
    if cost.memory > memory.allowed():
        enough = f"more than the {room} that is allowed, so that it may be refused (--memory)"
    return (
        f"A run with {draws:,} draws solves about {_rounded(cost.equilibria)} equilibria, in about "
        f"{_rounded(cost.seconds)} seconds of one processor. Its largest table has {cost.largest:,} numbers "
        f"in each draw ({size}), over {nodes}; memory peaks at about "
        f"{memory.in_words(cost.memory)}, {enough}."
    )


def _rounded(number: float) -> str:
    """Two digits, which is more than is known."""
    return f"{float(f'{number:.2g}'):,.0f}"


def _solves(lowered: Lowered, draws: int) -> int:
    """Equilibria of whole games: of the case, of its changed worlds and of the worlds without some causes."""
    models = 1 + count_models(lowered.beliefs)
    whys = sum(
        len(shapley_design(question.causes).sets)
        for question in lowered.questions
        if question.kind == "why"
    )
    return models * (draws * (1 + _n_worlds(lowered)) + whys * min(draws, RUN_DRAWS))


def _n_worlds(lowered: Lowered) -> int:
    """Changed worlds that what-ifs, scenarios and claims need; a scenario with sliders is the case once more."""
    asked = {q.intervention for q in lowered.questions if q.kind == "what_if"}
    tested = {
        repr((quantity.interventions, quantity.do))
        for claim in lowered.claims
        for quantity in claim.test.quantities
        if quantity.interventions or quantity.do
    }
    again = sum(
        bool(made.sliders) + (made.intervention is not None) for made in lowered.scenarios.values()
    )
    return len(asked) + again + len(tested)


def _deals(
    lowered: Lowered, terms: tuple[tuple[PlayerName, Scope], ...], draws: int
) -> Iterator[tuple[Plan, list[Step], int, int]]:
    """For each variant of each deal that is small enough, and each program that it needs: its plan, the steps of the
    plan, the number of packages times that of views, and the draws in which they are solved."""
    diagram = lowered.diagram
    for deal in lowered.deals.values():
        evidence = evidence_of(diagram, record_before(lowered.record, deal))
        used = min(draws, run_draws(deal))
        for variant in deal.variants:
            try:
                future = future_after(diagram, evidence, lowered.beliefs, variant, terms)
            except CommandError:
                continue  # `check` says that it is too large.
            for seen, views in _views(lowered, future):
                plan = deal_plan(seen, broken_plan(seen), tuple(deal.concerned))
                wanted = {*plan.update.steps, *plan.report.steps}
                steps = [step for step in plan.plan.steps if step in wanted]
                yield plan.plan, steps, deal.count(variant) * views, used


def _views(lowered: Lowered, future: Future) -> Iterator[tuple[Future, int]]:
    """What lies ahead of a deal as it is and as somebody in a hierarchy sees it, with the number of views each.

    At most, each level of each player who decides is a view; how many are needed depends on the draws.
    """
    deciding = sorted({decision.player for decision in future.decisions})
    reasonings = list(reasonings_of(lowered.diagram, lowered.beliefs))
    levels = [reasoning.most for _, reasoning in reasonings if not reasoning.mean]
    yield future, 1 + max(levels, default=0) * len(deciding)
    hierarchies = {player: reasoning.most for player, reasoning in reasonings if reasoning.mean}
    count = max(hierarchies.values(), default=0)
    for player in deciding if hierarchies else ():
        yield future_as_seen(future, player, count), sum(hierarchies.values())


def _passed(plan: Plan, steps: tuple[Step, ...] | list[Step]) -> int:
    """Numbers that some steps work out on the way, in one draw."""
    total = 0
    for step in steps:
        wide = {*plan.scopes[step.out], *step.over}
        total += len(step.operands) * plan.size(tuple(name for name in plan.cards if name in wide))
    return total


def _cells(cards: Mapping[NodeName, int], scope: Scope) -> int:
    cells = 1
    for name in scope:
        cells *= cards[name]
    return cells
