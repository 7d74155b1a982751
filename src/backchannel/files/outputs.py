"""Write output files: a command checks all of them before it starts, and writes them at its end.

An existing file is replaced only if Backchannel wrote it, or if the user says so. Files that the command
reads are never replaced. Pipes and devices are written to, not replaced.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from backchannel.files.durable import FileExists, resolve_links, write_new, write_whole
from backchannel.files.inputs import kind_of_file, read_bytes
from backchannel.files.marks import Mark
from backchannel.files.seen_file import SeenFile, identity_of
from backchannel.files.streams import standard_stream, write_to_stream
from backchannel.language.errors import CommandError

MOST_LOOKED_AT = 1 << 28
"""Largest file, in bytes, that is searched for a mark; a larger one counts as somebody else's."""
IN_PYTHON = "pass force=True"


@dataclass(frozen=True)
class Output:
    """One file that will be written."""

    path: Path
    option: str
    """The option that names it, for messages: `--json`."""
    is_ours: Mark
    """Recognises a file that Backchannel wrote."""


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
        """Check every file before any work is done.

        Args:
            outputs: The files that will be written.
            reads: The files that the same command reads, each under a description: "the case".
            force: Replace files that Backchannel did not write.
            remedy: How a user can set `force`, for messages.
            ask: Asks the user whether to replace a file; without it, no file is replaced.

        Raises:
            CommandError: A file cannot or may not be written; every problem is listed.
        """
        self._outputs = list(outputs)
        self._reads = list((reads or {}).items())
        self._force, self._remedy = force, remedy
        self._allowed: dict[Path, SeenFile] = {}
        _raise(self._problems() or self._not_ours(ask))

    def protect(self, reads: Mapping[str, str | Path]) -> None:
        """Add files that are read, as soon as they are known.

        Raises:
            CommandError: One of them would be written as well.
        """
        self._reads += reads.items()
        _raise(self._problems())

    def write(self, path: Path, content: str | bytes) -> None:
        """Write one of the files whole or not at all, or into a pipe or device.

        Raises:
            CommandError: It cannot be written, or an existing file may not be replaced.
        """
        output = next(output for output in self._outputs if output.path == path)
        _raise(self._problem_of(output))
        seen = SeenFile.of(path)
        if seen is not None and (seen.is_stream or standard_stream(seen)):
            write_to_stream(path, seen, content)
        elif seen is None and not self._force:
            try:
                write_new(path, content)
            except FileExists:
                raise CommandError(
                    f"{path} was created by another program in the meantime."
                ) from None
        elif seen is None or self._force:
            write_whole(path, content)
        elif seen == self._allowed.get(path) or _is_ours(output):
            write_whole(path, content, last_check=lambda: _check_same(path, seen))
        else:
            raise _changed(path)

    def _problems(self) -> list[str]:
        problems = [line for output in self._outputs for line in self._problem_of(output)]
        names: dict[object, Output] = {}
        for output in self._outputs:
            name = identity_of(output.path)
            other = names.setdefault(name, output) if name else output
            if other is not output:
                problems.append(
                    f"{output.path} is named by both {other.option} and {output.option}. Use a "
                    "different file for each."
                )
        return problems

    def _problem_of(self, output: Output) -> list[str]:
        """List what prevents writing a file, whatever it contains."""
        path, option = output.path, output.option
        try:
            seen = SeenFile.of(path)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "the name is not valid"
            return [f"{path} cannot be written: {reason}."]
        for what, read in self._reads:
            if seen is not None and seen.is_same(read):
                return [
                    f"{path} is {what}, which this command reads and never replaces. Choose another "
                    f"file for {option}."
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
        if not (seen.is_stream or standard_stream(seen) or os.access(folder, os.W_OK)):
            return [_protected(path, folder)]
        return []

    def _not_ours(self, ask: Callable[[str], bool] | None) -> list[str]:
        """List the files of others that would be replaced without the user's consent."""
        problems = []
        for output in self._outputs:
            path = output.path
            seen = SeenFile.of(path)
            if self._force or seen is None or seen.is_stream or standard_stream(seen):
                continue
            if _is_ours(output):
                continue
            if ask is None:
                problems.append(
                    f"{path} exists already. Backchannel did not write it, or somebody changed it since. "
                    f"Choose another file for {output.option}, or {self._remedy} to replace it."
                )
            elif ask(f"{path} exists already, and Backchannel did not write it. Replace it?"):
                self._allowed[path] = seen
            else:
                problems.append(f"{path} was not changed. Nothing was run.")
        return problems


def single_output(
    path: Path, is_ours: Mark, *, reads: Mapping[str, Path] | None = None, force: bool = False
) -> Outputs:
    """Check the one file that a call from Python writes.

    Raises:
        CommandError: It cannot or may not be written.
    """
    return Outputs([Output(path, "path", is_ours)], reads=reads, force=force)


def _is_ours(output: Output) -> bool:
    try:
        data = read_bytes(output.path, limit=MOST_LOOKED_AT, what="it")
    except CommandError:
        return False
    return not data or output.is_ours(data)


def _check_same(path: Path, seen: SeenFile) -> None:
    if SeenFile.of(path) != seen:
        raise _changed(path)


def _protected(path: Path, folder: Path) -> str:
    return f"{path} cannot be written: the folder {folder} is write-protected."


def _changed(path: Path) -> CommandError:
    return CommandError(
        f"{path} was changed by another program in the meantime, and was not replaced."
    )


def _raise(problems: list[str]) -> None:
    if problems:
        raise CommandError("\n".join(problems))
