"""A progress bar in the terminal."""

from __future__ import annotations

import sys
import time
from typing import Any

SHOWN_AFTER = 1.0
"""Seconds before the bar appears."""


class Bar:
    """A bar on the error stream for work of more than a second; nothing, if that is no terminal."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.visible = sys.stderr.isatty()
        self.bar: Any = None
        self.task: Any = None
        self.name, self.total, self.done = "", 0, 0

    def stage(self, name: str, total: int) -> None:
        """Begin a stage; a total of 0 means an unknown length."""
        self.name, self.total, self.done = _where(name), total, 0
        if self.bar is not None:
            self.bar.reset(self.task, description=self.name, total=total or None)
        self._show()

    def advance(self, steps: int) -> None:
        """Record some finished steps of the stage."""
        self.done += steps
        self._show()
        if self.bar is not None:
            self.bar.update(self.task, completed=self.done)

    def close(self) -> None:
        """Remove the bar."""
        if self.bar is not None:
            self.bar.stop()
            self.bar = None

    def _show(self) -> None:
        if not self.visible or self.bar is not None:
            return
        if time.monotonic() - self.began < SHOWN_AFTER and self.total:
            return
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            TextColumn("so far,"),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=Console(stderr=True),
            transient=True,
        )
        self.task = self.bar.add_task(self.name, total=self.total or None, completed=self.done)
        self.bar.start()


def _where(name: str) -> str:
    """A stage, with where it is worked on unless that is here."""
    from backchannel.workers.workers import workers

    place = workers().place
    return f"{name} on {place}" if place else name
