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
from backchannel.web.checking import all_fine, check_text, runnable
from backchannel.web.desk import Desk, digest
from backchannel.web.live import is_alike
from backchannel.web.messages import About, FileState, Nonsense, read_request, with_id, written
from backchannel.web.papers import Papers, proposal
from backchannel.web.windows import Window, Windows

PAUSE = 0.6
"""Seconds without typing before a valid text is solved."""
LOOKS_EVERY = 1.0
"""Seconds between looks at the file where the system does not tell of changes."""


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
        self.lowered = runnable(on_disk.text, file=file.path.name)
        """The case in the last text without problems."""
        self.checked = all_fine(self.lowered, revision=0)
        self._solved_for: Lowered | None = None
        self._solve_later: asyncio.TimerHandle | None = None
        self._answering: Answering | None = None

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
                checked=self.checked,
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
                await self._edit(window, request)
            case messages.AskChanges():
                found = await asyncio.to_thread(
                    self.papers.changes, self.desk, self._runnable(request.what), request.what,
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
                await self._reload()
                window.say(written("done", id))
            case messages.Plain(type="keep"):
                self._stay()
                window.say(written("done", id))

    # The text

    async def _edit(self, window: Window, request: messages.Edit) -> None:
        self.desk.type_in(request.text)
        if request.base and request.base != digest(self.desk.file_text) and self.desk.is_unsaved:
            self._tell_file(
                FileState(
                    state="changed",
                    note="What was typed here began from another state of the file. Look at the "
                    "changes before you save.",
                    choices=["reload", "keep"],
                )
            )
        shown = self.desk.shown_text
        window.say(
            written("typed", request.id, revision=shown["revision"], unsaved=shown["unsaved"])
        )
        message = written("text", text=shown, digest=digest(self.desk.file_text))
        self.windows.tell_but(message, {window})
        await self._check()

    async def _check(self) -> None:
        """Check the text on the desk; a valid one is solved once nobody types any more."""
        revision = self.desk.text_revision
        reading = await asyncio.to_thread(
            check_text, self.desk.text, file=self.papers.file.path.name, revision=revision
        )
        if self.desk.text_revision != revision:
            return  # Somebody has typed on, and that is checked as well.
        self.checked = reading.checked
        self.windows.tell(written("checked", checked=reading.checked))
        if reading.lowered is None:
            return
        if reading.lowered.case != self.lowered.case:
            self.lowered = reading.lowered
            before = len(self.desk.shifts)
            self.desk.keep_known(self.lowered.priors)
            if len(self.desk.shifts) != before:
                self._tell_desk()
        if self._solve_later is not None:
            self._solve_later.cancel()
        loop = asyncio.get_running_loop()
        self._solve_later = loop.call_later(PAUSE, self._solve_if_new)

    async def _reset(self, window: Window, request: messages.Reset) -> None:
        typed = self.desk.is_unsaved and request.what in ("text", "all")
        for key in list(self.desk.what_ifs) if request.what in ("what_ifs", "all") else ():
            self.answering.forget(key)
        self.desk.clear(request.what)
        self._tell_desk(window, request.id)
        if request.what in ("shifts", "all"):
            self._solve_quickly()
        if typed:
            self._tell_text()
            await self._check()

    # The file

    async def look(self) -> None:
        """See whether the file has changed, and take it where nothing unsaved would be lost."""
        try:
            found = await asyncio.to_thread(self.papers.look)
        except CommandError as error:
            state = FileState(state="gone", note=f"{error} What is on the desk is kept.")
            if state != self.papers.state:
                self._tell_file(state)
            return
        name = self.papers.file.path.name
        if found == "same":
            if self.papers.state.state == "gone" and self.papers.file.path.exists():
                self._tell_file(FileState(note=f"{name} is back, as it was."))
            return
        if found is None:
            self._tell_file(
                FileState(
                    state="gone",
                    note=f"{name} was deleted or moved. What is on the desk is kept; saving writes "
                    "the file again.",
                )
            )
        elif found.text == self.desk.file_text or found.text == self.desk.text:
            self.desk.file_text = found.text
            back = f"{name} is back, as it was." if self.papers.state.state == "gone" else ""
            self._tell_file(FileState(note=back))
            self._tell_text()
        elif self.desk.is_unsaved:
            self._tell_file(
                FileState(
                    state="changed",
                    note=f"{name} was changed on disk. What was typed here is kept and not saved.",
                    choices=["reload", "keep"],
                )
            )
        else:
            self._tell_file(FileState(note=f"{name} was changed on disk and has been read again."))
            await self._take(found.text)

    async def _reload(self) -> None:
        found = await asyncio.to_thread(self.papers.file.read)
        if found is None:
            raise CommandError(
                f"{self.papers.file.path.name} is not there. What is on the desk is kept."
            )
        self.papers.seen(found.text)
        self._tell_file(FileState())
        await self._take(found.text)

    async def _take(self, text: str) -> None:
        self.desk.take_file(text)
        self._tell_text()
        await self._check()

    def _stay(self) -> None:
        """Stay with what was typed: from now on it differs from the file as it is."""
        found = self.papers.file.read()
        if found is not None:
            self.desk.file_text = found.text
            self.papers.seen(found.text)
        self._tell_file(FileState())
        self._tell_text()

    async def _save(self, window: Window, request: messages.Save) -> None:
        ticket = await asyncio.to_thread(self.papers.save, request.ticket)
        self.desk.file_text = ticket.text
        if self.desk.text == ticket.drafted:  # Nobody has typed on meanwhile.
            self.desk.take_file(ticket.text)
        for name in ticket.written:
            self.desk.shifts.pop(name, None)
        self.desk.revision += 1
        self._tell_file(FileState())
        self._tell_text()
        self._tell_desk()
        path = str(ticket.target.path)
        message = written("saved", path=path, note=f"Wrote {path}.", case=self.about)
        window.say(with_id(message, request.id))
        self.windows.tell_but(message, {window})
        await self._check()

    # Solving

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
        if what == "shifts" and self.checked.problems:
            raise CommandError("The text has problems. Mend them first, then save the sliders.")
        return self.lowered

    # Telling

    def _tell_desk(self, window: Window | None = None, id: int | None = None) -> None:
        message = written("desk", desk=self.desk.shown)
        if window is not None and id is not None:
            window.say(with_id(message, id))
            self.windows.tell_but(message, {window})
        else:
            self.windows.tell(message)

    def _tell_text(self) -> None:
        self.windows.tell(
            written("text", text=self.desk.shown_text, digest=digest(self.desk.file_text))
        )

    def _tell_file(self, state: FileState) -> None:
        self.papers.state = state
        self.windows.tell(written("file", file=state))
