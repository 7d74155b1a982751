"""The command group: it opens cases for commands, and reports errors at their end."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

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


class _Group(click.Group):
    """Contains the commands of every question, and reports errors that a user can fix without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in alphabetical order."""
        return sorted({*super().list_commands(ctx), *_of_questions()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        return super().get_command(ctx, cmd_name) or _of_questions().get(cmd_name)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        interrupt.watch()
        try:
            return super().main(*args, standalone_mode=False, **kwargs)
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
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)


@click.group(cls=_Group, epilog=EXAMPLES)
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
