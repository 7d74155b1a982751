"""The answerer of `study.why`: an explanation, and one cause of it taken apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.names import NodeName, Value
from backchannel.machine.memory import within_memory
from backchannel.questions.why.ask import WORLDS, Explanation
from backchannel.questions.why.compose import compose_decomposition, compose_why
from backchannel.questions.why.decomposition import Decomposition
from backchannel.questions.why.explain import (
    check_causes,
    decomposition_of,
    explain,
    read,
)
from backchannel.wording.result import with_words
from backchannel.wording.words import Wording


@within_memory
@dataclass(frozen=True)
class Explainer:
    """Answers `why` for one case; a question that has no answer is refused before it is solved."""

    case: SolvedCase
    memory: int
    """How many bytes it may take."""

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
        """Would it have happened otherwise, and what share has each cause?

        Args:
            question: The name of a `why` question of the case (its first, if left out), or what
                happened: `study.why({"reply": "fight"}, causes=["greed"])`.
            causes: With an outcome: names of causes of the case, or by any names mappings in the
                form of the file.
            decomposed: Causes that `document()` takes apart as well; the one with the largest
                share, if left out.
            worlds: Worlds drawn from what the record leaves open, in each draw.
            draws: Use only the first so many draws.

        Raises:
            CommandError: The question has no answer; everything that keeps it from one is told.
        """
        asked = read(self.case, question, causes)
        explained = explain(self.case, asked, decomposed=decomposed, worlds=worlds, draws=draws)
        wording = Wording(self.case.lowered)
        return with_words(explained.explanation, lambda _: compose_why(wording, explained))

    def decompose(
        self,
        cause: str,
        question: str | Mapping[NodeName, Value] = "",
        /,
        *,
        worlds: int = WORLDS,
        draws: int | None = None,
    ) -> Decomposition:
        """One cause taken apart: through whom it came to matter to an outcome.

        Args:
            cause: Its name.
            question: The name of a `why` question of the case, or what happened.
            worlds: Worlds in each draw.
            draws: Use only the first so many draws.

        Raises:
            CommandError: The question has no answer, or does not ask about this cause.
        """
        by_hand = isinstance(question, Mapping)
        asked = read(self.case, question, [cause] if by_hand else ())
        check_causes(asked, [cause])
        found = decomposition_of(self.case, asked, cause, worlds=worlds, draws=draws)
        wording = Wording(self.case.lowered)
        return with_words(found, lambda it: compose_decomposition(wording, it, asked))
