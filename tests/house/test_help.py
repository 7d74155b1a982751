"""The help of every command: its examples use options that exist, and its sentences say a thing once."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from backchannel.cli import main

COMMANDS = main.list_commands(click.Context(main))


def command_of(name: str) -> click.Command:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    return command


def examples(command: click.Command) -> list[str]:
    """The lines of its help that call Backchannel."""
    lines = (line.strip() for line in (command.epilog or "").splitlines())
    called = [line.partition(" #")[0] for line in lines if line.startswith("backchannel ")]
    return [part.strip() for line in called for part in line.split("&&")]


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_can_be_typed(name):
    """An option of an example that does not exist would be refused here."""
    typed = [shlex.split(line.partition(" > ")[0]) for line in examples(command_of(name))]
    assert name in [called for _, called, *_ in typed], f"{name} shows no example"
    for _, called, *arguments in typed:
        command_of(called).make_context(called, arguments)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_prose(name):
    """No name of the code, such as `export_ledger`, and no word twice in a row stands in a sentence."""
    command = command_of(name)
    options = [
        parameter.help or "" for parameter in command.params if isinstance(parameter, click.Option)
    ]
    for text in [command.help or "", *options]:
        words = re.sub(r"`[^`]*`|\b[A-Z_]{2,}\b", "", text)
        assert not re.findall(r"\b[a-z]+_[a-z_]+\b", words), text
        assert not re.findall(r"\b(\w+ \w+) \1\b|\b(\w+) \2\b", words, re.IGNORECASE), text
