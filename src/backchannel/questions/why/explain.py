"""Explain: answer `why` for a solved case, by itself or as part of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backchannel.case.lowered import Lowered
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.ensemble import Ensemble
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value, did_you_mean
from backchannel.machine.memory import within_memory
from backchannel.questions.statistics.shapley import shapley_design
from backchannel.questions.why.ask import WORLDS, Explanation, why
from backchannel.questions.why.asked import Asked, asked_by_hand, asked_of_case
from backchannel.questions.why.compose import compose_why
from backchannel.questions.why.decomposition import Apart, take_apart
from backchannel.questions.why.document import Why
from backchannel.wording.words import Wording

RUN_DRAWS = 256
"""Draws that a run looks at for each `why`; the command looks at all."""
RUN_WORLDS = 32
"""Worlds in each of them."""


@within_memory
@dataclass(frozen=True)
class Explainer:
    """Answers `why` for one case; a question that has no answer is refused before it is solved."""

    lowered: Lowered
    solved: Callable[[], Ensemble]
    """Solves the case, if it is not solved yet."""
    seed: int
    progress: Any
    """What shows a user how far things are: `stage(name, total)` and `advance(steps)`."""
    read: Callable[..., Intervention]
    """Reads a cause, by its name or as a mapping."""
    memory: int | None = None
    """How many bytes it may take; as much as may be taken anyway, if left out."""

    def __call__(
        self,
        question: str | Mapping[NodeName, Value] = "",
        /,
        *,
        causes: Sequence[str] | Mapping[str, Any] = (),
        worlds: int = WORLDS,
        draws: int | None = None,
    ) -> Explanation:
        """Would it have happened otherwise, and what share has each cause?

        Args:
            question: The name of a `why` question of the case (its first, if left out), or what
                happened: `study.why({"reply": "fight"}, causes=["greed"])`.
            causes: With an outcome: names of causes of the case, or by any names mappings in the
                form of the file.
            worlds: Worlds drawn from what the record leaves open, in each draw.
            draws: Use only the first so many draws.

        Raises:
            CommandError: The question has no answer; everything that keeps it from one is told.
        """
        return self._explanation(self.asked(question, causes), worlds, draws)

    def apart(
        self,
        cause: str,
        question: str | Mapping[NodeName, Value] = "",
        /,
        *,
        worlds: int = WORLDS,
        draws: int | None = None,
    ) -> Apart:
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
        asked = self.asked(question, [cause] if by_hand else ())
        self._check_apart(asked, [cause])
        return self._apart(asked, cause, worlds, draws)

    def document(
        self,
        question: str | Mapping[NodeName, Value] = "",
        /,
        *,
        causes: Sequence[str] | Mapping[str, Any] = (),
        apart: Sequence[str] | None = None,
        worlds: int = WORLDS,
        draws: int | None = None,
    ) -> Why:
        """The explanation in the answers document's words.

        Args:
            question: As above.
            causes: As above.
            apart: Causes to take apart; the one with the largest share, if left out.
            worlds: Worlds in each draw.
            draws: Use only the first so many draws.
        """
        asked = self.asked(question, causes)
        self._check_apart(asked, apart or ())
        found = self._explanation(asked, worlds, draws)
        if apart is None:
            apart = [max(found.causes, key=lambda finding: finding.share.mean).name]
        parts = [self._apart(asked, cause, worlds, draws) for cause in apart]
        return compose_why(
            Wording(self.lowered), found, parts, asked.causes, name=asked.name, asks=asked.asks
        )

    def run(self) -> list[Why]:
        """All `why` questions of the case, on fewer draws and worlds than the command takes."""
        names = [q.name for q in self.lowered.questions if q.kind == "why"]
        return [self.document(name, worlds=RUN_WORLDS, draws=RUN_DRAWS) for name in names]

    def asked(
        self,
        question: str | Mapping[NodeName, Value] = "",
        causes: Sequence[str] | Mapping[str, Any] = (),
    ) -> Asked:
        """Read a question, of the case or by hand, without answering it."""
        if isinstance(question, Mapping):
            return asked_by_hand(self.lowered, question, causes, self.read)
        if causes:
            raise CommandError("A question of the case names its own causes; leave them out.")
        return asked_of_case(self.lowered, question)

    def _explanation(self, asked: Asked, worlds: int, draws: int | None) -> Explanation:
        ensemble = self.solved()
        n_draws = min(draws or ensemble.n_draws, ensemble.n_draws)
        sets = len(shapley_design(list(asked.causes)).sets)
        self.progress.stage("why", sets * (1 + len(ensemble.beliefs)) * n_draws)
        return why(
            ensemble,
            asked.outcome,
            asked.causes,
            n_worlds=worlds,
            n_draws=draws,
            seed=self.seed,
            progress=self.progress.advance,
        )

    def _apart(self, asked: Asked, cause: str, worlds: int, draws: int | None) -> Apart:
        return take_apart(
            self.solved(),
            asked.outcome,
            cause,
            asked.causes[cause],
            n_worlds=worlds,
            n_draws=draws,
            seed=self.seed,
        )

    @staticmethod
    def _check_apart(asked: Asked, apart: Sequence[str]) -> None:
        wrong = [
            f"'{cause}' is not among the causes asked about.{did_you_mean(cause, list(asked.causes))} "
            f"There are: {', '.join(asked.causes)}."
            for cause in apart
            if cause not in asked.causes
        ]
        if wrong:
            raise CommandError("\n".join(wrong))
