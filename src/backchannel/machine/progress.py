"""Progress in a terminal, and compiled programs kept from one run to the next."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

SHOWN_AFTER = 1.0
"""Seconds before a bar appears."""


class Bar:
    """A bar on the error stream for what takes longer than a second; silent where none is seen."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.visible = sys.stderr.isatty()
        self.bar: Any = None
        self.task: Any = None
        self.name, self.total, self.done = "", 0, 0

    def stage(self, name: str, total: int) -> None:
        """Begin a stage; a total of 0 is of unknown length."""
        self.name, self.total, self.done = name, total, 0
        if self.bar is not None:
            self.bar.reset(self.task, description=name, total=total or None)
        self._show()

    def advance(self, steps: int) -> None:
        """Take some steps of the stage."""
        self.done += steps
        self._show()
        if self.bar is not None:
            self.bar.update(self.task, completed=self.done)

    def close(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.stop()
            self.bar = None

    def _show(self) -> None:
        if not self.visible or self.bar is not None:
            return
        if time.monotonic() - self.began < SHOWN_AFTER and self.total:
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self.task = self.bar.add_task(self.name, total=self.total or None, completed=self.done)
        self.bar.start()


def keep_compiled() -> None:
    """Keep compiled programs in the user's cache folder; for a process of our own only.

    `BACKCHANNEL_CACHE` names another folder, or switches this off when it is empty.
    """
    default = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "backchannel"
    folder = os.environ.get("BACKCHANNEL_CACHE", str(default))
    if not folder:
        return
    import jax

    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    jax.config.update("jax_compilation_cache_dir", folder)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.5)
