"""The journal of a case file: every change made by a command can be taken back.

Beside `talks.yaml` stands `.talks.yaml.undo`: for each change the text before it, and hashes of the
text before and after. A change is taken back only while the file is as that change left it, so what
was edited by hand since then is never lost.
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
"""Changes that can be taken back."""
LARGEST = 2 * KEPT * MAX_BYTES
"""Bytes of a journal that is read; as JSON, few texts take twice their own."""


@dataclass(frozen=True)
class Change:
    """One change to a case file."""

    what: str
    """In words."""
    when: str
    """Moment of the change, UTC."""
    before: str
    """The whole text before it."""
    before_hash: str
    after_hash: str


def text_hash(text: str) -> str:
    """Hash of a case file's whole text, by which the journal knows it again."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_case_file(path: Path) -> str:
    """Read the text of a case file as it is.

    Raises:
        CommandError: It cannot be read.
    """
    return read_text(path, limit=MAX_BYTES, what="a case")


def rewrite(path: Path, edit: Callable[[str], str], what: str) -> str:
    """Change a case file under its lock, and remember how it was.

    Args:
        path: The file.
        edit: Makes the new text of the old, read afresh under the lock.
        what: The change in words, for whoever takes it back.

    Returns:
        The new text.
    """
    with locked(path):
        before = read_case_file(path)
        after = edit(before)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        made = Change(what, now, before, text_hash(before), text_hash(after))
        # The journal first: if the file is then not written, the hashes tell.
        _write(path, [*_read(path), made][-KEPT:])
        write_whole(path, after)
    return after


def undo(path: Path) -> Change:
    """Take the last change back.

    Raises:
        CommandError: There is none, or the file was changed since.
    """
    with locked(path):
        text = read_case_file(path)
        now = text_hash(text)
        changes = _read(path)
        if changes and changes[-1].after_hash != now and changes[-1].before_hash == now:
            # That change was cut short before the file was written.
            changes = changes[:-1]
        if not changes:
            raise CommandError(f"There is nothing to take back in {path}.")
        last = changes[-1]
        if last.after_hash != now:
            raise CommandError(
                f"{path} was changed after “{last.what}” ({last.when}), so this is not undone. "
                f"The text before it is in {journal_of(path)}."
            )
        write_whole(path, last.before)
        _write(path, changes[:-1])
    return last


def journal_of(path: Path) -> Path:
    """Where the journal of a case file is."""
    path = resolve_links(path)  # One file has one journal, by whatever link it is reached.
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
            f"{journal} is no journal of changes any more; move it away to go on without undo."
        ) from None


def _write(path: Path, changes: list[Change]) -> None:
    write_whole(journal_of(path), json.dumps([asdict(c) for c in changes], ensure_ascii=False))
