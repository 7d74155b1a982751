"""Solve a case for a user who waits: with its sliders moved, and with custom what-ifs.

Only numbers change from one answer to the next, so the compiled program is the same. Nothing here reads a file or
knows of windows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from backchannel.answers.bottom_lines import lines_of
from backchannel.answers.bottom_lines_document import BottomLine
from backchannel.answers.compose import Composer, compose_answer, compose_answers
from backchannel.answers.document import Answer, Answers
from backchannel.answers.draws_compose import compose_draws
from backchannel.answers.draws_document import DrawnWhatIf, Draws
from backchannel.answers.hinges import backings
from backchannel.answers.so_far import AnswersSoFar
from backchannel.case.lower.asked import intervention_from_user, value_from_user
from backchannel.case.lower.named import every_round
from backchannel.case.lower.shifted import shifted
from backchannel.case.lowered import Lowered
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.changed_models import announcement
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.solve import solve_draws, solve_worlds
from backchannel.language.errors import CommandError
from backchannel.machine.reports import Progress
from backchannel.questions.composing import Composing
from backchannel.questions.forecast.ask import NodeForecasts, forecast_all
from backchannel.questions.forecast.compose import compose as compose_forecasts
from backchannel.questions.forecast.document import NodeForecast
from backchannel.questions.question import Question
from backchannel.questions.registry import questions
from backchannel.questions.rounds.ask import over_rounds
from backchannel.questions.rounds.compose import compose as compose_rounds
from backchannel.questions.run import ask_all
from backchannel.questions.what_if.ask import compare_asked, those_answered, what_if, worlds
from backchannel.questions.what_if.compose import compose_what_if
from backchannel.questions.what_if.document import WhatIf, WhatIfPart
from backchannel.questions.what_if.results import Comparison
from backchannel.study import Study
from backchannel.web.message_parts import CustomWhatIf, QuickCertificate, Shifts
from backchannel.wording.words import Wording

LIVE_DRAWS = 512
"""At most so many draws are solved while a user waits: the first of those of the full answers."""


@dataclass(frozen=True)
class LiveCase:
    """A case solved with its sliders moved, and the comparisons that were made since."""

    lowered: Lowered
    """With the priors of the file, in which draws have their scores."""
    ensemble: Ensemble
    shifts: Shifts
    columns: dict[str, Sequence[Comparison]] = field(default_factory=dict)

    @cached_property
    def composing(self) -> Composing:
        """What puts answers into words, with the forecasts composed."""
        composing = Composing(Wording(self.lowered), self.ensemble)
        known = self.forecasts
        composing.parts["forecast"] = compose_forecasts(composing, known)
        rounds = over_rounds(self.lowered, lambda node: known[node][0])
        composing.parts["rounds"] = compose_rounds(composing, rounds)
        return composing

    @cached_property
    def forecasts(self) -> NodeForecasts:
        """Forecasts of every node given the record, and before it."""
        return forecast_all(self.ensemble)

    @property
    def shown(self) -> list[NodeForecast]:
        """The same as parts of the answers document."""
        return self.composing.parts["forecast"].forecasts

    def draws(self) -> Draws:
        """The draws as columns for the page, with the what-ifs that were compared."""
        return compose_draws(self.lowered, self.ensemble, self.columns, self.forecasts)

    @property
    def certificate(self) -> QuickCertificate:
        """The part of the certificate that is known as soon as the draws are solved."""
        converged = int(self.ensemble.converged.sum())
        return QuickCertificate(
            draws=self.ensemble.n_draws,
            converged=converged,
            effective_draws=self.ensemble.effective_draws,
            left_out=1 - converged / self.ensemble.n_draws,
        )

    def compare_asked(self, progress: Progress) -> dict[str, WhatIf]:
        """Answer the what-ifs of the case's questions."""
        solve_worlds(self.ensemble, worlds(self.lowered), progress)
        compared = those_answered(compare_asked(self.lowered, self.ensemble))
        self.columns.update(compared)
        return {name: compose_what_if(self.composing, name, it) for name, it in compared.items()}

    def answers(self, what_ifs: Mapping[str, WhatIf]) -> list[Answer]:
        """Answer those questions of the case that need only forecasts and the given what-ifs."""
        self.composing.parts["what_if"] = WhatIfPart(what_ifs=list(what_ifs.values()))
        return [
            compose_answer(self.composing, question)
            for question in self.lowered.questions
            if question.kind == "forecast"
            or (question.kind == "what_if" and question.what_if in what_ifs)
        ]

    def bottom_lines(self, what_ifs: Mapping[str, WhatIf]) -> list[BottomLine]:
        """The bottom lines of the same questions, after their answers."""
        results: dict[str, Any] = {"forecast": self.forecasts}
        if what_ifs:
            results["what_if"] = {name: self.columns[name] for name in what_ifs}
        known = backings(self.lowered)
        return [
            line
            for question in questions()
            if question.name in results
            for line in lines_of(self.composing, question, results[question.name], known)
        ]

    def custom_what_if(self, asked: CustomWhatIf, progress: Progress) -> tuple[WhatIf, DrawnWhatIf]:
        """Answer a custom what-if.

        Raises:
            CommandError: It asks for something that has no meaning.
        """
        made = intervention_of(self.lowered, asked)
        case, diagram = self.lowered.case, self.lowered.diagram
        nodes = every_round(case, diagram, asked.outcomes)
        solve_worlds(self.ensemble, [made], progress)
        compared = [what_if(self.ensemble, made, node, view=asked.view) for node in nodes]
        composed = compose_what_if(self.composing, asked.cause or asked.key, compared)
        written = compose_draws(self.lowered, self.ensemble, {asked.key: compared}, {})
        return composed.model_copy(update={"name": asked.key}), written.what_ifs[0]


def solve_live(
    lowered: Lowered, shifts: Shifts, *, draws: int, seed: int, progress: Progress
) -> LiveCase:
    """Solve a case with its sliders moved.

    Raises:
        BackchannelError: It cannot be solved with these sliders; the text says why.
    """
    moved, n = shifted(lowered, shifts), min(draws, LIVE_DRAWS)
    ensemble = solve_draws(moved, n, seed=seed, progress=progress, allow_skips=True)
    return LiveCase(lowered, ensemble, dict(shifts))


def solve_full_answers(
    lowered: Lowered,
    shifts: Shifts,
    *,
    name: str,
    draws: int,
    seed: int,
    ledger: Path | None = None,
    progress: Progress,
    tell: Callable[[Callable[[], Answers]], None],
) -> tuple[Answers, LiveCase]:
    """Solve all answers with the sliders moved, with a review where a ledger holds outcomes.

    Args:
        lowered: The case.
        shifts: The sliders.
        name: Of the case.
        draws: How many to take.
        seed: Of the draws.
        progress: Is told the progress.
        tell: Gets, after each question, a function that composes the document with the answers so far.

    Raises:
        BackchannelError: It cannot be solved with these sliders; the text says why.
    """
    study = Study(shifted(lowered, shifts), name=name, draws=draws, seed=seed)
    study.progress = progress
    if ledger is not None and ledger.exists():
        # Read each time: outcomes may have been entered since. The view of the ledger says what is wrong with it.
        with suppress(CommandError):
            study.read_outcomes(ledger)
    composer = Composer(study.lowered, study.ensemble)
    so_far = AnswersSoFar(study, composer)

    def add(question: Question, results: Mapping[str, Any]) -> None:
        composer.add(question, results)
        tell(lambda: so_far.compose(results))

    answers = compose_answers(ask_all(study, tell=add), composer)
    solved = LiveCase(lowered, study.ensemble, dict(shifts))
    if shifts:
        # Draws have their scores in the priors of the file, whatever the sliders.
        solved.compare_asked(progress)
        answers = answers.model_copy(update={"draws": solved.draws()})
    # Changed worlds take much memory, and solving them again is cheaper than keeping them.
    study.ensemble.cache.clear()
    study.ensemble.samples.clear()
    return answers, solved


def check_custom(lowered: Lowered, asked: CustomWhatIf) -> None:
    """Check that a custom what-if has a meaning in this case.

    Raises:
        CommandError: It has none; the text says why.
    """
    announcement(lowered.diagram, intervention_of(lowered, asked))
    every_round(lowered.case, lowered.diagram, asked.outcomes)


def intervention_of(lowered: Lowered, asked: CustomWhatIf) -> Intervention:
    """Turn a custom what-if into an intervention.

    Raises:
        CommandError: There is no such cause, node or value.
    """
    if (asked.do is None) == (asked.cause is None):
        raise CommandError("Say what is changed: set a node, or choose a cause of the case.")
    if asked.cause is not None:
        if asked.announced is not None or asked.told is not None:
            raise CommandError("A cause says itself who learns of it.")
        return intervention_from_user(lowered, asked.cause, {})
    changes: dict[str, object] = {
        # A page may send a number as text.
        "do": {
            node: value_from_user(lowered, node, value) for node, value in (asked.do or {}).items()
        }
    }
    if asked.announced is not None:
        changes["announced"] = asked.announced
    if asked.told is not None:
        changes["told"] = asked.told
    return intervention_from_user(lowered, None, changes)
