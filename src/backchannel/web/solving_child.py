"""The process that solves: it keeps the solutions, and works in queues while the server stays free.

Run as `python -m backchannel.web.solving_child` by the workbench. Its main thread reads and writes
frames; every job runs in the thread of its queue. Solutions are kept under the number of their job until the server
says that they can be dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import IO, Any

from backchannel.machine.compile_cache import keep_compiled
from backchannel.machine.memory import carried, limited
from backchannel.web.child import end_now, give_way, listen, offer_to_oom_killer, take_streams
from backchannel.web.frames import FrameHead, write_frame
from backchannel.web.job_queue import Job, JobQueue
from backchannel.web.message_parts import SolvingStatus
from backchannel.web.solving_work import SolvingWork, TaskResult, TextToSolve

QUEUES = ("full", "live", "short", "rivals")
"""Full answers; what a user waits for; what needs no solving; rivals, which take minutes and hold up nothing."""


class SolveService:
    """Runs the server's tasks, and keeps the solutions."""

    def __init__(self, send: Callable[..., None]) -> None:
        """Start the queues.

        Args:
            send: Sends the server a frame.
        """
        self._send = send
        self.posted: SimpleQueue[Callable[[], None]] = SimpleQueue()
        """Functions to call in the main thread."""
        self._queues = {name: JobQueue(name, self.posted.put) for name in QUEUES}
        self._work = SolvingWork()
        self._memory: int | None = None
        """Bytes that solving may use."""

    def receive(self, head: FrameHead, texts: list[str]) -> None:
        """Act on a frame of the server."""
        match head["do"]:
            case "allow":
                self._memory = head["bytes"]
            case "text":
                self._work.text = TextToSolve(texts[0], head["file"])
            case "cancel":
                self._queues[head["queue"]].cancel(head["prefix"])
            case "drop":
                self._work.kept.pop(head["number"], None)
            case _:
                self._put(head, texts)

    def _put(self, head: FrameHead, texts: list[str]) -> None:
        number = head["number"]
        with limited(self._memory):
            work = carried(self._work.of(head, texts))

        def send(kind: str, *texts: str, **parts: Any) -> None:
            self._send({"of": number, "queue": head["queue"], "is": kind, **parts}, *texts)

        def sender(kind: str) -> Callable[[Any], None]:
            def send_result(result: TaskResult) -> None:
                solved, texts = result
                if solved is not None:
                    self._work.kept[number] = solved
                send(kind, *texts, kept=solved is not None)

            return send_result

        def announced(job: Job) -> object:
            self.posted.put(lambda: send("started"))
            try:
                return work(job)
            finally:
                self.posted.put(lambda: send("ended"))

        def report(status: SolvingStatus) -> None:
            self.posted.put(lambda: send("status", status=status.model_dump()))

        job = Job(
            head["key"],
            announced,
            sender("done"),
            lambda why: send("failed", why=why),
            report,
            name=head.get("name", "full"),
            urgent=head.get("urgent", False),
            on_part=sender("part"),
        )
        self._queues[head["queue"]].put(job)


def run_service(reading: IO[bytes], writing: IO[bytes], *, end: Callable[[], None]) -> None:
    """Run the server's tasks until it is gone.

    Args:
        reading: Frames of the server.
        writing: Frames for it.
        end: Called, in a thread, once the server is gone.
    """
    service = SolveService(lambda head, *texts: write_frame(writing, head, texts))
    listen(reading, lambda frame: service.posted.put(lambda: service.receive(*frame)), end)
    with suppress(BrokenPipeError):  # The server is gone, and `end` is about to be called.
        while True:
            service.posted.get()()


if __name__ == "__main__":
    streams = take_streams()
    offer_to_oom_killer()
    give_way()
    keep_compiled()
    run_service(*streams, end=end_now)
