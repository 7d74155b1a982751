"""The file of a ledger: opened for each operation, updated to this version, never half written.

Every operation is one transaction: if the process is killed, it is done completely or not at all.
SQLite's locks belong to the process, so a crash leaves none behind.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from backchannel.files.inputs import MissingFile, check_regular
from backchannel.language.errors import CommandError
from backchannel.language.visible import in_one_line
from backchannel.ledger.checked import check_entries, check_integrity
from backchannel.ledger.shape import check_shape, statements
from backchannel.ledger.tables import APPLICATION, SCRIPTS, VERSION

BESIDE = ("-journal", "-wal", "-shm")
"""Endings of the files that SQLite keeps beside a ledger."""
LONGEST = 1_000_000
"""Most bytes of one entry."""
LONGEST_REASON = 200
"""Most characters of a message from SQLite, which can contain names from the file."""
WAIT = 30.0
"""Seconds to wait for another process that is writing."""


class LedgerFile:
    """A SQLite file that several processes read and write."""

    def __init__(self, path: str | Path) -> None:
        """Open or create the file, and update an older one to this version.

        Raises:
            CommandError: The file is not a ledger, has a newer version, is damaged, or cannot be opened.
        """
        self.path = Path(path)
        if not self.path.name:
            raise CommandError(f"'{path}' is no name of a file for a ledger.")
        if not self.path.parent.is_dir():
            raise CommandError(f"{path}: there is no folder {self.path.parent} to keep it in.")
        self._check_files()
        # Reading needs neither permission to write nor a lock.
        if not self._is_current():
            with self.writing("opened"):
                pass
        with self.reading() as base:
            check_integrity(base, self.path)
            check_entries(base, self.path)

    @contextmanager
    def writing(self, done: str) -> Iterator[sqlite3.Connection]:
        """Open the file for one write operation, in one transaction.

        Args:
            done: The operation, for the error message: "written".

        Raises:
            CommandError: The operation failed; nothing was written.
        """
        with self._open(done) as base:
            base.execute("BEGIN IMMEDIATE")
            try:
                _update(base, self.path)
                # The file may have been damaged since it was opened; nothing is added to what is damaged.
                check_integrity(base, self.path)
                yield base
            except BaseException:
                base.rollback()
                raise
            base.commit()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Open the file for reading.

        Raises:
            CommandError: It cannot be read.
        """
        with self._open("read") as base:
            yield base

    def _check_files(self) -> None:
        """Check that the file and the files beside it are not pipes, devices or folders."""
        for beside in ("", *BESIDE):
            with suppress(MissingFile):
                check_regular(self.path.with_name(self.path.name + beside))

    def _is_current(self) -> bool:
        if not self.path.exists():
            return False
        with self.reading() as base:
            return _version(base, self.path) == VERSION

    @contextmanager
    def _open(self, done: str) -> Iterator[sqlite3.Connection]:
        self._check_files()
        # A URI, because SQLite gives some file names a special meaning; mode rw creates no file.
        address = f"{self.path.absolute().as_uri()}?mode={'rw' if done == 'read' else 'rwc'}"
        try:
            base = sqlite3.connect(address, uri=True, timeout=WAIT, isolation_level=None)
        except sqlite3.Error as error:
            raise CommandError(f"{self.path} cannot be opened: {error}.") from None
        try:
            base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
            base.execute("PRAGMA foreign_keys = ON")
            # A ledger can come from somebody else: its views and triggers must not call functions with side effects.
            base.execute("PRAGMA trusted_schema = OFF")
            base.execute("PRAGMA synchronous = FULL")
            yield base
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                reason = f"another process has been writing to it for {WAIT:.0f} seconds"
            elif "not a database" in str(error):
                reason = "it is not a ledger. Choose another file with --ledger"
            elif "malformed" in str(error):
                reason = "it is damaged. Use an undamaged copy"
            elif "decode" in str(error):
                reason = "it is damaged: it contains bytes that are not text"
            else:
                reason = in_one_line(str(error))[:LONGEST_REASON]
            raise CommandError(
                f"{self.path} cannot be {done}: {reason}. Nothing was written."
            ) from None
        except UnicodeEncodeError:
            raise CommandError(
                f"{self.path} cannot be {done}: a given text contains bytes that are not text. "
                "Nothing was written."
            ) from None
        finally:
            base.close()


def _update(base: sqlite3.Connection, path: Path) -> None:
    """Update the file to this version, inside the open transaction."""
    version = _version(base, path)
    for script in SCRIPTS[version:]:
        for statement in statements(script):
            base.execute(statement)
    if version < VERSION:
        base.execute(f"PRAGMA user_version = {VERSION}")
        base.execute(f"PRAGMA application_id = {APPLICATION}")


def _version(base: sqlite3.Connection, path: Path) -> int:
    """Check that a file is a ledger and return its version; 0 for an empty file."""
    version = int(base.execute("PRAGMA user_version").fetchone()[0])
    mark = int(base.execute("PRAGMA application_id").fetchone()[0])
    tables = base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and mark != APPLICATION:
        raise CommandError(f"{path} is a database of another program, and was not changed.")
    if version > VERSION:
        raise CommandError(
            f"{path} is a ledger of version {version}; this Backchannel knows versions up to "
            f"{VERSION}. Install a newer Backchannel. The file was not changed."
        )
    if version < 0:
        raise CommandError(f"{path} is not a ledger of Backchannel: its version is {version}.")
    check_shape(base, path, version)
    return version
