"""Explain: answer `why` for a solved case, by itself or as part of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backchannel.case.lower import Lowered
from backchannel.errors import CommandError
from backchannel.names import did_you_mean
from backchannel.present.why_asked import Asked, asked_of_case
from backchannel.present.why_compose import compose_why
from backchannel.present.why_document import Why
from backchannel.present.words import Wording
from backchannel.queries.apart import Apart, take_apart
from backchannel.queries.ensemble import Ensemble
from backchannel.queries.shapley import shapley_design
from backchannel.queries.why import WORLDS, Explanation, why

RUN_DRAWS = 256
"""Draws that a run looks at for each `why`; the command looks at all."""
RUN_WORLDS = 32
"""Worlds in each of them."""


@dataclass(frozen=True)
class Explainer:
    """Answers `why` for one solved case."""

    lowered: Lowered
    ensemble: Ensemble
    seed: int
    progress: Any
    """What shows a user how far things are: `stage(name, total)` and `advance(steps)`."""

    def explanation(
        self, asked: Asked, *, worlds: int = WORLDS, draws: int | None = None
    ) -> Explanation:
        """Each cause's part in what happened."""
        n_draws = min(draws or self.ensemble.n_draws, self.ensemble.n_draws)
        sets = len(shapley_design(list(asked.causes)).sets)
        self.progress.stage("why", sets * (1 + len(self.ensemble.beliefs)) * n_draws)
        return why(
            self.ensemble,
            asked.outcome,
            asked.causes,
            n_worlds=worlds,
            n_draws=draws,
            seed=self.seed,
            progress=self.progress.advance,
        )

    def apart(
        self, asked: Asked, cause: str, *, worlds: int = WORLDS, draws: int | None = None
    ) -> Apart:
        """One cause taken apart.

        Raises:
            CommandError: It is not among the causes asked about.
        """
        self.check_apart(asked, [cause])
        return take_apart(
            self.ensemble,
            asked.outcome,
            cause,
            asked.causes[cause],
            n_worlds=worlds,
            n_draws=draws,
            seed=self.seed,
        )

    def check_apart(self, asked: Asked, apart: Sequence[str]) -> None:
        """See to it that what is to be taken apart is asked about."""
        wrong = [
            f"'{cause}' is not among the causes asked about.{did_you_mean(cause, list(asked.causes))} "
            f"There are: {', '.join(asked.causes)}."
            for cause in apart
            if cause not in asked.causes
        ]
        if wrong:
            raise CommandError("\n".join(wrong))

    def why(
        self,
        asked: Asked,
        *,
        apart: Sequence[str] | None = None,
        worlds: int = WORLDS,
        draws: int | None = None,
    ) -> Why:
        """The explanation in the document's words.

        Args:
            asked: What happened, and what is undone.
            apart: Causes to take apart; the one with the largest share, if left out.
            worlds: Worlds in each draw.
            draws: Use only the first so many draws.
        """
        self.check_apart(asked, apart or ())
        found = self.explanation(asked, worlds=worlds, draws=draws)
        if apart is None:
            apart = [max(found.causes, key=lambda finding: finding.share.mean).name]
        parts = [self.apart(asked, cause, worlds=worlds, draws=draws) for cause in apart]
        return compose_why(
            Wording(self.lowered), found, parts, asked.causes, name=asked.name, asks=asked.asks
        )

    def run(self) -> list[Why]:
        """All `why` questions of the case, on fewer draws and worlds than the command takes."""
        asked = [
            asked_of_case(self.lowered, q.name) for q in self.lowered.questions if q.kind == "why"
        ]
        return [self.why(one, worlds=RUN_WORLDS, draws=RUN_DRAWS) for one in asked]
