"""The methods of a study that hand its answers on: as a page, a brief, a game tree, or forecasts in a ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from backchannel.estimating import Estimating
from backchannel.files.marks import is_page, is_tree
from backchannel.files.outputs import single_output
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName
from backchannel.language.number_ranges import PIXELS, RIVAL_COUNT
from backchannel.machine.memory import within_memory
from backchannel.workers.workers import on_own_workers

if TYPE_CHECKING:
    from backchannel import Answers, Audit, Brief, GameTree, Ledger, ReportWidget
    from backchannel.answers.bottom_lines_document import BottomLine


@within_memory
@on_own_workers
class Publishing(Estimating):
    """A case whose answers can be handed on."""

    def answers(
        self,
        *,
        tell: Callable[[BottomLine], None] | None = None,
        rivals: int | None = None,
    ) -> Answers:
        """Answer all questions of the case, with everything that the answers rest on.

        Args:
            tell: Called with each bottom line as soon as it is known.
            rivals: How many rivals are weighed, those of the case file first; those alone, if left out.
        """
        from backchannel.answers.compose import Composer, compose_answers
        from backchannel.questions.run import ask_all

        most = None if rivals is None else RIVAL_COUNT.read_whole(rivals, "rivals")
        self.most_rivals = most
        composer = Composer(self.lowered, self.ensemble, tell)
        return compose_answers(ask_all(self, tell=composer.add), composer)

    def sources(self) -> Audit:
        """What every number rests on: sources, grades, ages, and which numbers are weakly supported."""
        from backchannel.answers.audit import audit

        return audit(self.lowered)

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

    def brief(self, about: NodeName | None = None) -> Brief:
        """One page for a reader in a hurry; `answers.brief_files.write_brief` writes it to a file."""
        from backchannel.answers.brief import compose_brief

        answers, watch = self.answers(), self.watch(about).document()
        decided = answers.sensitivity
        if decided.node != watch.about:
            decided = self.sensitivity(watch.about).document()
        return compose_brief(answers, watch, decided, self.sources())

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
        return book.log(*compose_log(self, self.ensemble, forecasts, by=by, structures=over))
