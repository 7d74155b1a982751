"""The answers document while a case is being solved: what is answered so far, and for the rest what the case says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backchannel.answers import background
from backchannel.answers.bottom_lines import title_of
from backchannel.answers.bottom_lines_document import BottomLine
from backchannel.answers.compose import Composer, compose_answer, compose_unanswered
from backchannel.answers.document import Answer, Answers, Run
from backchannel.answers.outline import compose_outline
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.questions.registry import questions
from backchannel.questions.unanswered import unanswered_in


class AnswersSoFar:
    """Composes the document again and again as questions are answered."""

    def __init__(self, case: SolvedCase, composer: Composer) -> None:
        self.case, self.composer = case, composer
        self._outline = compose_outline(case.lowered, name=case.name)

    def compose(self, results: Mapping[str, Any]) -> Answers:
        """Compose the document from the results so far, by question name.

        The composer has put them into words already.
        """
        case, composing = self.case, self.composer.composing
        ensemble = composing.ensemble
        unanswered = [compose_unanswered(composing.wording, m) for m in unanswered_in(results)]
        ready = {question.kind for question in questions() if question.name in results}
        answers = [
            compose_answer(composing, asked, unanswered) if asked.kind in ready else waiting
            for asked, waiting in zip(case.lowered.questions, self._outline.answers, strict=True)
        ]
        return self._outline.model_copy(
            update={
                **self.composer.fields,
                "run": Run(
                    draws=ensemble.n_draws,
                    draws_asked=case.draws,
                    seed=case.seed,
                    seconds=0.0,
                    versions={},
                    solved="some",
                ),
                "answers": answers,
                "unanswered": unanswered,
                "bottom_lines": self._lines(answers),
                "assumptions": background.assumptions(case.lowered, ensemble, composing.wording),
                "players": background.players(case.lowered, ensemble, composing.wording),
                "rules": background.rules(ensemble),
            }
        )

    def _lines(self, answers: Sequence[Answer]) -> list[BottomLine]:
        """A bottom line for each question, at the place that it keeps: as it will be, or the first sentence of its
        answer, or none yet."""
        place = {question.kind: i for i, question in enumerate(questions())}
        pairs = zip(self.case.lowered.questions, answers, strict=True)
        known = {(line.kind, line.name): line for line in self.composer.lines}
        wording = self.composer.composing.wording
        return [
            known.get((asked.kind, asked.name))
            or BottomLine(
                name=asked.name,
                kind=asked.kind,
                title=title_of(wording, asked),
                sentence=answer.sentences[0] if answer.sentences else "",
            )
            for asked, answer in sorted(pairs, key=lambda pair: place[pair[0].kind])
        ]
