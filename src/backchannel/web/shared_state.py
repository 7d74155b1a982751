"""The state that all windows share. Requests change it one after the other, so the last one wins."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from backchannel.web.message_parts import CustomWhatIf, SharedView, TextView

MOST_WHAT_IFS = 50
"""Where there are more, the oldest are removed."""


def digest(text: str) -> str:
    """A short name of a text."""
    return sha256(text.encode()).hexdigest()[:24]


@dataclass
class SharedState:
    """Sliders, custom what-ifs, and the case text as it is typed."""

    file_text: str
    """The file as it was last read."""
    text: str = ""
    """As it is typed; the file's until somebody types."""
    shifts: dict[str, float] = field(default_factory=dict)
    what_ifs: dict[str, CustomWhatIf] = field(default_factory=dict)
    revision: int = 0
    text_revision: int = 0
    case_digest: str = ""
    """Of the last text without problems."""

    def __post_init__(self) -> None:
        self.text = self.text or self.file_text

    def copy(self) -> SharedState:
        """The state as it is now, for code that reads it while requests go on changing it."""
        return replace(self, shifts=dict(self.shifts), what_ifs=dict(self.what_ifs))

    @property
    def is_unsaved(self) -> bool:
        """Whether the text differs from the file."""
        return self.text != self.file_text

    def move(self, changes: Mapping[str, float | None]) -> None:
        """Move sliders; None moves one back to its prior."""
        for name, score in changes.items():
            if score is None:
                self.shifts.pop(name, None)
            else:
                self.shifts[name] = score
        self.revision += 1

    def add(self, asked: CustomWhatIf) -> None:
        """Add a custom what-if, or replace the one with its key."""
        self.what_ifs.pop(asked.key, None)
        self.what_ifs[asked.key] = asked
        while len(self.what_ifs) > MOST_WHAT_IFS:
            del self.what_ifs[next(iter(self.what_ifs))]
        self.revision += 1

    def drop(self, key: str) -> None:
        """Remove a custom what-if."""
        self.what_ifs.pop(key, None)
        self.revision += 1

    def edit(self, text: str) -> None:
        """Replace the text by what was typed."""
        self.text = text
        self.text_revision += 1

    def take_file(self, text: str) -> None:
        """Replace the text by the file on disk; unsaved edits are lost."""
        self.file_text = self.text = text
        self.text_revision += 1

    def clear(self, what: str) -> None:
        """Clear a part of the state: shifts, text, what_ifs, or all."""
        if what in ("shifts", "all"):
            self.shifts.clear()
        if what in ("what_ifs", "all"):
            self.what_ifs.clear()
        if what in ("text", "all") and self.is_unsaved:
            self.edit(self.file_text)
        self.revision += 1

    def keep_only(self, names: Collection[str]) -> None:
        """Drop the sliders of numbers that are no longer in the case, or no longer uncertain."""
        self.shifts = {name: score for name, score in self.shifts.items() if name in names}

    @property
    def view(self) -> SharedView:
        """What pages get of it, apart from the text."""
        return SharedView(
            revision=self.revision,
            shifts=dict(self.shifts),
            what_ifs=list(self.what_ifs.values()),
            case_digest=self.case_digest,
        )

    @property
    def text_view(self) -> TextView:
        """What pages get of the text."""
        return TextView(revision=self.text_revision, text=self.text, unsaved=self.is_unsaved)
