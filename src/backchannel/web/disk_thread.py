"""Run disk work in a thread that the server does not wait for at its end: a disk may never answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

from backchannel.language.errors import CommandError

PATIENCE = 5.0
"""Seconds to wait for a disk."""

P = ParamSpec("P")
T = TypeVar("T")


async def in_disk_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function in a thread of its own, which ends with the process.

    Raises:
        CommandError: It takes too long. It may still finish later.
    """
    loop = asyncio.get_running_loop()
    finished: asyncio.Future[T] = loop.create_future()

    def succeed(result: T) -> None:
        if not finished.done():
            finished.set_result(result)

    def fail(error: BaseException) -> None:
        if not finished.done():
            finished.set_exception(error)

    def run() -> None:
        with suppress(RuntimeError):  # The loop is closed.
            try:
                result = work(*args, **kwargs)
            except BaseException as error:
                loop.call_soon_threadsafe(fail, error)
            else:
                loop.call_soon_threadsafe(succeed, result)

    threading.Thread(target=run, name="disk", daemon=True).start()
    try:
        return await asyncio.wait_for(finished, PATIENCE)
    except TimeoutError:
        raise CommandError(f"The disk has not answered for {PATIENCE:g} seconds.") from None
