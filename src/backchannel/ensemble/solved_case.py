"""A case that is solved on first use, as every question asks it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from backchannel.case.lower.asked import intervention_from_user, settings_from_user
from backchannel.case.lower.named import check_node
from backchannel.case.lowered import Lowered
from backchannel.case.schema.case import Case
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import Changed
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.solve import is_enough, solve_case, solve_worlds
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value
from backchannel.machine.memory import allowed, parse_size, within_memory
from backchannel.machine.reports import Progress, Silence

DRAWS = 1024
"""Draws taken unless the user says otherwise; a power of two."""


@within_memory
class SolvedCase:
    """One case, solved in every draw on first use."""

    def __init__(
        self,
        lowered: Lowered,
        *,
        name: str,
        draws: int = DRAWS,
        seed: int = 0,
        memory: str | int | None = None,
    ) -> None:
        if draws < 2:
            raise CommandError(f"{draws} draws are too few: take at least 2, better {DRAWS}.")
        self.lowered = lowered
        self.name = name
        self.draws = draws
        self.seed = seed
        self.reads: dict[str, Path] = {}
        self.memory = parse_size(memory) if isinstance(memory, str) else memory or allowed()
        self.progress: Progress = Silence()
        self.began = time.perf_counter()

    @property
    def case(self) -> Case:
        """What the analyst wrote."""
        return self.lowered.case

    @property
    def warnings(self) -> list[str]:
        """What is odd about the case, though it runs."""
        return [str(warning) for warning in self.lowered.warnings]

    @cached_property
    def ensemble(self) -> Ensemble:
        """The case solved in every draw; more are drawn when the record leaves too few."""
        return solve_case(self.lowered, draws=self.draws, seed=self.seed, progress=self.progress)

    @property
    def is_solved(self) -> bool:
        """Whether the case has been solved already; `ensemble` would solve it."""
        return "ensemble" in self.__dict__

    def adopt(self, ensemble: Ensemble) -> None:
        """Take over draws that another case has solved, which differs in the record alone, if they suffice."""
        if not self.is_solved and is_enough(ensemble, self.draws):
            self.__dict__["ensemble"] = ensemble

    def prepare(self, interventions: Sequence[Intervention]) -> list[Changed]:
        """Solve changed worlds together, which is faster than one by one as they are asked for."""
        return solve_worlds(self.ensemble, interventions, self.progress)

    def intervention(
        self, intervention: str | Mapping[str, Any] | None = None, /, **changes: Any
    ) -> Intervention:
        """Read an intervention: a name in the case, or its keys.

        Raises:
            CommandError: There is none of this name, or its keys have no meaning.
        """
        return intervention_from_user(self.lowered, intervention, changes)

    def settings(self, texts: Sequence[str]) -> dict[NodeName, Value]:
        """Read `NODE=VALUE` texts, as a command line gives them."""
        return settings_from_user(self.lowered, texts)

    def check_node(self, node: NodeName) -> None:
        """See to it that there is such a node.

        Raises:
            CommandError: There is none; the nearest name is told.
        """
        check_node(self.case, self.lowered.diagram, node)
