"""Hand tasks to the solver, and tell windows what is being solved."""

from __future__ import annotations

from collections.abc import Callable

from backchannel.web.message_json import to_json
from backchannel.web.message_parts import SolvingStatus
from backchannel.web.messages import StatusMessage
from backchannel.web.solver import SolverProcess, SolverTask
from backchannel.web.windows import Windows


class SolveStatus:
    """The solver's queues, with their progress and the last failure."""

    def __init__(self, solver: SolverProcess, windows: Windows) -> None:
        self.solver, self.windows = solver, windows
        self.failure = ""
        """Why the last full or quick answers could not be solved; empty if they could."""
        self._of_queue: dict[str, SolvingStatus] = {}

    @property
    def current(self) -> SolvingStatus:
        """What is being solved; the queue that a user waits for goes first."""
        note = self._of_queue.get("full", SolvingStatus()).note
        for queue in ("live", "full", "rivals"):
            if self.solver.is_busy(queue):
                status = self._of_queue.get(queue, SolvingStatus(state="solving"))
                return status.model_copy(update={"note": note})
        if self.failure:
            return SolvingStatus(state="failed", note=self.failure)
        return SolvingStatus(note=note)

    def put(self, task: SolverTask) -> None:
        """Give the solver a task, and tell windows."""
        if task.queue != "short" and not self.solver.is_busy(task.queue):
            self._of_queue[task.queue] = SolvingStatus(state="solving", job=task.head["name"])
        self.solver.put(task)
        self.broadcast()

    def reporter(self, queue: str) -> Callable[[SolvingStatus], None]:
        """A function that takes the progress of a queue."""

        def report(status: SolvingStatus) -> None:
            self._of_queue[queue] = status
            self.broadcast()

        return report

    def broadcast(self) -> None:
        """Tell every window."""
        self.windows.broadcast(to_json(StatusMessage(status=self.current)))
