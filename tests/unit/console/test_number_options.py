"""Options that take numbers: nan, infinity and numbers outside of the range are refused by every command."""

from __future__ import annotations

import click
import pytest

from backchannel.cli import main
from backchannel.console.number_options import NamedNumbers, RealOption, WholeOption
from tests.commands import run

CONTEXT = click.Context(main)
COMMANDS = {name: main.get_command(CONTEXT, name) for name in main.list_commands(CONTEXT)}
NUMERIC = [
    pytest.param(name, parameter, id=f"{name} {parameter.name}")
    for name, command in COMMANDS.items()
    for parameter in (command.params if command else [])
    if isinstance(parameter.type, click.types.IntParamType | click.types.FloatParamType)
]


def test_numeric_options_are_found():
    """The test below would pass on an empty list."""
    assert {"threshold", "reliability", "until", "precision", "draws", "withdraw"} <= {
        case.values[1].name for case in NUMERIC
    }


@pytest.mark.parametrize(("command", "parameter"), NUMERIC)
def test_every_number_has_a_checked_type(command, parameter):
    """Click's own types accept nan and infinity."""
    assert isinstance(parameter.type, RealOption | WholeOption)
    wrong = ["nan", "inf", "-inf", "-1", "1e400", "9" * 400]
    for text in wrong:
        with pytest.raises(click.BadParameter):
            parameter.type.convert(text, parameter, CONTEXT)


@pytest.mark.parametrize("command", COMMANDS)
def test_names_with_numbers_have_the_type_for_them(command):
    """A text of the form NAME=VALUE whose value is a number is read in one place."""
    chosen = COMMANDS[command]
    assert chosen
    for parameter in chosen.params:
        if parameter.make_metavar(CONTEXT).startswith("NAME=VALUE"):
            assert isinstance(parameter.type, NamedNumbers), parameter.name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("quiet=nan", "quiet must be a finite number"),
        ("quiet=-inf", "quiet must be a finite number"),
        ("quiet=1e999", "quiet must be a finite number"),
        ("quiet", "write NAME=VALUE"),
        ("quiet=0.3.1", "write NAME=VALUE"),
        ("quiet=1,quiet=2", "given twice: 1 and 2"),
    ],
)
def test_wrong_named_numbers_are_usage_errors(text, said):
    for option, infinite in (("--fix", False), ("--test", False), ("--set", True)):
        with pytest.raises(click.BadParameter, match=said):
            NamedNumbers(infinite=infinite).convert(text, click.Option([option]), CONTEXT)


def test_infinity_is_a_precision_but_no_fixed_number():
    option = click.Option(["--set"])
    infinite = {"fred.precision": float("inf")}
    assert NamedNumbers(infinite=True).convert("fred.precision=inf", option, CONTEXT) == infinite
    with pytest.raises(click.BadParameter):
        NamedNumbers().convert("fred.precision=inf", option, CONTEXT)


def test_the_level_of_a_category_may_hold_an_equals_sign():
    read = NamedNumbers().convert("war[regime=dem]=0, quiet=1", click.Option(["--fix"]), CONTEXT)
    assert read == {"war[regime=dem]": 0.0, "quiet": 1.0}


@pytest.mark.parametrize(
    ("arguments", "range_in_words"),
    [
        (["deals", "canal", "--threshold", "nan"], "a number between 0 and 1, ends excluded"),
        (["deals", "canal", "--threshold", "1"], "a number between 0 and 1, ends excluded"),
        (["update", "canal", "--reliability", "nan"], "a number above 0 and at most 1"),
        (["branch", "canal", "--until", "inf"], "a number above 0"),
        (["import", "game.efg", "--precision", "nan"], "a number from 0 to 1,000,000"),
        (["run", "canal", "--draws", "1"], "a whole number from 2 to 1,048,576"),
        (["log", "canal", "--seed", "9" * 20], "a whole number of at least 0"),
        (["ledger", "--withdraw", "0"], "a whole number of at least 1"),
    ],
)
def test_the_message_names_the_option_and_its_range(arguments, range_in_words):
    done = run(*arguments, check=2)
    assert arguments[-2] in done.stderr
    assert range_in_words in done.stderr
