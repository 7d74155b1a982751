"""News as a user gives it: the entry of the record, the new source, and what is remarked before it is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backchannel.case.edit.news import moved_days
from backchannel.case.lowered import Lowered
from backchannel.language.days import day
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value


@dataclass(frozen=True)
class ReportedNews:
    """What happened on a day, and who says so."""

    settings: Mapping[NodeName, Value]
    """By node, what it was."""
    day: date
    source: str
    """By its name in the case."""
    reliability: float = 1.0
    place: str = ""
    """Where in the source."""
    new_source: str = ""
    """The title of the source, where it is new to the case."""
    grade: str = ""
    """Of the new source."""

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The entries of the record, with the keys of the file in their order."""
        return [self._entry(node, value) for node, value in self.settings.items()]

    @property
    def sources(self) -> dict[str, dict[str, Any]]:
        """The new source, if there is one."""
        if not self.new_source:
            return {}
        source: dict[str, Any] = {"title": self.new_source, "date": self.day}
        return {self.source: {**source, **({"grade": self.grade} if self.grade else {})}}

    @property
    def label(self) -> str:
        """What happened, in a few words."""
        what = ", ".join(f"{node}={value}" for node, value in self.settings.items())
        return f"{what} on {self.day}"

    def check_source(self, known: Collection[str]) -> None:
        """Check that a new source does not replace another.

        Raises:
            CommandError: The case has a source of this name already, or only a new source can be graded.
        """
        if self.grade and not self.new_source:
            raise CommandError("--grade grades a new source; name it with --new-source TITLE.")
        if self.new_source and self.source in known:
            raise CommandError(
                f"The case has a source '{self.source}' already. Leave --new-source out, or choose another "
                "name with --source."
            )

    def _entry(self, node: NodeName, value: Value) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "node": node,
            "value": value,
            "date": self.day,
            "source": self.source,
        }
        if self.reliability < 1:
            entry["reliability"] = self.reliability
        if self.place:
            entry["at"] = self.place
        return entry


def remarks(lowered: Lowered, entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is worth knowing about new entries before they are written, in sentences."""
    notes = [moved.remark for moved in moved_days(lowered, entries)]
    last = max((entry.date for entry in lowered.case.record), default=None)
    if last is None:
        return notes
    return notes + [
        f"Note: `{entry['node']}` ({day(entry['date'])}) is dated before the last entry ({day(last)}). The "
        "record is used in order of date, so the entry counts as known from its date."
        for entry in entries
        if entry["date"] < last
    ]
