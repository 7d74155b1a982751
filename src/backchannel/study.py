"""The front door: open a case, and ask it questions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backchannel.asking import Asking
from backchannel.case.lower.lower import lower
from backchannel.case.open import open_case
from backchannel.case.read.case_file import reads_of
from backchannel.ensemble.solved_case import DEFAULT_DRAWS
from backchannel.files.marks import is_page, is_tree
from backchannel.files.outputs import single
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName
from backchannel.machine.memory import within_memory

if TYPE_CHECKING:
    from backchannel import Answers, Audit, Brief, Case, Fit, GameTree, Ledger, ReportWidget


@within_memory
class Study(Asking):
    """One case, solved on first use and asked as often as wanted.

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
    ) -> Study:
        """Load and check a case.

        Args:
            case: A name in the catalog, the path of a file, the text of one, a mapping in the form
                of one, or a `Case`.
            draws: How many times the uncertain numbers are drawn; a power of two is best.
            seed: The same seed gives the same numbers.
            memory: The most memory to use, in bytes or as `"4GB"`; half of what is free, if left out.

        Raises:
            CaseError: The case is wrong; every problem is listed.
            CommandError: There is no such case.
        """
        if str(case).endswith(".efg"):
            return cls.from_gambit(str(case), draws=draws, seed=seed, memory=memory)
        found, document, name = open_case(case)
        study = cls(lower(found, document), name=name, draws=draws, seed=seed, memory=memory)
        study.reads = reads_of(found, document)
        return study

    @classmethod
    def from_gambit(
        cls, path: str | Path, *, precision: float | None = None, **options: Any
    ) -> Study:
        """Load a Gambit tree, with λ of every player: `precision`, else the file's own, else 1.

        `options` are those of `load`: `draws`, `seed`, `memory`.

        Raises:
            EfgError: It is no game, or one that a case cannot hold; every problem is listed.
        """
        from backchannel.interop.gambit import case_from_efg

        study = cls.load(case_from_efg(Path(path), precision=precision), **options)
        study.name, study.reads = Path(path).stem, {"the case": Path(path)}
        return study

    def export_gambit(
        self, path: str | Path, *, draw: int | None = None, force: bool = False
    ) -> GameTree:
        """Write the case as a Gambit tree, in one draw (counted from 1; the medians, if left out).

        `force` replaces a file that Backchannel did not write.

        Raises:
            CommandError: The tree has too many leaves, or the file cannot or may not be written.
        """
        from backchannel.interop.gambit import export_tree

        outputs = single(Path(path), is_tree, reads=self.reads, force=force)
        return export_tree(
            self.lowered, Path(path), outputs, draw=draw, draws=self.draws, seed=self.seed
        )

    def fit(self, data: Any, **options: Any) -> Fit:
        """Find the maximum-likelihood estimates of the case's numbers from a table of plays.

        Args:
            data: A CSV or Parquet file, or a DataFrame: one row a play, a column a node.
            options: Fields of `estimation.fit.Options`: `fixed`, `same`, `weights`, `clusters` ...

        Raises:
            CommandError: The table does not fit the case, or plays cannot tell coefficients apart.
        """
        from backchannel.estimation.fit import Options, fit

        return fit(self.lowered, data, Options(**options))

    def simulate(self, n: int, *, seed: int = 0, **options: Any) -> Any:
        """Draw plays of the case, a DataFrame; options as of `estimation.simulate.simulate`."""
        from backchannel.estimation.simulate import simulate

        return simulate(self.lowered, n, seed=seed, **options)[0]

    def answers(self) -> Answers:
        """Everything: the answers to the case's questions and all that they rest on."""
        from backchannel.answers.compose import compose_answers
        from backchannel.questions.run import ask_all

        return compose_answers(ask_all(self))

    def sources(self) -> Audit:
        """What every number rests on: sources, grades, age; and which stand on weak ground."""
        from backchannel.answers.audit import audit

        return audit(self.lowered)

    def brief(self, about: NodeName | None = None) -> Brief:
        """One page for a reader in a hurry; `answers.brief_files.write_brief` writes it."""
        from backchannel.answers.brief import compose_brief

        answers, watch = self.answers(), self.watch(about).document()
        decided = answers.sensitivity
        if decided.node != watch.about:
            decided = self.sensitivity(watch.about).document()
        return compose_brief(answers, watch, decided, self.sources())

    def log(self, ledger: Ledger | str | Path, *, by: str = "") -> int:
        """Enter the forecasts of all that lies ahead in a ledger; return the run's number there."""
        from backchannel.answers.ledger_entries import compose_log
        from backchannel.ledger.ledger import Ledger

        book = ledger if isinstance(ledger, Ledger) else Ledger(ledger)
        forecasts = {node: self.forecast(node) for node in self.lowered.ahead}
        return book.log(*compose_log(self, forecasts, by=by))

    def report(self, path: str | Path, *, force: bool = False) -> Path:
        """Write everything as one HTML page, interactive where it was built so; see docs/interface.md.

        `force` replaces a file that Backchannel did not write.

        Raises:
            CommandError: The file cannot or may not be written.
        """
        from backchannel.answers.page.report import compose_report

        outputs = single(Path(path), is_page, reads=self.reads, force=force)
        outputs.write(Path(path), compose_report(self.answers()))
        return Path(path)

    def widget(self, *, height: int | None = None) -> ReportWidget:
        """The report in a notebook, in a frame so many pixels high.

        Raises:
            CommandError: The packages for it are not installed.
        """
        try:
            from backchannel.notebook import HEIGHT, ReportWidget
        except ModuleNotFoundError as error:
            raise CommandError(str(error)) from None
        return ReportWidget(self.answers(), height=height or HEIGHT)
