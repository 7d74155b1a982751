"""Options of the commands that read a table of plays: `fit` and `evaluate`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from backchannel.console.number_options import NamedNumbers

FILE = click.Path(dir_okay=False)
"""The type of options that name a file."""


def weights_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that names the column of weights."""
    return click.option(
        "--weights", metavar="COLUMN", help="Column with the number of times that a row was played."
    )(command)


def fix_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that fixes numbers and coefficients."""
    return click.option(
        "--fix",
        multiple=True,
        type=NamedNumbers(),
        metavar="NAME=VALUE",
        help="Fix a number, or a coefficient such as gain[x], at a value.",
    )(command)


def csv_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make the option that writes a table to a CSV file."""
    return click.option(
        "--csv", "csv_file", type=FILE, metavar="FILE", help=f"Write {what} to a CSV file."
    )
