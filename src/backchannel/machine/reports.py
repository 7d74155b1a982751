"""Reports on how far a long piece of work is, as the library makes them."""

from __future__ import annotations

from typing import Any, Protocol


class Progress(Protocol):
    """What shows a user how far things are."""

    def stage(self, name: str, total: int) -> Any:
        """Begin a stage of so many steps."""

    def advance(self, steps: int) -> Any:
        """Take some steps of the stage."""


class Silence:
    """Shows nothing."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage, unseen."""

    def advance(self, steps: int) -> None:
        """Take some steps, unseen."""
