"""The command group, and what its commands share: options, progress, errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from backchannel.cli import interrupt
from backchannel.console.say import say, say_wrong_use
from backchannel.files import durable
from backchannel.language.errors import BackchannelError, CommandError

if TYPE_CHECKING:
    from backchannel.cli.writing import Files
    from backchannel.files.outputs import Outputs
    from backchannel.study import Study

EXAMPLES = """\b
Examples:
  backchannel run belarus-2025
  backchannel new talks && backchannel check talks.yaml && backchannel run talks.yaml
"""


_interrupt = interrupt.Interrupt(durable.wait_for_writes)


class _Group(click.Group):
    """Reports what a user can mend as text, with an exit code, and never as a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        _interrupt.watch()
        try:
            return super().main(*args, standalone_mode=False, **kwargs)
        except click.exceptions.Abort:
            # A question was not answered; Ctrl-C itself ends the process (`interrupt`).
            interrupt.say_stopped()
            sys.exit(interrupt.EXIT_CODE)
        except click.ClickException as error:
            say_wrong_use(error)
            sys.exit(2)
        except BackchannelError as error:
            say(str(error), err=True)
            sys.exit(error.exit_code)
        except BrokenPipeError:
            # The reader (`head`, say) has seen enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)


@click.group(cls=_Group, epilog=EXAMPLES)
@click.version_option(package_name="backchannel")
def main() -> None:
    """Causal games of political bargaining: what next, what if, and why."""


class _Size(click.ParamType):
    """A size in memory, as in 4GB."""

    name = "size"

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        from backchannel.machine.memory import parse_size

        try:
            return value if isinstance(value, int) else parse_size(value)
        except CommandError as error:
            self.fail(str(error), param, ctx)


def remembering(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that says how much memory a command may take."""

    def hold(ctx: click.Context, param: Any, size: int | None) -> None:
        from backchannel.machine.memory import limited

        ctx.with_resource(limited(size))

    return click.option(
        "--memory", type=_Size(), metavar="SIZE", expose_value=False, callback=hold,
        help="Most memory to use, as in 4GB; half of what is free, if left out.",
    )(command)  # fmt: skip


def solving(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command that solves a case."""
    options = [
        click.argument("case"),
        click.option("--draws", type=click.IntRange(2, 1 << 20), default=1024, show_default=True,
                     help="How often the uncertain numbers are drawn; best a power of two."),
        click.option("--seed", type=click.IntRange(0), default=0, show_default=True,
                     help="The same seed gives the same numbers."),
        remembering,
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def leave_interrupts_alone() -> None:
    """From now on the command sees to it by itself that Ctrl-C ends it in time."""
    _interrupt.leave_to_others()


def example(*lines: str) -> str:
    """Lay out a command's examples for its help."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


class studying:  # noqa: N801 (used as a function)
    """Load a case with a progress bar and a cache of compiled programs around what follows.

    At the end a warning says how many draws were left out, whatever was asked.
    """

    def __init__(
        self, case: str, draws: int, seed: int, files: Files | Outputs | None = None
    ) -> None:
        self.asked = (case, draws, seed)
        self.files = files

    def __enter__(self) -> Study:
        case, draws, seed = self.asked
        from backchannel.case.catalog import find_case
        from backchannel.console.progress import Bar
        from backchannel.machine.compile_cache import keep_compiled

        find_case(case)
        self.bar = Bar()
        self.bar.stage("reading and compiling", 0)
        keep_compiled()
        try:
            from backchannel.study import Study as Opened

            study = Opened.load(case, draws=draws, seed=seed)
            if self.files is not None:
                self.files.protect(study.reads)
        except BaseException:
            self.bar.close()
            raise
        study.progress = self.bar
        self.study = study
        return study

    def __exit__(self, kind: object, *_: object) -> None:
        self.bar.close()
        if kind is None:
            self._tell_what_is_left_out()

    def _tell_what_is_left_out(self) -> None:
        if not self.study.is_solved:
            return
        from backchannel.wording.words import left_out_warning

        if warning := left_out_warning(self.study.ensemble.worst_left_out):
            say(warning, err=True)
