"""The solver, as the server sees it: tasks that supersede each other, and a process that does them.

The newest task of each key counts. One that is superseded while it runs is told to stop; where it does
not, and keeps newer ones waiting, the process is ended and begun anew with what is still wanted.
A process that ends by itself fails what it was asked, and is begun anew when something else is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from backchannel.machine.memory import allowed
from backchannel.web.frames import Head
from backchannel.web.messages import Status
from backchannel.web.worker import Post, Worker

MODULE = "backchannel.web.solving_child"
SECONDS_TO_STOP = 30.0
"""How long a task that nobody wants any more may keep others waiting. Compiling cannot be interrupted, and
would have to begin again."""


@dataclass(frozen=True)
class CaseText:
    """A text without problems."""

    text: str
    file: str


@dataclass(eq=False)
class Task:
    """One thing to be done."""

    lane: str
    """Tasks of one lane are done one after the other."""
    key: str
    """Those of one key supersede each other."""
    head: Head
    case: CaseText | None
    """The text it is about."""
    done: Callable[[Task, list[str]], None]
    failed: Callable[[str], None]
    texts: list[str] = field(default_factory=list)
    part: Callable[[Task, list[str]], None] | None = None
    """Takes what is known before the rest."""
    report: Callable[[Status], None] | None = None
    """Told of progress."""
    number: int = 0


class Solver:
    """The process, and what it has been asked for."""

    def __init__(self, post: Post, *, lost: Callable[[], None]) -> None:
        """Start it, from within a running event loop.

        Args:
            post: Runs something in the thread of that loop.
            lost: Called when the process had to be begun anew, and has forgotten what it had solved.
        """
        self._post, self._lost = post, lost
        self.holds: set[int] = set()
        """Numbers of tasks whose solution the process still has."""
        self._newest: dict[tuple[str, str], Task] = {}
        self._running: dict[str, int] = {}
        """The number of what each lane is doing, wanted or not."""
        self._last = 0
        self._case: CaseText | None = None
        """What the process has been told last."""
        self._is_closed = False
        self._worker: Worker | None = None
        self._start()

    def is_busy(self, lane: str) -> bool:
        """Is there anything in a lane that is wanted and not done yet?"""
        return any(one == lane for one, _ in self._newest)

    def put(self, task: Task) -> None:
        """Ask for a task, in place of any other of its key."""
        if self._is_closed:
            return
        self._supersede((task.lane, task.key))
        self._last += 1
        task.number = self._last
        self._newest[task.lane, task.key] = task
        if self._worker is None:
            self._start()
        self._send(task)

    def cancel(self, lane: str, prefix: str = "") -> None:
        """Give up the tasks of a lane whose key begins so."""
        for one, key in list(self._newest):
            if one == lane and key.startswith(prefix):
                self._supersede((one, key))
        if self._worker is not None:
            self._worker.send({"do": "cancel", "lane": lane, "prefix": prefix})

    def drop(self, number: int) -> None:
        """Let the process forget what a task has found."""
        self.holds.discard(number)
        if self._worker is not None:
            self._worker.send({"do": "drop", "number": number})

    def close(self) -> Worker | None:
        """End it; what is asked for from now on is not done."""
        self._is_closed = True
        self._newest.clear()
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
        return worker

    def _start(self) -> None:
        self._case = None
        self._running.clear()
        self.holds.clear()
        self._worker = Worker(MODULE, self._post, heard=self._heard, ended=self._ended)
        self._worker.send({"do": "allow", "bytes": allowed()})

    def _send(self, task: Task) -> None:
        assert self._worker is not None
        if task.case is not None and task.case != self._case:
            self._case = task.case
            self._worker.send({"do": "text", "file": task.case.file}, task.case.text)
        head = {**task.head, "lane": task.lane, "key": task.key, "number": task.number}
        self._worker.send(head, *task.texts)

    def _supersede(self, key: tuple[str, str]) -> None:
        task = self._newest.pop(key, None)
        if task is not None and self._running.get(task.lane) == task.number:
            self._give_time(task.lane, task.number)

    def _give_time(self, lane: str, number: int) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(SECONDS_TO_STOP, self._stop_if_stuck, lane, number)

    def _stop_if_stuck(self, lane: str, number: int) -> None:
        if self._is_closed or self._running.get(lane) != number or not self.is_busy(lane):
            return
        if self._worker is not None:
            self._worker.kill()
        self._start()
        # What-ifs set by hand are asked again when there are answers to compare them with.
        wanted = sorted(self._newest.values(), key=lambda task: task.number)
        self._newest = {(t.lane, t.key): t for t in wanted if "standing" not in t.head}
        for task in self._newest.values():
            self._send(task)
        self._lost()

    def _heard(self, worker: Worker, head: Head, texts: list[str]) -> None:
        if worker is not self._worker:
            return
        kind, lane, number = head["is"], head["lane"], head["of"]
        task = next((t for t in self._newest.values() if t.number == number), None)
        if kind == "begun":
            self._running[lane] = number
            if task is None:
                self._give_time(lane, number)
        elif kind == "over":
            if self._running.get(lane) == number:
                del self._running[lane]
        elif task is None:
            if head.get("holds"):
                self.drop(number)  # What it found is not wanted any more.
        else:
            self._give(task, kind, head, texts)

    def _give(self, task: Task, kind: str, head: Head, texts: list[str]) -> None:
        if head.get("holds"):
            self.holds.add(task.number)
        if kind in ("done", "failed"):
            del self._newest[task.lane, task.key]
        if kind == "done":
            task.done(task, texts)
        elif kind == "failed":
            task.failed(head["why"])
        elif kind == "part" and task.part is not None:
            task.part(task, texts)
        elif kind == "status" and task.report is not None:
            task.report(Status.model_validate(head["status"]))

    def _ended(self, worker: Worker, why: str) -> None:
        if worker is not self._worker:
            return
        self._worker, self._case = None, None
        self._running.clear()
        self.holds.clear()
        tasks, self._newest = list(self._newest.values()), {}
        for task in tasks:
            task.failed(
                f"Solving stopped: the process that solves ended ({why}). The last answers stand. Change "
                "the text, or choose “Solve all again”."
            )
