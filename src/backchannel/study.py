"""The entry point of the package: open a case, and ask it questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backchannel.asking import Asking
from backchannel.case.lower.lower import lower
from backchannel.case.open import open_case
from backchannel.case.read.case_file import reads_of
from backchannel.files.marks import is_page, is_tree
from backchannel.files.outputs import single_output
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName
from backchannel.language.number_ranges import DEFAULT_DRAWS, PIXELS, SHARD_SIZE
from backchannel.machine.memory import within_memory

if TYPE_CHECKING:
    from backchannel import (
        Answers,
        Audit,
        Brief,
        Case,
        DrawTable,
        Evaluation,
        Fit,
        GameTree,
        Ledger,
        Prediction,
        ReportWidget,
        ShardedDraws,
    )
    from backchannel.answers.bottom_lines_document import BottomLine


@within_memory
class Study(Asking):
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
    ) -> Study:
        """Load and check a case.

        Args:
            case: A name in the catalog, the path or the text of a case file, a mapping with its keys,
                or a `Case`.
            draws: Number of draws of the uncertain numbers; a power of two is best.
            seed: The same seed gives the same numbers.
            memory: The most memory to use, in bytes or as `"4GB"`; default: half of the free memory.

        Raises:
            CaseError: The case is wrong; every problem is listed.
            CommandError: There is no such case.
        """
        if str(case).endswith(".efg"):
            return cls.from_gambit(str(case), draws=draws, seed=seed, memory=memory)
        opened, document, name = open_case(case)
        study = cls(lower(opened, document), name=name, draws=draws, seed=seed, memory=memory)
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
            options: Those of `load`: `draws`, `seed`, `memory`.

        Raises:
            EfgError: It is not a game, or one that a case cannot express; every problem is listed.
        """
        from backchannel.interop.gambit import case_from_efg

        study = cls.load(case_from_efg(Path(path), precision=precision), **options)
        study.name, study.reads = Path(path).stem, {"the case": Path(path)}
        return study

    def export_gambit(
        self, path: str | Path, *, draw: int | None = None, force: bool = False
    ) -> GameTree:
        """Write one draw of the case as a Gambit game tree.

        Args:
            path: The .efg file to write.
            draw: Number of the draw, counted from 1; default: the medians of the priors.
            force: Whether to replace a file that Backchannel did not write.

        Raises:
            CommandError: The tree has too many leaves, or the file cannot or may not be written.
        """
        from backchannel.interop.gambit import export_tree

        outputs = single_output(Path(path), is_tree, reads=self.reads, force=force)
        return export_tree(
            self.lowered, Path(path), outputs, draw=draw, draws=self.draws, seed=self.seed
        )

    def fit(self, data: Any, **options: Any) -> Fit:
        """Find the maximum-likelihood estimates of the case's numbers from a table of plays.

        Args:
            data: A CSV or Parquet file, or a DataFrame: one row for each play, one column for each node.
            options: Fields of `estimation.fit.FitOptions`: `fixed`, `same`, `weights`, `clusters` ...

        Raises:
            CommandError: The table does not fit the case, or the plays do not identify the numbers.
        """
        from backchannel.estimation.compose import compose_fit
        from backchannel.estimation.fit import FitOptions, fit
        from backchannel.wording.result import with_words

        file = Path(data).name if isinstance(data, str | Path) else ""
        return with_words(
            fit(self.lowered, data, FitOptions(**options)),
            lambda fitted: compose_fit(fitted, case=self.name, data=file),
        )

    def predict(self, data: Any, new: Any, **options: Any) -> Prediction:
        """Fit the case to a table of plays, and predict the rows of another one.

        Args:
            data: The plays that it is fitted to.
            new: The rows that are predicted: a file or a DataFrame, with the covariates.
            options: As for `fit`.

        Raises:
            CommandError: A table does not fit the case, or no row can be predicted.
        """
        return self.fit(data, **options).predict(new)

    def evaluate(self, data: Any, **options: Any) -> Evaluation:
        """Score the case on rows that it has not seen, beside the base rate, logit and boosting.

        Args:
            data: A CSV or Parquet file, or a DataFrame: one row for each play.
            options: Fields of `estimation.evaluate.ask.EvaluateOptions`: `by` or `forward`, `folds` ...
                The options of `fit` are `fit=FitOptions(...)`.

        Raises:
            CommandError: The table does not fit the case, or cannot be cut as asked.
        """
        from backchannel.estimation.evaluate.ask import EvaluateOptions, evaluate_case
        from backchannel.estimation.evaluate.compose import compose_evaluation
        from backchannel.wording.result import with_words

        file = Path(data).name if isinstance(data, str | Path) else ""
        return with_words(
            evaluate_case(self.lowered, data, EvaluateOptions(**options), self.progress),
            lambda evaluation: compose_evaluation(
                evaluation, self.lowered, case=self.name, data=file
            ),
        )

    def simulate(self, n: int, *, seed: int = 0, **options: Any) -> Any:
        """Simulate `n` plays of the case, as a DataFrame; options as in `estimation.simulate.simulate`."""
        from backchannel.estimation.simulate import simulate

        return simulate(self.lowered, n, seed=seed, **options)[0]

    def answers(self, *, tell: Callable[[BottomLine], None] | None = None) -> Answers:
        """Answer all questions of the case, with everything that the answers rest on.

        Args:
            tell: Called with each bottom line as soon as it is known.
        """
        from backchannel.answers.compose import answer_all

        return answer_all(self, tell=tell)

    def sharded(
        self, folder: str | Path, *, size: int = SHARD_SIZE, cluster: Any = None
    ) -> ShardedDraws:
        """The case in very many draws, solved in shards that are kept in a folder.

        Args:
            folder: Where finished shards are kept; the same call goes on where it stood.
            size: Draws in a shard.
            cluster: `local:N`, the address of a Dask scheduler, or a Dask client; default: this process.

        Raises:
            CommandError: The folder holds something else, or there is no such cluster.
        """
        from backchannel.scale.sharded import sharded_draws

        return sharded_draws(self, Path(folder), size=size, cluster=cluster)

    def draw_table(self) -> DrawTable:
        """Every draw of the case: its numbers, its weight given the record, and its forecasts."""
        from backchannel.answers.draw_table import draw_table

        return draw_table(self)

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
        study.reads, study.progress, study.memory = self.reads, self.progress, self.memory
        return study

    def sources(self) -> Audit:
        """What every number rests on: sources, grades, ages, and which numbers are weakly supported."""
        from backchannel.answers.audit import audit

        return audit(self.lowered)

    def brief(self, about: NodeName | None = None) -> Brief:
        """One page for a reader in a hurry; `answers.brief_files.write_brief` writes it to a file."""
        from backchannel.answers.brief import compose_brief

        answers, watch = self.answers(), self.watch(about).document()
        decided = answers.sensitivity
        if decided.node != watch.about:
            decided = self.sensitivity(watch.about).document()
        return compose_brief(answers, watch, decided, self.sources())

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

    def log(self, ledger: Ledger | str | Path, *, by: str = "", rivals: int | None = None) -> int:
        """Enter the forecasts of all open nodes in a ledger, and return the number of the run.

        Args:
            ledger: The ledger, or its file.
            by: Who logs the run.
            rivals: How many rivals are solved, so that the forecast over structures is entered too; if left out,
                those that the case file writes.
        """
        from backchannel.answers.ledger_entries import compose_log
        from backchannel.language.number_ranges import RIVAL_COUNT
        from backchannel.ledger.ledger import Ledger
        from backchannel.questions.rivals.ask import rivals_of
        from backchannel.questions.rivals.over_nodes import forecasts_over_structures

        book = ledger if isinstance(ledger, Ledger) else Ledger(ledger)
        most = None if rivals is None else RIVAL_COUNT.read_whole(rivals, "rivals")
        chosen = rivals_of(self, written_only=most is None)[:most]
        forecasts = {node: self.forecast(node) for node in self.lowered.ahead}
        over = forecasts_over_structures(self, [*forecasts], chosen) if chosen else None
        return book.log(*compose_log(self, forecasts, by=by, structures=over))

    def report(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the answers as one HTML page, interactive if the pages are built (docs/interface.md).

        Args:
            path: The file to write.
            force: Whether to replace a file that Backchannel did not write.

        Raises:
            CommandError: The file cannot or may not be written.
        """
        from backchannel.answers.page.report import compose_report

        outputs = single_output(Path(path), is_page, reads=self.reads, force=force)
        outputs.write(Path(path), compose_report(self.answers()))
        return Path(path)

    def widget(self, *, height: int | None = None) -> ReportWidget:
        """The report in a notebook, in a frame.

        Args:
            height: Height of the frame in pixels.

        Raises:
            CommandError: A package that it needs is not installed.
        """
        try:
            from backchannel.notebook import DEFAULT_HEIGHT, ReportWidget
        except ModuleNotFoundError as error:
            raise CommandError(str(error)) from None
        return ReportWidget(
            self.answers(),
            height=DEFAULT_HEIGHT if height is None else PIXELS.read_whole(height, "height"),
        )
