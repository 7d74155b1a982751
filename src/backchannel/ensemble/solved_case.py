"""A case that is solved on first use: what every question is asked of."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from backchannel.case.lower.asked import intervention_from_user, settings_from_user
from backchannel.case.lower.named import check_node
from backchannel.case.lowered import Lowered
from backchannel.case.schema.case import Case
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import ChangedWorld
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.solve import is_enough, solve_case, solve_worlds
from backchannel.language.names import NodeName, Value
from backchannel.language.number_ranges import DEFAULT_DRAWS, DRAW_COUNT, SEED_RANGE
from backchannel.language.plain_values import plain
from backchannel.machine.memory import allowed, read_size, within_memory
from backchannel.machine.reports import Progress, Silence
from backchannel.workers.workers import on_own_workers, workers_at

KnownOutcome = tuple[Value, date, str]
"""What came about, on which day, and by which source."""


@within_memory
@on_own_workers
class SolvedCase:
    """One case, solved in every draw on first use.

    `reads` names the files that the case was read from; no command may overwrite them.
    """

    def __init__(
        self,
        lowered: Lowered,
        *,
        name: str,
        draws: int = DEFAULT_DRAWS,
        seed: int = 0,
        memory: str | int | None = None,
        cluster: Any = None,
    ) -> None:
        self.lowered = lowered
        self.name = name
        self.draws = DRAW_COUNT.read_whole(draws, "draws")
        self.seed = SEED_RANGE.read_whole(seed, "seed")
        self.reads: dict[str, Path] = {}
        self.outcomes: Mapping[NodeName, KnownOutcome] = {}
        """What came about of the case's forecasts, where it is known; a run then reviews the case."""
        self.most_rivals: int | None = None
        """How many rivals a run solves, those of the file first; those of the file alone, if left out."""
        self.memory = allowed() if memory is None else read_size(memory)
        self.workers = workers_at(cluster)
        """Who carries out what falls into pieces; `None`: threads of this process, or whom a command has named."""
        self.progress: Progress = Silence()
        self.began = time.perf_counter()

    @property
    def case(self) -> Case:
        """The case as the analyst wrote it."""
        return self.lowered.case

    @property
    def warnings(self) -> list[str]:
        """What may be a mistake in the case, though it runs."""
        return [str(warning) for warning in self.lowered.warnings]

    @cached_property
    def ensemble(self) -> Ensemble:
        """The case solved in every draw; more draws are taken if too few match the record."""
        return solve_case(self.lowered, draws=self.draws, seed=self.seed, progress=self.progress)

    @property
    def is_solved(self) -> bool:
        """Whether the case has been solved already; otherwise `ensemble` solves it."""
        return "ensemble" in self.__dict__

    def adopt(self, ensemble: Ensemble) -> None:
        """Use the solved draws of a case that differs in the record alone, if enough of them match it."""
        if not self.is_solved and is_enough(ensemble, self.draws):
            self.__dict__["ensemble"] = ensemble

    def prepare(self, interventions: Sequence[Intervention]) -> list[ChangedWorld]:
        """Solve changed worlds together; this is faster than solving each when it is asked for."""
        return solve_worlds(self.ensemble, interventions, self.progress)

    def intervention(
        self, intervention: str | Mapping[str, Any] | None = None, /, **changes: Any
    ) -> Intervention:
        """Read an intervention: a name in the case, or a mapping of its keys.

        Raises:
            CommandError: The case has no intervention of this name, or a key has no meaning.
        """
        return intervention_from_user(self.lowered, plain(intervention), plain(changes))

    def settings(self, texts: Sequence[str]) -> dict[NodeName, Value]:
        """Read texts of the form `NODE=VALUE`, as a command line gives them."""
        return settings_from_user(self.lowered, texts)

    def check_node(self, node: NodeName) -> None:
        """Check that the case has a node of this name.

        Raises:
            CommandError: It has none; the error suggests the nearest name.
        """
        check_node(self.case, self.lowered.diagram, node)
