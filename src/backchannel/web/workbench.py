"""The workbench: takes what windows ask for, one request after the other, and tells everyone.

All of it runs in the thread of the event loop, so that requests have one order; what takes long is
done elsewhere (`answering`, a thread for checks) and comes back to this thread.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable

from backchannel import __version__
from backchannel.case.lower import Lowered
from backchannel.case.shifted import check_shifts
from backchannel.errors import BackchannelError, CommandError
from backchannel.web import messages
from backchannel.web.answering import Answering
from backchannel.web.case_file import CaseFile
from backchannel.web.desk import Desk, digest
from backchannel.web.draft import Draft
from backchannel.web.live import is_alike
from backchannel.web.messages import About, Nonsense, read_request, with_id, written
from backchannel.web.mistakes import note_mistake
from backchannel.web.papers import Papers, proposal
from backchannel.web.windows import Window, Windows

MISTAKE = "Something went wrong inside Backchannel, and this was not done"
PAUSE = 0.6
"""Seconds without typing before a valid text is solved."""


class Workbench:
    """One case, shared by every window that is open on it."""

    def __init__(self, file: CaseFile, *, draws: int, seed: int) -> None:
        """Open a case.

        Raises:
            CommandError: There is no such file.
            CaseError: The case is wrong; every problem is listed.
        """
        on_disk = file.read()
        if on_disk is None:
            raise CommandError(f"{file.given} is not there.")
        self.draws, self.seed = draws, seed
        self.launch = secrets.token_hex(8)
        self.windows = Windows()
        self.desk = Desk(on_disk.text)
        self.papers = Papers(file, on_disk)
        self.draft = Draft(self.desk, self.papers, self.windows, is_fine=self._text_is_fine)
        self._solved_for: Lowered | None = None
        self._solve_later: asyncio.TimerHandle | None = None
        self._answering: Answering | None = None

    @property
    def lowered(self) -> Lowered:
        """The case in the last text without problems."""
        return self.draft.lowered

    @property
    def answering(self) -> Answering:
        """What solves; there once the workbench has been started."""
        assert self._answering is not None
        return self._answering

    def start(self) -> None:
        """Begin to solve; from within a running event loop."""
        loop = asyncio.get_running_loop()

        def post(work: Callable[[], None]) -> None:
            # A job may end after everything else has.
            if not loop.is_closed():
                loop.call_soon_threadsafe(work)

        self._answering = Answering(
            self.windows,
            post,
            name=self.papers.file.name,
            draws=self.draws,
            seed=self.seed,
            settled=lambda: self.answering.ask_again(self.desk.what_ifs),
        )
        self._solve()

    def close(self) -> bool:
        """End; says whether everything has ended."""
        if self._solve_later is not None:
            self._solve_later.cancel()
        return self._answering is None or self._answering.close()

    @property
    def about(self) -> About:
        """Which case is open, and how."""
        file = self.papers.file
        return About(
            name=file.name,
            title=self.lowered.case.case,
            path=file.given,
            editable=self.papers.is_editable,
            save_as=proposal(file),
            draws=self.draws,
            seed=self.seed,
        )

    def greet(self, window: Window) -> bool:
        """Tell a new window everything; false where there are too many."""
        if not self.windows.join(window):
            return False
        window.say(
            written(
                "hello",
                protocol=messages.PROTOCOL,
                version=__version__,
                launch=self.launch,
                case=self.about,
                desk=self.desk.shown,
                text=self.desk.shown_text,
                digest=digest(self.desk.file_text),
                checked=self.draft.checked,
                file=self.papers.state,
                status=self.answering.status,
            )
        )
        self.answering.tell_all(window)
        return True

    async def hear(self, window: Window, text: str) -> None:
        """Do what a window asks for; what cannot be done is told to that window alone."""
        id: int | None = None
        try:
            request = read_request(text)
            id = request.id
            await self._do(window, request)
        except BackchannelError as error:
            id = error.id if isinstance(error, Nonsense) else id
            window.say(written("error", id, message=str(error)))
        except Exception as error:
            # A mistake of ours; the line stays, or the page would come back and ask the same again.
            note_mistake(error)
            window.say(written("error", id, message=f"{MISTAKE} ({type(error).__name__})."))

    async def _do(self, window: Window, request: messages.AnyRequest) -> None:
        id = request.id
        match request:
            case messages.Shift():
                moved = {n: score for n, score in request.changes.items() if score is not None}
                check_shifts(self.lowered, moved)
                if request.changes:
                    self.desk.move(request.changes)
                self._tell_desk(window, id)
                if request.solve:
                    self._solve_quickly()
            case messages.Solve():
                self._solve_quickly()
                window.say(written("done", id))
            case messages.AskWhatIf():
                self.answering.ask(request.asked, self.lowered, window, id)
                self.desk.put(request.asked)
                self._tell_desk()
            case messages.Drop():
                self.desk.drop(request.key)
                self.answering.forget(request.key)
                self._tell_desk(window, id)
            case messages.Edit():
                await self.draft.edit(window, request)
            case messages.AskChanges():
                found = await asyncio.to_thread(
                    self.papers.changes, self.desk.copy(), self._runnable(request.what), request.what,
                    request.path,
                )  # fmt: skip
                window.say(written("changes", id, **found))
            case messages.Save():
                await self._save(window, request)
            case messages.Reset():
                await self._reset(window, request)
            case messages.Plain(type="refresh"):
                self._solve()
                window.say(written("done", id))
            case messages.Plain(type="reload"):
                await self.draft.reload()
                window.say(written("done", id))
            case messages.Plain(type="keep"):
                self.draft.stay()
                window.say(written("done", id))

    async def _reset(self, window: Window, request: messages.Reset) -> None:
        typed = self.desk.is_unsaved and request.what in ("text", "all")
        for key in list(self.desk.what_ifs) if request.what in ("what_ifs", "all") else ():
            self.answering.forget(key)
        self.desk.clear(request.what)
        self._tell_desk(window, request.id)
        if request.what in ("shifts", "all"):
            self._solve_quickly()
        if typed:
            self.draft.tell_text()
            await self.draft.check()

    async def _save(self, window: Window, request: messages.Save) -> None:
        ticket = await self.draft.save(request.ticket)
        for name in ticket.written:
            self.desk.shifts.pop(name, None)
        self.desk.revision += 1
        self._tell_desk()
        self.answering.name = self.papers.file.name
        path = str(ticket.target.path)
        message = written("saved", path=path, note=f"Wrote {path}.", case=self.about)
        window.say(with_id(message, request.id))
        self.windows.tell_but(message, {window})
        await self.draft.check()

    def _text_is_fine(self) -> None:
        """A text without problems is solved once nobody types any more."""
        before = len(self.desk.shifts)
        self.desk.keep_only({n for n, prior in self.lowered.priors.items() if not prior.is_fixed})
        if len(self.desk.shifts) != before:
            self._tell_desk()
        if self._solve_later is not None:
            self._solve_later.cancel()
        loop = asyncio.get_running_loop()
        self._solve_later = loop.call_later(PAUSE, self._solve_if_new)

    def _solve_quickly(self) -> None:
        self.answering.answer_quickly(self.lowered, self.desk.shifts, self.desk.text_revision)

    def _solve_if_new(self) -> None:
        if self._solved_for is None or self.lowered.case != self._solved_for.case:
            self._solve()

    def _solve(self) -> None:
        whole = self.answering.whole
        if whole is not None and whole.solved.lowered is not self.lowered:
            if is_alike(whole.solved.lowered, self.lowered):
                self._solve_quickly()
            else:
                self.answering.cancel_quick()
        self._solved_for = self.lowered
        self.answering.answer_all(self.lowered, self.desk.shifts, self.desk.text_revision)

    def _runnable(self, what: str) -> Lowered:
        if what == "shifts" and self.draft.checked.problems:
            raise CommandError("The text has problems. Mend them first, then save the sliders.")
        return self.lowered

    def _tell_desk(self, window: Window | None = None, id: int | None = None) -> None:
        message = written("desk", desk=self.desk.shown)
        if window is not None and id is not None:
            window.say(with_id(message, id))
            self.windows.tell_but(message, {window})
        else:
            self.windows.tell(message)
