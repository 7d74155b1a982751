"""Progress reports of long computations."""

from __future__ import annotations

from typing import Any, Protocol


class Progress(Protocol):
    """Something that shows the progress of a computation."""

    def stage(self, name: str, total: int) -> Any:
        """Begin a stage of `total` steps."""

    def advance(self, steps: int) -> Any:
        """Report that some steps of the stage are done."""


class Silence:
    """Progress that is not shown."""

    def stage(self, name: str, total: int) -> None:
        """Do nothing."""

    def advance(self, steps: int) -> None:
        """Do nothing."""
