"""The workbench: takes what windows ask for, one request after the other, and tells everyone.

All of it runs in the thread of the event loop, so that requests have one order. Nothing here takes time
that a case text could make long: texts are checked and solved in processes of their own (`checker`,
`solver`), and disks are waited for in threads (`aside`).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from backchannel import __version__
from backchannel.language.errors import BackchannelError, CommandError
from backchannel.language.names import did_you_mean
from backchannel.web import messages
from backchannel.web.answering import Answering, Wanted
from backchannel.web.case_file import CaseFile
from backchannel.web.checker import Checker
from backchannel.web.desk import Desk, digest
from backchannel.web.draft import Draft
from backchannel.web.messages import About, Facts, Nonsense, read_request, with_id, written
from backchannel.web.mistakes import note_mistake
from backchannel.web.papers import Papers, proposal
from backchannel.web.solver import CaseText
from backchannel.web.windows import Window, Windows

MISTAKE = "Something went wrong inside Backchannel, and this was not done"
PAUSE = 0.6
"""Seconds without typing before a valid text is solved."""
A_MOMENT = 0.3
"""Seconds that saving waits for a text to be checked."""
MOST_COMPARED = 2_000
"""Names among which the nearest spelling is looked for."""


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
        self._solved_for = ""
        """The case that whole answers were asked for last."""
        self._solve_later: asyncio.TimerHandle | None = None
        self._answering: Answering | None = None
        self._checkers: tuple[Checker, ...] = ()

    @property
    def facts(self) -> Facts:
        """What is known of the case in the last text without problems."""
        return self.draft.facts

    @property
    def answering(self) -> Answering:
        """What solves; there once the workbench has been started."""
        assert self._answering is not None
        return self._answering

    def start(self) -> None:
        """Begin to solve; from within a running event loop."""
        loop = asyncio.get_running_loop()

        def post(work: Callable[[], None]) -> None:
            with suppress(RuntimeError):  # The loop may have ended before everything else has.
                loop.call_soon_threadsafe(work)

        # What is asked for while a text is being checked does not wait for it.
        self._checkers = Checker(post), Checker(post)
        self.draft.start(self._checkers[0])
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
        """End everything at once, whatever it does; says whether it has ended."""
        if self._solve_later is not None:
            self._solve_later.cancel()
        ends = [*self._checkers, *([self._answering] if self._answering else [])]
        workers = [one.close() for one in ends]  # All of them, before any is waited for.
        return all(worker is None or worker.wait() for worker in workers)

    @property
    def about(self) -> About:
        """Which case is open, and how."""
        file = self.papers.file
        return About(
            name=file.name,
            title=self.facts.title,
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
            ),
            is_greeting=True,
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
                self._check_shifts(request.changes)
                if request.changes:
                    self.desk.move(request.changes)
                self._tell_desk(window, id)
                if request.solve:
                    self._solve_quickly()
            case messages.Solve():
                self._solve_quickly()
                window.say(written("done", id))
            case messages.AskWhatIf():
                self._ask(window, request)
            case messages.Drop():
                self.desk.drop(request.key)
                self.answering.forget(request.key)
                self._tell_desk(window, id)
            case messages.Edit():
                self.draft.edit(window, request)
            case messages.AskChanges():
                window.say(written("changes", id, **await self._changes(request)))
            case messages.Save():
                await self._save(window, request)
            case messages.Reset():
                self._reset(window, request)
            case messages.Plain(type="refresh"):
                self._solve()
                window.say(written("done", id))
            case messages.Plain(type="reload"):
                await self.draft.reload()
                window.say(written("done", id))
            case messages.Plain(type="keep"):
                await self.draft.stay()
                window.say(written("done", id))

    def _reset(self, window: Window, request: messages.Reset) -> None:
        typed = self.desk.is_unsaved and request.what in ("text", "all")
        for key in list(self.desk.what_ifs) if request.what in ("what_ifs", "all") else ():
            self.answering.forget(key)
        self.desk.clear(request.what)
        self._tell_desk(window, request.id)
        if request.what in ("shifts", "all"):
            self._solve_quickly()
        if typed:
            self.draft.tell_text()
            self.draft.check()

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
        self.draft.check()

    def _text_is_fine(self) -> None:
        """A text without problems is solved once nobody types any more."""
        before = len(self.desk.shifts)
        self.desk.keep_only(set(self.facts.uncertain))
        if len(self.desk.shifts) != before:
            self._tell_desk()
        if self._solve_later is not None:
            self._solve_later.cancel()
        loop = asyncio.get_running_loop()
        self._solve_later = loop.call_later(PAUSE, self._solve_if_new)

    @property
    def _wanted(self) -> Wanted:
        case = CaseText(self.draft.fine_text, self.papers.file.path.name)
        return Wanted(case, self.facts, dict(self.desk.shifts), self.desk.text_revision)

    def _solve_quickly(self) -> None:
        self.answering.answer_quickly(self._wanted)

    def _solve_if_new(self) -> None:
        if self.facts.case != self._solved_for:
            self._solve()

    def _solve(self) -> None:
        whole = self.answering.whole
        if whole is not None and whole.of.facts.case != self.facts.case:
            if whole.of.facts.shape == self.facts.shape:
                self._solve_quickly()
            else:
                self.answering.cancel_quick()
        self._solved_for = self.facts.case
        self.answering.answer_all(self._wanted)

    def _check_shifts(self, changes: Mapping[str, float | None]) -> None:
        known = set(self.facts.uncertain)
        for name, score in changes.items():
            if score is not None and name not in known:
                near = self.facts.uncertain if len(known) <= MOST_COMPARED else []
                hint = did_you_mean(name, near)
                raise CommandError(f"No uncertain assumption is called '{name}'.{hint}")

    def _ask(self, window: Window, request: messages.AskWhatIf) -> None:
        asked = request.asked

        def refused() -> None:
            if self.desk.what_ifs.get(asked.key) is asked:
                self.desk.drop(asked.key)
                self._tell_desk()

        self.answering.ask(asked, self._wanted, window, request.id, refused)
        self.desk.put(asked)
        self._tell_desk()

    async def _changes(self, request: messages.AskChanges) -> dict[str, Any]:
        is_checked = await self.draft.wait(A_MOMENT)
        if request.what == "shifts" and not is_checked:
            raise CommandError("The text is still being checked. Try again in a moment.")
        checked = self.draft.checked if is_checked else None
        if request.what == "shifts" and self.draft.checked.problems:
            raise CommandError("The text has problems. Mend them first, then save the sliders.")
        return await self.papers.changes(
            self.desk.copy(), request.what, request.path, checker=self._checkers[1], checked=checked
        )

    def _tell_desk(self, window: Window | None = None, id: int | None = None) -> None:
        message = written("desk", desk=self.desk.shown)
        if window is not None and id is not None:
            window.say(with_id(message, id))
            self.windows.tell_but(message, {window})
        else:
            self.windows.tell(message)
