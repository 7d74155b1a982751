"""Aside: in a thread that nobody waits for at the end, for what a disk may hold up for ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

from backchannel.language.errors import CommandError

PATIENCE = 5.0
"""Seconds that a disk may take."""

P = ParamSpec("P")
T = TypeVar("T")


async def aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do something in a thread of its own, which ends with the process.

    Raises:
        CommandError: It takes too long; it may still be done, later.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if found.done():
            return
        if error is not None:
            found.set_exception(error)
        else:
            found.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        try:
            result, error = work(*args, **kwargs), None
        except BaseException as caught:
            result, error = None, caught
        with suppress(RuntimeError):  # The loop is closed.
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="disk", daemon=True).start()
    try:
        return await asyncio.wait_for(found, PATIENCE)
    except TimeoutError:
        raise CommandError(f"The disk has not answered for {PATIENCE:g} seconds.") from None
