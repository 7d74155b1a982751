"""The workbench: one case, shared by every window that is open on it.

Requests are carried out by `handlers`, one after the other, in the thread of the event loop, so that they have one
order. Nothing here takes time that a case text could make long: texts are checked and solved in processes of their
own (`checker`, `solver`), and threads wait for disks (`disk_thread`).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from backchannel import __version__
from backchannel.console.command import DEFAULT_LEDGER
from backchannel.language.errors import BackchannelError
from backchannel.web.answering import Answering
from backchannel.web.broadcasts import Broadcasts
from backchannel.web.case_facts import CaseFacts
from backchannel.web.case_file import CaseFile
from backchannel.web.checker import Checker
from backchannel.web.draft import Draft
from backchannel.web.handlers.registry import HANDLERS
from backchannel.web.history import History, HistoryStep
from backchannel.web.internal_errors import log_internal_error
from backchannel.web.ledger_desk import LedgerDesk
from backchannel.web.message_json import to_json
from backchannel.web.message_parts import About
from backchannel.web.messages import (
    PROTOCOL,
    ErrorMessage,
    HelloMessage,
)
from backchannel.web.open_file import OpenFile, proposal
from backchannel.web.opened_text import OpenedText
from backchannel.web.read_request import InvalidRequest, read_request
from backchannel.web.schedule import SolveSchedule
from backchannel.web.shared_state import SharedState, digest
from backchannel.web.text_checks import TextChecks
from backchannel.web.windows import Window, Windows

INTERNAL_ERROR = "Something went wrong inside Backchannel, and this was not done"


class Workbench:
    """One case, shared by every window that is open on it."""

    def __init__(
        self,
        file: CaseFile,
        opened: OpenedText | None = None,
        *,
        draws: int,
        seed: int,
        ledger: Path | None = None,
        cluster: str | None = None,
    ) -> None:
        """Open a case.

        Args:
            file: The case.
            opened: Its text and the result of the check; by default it is read and checked here.
            draws: How often the uncertain numbers are drawn.
            seed: Seed of the draws.
            ledger: The file of the ledger; it is made when something is first entered.
            cluster: The address of a cluster on which full answers are solved; None: on this computer.

        Raises:
            CommandError: There is no such file.
            CaseError: Nothing was `opened`, and the case is wrong; every problem is listed.
        """
        opened = opened or OpenedText.read(file)
        self.draws, self.seed, self.cluster = draws, seed, cluster
        self.ledger = LedgerDesk(ledger or Path(DEFAULT_LEDGER))
        self.launch = secrets.token_hex(8)
        self.windows = Windows()
        self.shared = SharedState(opened.on_disk.text)
        self.history = History(self.shared)
        self.open_file = OpenFile(file, opened.on_disk)
        self.checks = TextChecks(
            self.shared, self.open_file, self.windows, opened, on_valid=self._text_is_valid
        )
        self.broadcasts = Broadcasts(self.shared, self.history, self.windows)
        self.draft = Draft(
            self.shared, self.open_file, self.windows, self.history, self.broadcasts, self.checks
        )
        self.reads_elsewhere = False
        """Whether texts elsewhere may be copied into the folder of the case, as in a workbench with a start page."""
        self.on_saved: Callable[[], None] = lambda: None
        """Called whenever the text was saved, perhaps as a new file."""
        self._answering: Answering | None = None
        self._schedule: SolveSchedule | None = None
        self._checkers: tuple[Checker, ...] = ()

    @property
    def facts(self) -> CaseFacts:
        """The facts of the case in the last text without problems."""
        return self.checks.facts

    @property
    def answering(self) -> Answering:
        """What solves; available once the workbench was started."""
        assert self._answering is not None
        return self._answering

    @property
    def schedule(self) -> SolveSchedule:
        """What decides when to solve; available once the workbench was started."""
        assert self._schedule is not None
        return self._schedule

    @property
    def side_checker(self) -> Checker:
        """A process for changes and differences, so that these do not wait for the check of a text."""
        return self._checkers[1]

    def start(self) -> None:
        """Start to solve, from within a running event loop."""
        loop = asyncio.get_running_loop()

        def post(work: Callable[[], None]) -> None:
            with suppress(RuntimeError):  # The loop may have ended before everything else has.
                loop.call_soon_threadsafe(work)

        self._checkers = Checker(post), Checker(post)
        self.checks.start(self._checkers[0])
        self._answering = Answering(
            self.windows,
            post,
            name=self.open_file.file.name,
            draws=self.draws,
            seed=self.seed,
            ledger=self.ledger.path,
            cluster=self.cluster,
            on_new_draws=self._have_new_draws,
        )
        self._schedule = SolveSchedule(self.shared, self.checks, self._answering)
        self._schedule.solve()

    def close(self) -> bool:
        """End all processes at once; says whether they have ended."""
        if self._schedule is not None:
            self._schedule.close()
        ends = [*self._checkers, *([self._answering] if self._answering else [])]
        workers = [end.close() for end in ends]  # All of them, before waiting for any.
        return all(worker is None or worker.wait() for worker in workers)

    @property
    def about(self) -> About:
        """Which case is open, and with which settings."""
        file = self.open_file.file
        return About(
            name=file.name,
            title=self.facts.title,
            path=file.given,
            editable=self.open_file.is_editable,
            save_as=proposal(file),
            address=f"/case/{file.key}/",
            draws=self.draws,
            seed=self.seed,
        )

    def greet(self, window: Window) -> bool:
        """Send a new window everything; false where there are too many windows."""
        if not self.windows.join(window):
            return False
        window.send(
            to_json(
                HelloMessage(
                    protocol=PROTOCOL,
                    version=__version__,
                    launch=self.launch,
                    case=self.about,
                    shared=self.shared.view,
                    text=self.shared.text_view,
                    digest=digest(self.shared.file_text),
                    checked=self.checks.checked,
                    file=self.open_file.state,
                    status=self.answering.status.current,
                    history=self.history.view,
                )
            ),
            is_greeting=True,
        )
        self.checks.greet(window)
        self.answering.greet(window)
        return True

    async def receive(self, window: Window, text: str) -> None:
        """Carry out a request; if that is not possible, tell that window why."""
        id: int | None = None
        try:
            request = read_request(text)
            id = request.id
            await HANDLERS[request.type].carry_out(self, window, request)
        except BackchannelError as error:
            id = error.id if isinstance(error, InvalidRequest) else id
            window.send(to_json(ErrorMessage(id=id, message=str(error))))
        except Exception as error:
            # An error of ours. The connection stays, or the page would connect and ask the same again.
            log_internal_error(error)
            text = f"{INTERNAL_ERROR} ({type(error).__name__})."
            window.send(to_json(ErrorMessage(id=id, message=text)))

    def take_step(self, step: HistoryStep) -> None:
        """Tell windows of a step that was undone or redone, and solve what it changes."""
        if step.text is not None:
            self.broadcasts.text()
            self.checks.check()
        for key in step.what_ifs:
            self.answering.what_ifs.forget(key)
        self.broadcasts.shared()
        self.broadcasts.history()
        if step.shifts:
            self.schedule.solve_quickly()
            self.schedule.solve_later_if_back()
        back = {
            key: self.shared.what_ifs[key] for key in step.what_ifs if key in self.shared.what_ifs
        }
        self.answering.what_ifs.ask_again(back)

    def _text_is_valid(self) -> None:
        """Solve a text without problems as soon as typing pauses."""
        self.shared.keep_only(set(self.facts.uncertain))
        self.broadcasts.shared_if_changed()
        self.schedule.solve_later()

    def _have_new_draws(self) -> None:
        self.answering.what_ifs.ask_again(self.shared.what_ifs)
        self.schedule.solve_later_if_back()
