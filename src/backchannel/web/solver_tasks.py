"""Tasks that a request waits for: the solving process runs each, and the request goes on with its result."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from backchannel.language.errors import CommandError
from backchannel.web.frames import FrameHead
from backchannel.web.solve_request import CaseText
from backchannel.web.solve_status import SolveStatus
from backchannel.web.solver import SolverTask


class SolverTasks:
    """Has the solving process run tasks."""

    def __init__(self, status: SolveStatus) -> None:
        self._status = status
        self._n_tasks = 0

    async def run(
        self,
        do: str,
        head: FrameHead,
        *texts: str,
        case: CaseText | None = None,
        queue: str = "short",
        part: Callable[[str], None] | None = None,
    ) -> list[str]:
        """Have the solving process run a task, and wait for its result.

        Args:
            do: The task, by its name in `tasks`.
            head: What it needs to know.
            texts: Its input.
            case: The case text that it needs.
            queue: Tasks of one queue run one after the other; in all but `short`, windows see that it is solving.
            part: Called with each part of the result that is known before the whole.

        Raises:
            CommandError: It is not possible; the text says why.
        """
        made: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()

        def done(task: SolverTask, texts: list[str]) -> None:
            if not made.done():
                made.set_result(texts)
            self._status.broadcast()

        def failed(why: str) -> None:
            if not made.done():
                made.set_exception(CommandError(why))
            self._status.broadcast()

        def told(task: SolverTask, texts: list[str]) -> None:
            if part is not None:
                part(texts[0])

        self._n_tasks += 1
        head = {"name": "what_if", **head, "do": do}
        self._status.put(
            SolverTask(queue, f"{do} {self._n_tasks}", head, case, done, failed, texts=list(texts),
                 part=told, report=None if queue == "short" else self._status.reporter(queue))
        )  # fmt: skip
        return await made
