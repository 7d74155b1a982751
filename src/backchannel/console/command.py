"""What commands share: the options of those that solve a case, their examples, and the case opened.

A question's command lies in the question's room, below the command line; the group hands it what opens a
study (`Opener`), in the context of the command.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import click

from backchannel.console.say import say
from backchannel.language.errors import CommandError

if TYPE_CHECKING:
    from backchannel.console.progress import Bar
    from backchannel.console.writing import Files
    from backchannel.files.outputs import Outputs
    from backchannel.study import Study


class Opener(Protocol):
    """Opens a case for a command, with a progress bar and a cache of compiled programs."""

    def __call__(self, case: str, *, draws: int, seed: int) -> Study:
        """Load a case.

        Raises:
            CaseError: The case is wrong; every problem is listed.
            CommandError: There is no such case.
        """
        ...


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


def example(*lines: str) -> str:
    """Lay out a command's examples for its help."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


class studying:  # noqa: N801 (used as a function)
    """Load a case with a progress bar around what follows.

    At the end a warning says how many draws were left out, whatever was asked.
    """

    def __init__(
        self, case: str, draws: int, seed: int, files: Files | Outputs | None = None
    ) -> None:
        self.case, self.draws, self.seed = case, draws, seed
        self.files = files

    def __enter__(self) -> Study:
        from backchannel.console.progress import Bar

        opener: Opener = click.get_current_context().obj
        self.bar: Bar = Bar()
        self.bar.stage("reading and compiling", 0)
        try:
            study = opener(self.case, draws=self.draws, seed=self.seed)
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
