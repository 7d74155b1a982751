"""A run: ask every question of the registry of one case."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.certificate import (
    CertifiedErrors,
    certify_ensemble,
    crossed_draws,
    spot_check,
)
from backchannel.ensemble.change import ChangedWorld
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.pooling import pooled
from backchannel.ensemble.quantities import mean_worths
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.equilibrium.sweep.sweeper import sweeper_of
from backchannel.machine.memory import allowed, carried
from backchannel.machine.reports import Silence
from backchannel.questions.question import Question
from backchannel.questions.registry import questions
from backchannel.questions.unanswered import WITHOUT_ANSWER, Unanswered, unanswered_in

LITTLE = 0.2
"""Share of the memory limit that solving one batch of draws may take where questions are answered side by side."""


@dataclass(frozen=True)
class Findings:
    """The results of a run, before they are put into words."""

    case: SolvedCase
    ensemble: Ensemble
    """The case solved in every draw."""
    changed: Sequence[ChangedWorld]
    """The changed worlds that were solved."""
    errors: CertifiedErrors
    """The largest errors of play, in the case and in the changed worlds."""
    crossed: int
    """In how many draws other branches cross the principal one."""
    worths: Mapping[str, float]
    """The expected worth of each interest given the record, mean over the weighted draws."""
    by_question: Mapping[str, Any]
    """The result of each question's `ask`, by question name; `Unanswered` where it has none at all."""

    @property
    def unanswered(self) -> list[Unanswered]:
        """The questions that could not be answered."""
        return unanswered_in(self.by_question)


def ask_all(
    case: SolvedCase, *, tell: Callable[[Question, Mapping[str, Any]], None] | None = None
) -> Findings:
    """Ask every question that a run answers.

    Args:
        case: The case.
        tell: Called after each question with all results so far, by question name.
    """
    run = _Run(case)
    for question, _ in run.answers():
        if tell is not None:
            tell(question, run.results)
    ensemble = case.ensemble
    errors = run.errors or certify_ensemble(ensemble)
    spot_check(errors, run.changed)
    in_order = {q.name: run.results[q.name] for q in questions() if q.name in run.results}
    crossed = int(crossed_draws(ensemble).sum())
    worths = mean_worths(pooled(ensemble))
    return Findings(case, ensemble, run.changed, errors, crossed, worths, in_order)


def answers_as_ready(case: SolvedCase) -> Iterator[tuple[Question, Any]]:
    """Ask every question that a run answers, and yield each with its result as soon as it is there.

    The order is always the same: that of the registry, but what is worked out beside the others comes last. A
    question that has no answer yields `Unanswered`; only where the forecasts fail does the run end.
    """
    return _Run(case).answers()


class _Run:
    """The questions of one case, asked one after another, some of them beside the others."""

    def __init__(self, case: SolvedCase) -> None:
        self.case = case
        self.results: dict[str, Any] = {}
        self.changed: list[ChangedWorld] = []
        self.errors: CertifiedErrors | None = None
        """The errors of play in the case, where there was memory to work them out beside the questions."""

    def answers(self) -> Iterator[tuple[Question, Any]]:
        """Ask every question; yield each with its result."""
        asked = [question for question in questions() if question.ask]
        yield from self._ask(asked[:1])
        has_room = _has_room(self.case)
        beside = [q for q in asked if q.is_slow] if has_room else []
        in_order = [q for q in asked if q not in beside]
        n_early = next((i for i, q in enumerate(in_order) if q.worlds), len(in_order))
        with ThreadPoolExecutor(1 + len(beside)) as pool:
            # A slow question has its own progress, which is not shown: there is only one bar.
            apart = copy.copy(self.case)
            apart.progress = Silence()

            def started(slow: Iterable[Question]) -> list[tuple[Question, Future[Any]]]:
                result = carried(self._result)
                return [(question, pool.submit(result, question, apart)) for question in slow]

            waiting = started(q for q in beside if not q.worlds)
            certified = (
                pool.submit(carried(certify_ensemble), self.case.ensemble) if has_room else None
            )
            yield from self._ask(in_order[1:n_early])
            self._prepare(asked)
            waiting += started(q for q in beside if q.worlds)
            yield from self._ask(in_order[n_early:])
            for question, future in waiting:
                if not future.done():
                    self.case.progress.stage(question.title.lower(), 0)
                self.results[question.name] = future.result()
                yield question, self.results[question.name]
            self.errors = certified.result() if certified else None

    def _ask(self, asked: Sequence[Question]) -> Iterator[tuple[Question, Any]]:
        for question in asked:
            self.results[question.name] = self._result(question, self.case)
            yield question, self.results[question.name]

    def _result(self, question: Question, case: SolvedCase) -> Any:
        assert question.ask is not None
        try:
            return question.part(question.ask)(case, self.results)
        except WITHOUT_ANSWER as error:
            if not self.results:
                raise  # Nothing can be said of a case that has no forecasts.
            return Unanswered(question.name, "", str(error))

    def _prepare(self, asked: Sequence[Question]) -> None:
        """Solve all changed worlds together; where that fails, one by one, and leave out those that fail."""
        worlds: list[Intervention] = [
            world
            for question in asked
            if question.worlds
            for world in question.part(question.worlds)(self.case.lowered)
        ]
        try:
            self.changed = self.case.prepare(worlds)
            return
        except WITHOUT_ANSWER:
            pass
        for world in {repr(world): world for world in worlds}.values():
            try:
                self.changed += self.case.prepare([world])
            except WITHOUT_ANSWER:
                continue  # Whichever question needs it will say why.


def _has_room(case: SolvedCase) -> bool:
    """Whether memory is plentiful enough to answer some questions beside the others."""
    game = case.ensemble.play.models.truth.game
    sweeper = sweeper_of(game)
    chunks = sweeper.at_once(game) * sweeper.size.bytes(sweeper.lanes, sweeper.chunk)
    return game.stored + chunks <= LITTLE * allowed()
