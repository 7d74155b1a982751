"""The checker, as the server sees it: a process that does one task at a time, each in bounded time.

A task that takes too long, too much memory or the whole process with it is told in words, and the next
one finds a new process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from backchannel.language.errors import CommandError
from backchannel.web.frames import Head
from backchannel.web.worker import Post, Worker

MODULE = "backchannel.web.checking_child"
MOST_SECONDS = 10.0
"""That one task may take."""
SECONDS_WHEN_OLD = 2.0
"""That it may take once nobody wants it any more. Less would end a process, and have another start, for
every letter that is typed into a large case."""
SECONDS_TO_START = 60.0
LOOKS_EVERY = 0.1
"""Seconds between two looks at the clock."""
SMALLER = "Make it shorter or simpler, or take back the last change; what was typed is kept."

Found = tuple[Head, list[str]]


class NotDone(CommandError):
    """A task that was not done, and why; nothing of what was typed is lost."""


class Checker:
    """One such process, started again whenever it had to end."""

    def __init__(self, post: Post) -> None:
        """Start it, from within a running event loop.

        Args:
            post: Runs something in the thread of that loop.
        """
        self._post = post
        self._turn = asyncio.Lock()
        self._found: asyncio.Future[Found] | None = None
        self._is_ready = False
        self._is_closed = False
        self._worker: Worker | None = None
        self._start()

    async def do(
        self, head: Head, *texts: str, is_old: Callable[[], bool] = lambda: False
    ) -> Found:
        """Do a task, after those that were asked for before.

        Args:
            head: What is to be done.
            texts: With what.
            is_old: Asked again and again: is it no longer wanted?

        Raises:
            NotDone: It took too long, or the process ended.
            CommandError: It cannot be done; the text says why.
        """
        async with self._turn:
            found = await self._run({**head, "seconds": MOST_SECONDS}, texts, is_old)
        match found[0].get("is"):
            case "refused":
                raise CommandError(found[0]["why"])
            case "mistake":
                raise NotDone(
                    f"Something went wrong inside Backchannel ({found[0]['why']}), so this text could "
                    "not be checked. What was typed is kept."
                )
            case "out of memory":
                self._restart()
                raise NotDone(f"This text takes too much memory to check. {SMALLER}")
        return found

    def close(self) -> Worker | None:
        """End it; what is asked for from now on is not done."""
        self._is_closed = True
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
        return worker

    async def _run(self, head: Head, texts: tuple[str, ...], is_old: Callable[[], bool]) -> Found:
        if self._worker is None:
            self._start()
        loop = asyncio.get_running_loop()
        found = self._found = loop.create_future()
        if self._worker is not None:
            self._worker.send(head, *texts)
        asked, began = loop.time(), None
        try:
            while not found.done():
                await asyncio.wait({found}, timeout=LOOKS_EVERY)
                if began is None and self._is_ready:
                    began = loop.time()
                most = SECONDS_WHEN_OLD if is_old() else MOST_SECONDS
                if began is not None and loop.time() - began > most:
                    why = f"takes too long to check (more than {MOST_SECONDS:g} seconds)"
                elif began is None and loop.time() - asked > SECONDS_TO_START:
                    why = "could not be checked: the process that checks does not start"
                else:
                    continue
                break
            else:
                return found.result()
        finally:
            self._found = None
            if not found.done():
                self._restart()
        raise NotDone(f"This text {why}. {SMALLER}")

    def _start(self) -> None:
        if not self._is_closed:
            self._is_ready = False
            self._worker = Worker(MODULE, self._post, heard=self._heard, ended=self._ended)

    def _restart(self) -> None:
        if self._worker is not None:
            self._worker.kill()
        self._worker = None
        self._start()

    def _heard(self, worker: Worker, head: Head, texts: list[str]) -> None:
        if worker is not self._worker:
            return
        if head.get("is") == "ready":
            self._is_ready = True
        elif self._found is not None and not self._found.done():
            self._found.set_result((head, texts))

    def _ended(self, worker: Worker, why: str) -> None:
        if worker is not self._worker:
            return
        was_ready, self._worker = self._is_ready, None
        if self._found is not None and not self._found.done():
            self._found.set_exception(
                NotDone(
                    f"This text could not be checked: the process that checks ended ({why}). {SMALLER}"
                )
            )
        if was_ready:  # One that cannot even start is not tried again and again.
            self._start()
