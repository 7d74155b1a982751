"""Carry out what the start page asks for: list cases, open one, write a new one."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from backchannel.case.catalog import catalog, find_case
from backchannel.files.durable import write_new
from backchannel.language.errors import BackchannelError, CommandError
from backchannel.web.checker import Checker
from backchannel.web.disk_thread import in_disk_thread
from backchannel.web.internal_errors import log_internal_error
from backchannel.web.open_cases import OpenCases
from backchannel.web.start.messages import (
    ComposedMessage,
    ComposePatterns,
    ForgetCase,
    LibraryMessage,
    ListLibrary,
    LookAround,
    NewEmpty,
    NewFromPatterns,
    NewFromText,
    NewFromTree,
    OpenCaseRequest,
    OpenedMessage,
    RecentCaseView,
    StartAnswer,
    StartErrorMessage,
    StartMessage,
    StartRequest,
)
from backchannel.web.start.new_files import (
    check_case_path,
    check_tree_path,
    empty_case,
    place_for_new_case,
)
from backchannel.web.start.recent import RecentCase
from backchannel.web.text_files import bring_text

MOST_CHARACTERS = 100_000
"""Of one request."""
INTERNAL_ERROR = "Something went wrong inside Backchannel, and this was not done"
_REQUEST: TypeAdapter[StartRequest] = TypeAdapter(StartRequest)


class StartPage:
    """Answers the requests of the start page, one after the other."""

    def __init__(self, cases: OpenCases, checker: Checker, *, folder: Path) -> None:
        """Take the cases that are open.

        Args:
            cases: Opens cases.
            checker: A process that reads cases, patterns and trees (`start_child`).
            folder: The working directory, where new files are written.
        """
        self.cases, self._checker, self.folder = cases, checker, folder
        self._library: LibraryMessage | None = None

    async def answer(self, text: str) -> StartAnswer:
        """Answer a request; what cannot be done is told in words."""
        try:
            return await self._carry_out(_REQUEST.validate_json(text))
        except ValidationError:
            return StartErrorMessage(
                message="This request is not valid: a text is missing or too long."
            )
        except BackchannelError as error:
            return StartErrorMessage(message=str(error))
        except Exception as error:  # An error of ours.
            log_internal_error(error)
            return StartErrorMessage(message=f"{INTERNAL_ERROR} ({type(error).__name__}).")

    async def _carry_out(self, request: StartRequest) -> StartAnswer:
        match request:
            case LookAround():
                return await self._look()
            case ListLibrary():
                return await self._list_library()
            case ForgetCase():
                await in_disk_thread(self.cases.recent.forget, request.case)
                return await self._look()
            case OpenCaseRequest():
                if request.case not in catalog():
                    await in_disk_thread(check_case_path, request.case)
                return await self._open(request.case)
            case NewFromPatterns():
                path = await in_disk_thread(place_for_new_case, request.path, self.folder)
                composed = await self._compose(request)
                return await self._write(path, composed.text)
            case ComposePatterns():
                return await self._compose(request)
            case NewFromTree():
                path = await in_disk_thread(place_for_new_case, request.path, self.folder)
                tree = await in_disk_thread(check_tree_path, request.tree)
                _, (text,) = await self._checker.run({"do": "tree", "tree": str(tree)})
                return await self._write(path, text, access_of=tree)
            case NewEmpty():
                path = await in_disk_thread(place_for_new_case, request.path, self.folder)
                return await self._write(path, empty_case(request.title, date.today()))
            case NewFromText():
                return await self._write_from_text(request)

    async def _look(self) -> StartMessage:
        recent = await in_disk_thread(self.cases.recent.newest_first)
        states = {case.identity: "unsaved" if case.is_unsaved else "open" for case in self.cases}
        listed = await in_disk_thread(lambda: [_view(entry, states) for entry in recent])
        return StartMessage(folder=str(self.folder), recent=listed)

    async def _list_library(self) -> LibraryMessage:
        if self._library is None:
            _, (listed,) = await self._checker.run({"do": "library"})
            self._library = LibraryMessage.model_validate_json(listed)
        return self._library

    async def _compose(self, request: ComposePatterns) -> ComposedMessage:
        head = {
            "do": "compose",
            "title": request.title,
            "patterns": request.patterns,
            "roles": request.roles,
        }
        _, (composed,) = await self._checker.run(head)
        return ComposedMessage.model_validate_json(composed)

    async def _open(self, case: str) -> OpenedMessage:
        opened = await self.cases.open_case(case, self._checker)
        return OpenedMessage(address=opened.workbench.about.address)

    async def _write_from_text(self, request: NewFromText) -> OpenedMessage:
        path = await in_disk_thread(place_for_new_case, request.path, self.folder)
        day = _day(request.as_of)
        brought = await bring_text(request.text, path.parent, self._checker, from_elsewhere=True)
        try:
            text = empty_case(request.title, day, text=brought.file)
            return await self._write(path, text)
        except CommandError:
            await in_disk_thread(brought.take_back)
            raise

    async def _write(self, path: Path, text: str, access_of: Path | None = None) -> OpenedMessage:
        await in_disk_thread(write_new, path, text, access_of=access_of)
        return await self._open(str(path))


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed) if typed else date.today()
    except ValueError:
        raise CommandError(f"{typed} is not a date. Write it as in 2031-04-02.") from None


def _view(entry: RecentCase, states: dict[str, str]) -> RecentCaseView:
    state = states.get(entry.case)
    if state is None:
        try:
            is_there = os.path.isfile(find_case(entry.case))
        except CommandError:
            is_there = False
        state = "there" if is_there else "missing"
    return RecentCaseView.model_validate(
        {
            "case": entry.case,
            "title": entry.title,
            "opened": datetime.fromtimestamp(entry.at, UTC).date().isoformat(),
            "state": state,
        }
    )
