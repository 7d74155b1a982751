"""The workbench: carries out the requests of windows, one after the other, and tells every window.

All of it runs in the thread of the event loop, so that requests have one order. Nothing here takes time that a case
text could make long: texts are checked and solved in processes of their own (`checker`, `solver`), and threads wait
for disks (`disk_thread`).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress

from backchannel import __version__
from backchannel.language.errors import BackchannelError, CommandError
from backchannel.language.names import did_you_mean
from backchannel.web import requests
from backchannel.web.answering import Answering
from backchannel.web.case_facts import CaseFacts
from backchannel.web.case_file import CaseFile
from backchannel.web.checker import Checker
from backchannel.web.draft import Draft
from backchannel.web.internal_errors import log_internal_error
from backchannel.web.message_parts import About
from backchannel.web.messages import (
    PROTOCOL,
    ChangesMessage,
    DoneMessage,
    ErrorMessage,
    HelloMessage,
    SavedMessage,
    SharedMessage,
    to_json,
    with_id,
)
from backchannel.web.open_file import OpenFile, proposal
from backchannel.web.requests import InvalidRequest, Request, read_request
from backchannel.web.shared_state import SharedState, digest
from backchannel.web.solve_request import CaseText, SolveRequest
from backchannel.web.windows import Window, Windows

INTERNAL_ERROR = "Something went wrong inside Backchannel, and this was not done"
PAUSE = 0.6
"""Seconds without typing before a valid text is solved."""
CHECK_SECONDS = 0.3
"""Seconds that a request to save waits for the check of the text."""
MOST_COMPARED = 2_000
"""Names among which the nearest spelling is searched."""


class Workbench:
    """One case, shared by every window that is open on it."""

    def __init__(self, file: CaseFile, *, draws: int, seed: int, ledger: str | None = None) -> None:
        """Open a case.

        Args:
            file: Its file.
            draws: Of full answers.
            seed: Of the draws.
            ledger: A ledger whose outcomes full answers review.

        Raises:
            CommandError: There is no such file.
            CaseError: The case is wrong; every problem is listed.
        """
        on_disk = file.read()
        if on_disk is None:
            raise CommandError(f"{file.given} is not there.")
        self.draws, self.seed, self.ledger = draws, seed, ledger
        self.launch = secrets.token_hex(8)
        self.windows = Windows()
        self.shared = SharedState(on_disk.text)
        self.open_file = OpenFile(file, on_disk)
        self.draft = Draft(self.shared, self.open_file, self.windows, on_valid=self._text_is_valid)
        self._solved_for = ""
        """The case for which full answers were last requested."""
        self._solve_timer: asyncio.TimerHandle | None = None
        self._told = (self.shared.case_digest, 0)
        """The case and the number of sliders that windows were last told."""
        self._answering: Answering | None = None
        self._checkers: tuple[Checker, ...] = ()

    @property
    def facts(self) -> CaseFacts:
        """The facts of the case in the last text without problems."""
        return self.draft.facts

    @property
    def answering(self) -> Answering:
        """What solves; available once the workbench was started."""
        assert self._answering is not None
        return self._answering

    def start(self) -> None:
        """Start to solve, from within a running event loop."""
        loop = asyncio.get_running_loop()

        def post(work: Callable[[], None]) -> None:
            with suppress(RuntimeError):  # The loop may have ended before everything else has.
                loop.call_soon_threadsafe(work)

        # Two, so that showing changes does not wait for the check of a text.
        self._checkers = Checker(post), Checker(post)
        self.draft.start(self._checkers[0])
        self._answering = Answering(
            self.windows,
            post,
            name=self.open_file.file.name,
            draws=self.draws,
            seed=self.seed,
            ledger=self.ledger,
            on_new_draws=self._have_new_draws,
        )
        self._solve()

    def close(self) -> bool:
        """End all processes at once; says whether they have ended."""
        if self._solve_timer is not None:
            self._solve_timer.cancel()
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
                    checked=self.draft.checked,
                    file=self.open_file.state,
                    status=self.answering.status.current,
                )
            ),
            is_greeting=True,
        )
        self.answering.greet(window)
        return True

    async def receive(self, window: Window, text: str) -> None:
        """Carry out a request; if that is not possible, tell that window why."""
        id: int | None = None
        try:
            request = read_request(text)
            id = request.id
            await self._carry_out(window, request)
        except BackchannelError as error:
            id = error.id if isinstance(error, InvalidRequest) else id
            window.send(to_json(ErrorMessage(id=id, message=str(error))))
        except Exception as error:
            # An error of ours. The connection stays, or the page would connect and ask the same again.
            log_internal_error(error)
            text = f"{INTERNAL_ERROR} ({type(error).__name__})."
            window.send(to_json(ErrorMessage(id=id, message=text)))

    async def _carry_out(self, window: Window, request: Request) -> None:
        id = request.id
        match request:
            case requests.Shift():
                self._check_shifts(request.changes)
                if request.changes:
                    self.shared.move(request.changes)
                self._broadcast_shared(window, id)
                if request.solve:
                    self._solve_quickly()
                self._solve_later_if_back()
            case requests.Solve():
                self._solve_quickly()
                window.send(to_json(DoneMessage(id=id)))
            case requests.AskWhatIf():
                self._ask(window, request)
            case requests.Drop():
                self.shared.drop(request.key)
                self.answering.what_ifs.forget(request.key)
                self._broadcast_shared(window, id)
            case requests.Edit():
                self.draft.edit(window, request)
            case requests.AskChanges():
                changes = await self._changes(request)
                window.send(to_json(changes.model_copy(update={"id": id})))
            case requests.Save():
                await self._save(window, request)
            case requests.Reset():
                self._reset(window, request)
            case requests.SimpleRequest(type="refresh"):
                self._solve()
                window.send(to_json(DoneMessage(id=id)))
            case requests.SimpleRequest(type="reload"):
                await self.draft.reload()
                window.send(to_json(DoneMessage(id=id)))
            case requests.SimpleRequest(type="keep"):
                await self.draft.keep()
                window.send(to_json(DoneMessage(id=id)))

    def _reset(self, window: Window, request: requests.Reset) -> None:
        is_edited = self.shared.is_unsaved and request.what in ("text", "all")
        for key in list(self.shared.what_ifs) if request.what in ("what_ifs", "all") else ():
            self.answering.what_ifs.forget(key)
        self.shared.clear(request.what)
        self._broadcast_shared(window, request.id)
        if request.what in ("shifts", "all"):
            self._solve_quickly()
            self._solve_later_if_back()
        if is_edited:
            self.draft.broadcast_text()
            self.draft.check()

    async def _save(self, window: Window, request: requests.Save) -> None:
        ticket = await self.draft.save(request.ticket)
        self.shared.revision += 1
        self._broadcast_shared()
        self.answering.name = self.open_file.file.name
        path = str(ticket.target.path)
        message = to_json(SavedMessage(path=path, note=f"Wrote {path}.", case=self.about))
        window.send(with_id(message, request.id))
        self.windows.broadcast_except(message, {window})
        self.draft.check()

    def _text_is_valid(self) -> None:
        """Solve a text without problems as soon as typing pauses."""
        self.shared.keep_only(set(self.facts.uncertain))
        told = (self.shared.case_digest, len(self.shared.shifts))
        if told != self._told:
            self._broadcast_shared()
        self._solve_later()

    def _solve_later_if_back(self) -> None:
        """Once all sliders are back, give the case its own answers again where others were solved since."""
        if self._is_back:
            self._solve_later()

    def _have_new_draws(self) -> None:
        self.answering.what_ifs.ask_again(self.shared.what_ifs)
        self._solve_later_if_back()

    @property
    def _is_back(self) -> bool:
        full = self.answering.full
        is_back = full is not None and bool(full.request.shifts) and not self.shared.shifts
        return is_back and not self.answering.is_solving_fully(self._request)

    def _solve_later(self) -> None:
        if self._solve_timer is not None:
            self._solve_timer.cancel()
        loop = asyncio.get_running_loop()
        self._solve_timer = loop.call_later(PAUSE, self._solve_if_new)

    @property
    def _request(self) -> SolveRequest:
        case = CaseText(self.draft.valid_text, self.open_file.file.path.name)
        return SolveRequest(case, self.facts, dict(self.shared.shifts), self.shared.text_revision)

    def _solve_quickly(self) -> None:
        self.answering.answer_quickly(self._request)

    def _solve_if_new(self) -> None:
        if self.facts.case != self._solved_for or self._is_back:
            self._solve()

    def _solve(self) -> None:
        full = self.answering.full
        if full is not None and full.request.facts.case != self.facts.case:
            if full.request.facts.shape == self.facts.shape:
                self._solve_quickly()
            else:
                self.answering.cancel_quick()
        self._solved_for = self.facts.case
        self.answering.answer_fully(self._request)

    def _check_shifts(self, changes: Mapping[str, float | None]) -> None:
        known = set(self.facts.uncertain)
        for name, score in changes.items():
            if score is not None and name not in known:
                near = self.facts.uncertain if len(known) <= MOST_COMPARED else []
                hint = did_you_mean(name, near)
                raise CommandError(f"No uncertain assumption is called '{name}'.{hint}")

    def _ask(self, window: Window, request: requests.AskWhatIf) -> None:
        asked = request.asked

        def on_refusal() -> None:
            if self.shared.what_ifs.get(asked.key) is asked:
                self.shared.drop(asked.key)
                self._broadcast_shared()

        self.answering.what_ifs.ask(asked, self._request, window, request.id, on_refusal)
        self.answering.restore_draws()
        self.shared.add(asked)
        self._broadcast_shared()

    async def _changes(self, request: requests.AskChanges) -> ChangesMessage:
        is_checked = await self.draft.wait(CHECK_SECONDS)
        if request.what == "shifts" and not is_checked:
            raise CommandError("The text is still being checked. Try again in a moment.")
        checked = self.draft.checked if is_checked else None
        if request.what == "shifts" and self.draft.checked.problems:
            raise CommandError("The text has problems. Correct them first, then save the sliders.")
        return await self.open_file.changes(
            self.shared.copy(),
            request.what,
            request.path,
            checker=self._checkers[1],
            checked=checked,
        )

    def _broadcast_shared(self, window: Window | None = None, id: int | None = None) -> None:
        self._told = (self.shared.case_digest, len(self.shared.shifts))
        message = to_json(SharedMessage(shared=self.shared.view))
        if window is not None and id is not None:
            window.send(with_id(message, id))
            self.windows.broadcast_except(message, {window})
        else:
            self.windows.broadcast(message)
