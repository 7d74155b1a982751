"""A real cluster of processes for tests: a scheduler and workers that can be killed one by one."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SCHEDULER = "from distributed.cli.dask_scheduler import main; main()"
WORKER = "from distributed.cli.dask_worker import main; main()"
WITHOUT_BACKCHANNEL = "import sys; sys.modules['backchannel'] = None; "
ANOTHER_VERSION = (
    "import importlib.metadata as metadata; real = metadata.version; "
    "metadata.version = lambda name: '9.9.9' if name == 'backchannel' else real(name); "
)


class Processes:
    """A scheduler with its workers, each a process of its own."""

    def __init__(self, scheduler: subprocess.Popen[str], address: str) -> None:
        self.scheduler, self.address = scheduler, address
        self.workers: list[subprocess.Popen[bytes]] = []

    def add_worker(self, before: str = "") -> subprocess.Popen[bytes]:
        """Start a worker without a nanny, so that a killed one stays away.

        Args:
            before: Python that it runs first.
        """
        options = [self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        worker = subprocess.Popen(
            [sys.executable, "-c", before + WORKER, *options], stderr=subprocess.DEVNULL
        )
        self.workers.append(worker)
        return worker


@contextmanager
def cluster_of_processes(before: str = "") -> Iterator[Processes]:
    """Start a scheduler; end it and all workers afterwards.

    Args:
        before: Python that the scheduler runs first.
    """
    scheduler = subprocess.Popen(
        [
            sys.executable,
            "-c",
            before + SCHEDULER,
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert scheduler.stderr is not None
    address = next(
        match[1] for line in scheduler.stderr if (match := re.search(r"at:\s+(tcp://\S+)", line))
    )
    processes = Processes(scheduler, address)
    try:
        yield processes
    finally:
        for process in (*processes.workers, scheduler):
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
            process.wait()
        scheduler.stderr.close()


def descendants(root: int) -> list[int]:
    """All processes below a process."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    found, above = [], {root}
    while above:
        above = {pid for pid, parent in pairs if parent in above}
        found += above
    return found
