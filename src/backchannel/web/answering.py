"""Which answers are current, which are being solved, and what windows are told of them.

Two queues: full answers take their time in one, and what a user waits for is solved beside them in the other. Both
are in the solver's process; everything here happens in the thread of the event loop.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from backchannel.web.custom_what_ifs import CustomWhatIfs
from backchannel.web.frames import FrameHead
from backchannel.web.message_parts import JobKind
from backchannel.web.solve_request import SolvedAnswers, SolvedRivals, SolveRequest
from backchannel.web.solve_status import SolveStatus
from backchannel.web.solver import SolverProcess, SolverTask
from backchannel.web.solver_tasks import SolverTasks
from backchannel.web.windows import Window, Windows
from backchannel.web.worker import Post, Worker


class Answering:
    """Has the solver answer requests, and tells every window."""

    def __init__(
        self,
        windows: Windows,
        post: Post,
        *,
        name: str,
        draws: int,
        seed: int,
        ledger: Path | None = None,
        cluster: str | None = None,
        on_new_draws: Callable[[], None],
    ) -> None:
        """Start the solver.

        Args:
            windows: Who is told.
            post: Runs something in the thread of the event loop.
            name: Of the case.
            draws: Of full answers.
            seed: Of the draws.
            ledger: A ledger whose outcomes full answers review.
            cluster: The address of a cluster on which full answers are solved; None: on this computer.
            on_new_draws: Called when pages have other draws than before.
        """
        self.windows, self.name, self.draws, self.seed = windows, name, draws, seed
        self.ledger, self.cluster = ledger, cluster
        self.full: SolvedAnswers | None = None
        self.quick: SolvedAnswers | None = None
        """Newer than the full answers, and solved with other sliders."""
        self.rivals: SolvedRivals | None = None
        """The last rivals that a user asked for."""
        self._partial = ""
        """The message with what is answered so far, while there are no full answers yet."""
        self.solver = SolverProcess(post, on_lost=self.solve_lost)
        self.status = SolveStatus(self.solver, windows)
        self.tasks = SolverTasks(self.status)
        self.what_ifs = CustomWhatIfs(windows, self.status, newest=lambda: self.newest)
        self._on_new_draws = on_new_draws
        self._last_request: SolveRequest | None = None
        """The last request for full answers."""

    @property
    def newest(self) -> SolvedAnswers | None:
        """The answers whose draws pages have."""
        return self.quick or self.full

    def greet(self, window: Window) -> None:
        """Send a new window all current answers."""
        for answers in (self.full, self.quick):
            if answers is not None:
                window.send(answers.message, is_greeting=True)
        if self._partial:
            window.send(self._partial, is_greeting=True)
        for message in self.what_ifs.answered.values():
            window.send(message, is_greeting=True)
        if self.rivals is not None:
            window.send(self.rivals.message, is_greeting=True)

    def answer_fully(self, request: SolveRequest) -> None:
        """Solve everything."""
        self._last_request = request

        def done(task: SolverTask, texts: list[str]) -> None:
            self._full_done(SolvedAnswers(request, task.number, *texts))

        def part(task: SolverTask, texts: list[str]) -> None:
            if self.full is None:
                self._partial = texts[0]
                self.windows.broadcast(self._partial)

        self.status.put(
            SolverTask("full", "full", self._head("full", "full", request), request.case,
                 done, self._failed, part=part, report=self.status.reporter("full"))
        )  # fmt: skip

    def is_solving_fully(self, request: SolveRequest) -> bool:
        """Whether the full answers to a request are being solved."""
        last = self._last_request
        return self.solver.is_busy("full") and last is not None and last.has_same_answers(request)

    def answer_quickly(self, request: SolveRequest) -> None:
        """Solve again with other numbers: first the forecasts, then the what-ifs."""
        full = self.full
        if full is not None and full.request.has_same_answers(request):
            # The sliders are back where the full answers were solved; nothing else is wanted any more.
            self.cancel_quick()
            if self._last_request is not None and not self._last_request.has_same_answers(request):
                self.solver.cancel("full", "full")
                self._last_request = full.request
            self.windows.broadcast(full.message)
            self.status.broadcast()
            return

        def ready(task: SolverTask, texts: list[str]) -> None:
            self._release(self.quick, task.number)
            self.quick = SolvedAnswers(request, task.number, *texts)
            self.status.failure = ""
            self.windows.broadcast(self.quick.message)

        def done(task: SolverTask, texts: list[str]) -> None:
            ready(task, texts)
            self.status.broadcast()
            self._on_new_draws()

        self.status.put(
            SolverTask("live", "quick", self._head("quick", "quick", request, urgent=True),
                 request.case, done, self._failed, part=ready,
                 report=self.status.reporter("live"))
        )  # fmt: skip

    def restore_draws(self) -> None:
        """Solve again the draws that custom what-ifs are compared with, if the solver has lost them."""
        if self.newest is not None and not self.what_ifs.can_compare:
            self.solve_lost()

    def cancel_quick(self) -> None:
        """Stop and drop the quick answers: they are for another text."""
        self.solver.cancel("live", "quick")
        self._release(self.quick)
        self.quick = None

    def solve_lost(self) -> None:
        """Solve again what was lost when the solver's process ended."""
        quick = self.quick
        if self._last_request is not None and not self.solver.is_busy("full"):
            self.answer_fully(self._last_request)
        if quick is not None and not self.solver.is_busy("live"):
            self.answer_quickly(quick.request)

    def close(self) -> Worker | None:
        """End all work."""
        return self.solver.close()

    def _head(
        self, do: str, kind: JobKind, request: SolveRequest, *, urgent: bool = False
    ) -> FrameHead:
        return {
            "do": do,
            "name": kind,
            "urgent": urgent,
            "case": self.name,
            "shifts": dict(request.shifts),
            "text_revision": request.text_revision,
            "case_digest": request.facts.case,
            "draws": self.draws,
            "seed": self.seed,
            "ledger": str(self.ledger) if self.ledger else "",
            "cluster": self.cluster,
        }

    def _full_done(self, full: SolvedAnswers) -> None:
        self._release(self.full, full.number)
        self.full, self._partial = full, ""
        self.status.failure = ""
        self.windows.broadcast(full.message)
        quick = self.quick
        if quick is not None and (
            dict(quick.request.shifts) == dict(full.request.shifts)
            or quick.request.facts.case != full.request.facts.case
        ):
            self._release(quick)
            self.quick = None
        elif quick is not None:
            self.windows.broadcast(quick.message)
        self.status.broadcast()
        self._on_new_draws()
        if self.quick is None:
            self._warm_up(full.request)

    @property
    def texts_of_report(self) -> list[str]:
        """What a report is made of: the full answers, and the rivals that were solved for them since."""
        assert self.full is not None
        is_current = self.rivals is not None and self.rivals.of == self.full.number
        return [self.full.document, *([self.rivals.view] if self.rivals and is_current else [])]

    def _warm_up(self, request: SolveRequest) -> None:
        """Compile the programs of quick answers before a user waits for the first one."""

        def ended(*_: object) -> None:
            self.status.broadcast()

        self.status.put(
            SolverTask("live", "quick", self._head("warm_up", "quick", request), request.case,
                 ended, ended, report=self.status.reporter("live"))
        )  # fmt: skip

    def _release(self, answers: SolvedAnswers | None, unless: int = 0) -> None:
        """Let the solver drop a solution that no window has any more."""
        if answers is not None and answers.number != unless:
            self.solver.drop(answers.number)

    def _failed(self, why: str) -> None:
        self.status.failure = why
        if not self.what_ifs.can_compare:
            self.what_ifs.fail_waiting(why)
        self.status.broadcast()
