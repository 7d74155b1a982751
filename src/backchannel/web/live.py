"""What is solved while somebody looks: the case with its sliders moved, and what-ifs set by hand.

Only numbers change from one answer to the next, so the compiled program is the same; nothing here
reads a file or knows of windows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from backchannel.answers.composer import Composer, asked_outcomes
from backchannel.answers.document import Answer, Answers, NodeForecast, WhatIf
from backchannel.answers.draws_compose import compose_draws
from backchannel.answers.draws_document import DrawnWhatIf, Draws
from backchannel.case.lower.asked import intervention_from_user, value_from_user
from backchannel.case.lower.named import every_round, repeated
from backchannel.case.lower.shifted import shifted
from backchannel.case.lowered import Lowered
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import announcement
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.solve import solve_draws, solve_worlds
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, ParameterName
from backchannel.machine.reports import Progress
from backchannel.questions.forecast.ask import Forecast, forecast
from backchannel.questions.rounds.compose import fans
from backchannel.questions.what_if.ask import Comparison, what_if
from backchannel.study import Study
from backchannel.web.messages import Asked
from backchannel.wording.words import Wording

LIVE_DRAWS = 512
"""At most so many draws are solved while somebody waits: the first of those of the whole answers."""

Shifts = Mapping[ParameterName, float]


@dataclass(frozen=True)
class Solved:
    """The case solved with its sliders somewhere, and what was asked of it since."""

    lowered: Lowered
    """With the priors of the file, by which draws are ranked."""
    ensemble: Ensemble
    shifts: Shifts
    columns: dict[str, Sequence[Comparison]] = field(default_factory=dict)

    @cached_property
    def composer(self) -> Composer:
        """Puts what is found into words."""
        return Composer(self.lowered, self.ensemble, Wording(self.lowered))

    @cached_property
    def forecasts(self) -> dict[NodeName, tuple[Forecast, Forecast]]:
        """Every node given the record, and before it."""
        ensemble = self.ensemble
        return {
            node: (forecast(ensemble, node), forecast(ensemble, node, use_record=False))
            for node in ensemble.diagram.order
        }

    @cached_property
    def shown(self) -> dict[NodeName, NodeForecast]:
        """The same in the document's words."""
        return {node: self.composer.forecast(*sides) for node, sides in self.forecasts.items()}

    def draws(self) -> Draws:
        """Columns for the page, with the what-ifs that were compared."""
        return compose_draws(self.lowered, self.ensemble, self.columns, self.forecasts)

    @property
    def certificate(self) -> dict[str, float]:
        """How far to trust it, as far as that is known at once."""
        converged = int(self.ensemble.converged.sum())
        return {
            "draws": self.ensemble.n_draws,
            "converged": converged,
            "effective_draws": self.ensemble.effective_draws,
            "left_out": 1 - converged / self.ensemble.n_draws,
        }

    def compare_asked(self, progress: Progress) -> dict[str, WhatIf]:
        """The what-ifs of the case's questions."""
        asked = asked_outcomes(self.lowered.questions)
        made = {name: self.lowered.interventions[name] for name in asked}
        solve_worlds(self.ensemble, list(made.values()), progress)
        found = {}
        for name, nodes in asked.items():
            self.columns[name] = [what_if(self.ensemble, made[name], node) for node in nodes]
            found[name] = self.composer.what_if(name, self.columns[name])
        return found

    def answers(self, what_ifs: Mapping[str, WhatIf]) -> list[Answer]:
        """Those questions of the case that forecasts and the given what-ifs answer."""
        over_time = fans(self.lowered, self.ensemble, repeated(self.lowered.case))
        return [
            self.composer.answer(question, self.shown, what_ifs, {}, (), over_time)
            for question in self.lowered.questions
            if question.kind == "forecast"
            or (question.kind == "what_if" and question.intervention in what_ifs)
        ]

    def set_by_hand(self, asked: Asked, progress: Progress) -> tuple[WhatIf, DrawnWhatIf]:
        """Answer a what-if that somebody set by hand.

        Raises:
            CommandError: It asks for something that has no meaning.
        """
        made = intervention_of(self.lowered, asked)
        case, diagram = self.lowered.case, self.lowered.diagram
        nodes = every_round(case, diagram, asked.outcomes)
        solve_worlds(self.ensemble, [made], progress)
        compared = [what_if(self.ensemble, made, node) for node in nodes]
        found = self.composer.what_if(asked.cause or asked.key, compared)
        written = compose_draws(self.lowered, self.ensemble, {asked.key: compared}, {})
        return found.model_copy(update={"name": asked.key}), written.what_ifs[0]


def solve_live(
    lowered: Lowered, shifts: Shifts, *, draws: int, seed: int, progress: Progress
) -> Solved:
    """Solve a case with its sliders somewhere.

    Raises:
        BackchannelError: It cannot be solved there; the text says why.
    """
    moved, n = shifted(lowered, shifts), min(draws, LIVE_DRAWS)
    ensemble = solve_draws(moved, n, seed=seed, progress=progress, is_brisk=True)
    return Solved(lowered, ensemble, dict(shifts))


def solve_all(
    lowered: Lowered, shifts: Shifts, *, name: str, draws: int, seed: int, progress: Progress
) -> tuple[Answers, Solved]:
    """All answers, with the sliders where they are.

    Raises:
        BackchannelError: It cannot be solved there; the text says why.
    """
    study = Study(shifted(lowered, shifts), name=name, draws=draws, seed=seed)
    study.progress = progress
    answers = study.answers()
    solved = Solved(lowered, study.ensemble, dict(shifts))
    if shifts:
        # Draws are ranked in the priors of the file, wherever the sliders stood.
        solved.compare_asked(progress)
        answers = answers.model_copy(update={"draws": solved.draws()})
    # Changed worlds take much memory, and are solved again sooner than they are asked for.
    study.ensemble.cache.clear()
    return answers, solved


def check_asked(lowered: Lowered, asked: Asked) -> None:
    """See to it that a what-if has a meaning, before it is put on the desk.

    Raises:
        CommandError: It has none; the text says why.
    """
    announcement(lowered.diagram, intervention_of(lowered, asked))
    every_round(lowered.case, lowered.diagram, asked.outcomes)


def intervention_of(lowered: Lowered, asked: Asked) -> Intervention:
    """What somebody set by hand, as an intervention.

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
        # A page may send a number as a word.
        "do": {
            node: value_from_user(lowered, node, value) for node, value in (asked.do or {}).items()
        }
    }
    if asked.announced is not None:
        changes["announced"] = asked.announced
    if asked.told is not None:
        changes["told"] = asked.told
    return intervention_from_user(lowered, None, changes)
