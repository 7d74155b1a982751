"""The desk: what all windows share. Requests reach it one after the other, so the last one wins."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from backchannel.web.messages import Asked

MOST_WHAT_IFS = 50
"""Older ones fall off the desk."""


def digest(text: str) -> str:
    """A short name of a text."""
    return sha256(text.encode()).hexdigest()[:24]


@dataclass
class Desk:
    """Sliders, what-ifs set by hand, and the case text as it is typed."""

    file_text: str
    """The file as it was read last."""
    text: str = ""
    """As it is typed; the file's until somebody types."""
    shifts: dict[str, float] = field(default_factory=dict)
    what_ifs: dict[str, Asked] = field(default_factory=dict)
    revision: int = 0
    text_revision: int = 0

    def __post_init__(self) -> None:
        self.text = self.text or self.file_text

    def copy(self) -> Desk:
        """As it is now, for who looks at it while others move on."""
        return replace(self, shifts=dict(self.shifts), what_ifs=dict(self.what_ifs))

    @property
    def is_unsaved(self) -> bool:
        """Does the text differ from the file?"""
        return self.text != self.file_text

    def move(self, changes: Mapping[str, float | None]) -> None:
        """Move sliders; None puts one back."""
        for name, score in changes.items():
            if score is None:
                self.shifts.pop(name, None)
            else:
                self.shifts[name] = score
        self.revision += 1

    def put(self, asked: Asked) -> None:
        """Lay a what-if on the desk."""
        self.what_ifs.pop(asked.key, None)
        self.what_ifs[asked.key] = asked
        while len(self.what_ifs) > MOST_WHAT_IFS:
            del self.what_ifs[next(iter(self.what_ifs))]
        self.revision += 1

    def drop(self, key: str) -> None:
        """Take a what-if off the desk."""
        self.what_ifs.pop(key, None)
        self.revision += 1

    def type_in(self, text: str) -> None:
        """Take the text as it is typed."""
        self.text = text
        self.text_revision += 1

    def take_file(self, text: str) -> None:
        """Take the file as it is on disk; what was typed is given up."""
        self.file_text = self.text = text
        self.text_revision += 1

    def clear(self, what: str) -> None:
        """Clear a part of the desk: shifts, text, what_ifs, or all."""
        if what in ("shifts", "all"):
            self.shifts.clear()
        if what in ("what_ifs", "all"):
            self.what_ifs.clear()
        if what in ("text", "all") and self.is_unsaved:
            self.type_in(self.file_text)
        self.revision += 1

    def keep_only(self, names: Collection[str]) -> None:
        """Forget sliders of numbers that the case does not have any more, or knows by now."""
        self.shifts = {name: at for name, at in self.shifts.items() if name in names}

    @property
    def shown(self) -> dict[str, Any]:
        """As a page is told of it."""
        return {
            "revision": self.revision,
            "shifts": dict(self.shifts),
            "what_ifs": [one.model_dump(exclude_none=True) for one in self.what_ifs.values()],
        }

    @property
    def shown_text(self) -> dict[str, Any]:
        """The text as a page is told of it."""
        return {"revision": self.text_revision, "text": self.text, "unsaved": self.is_unsaved}
