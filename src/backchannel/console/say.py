"""How commands print messages: control characters in the text of a case take no effect."""

from __future__ import annotations

import io

import click

from backchannel.language.visible import visible


def say(text: object = "", *, err: bool = False, nl: bool = True) -> None:
    """Print a line, on the error stream if `err`; control characters become visible marks."""
    click.echo(visible(str(text)), err=err, nl=nl)


def say_wrong_use(error: click.ClickException) -> None:
    """Print what is wrong with a command line, and its usage."""
    text = io.StringIO()
    error.show(file=text)
    say(text.getvalue(), err=True, nl=False)
