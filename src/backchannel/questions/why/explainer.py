"""`study.why`: explains an outcome, and decomposes the effect of one cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.names import NodeName, Value
from backchannel.language.number_ranges import USED_DRAWS, WORLD_COUNT
from backchannel.language.plain_values import plain
from backchannel.machine.memory import limited, within_memory
from backchannel.questions.why.compose import compose_decomposition, compose_why
from backchannel.questions.why.decomposition import Decomposition
from backchannel.questions.why.document import Why
from backchannel.questions.why.explain import (
    check_causes,
    decomposed_answer,
    decomposition_of,
    explanation_of,
    read_question,
)
from backchannel.questions.why.results import Explanation
from backchannel.questions.why.why_question import WORLDS
from backchannel.wording.result import with_words
from backchannel.wording.words import Wording
from backchannel.workers.workers import Workers, on_own_workers, working_on


@within_memory
@on_own_workers
@dataclass(frozen=True)
class Explainer:
    """Answers `why` for one case; a question without an answer is refused before anything is solved."""

    case: SolvedCase
    memory: int
    """The most bytes that it may use."""
    workers: Workers | None = None
    """Who carries out what falls into pieces; `None`: as everywhere."""

    def __call__(
        self,
        question: str | Mapping[NodeName, Value] = "",
        /,
        *,
        causes: Sequence[str] | Mapping[str, Any] = (),
        decomposed: Sequence[str] | None = None,
        worlds: int = WORLDS,
        draws: int | None = None,
    ) -> Explanation:
        """Would it have happened otherwise, and what is each cause's share?

        Args:
            question: The name of a `why` question of the case (its first, if left out), or what
                happened: `study.why({"reply": "fight"}, causes=["greed"])`.
            causes: With an outcome: names of causes of the case; or new names, each with a mapping
                in the form of the file.
            decomposed: Causes whose effects `document()` decomposes as well; if left out, the cause
                with the largest share.
            worlds: Worlds drawn from what the record leaves open, in each draw.
            draws: How many draws to use, the first ones; all, if left out.

        Raises:
            CommandError: The question has no answer; every reason is listed.
        """
        worlds, draws = _read_counts(worlds, draws)
        why_question = read_question(self.case, plain(question), plain(causes))
        check_causes(why_question, decomposed or ())
        explanation = explanation_of(self.case, why_question, worlds=worlds, draws=draws)

        def words(it: Explanation) -> Why:
            # A decomposition takes as long as the explanation, so it waits until it is asked for.
            with limited(self.memory), working_on(self.workers):
                answer = decomposed_answer(
                    self.case, why_question, it, decomposed, worlds=worlds, draws=draws
                )
                return compose_why(Wording(self.case.lowered), answer)

        return with_words(explanation, words)

    def decompose(
        self,
        cause: str,
        question: str | Mapping[NodeName, Value] = "",
        /,
        *,
        worlds: int = WORLDS,
        draws: int | None = None,
    ) -> Decomposition:
        """Decompose one cause's effect: through whose responses it reached the outcome.

        Args:
            cause: Its name.
            question: The name of a `why` question of the case, or what happened.
            worlds: Worlds in each draw.
            draws: How many draws to use, the first ones; all, if left out.

        Raises:
            CommandError: The question has no answer, or does not ask about this cause.
        """
        by_hand = isinstance(question, Mapping)
        worlds, draws = _read_counts(worlds, draws)
        why_question = read_question(self.case, plain(question), [cause] if by_hand else ())
        check_causes(why_question, [cause])
        decomposition = decomposition_of(self.case, why_question, cause, worlds=worlds, draws=draws)
        wording = Wording(self.case.lowered)
        return with_words(
            decomposition, lambda it: compose_decomposition(wording, it, why_question)
        )


def _read_counts(worlds: int, draws: int | None) -> tuple[int, int | None]:
    return (
        WORLD_COUNT.read_whole(worlds, "worlds"),
        None if draws is None else USED_DRAWS.read_whole(draws, "draws"),
    )
