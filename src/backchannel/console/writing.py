"""What commands write: the option `--force`, and files that are looked at before anything is solved."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from backchannel.files.marks import Mark, is_document
from backchannel.files.outputs import Output, Outputs
from backchannel.language.errors import CommandError

forced = click.option(
    "--force", is_flag=True, help="Replace files that Backchannel did not write, without asking."
)


def json_option(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make the option `--json FILE`, with its help text."""
    return click.option(
        "--json", "json_file", type=click.Path(dir_okay=False), metavar="FILE", help=text
    )


class Files:
    """The files that a command writes, by their names on the command line."""

    def __init__(self, outputs: Outputs) -> None:
        self.outputs = outputs

    def protect(self, reads: Mapping[str, str | Path]) -> None:
        """Take note of more files that the command reads."""
        self.outputs.protect(reads)

    def write(self, name: str | None, text: Callable[[], str | bytes]) -> None:
        """Make the text of a file that was asked for, and write it."""
        if name is None:
            return
        self.outputs.write(Path(name), text())


def planned(
    *asked: tuple[str, str | None, Mark], force: bool, reads: dict[str, str | Path | None]
) -> Files:
    """Look at the files that a command is to write, before it does anything.

    Args:
        asked: The option, the file or None, and how one of ours is known.
        force: Replace the files of others as well.
        reads: The files that the command reads, by what they are; a case may be one of the catalog.

    Raises:
        CommandError: Some file cannot or may not be written; every problem is listed.
    """
    outputs = [Output(Path(file), option, mark) for option, file, mark in asked if file]
    return Files(plan(outputs, force=force, reads=reads))


def plan(outputs: list[Output], *, force: bool, reads: dict[str, str | Path | None]) -> Outputs:
    """The same, of outputs that are known already."""
    from backchannel.case.catalog import find_case

    found: dict[str, str | Path] = {}
    for what, name in reads.items():
        try:
            found |= {what: find_case(name) if "case" in what else name} if name else {}
        except CommandError:
            continue  # Whoever reads it says what is wrong with it.
    return Outputs(
        outputs, reads=found, force=force, remedy="give --force", ask=_ask if _may_ask() else None
    )


def document(module: str, name: str) -> Mark:
    """The mark of a document in JSON, by the name of its model, which is loaded only if it must be."""

    def is_ours(data: bytes) -> bool:
        model = getattr(import_module(f"backchannel.{module}"), name)
        return is_document(data, list(model.model_fields))

    return is_ours


def _may_ask() -> bool:
    return sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()


def _ask(question: str) -> bool:
    return click.confirm(question, err=True)
