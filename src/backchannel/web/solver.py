"""The server's handle on the process that solves: tasks replace older tasks with the same key.

A task that is replaced while it runs is told to stop. If it does not stop, and newer tasks wait for it, the process
is ended, and a new one gets the tasks that are still needed. If the process ends by itself, its tasks fail, and the
next task starts a new process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from backchannel.machine.memory import allowed
from backchannel.web.frames import FrameHead
from backchannel.web.message_parts import SolvingStatus
from backchannel.web.solve_request import CaseText
from backchannel.web.worker import Post, Worker

MODULE = "backchannel.web.solving_child"
SECONDS_TO_STOP = 30.0
"""How long a task that is no longer needed may keep others waiting. Compiling cannot be interrupted, and would have
to start from the beginning in a new process."""


@dataclass(eq=False)
class SolverTask:
    """One task for the process."""

    queue: str
    """Tasks of one queue run one after the other."""
    key: str
    """A task replaces an older one with the same key."""
    head: FrameHead
    case: CaseText | None
    """The case text that it needs."""
    done: Callable[[SolverTask, list[str]], None]
    failed: Callable[[str], None]
    texts: list[str] = field(default_factory=list)
    part: Callable[[SolverTask, list[str]], None] | None = None
    """Called with the part of the result that is ready first."""
    report: Callable[[SolvingStatus], None] | None = None
    """Called with its progress."""
    number: int = 0


class SolverProcess:
    """The process, and the tasks that it was given."""

    def __init__(self, post: Post, *, on_lost: Callable[[], None]) -> None:
        """Start it, from within a running event loop.

        Args:
            post: Runs something in the thread of that loop.
            on_lost: Called when the process had to be replaced, and its solutions are lost.
        """
        self._post, self._on_lost = post, on_lost
        self.kept: set[int] = set()
        """Numbers of the tasks whose solutions the process keeps."""
        self._newest: dict[tuple[str, str], SolverTask] = {}
        self._running: dict[str, int] = {}
        """The number of the task that each queue runs, needed or not."""
        self._last = 0
        self._case: CaseText | None = None
        """The case text that the process was sent last."""
        self._is_closed = False
        self._worker: Worker | None = None
        self._start()

    def is_busy(self, queue: str) -> bool:
        """Whether a queue has a task that is needed and not done."""
        return any(task.queue == queue for task in self._newest.values())

    def put(self, task: SolverTask) -> None:
        """Add a task, in place of an older one with its key."""
        if self._is_closed:
            return
        self._replace((task.queue, task.key))
        self._last += 1
        task.number = self._last
        self._newest[task.queue, task.key] = task
        if self._worker is None:
            self._start()
        self._send(task)

    def cancel(self, queue: str, prefix: str = "") -> None:
        """Cancel the tasks of a queue whose key starts with a prefix."""
        for of_queue, key in list(self._newest):
            if of_queue == queue and key.startswith(prefix):
                self._replace((of_queue, key))
        if self._worker is not None:
            self._worker.send({"do": "cancel", "queue": queue, "prefix": prefix})

    def drop(self, number: int) -> None:
        """Let the process drop the solution of a task."""
        self.kept.discard(number)
        if self._worker is not None:
            self._worker.send({"do": "drop", "number": number})

    def close(self) -> Worker | None:
        """End the process; later tasks are not run."""
        self._is_closed = True
        self._newest.clear()
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
        return worker

    def _start(self) -> None:
        self._case = None
        self._running.clear()
        self.kept.clear()
        self._worker = Worker(MODULE, self._post, received=self._received, ended=self._ended)
        self._worker.send({"do": "allow", "bytes": allowed()})

    def _send(self, task: SolverTask) -> None:
        assert self._worker is not None
        if task.case is not None and task.case != self._case:
            self._case = task.case
            self._worker.send({"do": "text", "file": task.case.file}, task.case.text)
        head = {**task.head, "queue": task.queue, "key": task.key, "number": task.number}
        self._worker.send(head, *task.texts)

    def _replace(self, key: tuple[str, str]) -> None:
        task = self._newest.pop(key, None)
        if task is not None and self._running.get(task.queue) == task.number:
            self._stop_later(task.queue, task.number)

    def _stop_later(self, queue: str, number: int) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(SECONDS_TO_STOP, self._stop_if_stuck, queue, number)

    def _stop_if_stuck(self, queue: str, number: int) -> None:
        if self._is_closed or self._running.get(queue) != number or not self.is_busy(queue):
            return
        if self._worker is not None:
            self._worker.kill()
        self._start()
        # Custom what-ifs are asked again once there are answers to compare them with.
        needed = sorted(self._newest.values(), key=lambda task: task.number)
        self._newest = {(t.queue, t.key): t for t in needed if "compared_with" not in t.head}
        for task in self._newest.values():
            self._send(task)
        self._on_lost()

    def _received(self, worker: Worker, head: FrameHead, texts: list[str]) -> None:
        if worker is not self._worker:
            return
        kind, queue, number = head["is"], head["queue"], head["of"]
        task = next((t for t in self._newest.values() if t.number == number), None)
        if kind == "started":
            self._running[queue] = number
            if task is None:
                self._stop_later(queue, number)
        elif kind == "ended":
            if self._running.get(queue) == number:
                del self._running[queue]
        elif task is None:
            if head.get("kept"):
                self.drop(number)  # Nobody needs its solution.
        else:
            self._deliver(task, kind, head, texts)

    def _deliver(self, task: SolverTask, kind: str, head: FrameHead, texts: list[str]) -> None:
        if head.get("kept"):
            self.kept.add(task.number)
        if kind in ("done", "failed"):
            del self._newest[task.queue, task.key]
        if kind == "done":
            task.done(task, texts)
        elif kind == "failed":
            task.failed(head["why"])
        elif kind == "part" and task.part is not None:
            task.part(task, texts)
        elif kind == "status" and task.report is not None:
            task.report(SolvingStatus.model_validate(head["status"]))

    def _ended(self, worker: Worker, why: str) -> None:
        if worker is not self._worker:
            return
        self._worker, self._case = None, None
        self._running.clear()
        self.kept.clear()
        tasks, self._newest = list(self._newest.values()), {}
        for task in tasks:
            task.failed(
                f"Solving stopped: the process that solves ended ({why}). The last answers remain. Change "
                "the text, or choose “Solve all again”."
            )
