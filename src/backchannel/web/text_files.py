"""The text of a source comes into the folder of a case: as it lies there, or as a copy of a file elsewhere.

A case names only files in its folder, so a text that lies elsewhere is copied. A file that exists is never replaced.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from backchannel.case.texts.read_source import KINDS, MOST_BYTES, READABLE, checked_path
from backchannel.files.durable import file_exists_error, write_new
from backchannel.files.inputs import MissingFile, read_bytes
from backchannel.language.errors import CommandError
from backchannel.language.visible import in_one_line
from backchannel.web.checker import Checker
from backchannel.web.disk_thread import in_disk_thread
from backchannel.web.start.new_files import LONGEST, check_typed_path

WHAT = "the text of a source"


@dataclass(frozen=True)
class BroughtText:
    """A text in the folder of a case."""

    file: str
    """As the case names it."""
    copy: Path | None
    """The copy that was made; None: it lay there."""

    def take_back(self) -> None:
        """Remove the copy again, because the case that was to name it could not be written."""
        if self.copy is not None:
            self.copy.unlink(missing_ok=True)


async def bring_text(
    typed: str, folder: Path, checker: Checker, *, from_elsewhere: bool
) -> BroughtText:
    """Bring a text into the folder of a case, if it can be read.

    Args:
        typed: The path as the user typed it; a path that begins with no folder of its own is looked for in `folder`.
        folder: The folder of the case.
        checker: Reads the text, since a PDF can be made to take long.
        from_elsewhere: Whether a text outside `folder` may be copied.

    Raises:
        CommandError: There is no such text, or it cannot be read; nothing was written.
    """
    path = await in_disk_thread(_find, typed, folder, from_elsewhere)
    await checker.run({"do": "text", "file": str(path)}, "")
    return await in_disk_thread(_bring, path, folder)


def _find(typed: str, folder: Path, from_elsewhere: bool) -> Path:
    shown = in_one_line(typed)[:LONGEST]
    path = folder / check_typed_path(typed.strip())
    if path.suffix.lower() not in KINDS:
        raise CommandError(f"{shown} is of no kind that can be read: {READABLE}.")
    try:
        found = path.resolve()
        is_there = found.exists()
    except (OSError, ValueError, RuntimeError):
        raise CommandError(f"{shown}: a file cannot have this name.") from None
    if not is_there:
        raise MissingFile(f"There is no file {shown}. Names without a folder mean {folder}.")
    if not from_elsewhere and not found.is_relative_to(folder.resolve()):
        raise CommandError(
            f"{shown} lies outside the folder of the case. Copy the text into {folder}, and name it from there."
        )
    return found


def _bring(path: Path, folder: Path) -> BroughtText:
    home = folder.resolve()
    if path.is_relative_to(home):
        name = path.relative_to(home).as_posix()
        checked_path(name, folder=home)
        return BroughtText(name, None)
    checked_path(path.name, folder=home)
    target = home / path.name
    data = read_bytes(path, limit=MOST_BYTES, what=WHAT)
    if target.exists():
        # Whoever names the same text twice gets the copy that is there.
        if read_bytes(target, limit=MOST_BYTES, what=WHAT) == data:
            return BroughtText(target.name, None)
        raise file_exists_error(target)
    write_new(target, data, access_of=path)
    return BroughtText(target.name, target)
