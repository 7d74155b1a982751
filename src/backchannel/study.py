"""The entry point of the package: open a case, and ask it questions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backchannel.case.lower.lower import lower
from backchannel.case.open import open_case
from backchannel.case.read.case_file import reads_of
from backchannel.language.number_ranges import DEFAULT_DRAWS, SHARD_SIZE
from backchannel.machine.memory import within_memory
from backchannel.publishing import Publishing
from backchannel.workers.workers import on_own_workers

if TYPE_CHECKING:
    from backchannel import Case, DrawTable, Ledger, ShardedDraws


@within_memory
@on_own_workers
class Study(Publishing):
    """One case, which is solved on first use and can be asked any number of questions.

    >>> study = Study.load("sanctions-threat", draws=64)
    >>> study.forecast("comply").domain
    ('yields', 'defies')
    """

    @classmethod
    def load(
        cls,
        case: str | Path | Mapping[str, Any] | Case,
        *,
        draws: int = DEFAULT_DRAWS,
        seed: int = 0,
        memory: str | int | None = None,
        cluster: Any = None,
    ) -> Study:
        """Load and check a case.

        Args:
            case: A name in the catalog, the path or the text of a case file, a mapping with its keys,
                or a `Case`.
            draws: Number of draws of the uncertain numbers; a power of two is best.
            seed: The same seed gives the same numbers.
            memory: The most memory to use, in bytes or as `"4GB"`; default: half of the free memory.
            cluster: Where what falls into pieces is worked on: `local:N` (N worker processes here), the address
                of a Dask scheduler (`tcp://HOST:PORT`) or a Dask client; default: threads of this process.

        Raises:
            CaseError: The case is wrong; every problem is listed.
            CommandError: There is no such case, or no such cluster.
        """
        options: dict[str, Any] = {"draws": draws, "seed": seed, "memory": memory}
        if str(case).endswith(".efg"):
            return cls.from_gambit(str(case), cluster=cluster, **options)
        opened, document, name = open_case(case)
        study = cls(lower(opened, document), name=name, cluster=cluster, **options)
        study.reads = reads_of(opened, document)
        return study

    @classmethod
    def from_gambit(
        cls, path: str | Path, *, precision: float | None = None, **options: Any
    ) -> Study:
        """Load a Gambit game tree.

        Args:
            path: The .efg file.
            precision: λ of every player; default: as noted in the file, or 1.
            options: Those of `load`: `draws`, `seed`, `memory`, `cluster`.

        Raises:
            EfgError: It is not a game, or one that a case cannot express; every problem is listed.
        """
        from backchannel.interop.gambit import case_from_efg

        study = cls.load(case_from_efg(Path(path), precision=precision), **options)
        study.name, study.reads = Path(path).stem, {"the case": Path(path)}
        return study

    def sharded(
        self, folder: str | Path, *, size: int = SHARD_SIZE, cluster: Any = None
    ) -> ShardedDraws:
        """The case in very many draws, solved in shards that are kept in a folder.

        Args:
            folder: The folder in which finished shards are kept; the same call continues from them.
            size: Draws in a shard.
            cluster: `local:N`, the address of a Dask scheduler, or a Dask client; default: the cluster of the study,
                otherwise this process.

        Raises:
            CommandError: The folder holds something else, or there is no such cluster.
        """
        from backchannel.scale.solve_sharded import sharded_draws

        return sharded_draws(self, Path(folder), size=size, cluster=cluster)

    def draw_table(self) -> DrawTable:
        """Every draw of the case: its numbers, its weight given the record, and its forecasts."""
        from backchannel.answers.draw_table import draw_table
        from backchannel.questions.forecast.ask import forecast

        ensemble = self.ensemble
        forecasts = {node: forecast(ensemble, node) for node in ensemble.diagram.order}
        return draw_table(self.lowered, ensemble, forecasts)

    def under(self, scenario: str) -> Study:
        """The case with the sliders of one of its scenarios: every answer says so.

        Args:
            scenario: The name of a scenario that has sliders and no changes.

        Raises:
            CommandError: There is no such scenario, or it changes more than sliders.
        """
        from backchannel.case.lower.scenarios import under

        study = type(self)(
            under(self.lowered, scenario), name=self.name, draws=self.draws, seed=self.seed
        )
        study.reads, study.progress = self.reads, self.progress
        study.memory, study.workers = self.memory, self.workers
        return study

    def read_outcomes(self, ledger: Ledger | str | Path) -> int:
        """Take from a ledger what came about after the case's day; answers, report and brief then review the case.

        Returns:
            How many outcomes are known.

        Raises:
            CommandError: There is no such ledger.
        """
        from backchannel.ledger.ledger import Ledger

        book = ledger if isinstance(ledger, Ledger) else Ledger.existing(ledger)
        self.outcomes = book.known_outcomes(self.name, after=self.case.as_of)
        return len(self.outcomes)
