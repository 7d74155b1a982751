"""The command group, and what its commands share: options, progress, whole files, errors."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backchannel import durable
from backchannel.errors import BackchannelError, CommandError

if TYPE_CHECKING:
    from backchannel.study import Study

EXAMPLES = """\b
Examples:
  backchannel run belarus-2025
  backchannel new talks && backchannel check talks.yaml && backchannel run talks.yaml
"""


class _Interrupt:
    """Remembers Ctrl-C: JAX drops a `KeyboardInterrupt` that arrives while it collects garbage."""

    def __init__(self) -> None:
        self.came = False

    def watch(self) -> None:
        """Begin to listen, unless the user's shell said that interrupts are to be ignored."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._note)

    def stop_if_it_came(self) -> None:
        """Stop now if the user asked for it at any time before."""
        if self.came:
            raise click.exceptions.Abort

    def _note(self, signum: int, frame: Any) -> None:
        self.came = True
        signal.default_int_handler(signum, frame)


_interrupt = _Interrupt()


class _Group(click.Group):
    """Reports what a user can mend as text, with an exit code, and never as a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        _interrupt.watch()
        try:
            return super().main(*args, standalone_mode=False, **kwargs)
        except click.exceptions.Abort:
            click.echo("Stopped. Nothing was written.", err=True)
            sys.exit(2)
        except click.ClickException as error:
            error.show()
            sys.exit(2)
        except BackchannelError as error:
            click.echo(str(error), err=True)
            sys.exit(error.exit_code)
        except BrokenPipeError:
            # The reader (`head`, say) has seen enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)


@click.group(cls=_Group, epilog=EXAMPLES)
@click.version_option(package_name="backchannel")
def main() -> None:
    """Causal games of political bargaining: what next, what if, and why."""


def solving(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command that solves a case."""
    options = [
        click.argument("case"),
        click.option("--draws", type=click.IntRange(2, 1 << 20), default=1024, show_default=True,
                     help="How often the uncertain numbers are drawn; best a power of two."),
        click.option("--seed", type=click.IntRange(0), default=0, show_default=True,
                     help="The same seed gives the same numbers."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def example(*lines: str) -> str:
    """Lay out a command's examples for its help."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all: an interrupted run leaves what was there before."""
    _interrupt.stop_if_it_came()
    durable.write_whole(path, text)


def check_writable(path: str | None) -> None:
    """Refuse a file that cannot be written before anything is solved for it."""
    if path is None:
        return
    folder = Path(path).resolve().parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise CommandError(f"{path} cannot be written: there is no folder {folder} to write in.")


class studying:  # noqa: N801 (used as a function)
    """Load a case with a progress bar and a cache of compiled programs around what follows.

    Whatever is asked of it, draws that were left out are told loudly at the end.
    """

    def __init__(self, case: str, draws: int, seed: int) -> None:
        self.asked = (case, draws, seed)

    def __enter__(self) -> Study:
        case, draws, seed = self.asked
        from backchannel.case.catalog import find_case
        from backchannel.progress import Bar, keep_compiled

        find_case(case)
        self.bar = Bar()
        self.bar.stage("reading and compiling", 0)
        keep_compiled()
        try:
            from backchannel.study import Study as Opened

            study = Opened.load(case, draws=draws, seed=seed)
        except BaseException:
            self.bar.close()
            raise
        study.progress = self.bar
        self.study = study
        return study

    def __exit__(self, kind: object, *_: object) -> None:
        self.bar.close()
        _interrupt.stop_if_it_came()
        if kind is None:
            self._tell_what_is_left_out()

    def _tell_what_is_left_out(self) -> None:
        if not self.study.is_solved:
            return
        from backchannel.present.words import left_out_warning

        if warning := left_out_warning(self.study.ensemble.worst_left_out):
            click.echo(warning, err=True)
