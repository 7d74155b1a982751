"""The one way by which commands say something: no text of a case steers the terminal."""

from __future__ import annotations

import io

import click

from backchannel.language.visible import visible


def say(text: object = "", *, err: bool = False, nl: bool = True) -> None:
    """Write a line to the terminal, on the error stream if asked; signs that steer become marks."""
    click.echo(visible(str(text)), err=err, nl=nl)


def say_wrong_use(error: click.ClickException) -> None:
    """Say what is wrong with a command line, with its usage."""
    told = io.StringIO()
    error.show(file=told)
    say(told.getvalue(), err=True, nl=False)
