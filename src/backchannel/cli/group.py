"""The command group: it opens cases for commands, and reports errors at their end."""

from __future__ import annotations

import errno
import os
import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import click

from backchannel.cli.internal_error import errors_elsewhere, report_internal_error
from backchannel.console.say import say, say_wrong_use
from backchannel.language.errors import BackchannelError
from backchannel.machine.interrupt import EXIT_CODE, interrupt, say_stopped
from backchannel.questions.registry import questions

if TYPE_CHECKING:
    from backchannel.study import Study

EXAMPLES = """\b
Examples:
  backchannel run belarus-2025
  backchannel new talks && backchannel check talks.yaml && backchannel run talks.yaml
"""


LONGEST_HELP = 500
"""Characters of a command's first sentence, more than any has."""
OUTPUT_ERRORS = {getattr(errno, name, None) for name in ("ENOSPC", "EIO", "EDQUOT", "EBADF")}
"""The disk that the output goes to is full, or its terminal is gone."""

_is_debug: ContextVar[bool] = ContextVar("is_debug", default=False)


class _Group(click.Group):
    """Contains the commands of every question, and reports errors that a user can fix without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in alphabetical order."""
        return sorted({*super().list_commands(ctx), *_of_questions()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name; each takes `--debug`, before or after its name."""
        command = super().get_command(ctx, cmd_name) or _of_questions().get(cmd_name)
        if command is not None and not any(option.name == "debug" for option in command.params):
            command.params.append(_debug_option(hidden=True))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command with the whole first sentence of its help; click would cut it off at the edge."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, one.get_short_help_str(LONGEST_HELP)) for name, one in commands if one]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        interrupt.watch()
        _is_debug.set(False)
        try:
            with errors_elsewhere(_is_debug.get):
                result = super().main(*args, standalone_mode=False, **kwargs)
                if sys.stdout is not None:
                    sys.stdout.flush()
                return result
        except click.exceptions.Abort:
            # A prompt was left unanswered. Ctrl-C itself ends the process elsewhere (`interrupt`).
            say_stopped()
            sys.exit(EXIT_CODE)
        except click.ClickException as error:
            say_wrong_use(error)
            sys.exit(2)
        except BackchannelError as error:
            say(str(error), err=True)
            sys.exit(error.exit_code)
        except BrokenPipeError:
            # The program that reads the output, such as `head`, has ended.
            _drop_output()
            sys.exit(0)
        except OSError as error:
            if error.errno not in OUTPUT_ERRORS or error.filename is not None:
                sys.exit(report_internal_error(error, is_debug=_is_debug.get()))
            _drop_output()
            say(f"The output cannot be written: {error.strerror}.", err=True)
            sys.exit(2)
        except Exception as error:
            sys.exit(report_internal_error(error, is_debug=_is_debug.get()))


def _debug_option(*, hidden: bool = False) -> click.Option:
    def turn_on(ctx: click.Context, param: click.Parameter, is_given: bool) -> None:
        if is_given:
            _is_debug.set(True)

    return click.Option(
        ["--debug"], is_flag=True, is_eager=True, expose_value=False, callback=turn_on, hidden=hidden,
        help="Show the details of an error of Backchannel itself.",
    )  # fmt: skip


def _drop_output() -> None:
    """Send what was not printed yet to nowhere, so that the end of Python does not fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=_Group, epilog=EXAMPLES, params=[_debug_option()])
@click.version_option(package_name="backchannel")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Causal games of political bargaining: what next, what if, and why."""
    ctx.obj = open_study


def _of_questions() -> dict[str, click.Command]:
    commands = [q.part(command) for q in questions() for command in q.commands]
    return {command.name: command for command in commands}


def open_study(case: str, *, draws: int, seed: int) -> Study:
    """Load a case, and keep compiled programs for later runs."""
    from backchannel.case.catalog import find_case
    from backchannel.machine.compile_cache import keep_compiled

    find_case(case)
    keep_compiled()
    from backchannel.study import Study

    return Study.load(case, draws=draws, seed=seed)
