"""Output files: all that a command or a call writes, looked at before it begins and written at its end.

What is there already is replaced only if Backchannel wrote it, or if the user says so. What the command
reads is never replaced, and neither is what is no file: pipes and devices are written to.
"""

from __future__ import annotations

import os
import stat
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from backchannel.files.durable import FileExists, resolve_links, write_new, write_whole
from backchannel.files.inputs import kind_of_file, read_bytes
from backchannel.files.marks import Mark
from backchannel.language.errors import CommandError

MOST_LOOKED_AT = 1 << 28
"""Bytes of a file that is searched for our mark; a larger one counts as somebody else's."""
IN_PYTHON = "pass force=True"


@dataclass(frozen=True)
class Output:
    """One file that is to be written."""

    path: Path
    option: str
    """What the user names it with, for messages: `--json`."""
    is_ours: Mark
    """Knows a file that Backchannel wrote."""


class Outputs:
    """The files that one command writes."""

    def __init__(
        self,
        outputs: Sequence[Output],
        *,
        reads: Mapping[str, Path] | Mapping[str, str | Path] | None = None,
        force: bool = False,
        remedy: str = IN_PYTHON,
        ask: Callable[[str], bool] | None = None,
    ) -> None:
        """Look at every file before anything is done.

        Args:
            outputs: What is to be written.
            reads: The files that the same command reads, by what they are: "the case".
            force: Replace files that Backchannel did not write.
            remedy: How a user says `force`, for messages.
            ask: Asks the user whether a file is to be replaced; if left out, none is.

        Raises:
            CommandError: Some file cannot or may not be written; every problem is listed.
        """
        self._outputs = list(outputs)
        self._reads = list((reads or {}).items())
        self._force, self._remedy = force, remedy
        self._allowed: dict[Path, _Seen] = {}
        _raise(self._problems() or self._foreign(ask))

    def protect(self, reads: Mapping[str, str | Path]) -> None:
        """Take note of more files that are read, as soon as they are known.

        Raises:
            CommandError: One of them is to be written.
        """
        self._reads += reads.items()
        _raise(self._problems())

    def write(self, path: Path, content: str | bytes) -> None:
        """Write one of the files: whole or not at all, or into the pipe or device that it is.

        Raises:
            CommandError: It cannot be written, or what stands there may not be replaced.
        """
        output = next(output for output in self._outputs if output.path == path)
        _raise(self._problem_of(output))
        seen = _Seen.of(path)
        if seen is not None and (seen.is_stream or _standard(seen)):
            _pour(path, seen, content)
        elif seen is None and not self._force:
            try:
                write_new(path, content)
            except FileExists:
                raise CommandError(f"{path} was made by another program in the meantime.") from None
        elif seen is None or self._force:
            write_whole(path, content)
        elif seen == self._allowed.get(path) or _is_ours(output):
            write_whole(path, content, last_look=lambda: _check_same(path, seen))
        else:
            raise _changed(path)

    def _problems(self) -> list[str]:
        found = [line for output in self._outputs for line in self._problem_of(output)]
        names: dict[object, Output] = {}
        for output in self._outputs:
            name = _identity(output.path)
            other = names.setdefault(name, output) if name else output
            if other is not output:
                found.append(
                    f"{output.path} is named by both {other.option} and {output.option}: give "
                    "each its own file."
                )
        return found

    def _problem_of(self, output: Output) -> list[str]:
        """What stands against writing a file at all, whatever is in it."""
        path, option = output.path, output.option
        try:
            seen = _Seen.of(path)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not a valid name"
            return [f"{path} cannot be written: {reason}."]
        for what, read in self._reads:
            if seen is not None and seen.is_same(read):
                return [
                    f"{path} is {what}, which is read and never replaced. Choose another file for "
                    f"{option}."
                ]
        if seen is None:
            folder = resolve_links(path).parent
            if not folder.is_dir():
                return [f"{path} cannot be written: there is no folder {folder}."]
            if not os.access(folder, os.W_OK):
                return [_protected(path, folder)]
            return []
        kind = kind_of_file(seen.mode)
        if kind and not seen.is_stream:
            return [f"{path} is {kind if kind != 'a device' else 'a disk'}, not a file to write."]
        if not os.access(path, os.W_OK):
            return [f"{path} cannot be written: it is write-protected."]
        folder = resolve_links(path).parent
        if not (seen.is_stream or _standard(seen) or os.access(folder, os.W_OK)):
            return [_protected(path, folder)]
        return []

    def _foreign(self, ask: Callable[[str], bool] | None) -> list[str]:
        """Files of others that would be replaced, and that the user does not give up."""
        found = []
        for output in self._outputs:
            path = output.path
            seen = _Seen.of(path)
            if self._force or seen is None or seen.is_stream or _standard(seen):
                continue
            if _is_ours(output):
                continue
            if ask is None:
                found.append(
                    f"{path} is there already, and Backchannel did not write it, or it was changed since. Choose "
                    f"another file for {output.option}, or {self._remedy} to replace it."
                )
            elif ask(f"{path} is there already, and Backchannel did not write it. Replace it?"):
                self._allowed[path] = seen
            else:
                found.append(f"{path} is left as it is. Nothing was run.")
        return found


def single_output(
    path: Path, is_ours: Mark, *, reads: Mapping[str, Path] | None = None, force: bool = False
) -> Outputs:
    """The one file that a call from Python writes.

    Raises:
        CommandError: It cannot or may not be written.
    """
    return Outputs([Output(path, "path", is_ours)], reads=reads, force=force)


@dataclass(frozen=True)
class _Seen:
    """What stood under a name at one moment; equal while nobody has touched it."""

    place: tuple[int, int]
    mode: int
    size: int
    changed: int

    @classmethod
    def of(cls, path: str | Path) -> _Seen | None:
        try:
            about = os.stat(path)
        except FileNotFoundError:
            return None
        place = about.st_dev, about.st_ino
        return cls(place, about.st_mode, about.st_size, about.st_mtime_ns)

    @property
    def is_stream(self) -> bool:
        """A pipe or a device that takes what comes, and keeps nothing that could be lost."""
        return stat.S_ISFIFO(self.mode) or stat.S_ISCHR(self.mode)

    def is_same(self, path: str | Path) -> bool:
        """By whatever name, link or spelling."""
        try:
            other = _Seen.of(path)
        except (OSError, ValueError):
            return False
        return other is not None and other.place == self.place


def _identity(path: Path) -> object:
    """Equal for two names of one file, also where it is not there yet; None for a stream."""
    try:
        seen = _Seen.of(path)
    except (OSError, ValueError):
        return None
    if seen is not None:
        return None if seen.is_stream else seen.place
    # Many file systems take names that differ in case or accents' spelling for one.
    return unicodedata.normalize("NFC", str(resolve_links(path))).casefold()


def _standard(seen: _Seen) -> int | None:
    """The standard stream that leads to a file (`--json /dev/stdout > all.txt`), if one does."""
    for number in (1, 2):
        try:
            about = os.fstat(number)
        except OSError:
            continue
        if (about.st_dev, about.st_ino) == seen.place:
            return number
    return None


def _is_ours(output: Output) -> bool:
    try:
        data = read_bytes(output.path, limit=MOST_LOOKED_AT, what="it")
    except CommandError:
        return False
    return not data or output.is_ours(data)


def _check_same(path: Path, seen: _Seen) -> None:
    if _Seen.of(path) != seen:
        raise _changed(path)


def _protected(path: Path, folder: Path) -> str:
    return f"{path} cannot be written: the folder {folder} is write-protected."


def _changed(path: Path) -> CommandError:
    return CommandError(
        f"{path} was changed by another program in the meantime, and is left as it is."
    )


def _pour(path: Path, seen: _Seen, content: str | bytes) -> None:
    """Write to what is open already, or to what takes everything and is not replaced."""
    data = memoryview(content.encode("utf-8") if isinstance(content, str) else content)
    try:
        number = _standard(seen)
        if number is not None:
            (sys.stdout if number == 1 else sys.stderr).flush()
            handle = os.dup(number)
        else:
            handle = os.open(path, os.O_WRONLY | getattr(os, "O_NOCTTY", 0))
        try:
            about = os.fstat(handle)
            if (about.st_dev, about.st_ino) != seen.place:
                raise CommandError(f"{path} was replaced in the meantime, and is left as it is.")
            while data:
                data = data[os.write(handle, data) :]
        finally:
            os.close(handle)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror or error}.") from None


def _raise(problems: list[str]) -> None:
    if problems:
        raise CommandError("\n".join(problems))
