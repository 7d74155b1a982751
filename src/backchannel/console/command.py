"""What commands share: the options of commands that solve a case, examples, and opening the case.

The command of a question stands in the question's folder, in a layer below the command line. The command
group passes it the function that opens a study (`Opener`) in click's context.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import click

from backchannel.console.number_options import WholeOption
from backchannel.console.say import say
from backchannel.language.errors import CommandError
from backchannel.language.number_ranges import DEFAULT_DRAWS, DRAW_COUNT, SEED_RANGE

if TYPE_CHECKING:
    from backchannel.console.progress import Bar
    from backchannel.console.writing import Files
    from backchannel.files.outputs import Outputs
    from backchannel.study import Study


DEFAULT_LEDGER = "backchannel.ledger"
"""The ledger where nobody names one, in the folder in which a command runs."""
DATE = click.DateTime(["%Y-%m-%d"])
"""The type of options that take a date."""


class Opener(Protocol):
    """Opens a case for a command, with a progress bar and a cache of compiled programs."""

    def __call__(self, case: str, *, draws: int, seed: int) -> Study:
        """Load a case.

        Raises:
            CaseError: The case is wrong; every problem is listed.
            CommandError: There is no such case.
        """
        ...


class _Size(click.ParamType[int]):
    """A size in memory, such as 4GB."""

    name = "size"

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        from backchannel.machine.memory import parse_size

        try:
            return value if isinstance(value, int) else parse_size(value)
        except CommandError as error:
            self.fail(str(error), param, ctx)


def memory_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that limits the memory of a command."""

    def limit(ctx: click.Context, param: Any, size: int | None) -> None:
        from backchannel.machine.memory import limited

        ctx.with_resource(limited(size))

    return click.option(
        "--memory", type=_Size(), metavar="SIZE", expose_value=False, callback=limit,
        help="Use at most this much memory, for example 4GB; default: half of the free memory.",
    )(command)  # fmt: skip


def cluster_option(command: Callable[..., Any], name: str = "--cluster") -> Callable[..., Any]:
    """Add the option that lets a cluster work on what falls into pieces.

    Args:
        command: The command.
        name: What the option is called, where the usual name has another meaning.
    """

    def connect(ctx: click.Context, param: Any, address: str | None) -> None:
        if address is None:
            return
        from backchannel.workers.workers import workers_at, working_on

        chosen = workers_at(address)
        assert chosen is not None
        ctx.call_on_close(chosen.close)
        ctx.with_resource(working_on(chosen))
        say(f"Working on {chosen.place}.", err=True)

    return click.option(
        name, metavar="ADDRESS", expose_value=False, callback=connect,
        help="Work on a Dask cluster: local:N (N worker processes here), or tcp://HOST:PORT.",
    )(command)  # fmt: skip


def draws_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that sets the number of draws."""
    return click.option(
        "--draws", type=WholeOption(DRAW_COUNT), default=DEFAULT_DRAWS, show_default=True,
        help="Number of draws of the uncertain numbers; a power of two is best.",
    )(command)  # fmt: skip


def solver_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument and the options of every command that solves a case."""
    return click.argument("case")(draw_options(command))


def draw_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what is drawn, and how much memory may be used."""
    options = [
        draws_option,
        click.option("--seed", type=WholeOption(SEED_RANGE), default=0, show_default=True,
                     help="Seed of the draws; the same seed gives the same numbers."),
        memory_option,
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def scenario_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that solves a case with the sliders of one of its scenarios."""
    return click.option(
        "--scenario", metavar="NAME",
        help="Solve the case with the sliders of this scenario; everything that is written says so.",
    )(command)  # fmt: skip


def ledger_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that names the file of the ledger."""
    return click.option(
        "--ledger", "book", type=click.Path(dir_okay=False), envvar="BACKCHANNEL_LEDGER",
        default=DEFAULT_LEDGER, show_default=True, metavar="FILE",
        help="File of the ledger; the environment variable BACKCHANNEL_LEDGER sets it too.",
    )(command)  # fmt: skip


def example(*lines: str) -> str:
    """Lay out a command's examples for its help."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


class studying:  # noqa: N801 (used as a function)
    """Load a case and show a progress bar during the block.

    At the end, a warning on the error stream says if many draws were left out.
    """

    def __init__(
        self,
        case: str,
        draws: int,
        seed: int,
        files: Files | Outputs | None = None,
        *,
        warns: bool = True,
    ) -> None:
        """Prepare.

        Args:
            case: The case's name or file.
            draws: How many draws.
            seed: Their seed.
            files: The files that the command writes; they may not replace those of the case.
            warns: Whether to warn of left-out draws; no, if the command's own output does.
        """
        self.case, self.draws, self.seed = case, draws, seed
        self.files, self.warns = files, warns

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
        if kind is None and self.warns:
            self._warn_of_left_out_draws()

    def _warn_of_left_out_draws(self) -> None:
        if not self.study.is_solved:
            return
        from backchannel.wording.left_out import left_out_warning

        if warning := left_out_warning(self.study.ensemble.worst_left_out):
            say(warning, err=True)
