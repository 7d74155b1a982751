"""The cases that are open in one server, each with a workbench of its own.

Each has an address that follows from its file, so that a page that lies open finds its case again after a restart.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from starlette.types import ASGIApp

from backchannel.language.errors import CommandError
from backchannel.web.case_facts import CaseFacts
from backchannel.web.case_file import CaseFile, key_of
from backchannel.web.checker import Checker
from backchannel.web.disk_thread import in_disk_thread
from backchannel.web.message_parts import Checked
from backchannel.web.start.recent import RecentCases
from backchannel.web.watching import watch_file
from backchannel.web.workbench import OpenedText, Workbench

MOST_OPEN = 4
"""Each has processes that check and solve, which take memory."""

MakeApp = Callable[[Workbench], ASGIApp]


class OpenCase:
    """A case that is open, from its start to its end."""

    def __init__(self, workbench: Workbench, app: ASGIApp) -> None:
        self.workbench, self.app = workbench, app
        self.first_key = workbench.open_file.file.key
        self.last_used = time.monotonic()
        self._stop = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start to solve, and to watch the file."""
        workbench = self.workbench
        workbench.start()
        self._watching = asyncio.create_task(
            watch_file(
                lambda: workbench.open_file.file.path, workbench.draft.check_file, self._stop
            )
        )

    @property
    def identity(self) -> str:
        """Its file, as the list of recent cases names it; another one after it was saved as a new file."""
        return self.workbench.open_file.file.identity

    @property
    def key(self) -> str:
        """Its part of the address."""
        return self.workbench.open_file.file.key

    @property
    def is_unsaved(self) -> bool:
        """Whether its text differs from the file."""
        return self.workbench.shared.is_unsaved

    @property
    def is_in_use(self) -> bool:
        """Whether a page shows it, or something would be lost with it."""
        shared = self.workbench.shared
        return bool(
            len(self.workbench.windows) or shared.is_unsaved or shared.shifts or shared.what_ifs
        )

    async def close(self) -> None:
        """End the watch and all processes."""
        self._stop.set()
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching
        await asyncio.to_thread(self.workbench.close)


class OpenCases:
    """All open cases of a server."""

    def __init__(
        self,
        make_app: MakeApp,
        *,
        draws: int,
        seed: int,
        recent: RecentCases,
        ledger: Path | None = None,
        cluster: str | None = None,
    ) -> None:
        """Open none yet.

        Args:
            make_app: Makes the pages of a case.
            draws: How often the uncertain numbers are drawn.
            seed: Seed of the draws.
            recent: Gets every case that is opened.
            ledger: The file of the ledger, for all of them.
            cluster: The address of a cluster on which full answers are solved; None: on this computer.
        """
        self.draws, self.seed, self.recent = draws, seed, recent
        self.ledger, self.cluster = ledger, cluster
        self._make_app = make_app
        self._open: list[OpenCase] = []
        self._turn = asyncio.Lock()
        self._remembering: set[asyncio.Task[None]] = set()
        """Entries of the list that are being written."""

    def __iter__(self) -> Iterator[OpenCase]:
        return iter(self._open)

    def add(self, workbench: Workbench) -> None:
        """Add a case that was read, and start it; from within a running event loop."""
        self._remember_soon(self._start(workbench))

    async def open_case(self, case: str, checker: Checker) -> OpenCase:
        """Open a case, or find it open.

        Args:
            case: A path, or the name of a case of the catalog.
            checker: Checks its text.

        Raises:
            CommandError: It cannot be opened; the text says why.
        """
        async with self._turn:
            file = await in_disk_thread(CaseFile.find, case)
            opened = self._by_key(file.key) or await self._open_anew(case, file, checker)
            await self._remember(opened)
            return opened

    async def find(self, key: str, checker: Checker) -> OpenCase | None:
        """The case with this key; one that was opened before a restart is opened again.

        Raises:
            CommandError: It cannot be opened again; the text says why.
        """
        opened = self._by_key(key) or next((c for c in self._open if c.first_key == key), None)
        if opened is None:
            recent = await in_disk_thread(self.recent.newest_first)
            named = next((entry.case for entry in recent if key_of(entry.case) == key), None)
            opened = None if named is None else await self.open_case(named, checker)
        if opened is not None:
            opened.last_used = time.monotonic()
        return opened

    async def close(self) -> None:
        """Close all of them."""
        await asyncio.gather(*(opened.close() for opened in self._open))

    def kill(self) -> bool:
        """End all processes at once; says whether they have ended."""
        # All of them, before any answer.
        ends = [opened.workbench.close() for opened in self._open]
        return all(ends)

    def _remember_soon(self, opened: OpenCase) -> None:
        task = asyncio.create_task(self._remember(opened))
        self._remembering.add(task)
        task.add_done_callback(self._remembering.discard)

    async def _remember(self, opened: OpenCase) -> None:
        with suppress(CommandError):  # The disk does not answer.
            await in_disk_thread(self.recent.add, opened.identity, opened.workbench.facts.title)

    def _start(self, workbench: Workbench) -> OpenCase:
        opened = OpenCase(workbench, self._make_app(workbench))
        self._open.append(opened)
        opened.start()
        workbench.on_saved = lambda: self._remember_soon(opened)
        return opened

    async def _open_anew(self, case: str, file: CaseFile, checker: Checker) -> OpenCase:
        await self._make_room()
        on_disk = await in_disk_thread(file.read)
        if on_disk is None:
            raise CommandError(f"{case} is not there.")
        head = {
            "do": "check",
            "file": str(file.path),
            "name": file.name,
            "revision": 0,
            "is_sketched": False,
        }
        result, outline = await checker.run(head, on_disk.text)
        opened = OpenedText(
            on_disk,
            Checked.model_validate(result["checked"]),
            result["facts"] and CaseFacts.model_validate(result["facts"]),
            [message for message in outline if message],
        )
        workbench = Workbench(
            file, opened, draws=self.draws, seed=self.seed, ledger=self.ledger, cluster=self.cluster
        )
        return self._start(workbench)

    def _by_key(self, key: str) -> OpenCase | None:
        return next((opened for opened in self._open if opened.key == key), None)

    async def _make_room(self) -> None:
        """Close the case that nobody has looked at for the longest time, if too many are open.

        Raises:
            CommandError: All of them are in use.
        """
        if len(self._open) < MOST_OPEN:
            return
        idle = [opened for opened in self._open if not opened.is_in_use]
        if not idle:
            names = ", ".join(opened.workbench.facts.title for opened in self._open)
            raise CommandError(
                f"{MOST_OPEN} cases are open: {names}. Close the page of one of them; where its text is not "
                "saved, or sliders or what-ifs stand in it, save or reset them first."
            )
        oldest = min(idle, key=lambda opened: opened.last_used)
        self._open.remove(oldest)
        await oldest.close()
