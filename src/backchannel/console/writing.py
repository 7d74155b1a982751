"""The files that commands write: the option `--force`, and checks before anything is solved."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import click

from backchannel.files.marks import Mark, is_document
from backchannel.files.outputs import Output, Outputs
from backchannel.language.errors import CommandError

CommandT = TypeVar("CommandT", bound=Callable[..., Any])

force_option = click.option(
    "--force",
    is_flag=True,
    help="Replace existing files without asking, even if Backchannel did not write them.",
)


def json_option(what: str) -> Callable[[CommandT], CommandT]:
    """The option that also writes a result to a JSON file.

    Args:
        what: What is written, as the help text calls it.
    """
    return click.option(
        "--json",
        "json_file",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help=f"Also write {what} to a JSON file.",
    )


draws_out_option = click.option(
    "--draws-out",
    "draws_file",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Also write every draw, with its weight, numbers and forecasts, to a .csv or .parquet file.",
)


class Files:
    """The files that a command writes, by their names on the command line."""

    def __init__(self, outputs: Outputs) -> None:
        self.outputs = outputs

    def protect(self, reads: Mapping[str, str | Path]) -> None:
        """Note more files that the command reads, and so must not replace."""
        self.outputs.protect(reads)

    def write(self, name: str | None, text: Callable[[], str | bytes]) -> None:
        """Write a file, if it was asked for; its text is made only then."""
        if name is None:
            return
        self.outputs.write(Path(name), text())


def plan_files(
    *asked: tuple[str, str | None, Mark], force: bool, reads: Mapping[str, str | Path | None]
) -> Files:
    """Check the files that a command will write, before it does anything.

    Args:
        asked: The option, the file or None, and how a file of Backchannel's own is recognised.
        force: Whether to replace other files too.
        reads: The files that the command reads, by what they are; a case may be in the catalog.

    Raises:
        CommandError: Some file cannot or may not be written; every problem is listed.
    """
    outputs = [Output(Path(file), option, mark) for option, file, mark in asked if file]
    return Files(plan_outputs(outputs, force=force, reads=reads))


def plan_outputs(
    outputs: list[Output], *, force: bool, reads: Mapping[str, str | Path | None]
) -> Outputs:
    """Check outputs that are known already, as `plan_files` does.

    Raises:
        CommandError: Some file cannot or may not be written; every problem is listed.
    """
    from backchannel.case.catalog import find_case

    read_files: dict[str, str | Path] = {}
    for what, name in reads.items():
        try:
            if name:
                read_files[what] = find_case(name) if "case" in what else name
        except CommandError:
            continue  # The code that reads the file reports what is wrong.
    return Outputs(
        outputs,
        reads=read_files,
        force=force,
        remedy="give --force",
        ask=_ask if _may_ask() else None,
    )


def document(module: str, name: str) -> Mark:
    """The mark of a JSON document of a model; the model is imported only when a file is checked."""

    def is_ours(data: bytes) -> bool:
        model = getattr(import_module(f"backchannel.{module}"), name)
        return is_document(data, list(model.model_fields))

    return is_ours


def _may_ask() -> bool:
    return sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()


def _ask(question: str) -> bool:
    return click.confirm(question, err=True)
