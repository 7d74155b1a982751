"""The journal of a case file: every change that a command makes can be undone.

`.talks.yaml.undo`, beside `talks.yaml`, holds for each change the text before it, and hashes of the text
before and after. A change is undone only if the file is still as that change left it, so edits by
hand are never lost.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from backchannel.case.read.document import MAX_BYTES
from backchannel.files.durable import locked, resolve_links, write_whole
from backchannel.files.inputs import MissingFile, read_bytes, read_text
from backchannel.language.errors import CommandError

KEPT = 50
"""How many changes can be undone."""
LARGEST = 2 * KEPT * MAX_BYTES
"""Largest journal that is read, in bytes; as JSON, few texts take twice their size."""


@dataclass(frozen=True)
class Change:
    """One change to a case file."""

    what: str
    """The change in words."""
    when: str
    """Time of the change, UTC."""
    before: str
    """The whole text before it."""
    before_hash: str
    after_hash: str


def text_hash(text: str) -> str:
    """Hash the whole text of a case file, so that the journal can recognise it."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_case_file(path: Path) -> str:
    """Read the text of a case file.

    Raises:
        CommandError: It cannot be read.
    """
    return read_text(path, limit=MAX_BYTES, what="a case")


def rewrite(path: Path, edit: Callable[[str], str], what: str) -> str:
    """Change a case file under its lock, and keep the old text.

    Args:
        path: The file.
        edit: Makes the new text from the current one, which is read under the lock.
        what: The change in words, for the message of `undo`.

    Returns:
        The new text.

    Raises:
        CommandError: The file cannot be read or written, or another program changed it in the meantime.
    """
    with locked(path):
        before = read_case_file(path)
        after = edit(before)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        change = Change(what, now, before, text_hash(before), text_hash(after))
        # The journal is written first: if writing the file then fails, the hashes show it.
        made = _without_interrupted(_read(path), change.before_hash)
        _write(path, [*made, change][-KEPT:])
        try:
            _replace(path, before, after)
        except _ChangedMeanwhileError:
            _write(path, made)
            raise
    return after


def undo(path: Path) -> Change:
    """Undo the last change.

    Raises:
        CommandError: There is no change to undo, or the file was changed since, or is changed right now.
    """
    with locked(path):
        text = read_case_file(path)
        now = text_hash(text)
        changes = _without_interrupted(_read(path), now)
        if not changes:
            raise CommandError(f"There is nothing to undo in {path}.")
        last = changes[-1]
        if last.after_hash != now:
            raise CommandError(
                f"{path} was changed after “{last.what}” ({last.when}), so this change cannot be undone. "
                f"The text before it is in {journal_of(path)}."
            )
        _replace(path, text, last.before)
        _write(path, changes[:-1])
    return last


class _ChangedMeanwhileError(CommandError):
    """Another program, which knows no lock of ours, has written the file."""


def _replace(path: Path, before: str, after: str) -> None:
    """Write the new text, unless the file is no longer as it was read."""

    def check(now: Path) -> None:
        if read_case_file(now) != before:
            raise _ChangedMeanwhileError(
                f"{path} was changed by another program in the meantime. Nothing was written. Try again."
            )

    # Writing takes time: the file is compared right before it is replaced, and so is what was replaced.
    write_whole(path, after, last_check=lambda: check(path), check_replaced=check)


def _without_interrupted(changes: list[Change], now: str) -> list[Change]:
    """Leave out the last changes if they were interrupted before the file was written.

    The file is then still as it was before each of them, and not as they would have left it.
    """
    made = list(changes)
    while made and made[-1].after_hash != now and made[-1].before_hash == now:
        made.pop()
    return made


def journal_of(path: Path) -> Path:
    """Return the path of a case file's journal."""
    path = resolve_links(path)  # A file has one journal, even if several links lead to it.
    return path.with_name(f".{path.name}.undo")


def _read(path: Path) -> list[Change]:
    journal = journal_of(path)
    try:
        entries = json.loads(read_bytes(journal, limit=LARGEST, what="a journal"))
        changes = [Change(**entry) for entry in entries]
        if not all(isinstance(value, str) for change in changes for value in vars(change).values()):
            raise TypeError
        return changes
    except MissingFile:
        return []
    except (ValueError, TypeError, RecursionError):
        raise CommandError(
            f"{journal} is damaged. Move it to another folder to continue without undo."
        ) from None


def _write(path: Path, changes: list[Change]) -> None:
    content = json.dumps([asdict(c) for c in changes], ensure_ascii=False)
    # It holds whole texts of the case, so it has the case's readers.
    write_whole(journal_of(path), content, access_of=resolve_links(path))
