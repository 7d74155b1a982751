"""The server's handle on the process that checks: one task at a time, each within a time limit.

A task that takes too long, takes too much memory or ends the process becomes an error message, and the next task
gets a new process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from backchannel.language.errors import CommandError
from backchannel.web.frames import FrameHead
from backchannel.web.worker import Post, Worker

MODULE = "backchannel.web.checking_child"
MOST_SECONDS = 10.0
"""Time limit of one task."""
SECONDS_WHEN_OUTDATED = 2.0
"""Time limit once a newer task is waiting. With a shorter one, typing fast into a large case would end and start
a process for every letter."""
SECONDS_TO_START = 60.0
POLL_SECONDS = 0.1
"""Seconds between two checks of the time."""
ADVICE = "Make it shorter or simpler, or undo the last change; your text is kept."

CheckerReply = tuple[FrameHead, list[str]]


class CheckFailed(CommandError):
    """A task that failed, and why; no edit is lost."""


class Checker:
    """One such process, started again whenever it had to be ended."""

    def __init__(self, post: Post, *, module: str | None = None, starts_now: bool = True) -> None:
        """Make it, from within a running event loop.

        Args:
            post: Runs something in the thread of that loop.
            module: The module that the process runs; by default the one that checks.
            starts_now: Start the process now, not with its first task.
        """
        self._post, self._module = post, module or MODULE
        self._turn = asyncio.Lock()
        self._waiting: asyncio.Future[CheckerReply] | None = None
        self._is_ready = False
        self._is_closed = False
        self._worker: Worker | None = None
        if starts_now:
            self._start()

    async def run(
        self, head: FrameHead, *texts: str, is_outdated: Callable[[], bool] = lambda: False
    ) -> CheckerReply:
        """Run a task, after the earlier ones.

        Args:
            head: What to do.
            texts: Its input.
            is_outdated: Called again and again while it runs: whether its result is no longer wanted.

        Raises:
            CheckFailed: It took too long, or the process ended.
            CommandError: It is not possible; the text says why.
        """
        async with self._turn:
            result = await self._run_now({**head, "seconds": MOST_SECONDS}, texts, is_outdated)
        match result[0].get("is"):
            case "refused":
                raise CommandError(result[0]["why"])
            case "internal error":
                raise CheckFailed(
                    f"Something went wrong inside Backchannel ({result[0]['why']}), so this text could "
                    "not be checked. Your text is kept."
                )
            case "out of memory":
                self._restart()
                raise CheckFailed(f"This text takes too much memory to check. {ADVICE}")
        return result

    def close(self) -> Worker | None:
        """End the process; later tasks are not run."""
        self._is_closed = True
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
        return worker

    async def _run_now(
        self, head: FrameHead, texts: tuple[str, ...], is_outdated: Callable[[], bool]
    ) -> CheckerReply:
        if self._worker is None:
            self._start()
        loop = asyncio.get_running_loop()
        result = self._waiting = loop.create_future()
        if self._worker is not None:
            self._worker.send(head, *texts)
        asked, began = loop.time(), None
        try:
            while not result.done():
                await asyncio.wait({result}, timeout=POLL_SECONDS)
                if began is None and self._is_ready:
                    began = loop.time()
                most = SECONDS_WHEN_OUTDATED if is_outdated() else MOST_SECONDS
                if began is not None and loop.time() - began > most:
                    why = f"takes too long to check (more than {MOST_SECONDS:g} seconds)"
                elif began is None and loop.time() - asked > SECONDS_TO_START:
                    why = "could not be checked: the process that checks does not start"
                else:
                    continue
                break
            else:
                return result.result()
        finally:
            self._waiting = None
            if not result.done():
                self._restart()
        raise CheckFailed(f"This text {why}. {ADVICE}")

    def _start(self) -> None:
        if not self._is_closed:
            self._is_ready = False
            self._worker = Worker(
                self._module, self._post, received=self._received, ended=self._ended
            )

    def _restart(self) -> None:
        if self._worker is not None:
            self._worker.kill()
        self._worker = None
        self._start()

    def _received(self, worker: Worker, head: FrameHead, texts: list[str]) -> None:
        if worker is not self._worker:
            return
        if head.get("is") == "ready":
            self._is_ready = True
        elif self._waiting is not None and not self._waiting.done():
            self._waiting.set_result((head, texts))

    def _ended(self, worker: Worker, why: str) -> None:
        if worker is not self._worker:
            return
        was_ready, self._worker = self._is_ready, None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(
                CheckFailed(
                    f"This text could not be checked: the process that checks ended ({why}). {ADVICE}"
                )
            )
        if was_ready:  # One that cannot even start is not tried again and again.
            self._start()
