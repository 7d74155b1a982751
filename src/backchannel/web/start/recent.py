"""The cases that were opened lately, in a file that only the user can read.

Where the file cannot be kept, the list lasts as long as the server.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from backchannel.files.durable import locked
from backchannel.files.private import read_private, write_private
from backchannel.language.errors import CommandError
from backchannel.machine.folders import state_folder

FILE = "recent-cases.json"
LARGEST = 1_000_000
"""Bytes of the file."""
MOST_CASES = 30


class RecentCase(BaseModel):
    """A case that was opened."""

    model_config = ConfigDict(frozen=True)

    case: str = Field(max_length=4000)
    """Its path from the root, or its name in the catalog."""
    title: str = Field(max_length=2000)
    at: float = Field(allow_inf_nan=False)
    """When it was last opened: seconds since 1970."""


class _Kept(BaseModel):
    cases: list[RecentCase]


class RecentCases:
    """The list, the newest first."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read the list.

        Args:
            folder: Where it is kept; by default in the user's folder for what should last.
        """
        folder = folder or state_folder()
        self._path = folder / FILE if folder else None
        self._cases: list[RecentCase] = []

    def newest_first(self) -> list[RecentCase]:
        """The cases, as the file has them now: another workbench may have opened one."""
        self._cases = self._read()
        return list(self._cases)

    def add(self, case: str, title: str) -> None:
        """Put a case at the top."""
        entry = RecentCase(case=case[:4000], title=title[:2000], at=time.time())
        self._change(lambda cases: [entry, *(kept for kept in cases if kept.case != case)])

    def forget(self, case: str) -> None:
        """Take a case off the list."""
        self._change(lambda cases: [kept for kept in cases if kept.case != case])

    def _change(self, change: Callable[[list[RecentCase]], list[RecentCase]]) -> None:
        path = self._path
        if path is not None:
            with suppress(OSError, CommandError):  # Otherwise the list lasts as long as the server.
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                with locked(path):
                    self._cases = change(self._read())[:MOST_CASES]
                    if write_private(path, _Kept(cases=self._cases).model_dump_json()):
                        return
        self._cases = change(self._cases)[:MOST_CASES]

    def _read(self) -> list[RecentCase]:
        data = self._path and read_private(self._path, limit=LARGEST, what="the list of cases")
        if not data:
            return self._cases
        try:
            return _Kept.model_validate_json(data).cases[:MOST_CASES]
        except ValidationError:
            return self._cases
