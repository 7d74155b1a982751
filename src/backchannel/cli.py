"""The command line: `backchannel run`, `check`, `new`, `forecast`, `what-if`, `claims` ..."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backchannel.errors import BackchannelError, CommandError

if TYPE_CHECKING:
    from backchannel.study import Study

EXAMPLES = """\b
Examples:
  backchannel run belarus-2025
  backchannel new talks && backchannel check talks.yaml && backchannel run talks.yaml
"""


class _Group(click.Group):
    """Reports what a user can mend as text, with an exit code, and never as a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
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


def _solving(command: Callable[..., Any]) -> Callable[..., Any]:
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


def _example(*lines: str) -> str:
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


@main.command(epilog=_example("backchannel run belarus-2025 --json answers.json"))
@_solving
@click.option("--json", "json_file", type=click.Path(dir_okay=False), metavar="FILE",
              help="Write the answers document as well.")  # fmt: skip
def run(case: str, draws: int, seed: int, json_file: str | None) -> None:
    """Answer all of a case's questions. CASE is a file, or a name that `cases` lists."""
    _check_writable(json_file)
    with _studying(case, draws, seed) as study:
        answers = study.answers()
    from backchannel.present.terminal import console, show

    if json_file:
        write_whole(Path(json_file), answers.model_dump_json(indent=1) + "\n")
    show(answers, console())
    if json_file:
        click.echo(f"Wrote {json_file}.", err=True)


@main.command(epilog=_example("backchannel check talks.yaml"))
@click.argument("case")
def check(case: str) -> None:
    """Check a case without solving it; list every problem with its place."""
    from backchannel.case.catalog import find_case
    from backchannel.case.lower import lower
    from backchannel.case.read import read_case

    lowered = lower(*read_case(find_case(case)))
    for warning in lowered.warnings:
        click.echo(f"{warning} (warning)")
    diagram = lowered.diagram
    click.echo(
        f"{case}: fine. {len(diagram.players)} players, {len(diagram.nodes)} nodes "
        f"({len(diagram.decisions)} decisions), {len(lowered.priors)} numbers, "
        f"{len(lowered.questions)} questions, {len(lowered.claims)} claims; "
        f"{len(lowered.warnings)} warnings."
    )


@main.command(epilog=_example("backchannel new talks", "backchannel run talks.yaml"))
@click.argument("name")
def new(name: str) -> None:
    """Write a commented starter case, NAME.yaml, that runs."""
    from backchannel.case.starter import starter

    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if path.exists():
        raise CommandError(f"{path} is there already, and is left as it is. Choose another name.")
    write_whole(path, starter())
    click.echo(f"Wrote {path}. Try: backchannel run {path}")


@main.command(epilog=_example("backchannel forecast belarus-2025 later_release us_return"))
@_solving
@click.argument("nodes", nargs=-1)
def forecast(case: str, draws: int, seed: int, nodes: tuple[str, ...]) -> None:
    """Forecast NODES given the record; without NODES, all that lies ahead."""
    with _studying(case, draws, seed) as study:
        found = study.forecasts(nodes)
    from backchannel.present.terminal import console, show_forecasts

    show_forecasts(found, console())


@main.command(
    "what-if",
    epilog=_example(
        "backchannel what-if belarus-2025 --do later_release=all --outcome eu_answer",
        "backchannel what-if belarus-2025 --cause diversion --outcome us_relief",
    ),
)
@_solving
@click.option("--do", "settings", multiple=True, metavar="NODE=VALUE", help="Set a node by hand.")
@click.option("--cause", metavar="NAME", help="A cause or question that the case names.")
@click.option("--outcome", "outcomes", multiple=True, required=True, metavar="NODE",
              help="Node to look at; may be given several times.")  # fmt: skip
@click.option("--announced", default="true", show_default=True, metavar="WHEN",
              help="true (when it happens), a day, start, or false (nobody is told).")  # fmt: skip
@click.option("--told", multiple=True, metavar="PLAYER", help="Who is told; everyone, if left out.")
def what_if(
    case: str,
    draws: int,
    seed: int,
    settings: tuple[str, ...],
    cause: str | None,
    outcomes: tuple[str, ...],
    announced: str,
    told: tuple[str, ...],
) -> None:
    """Compare outcomes with and without an intervention, on the same draws."""
    if bool(settings) == bool(cause):
        raise CommandError("Say what is changed: --do NODE=VALUE, or --cause NAME.")
    if cause and (told or announced != "true"):
        raise CommandError(
            "A cause says itself who learns of it; use --do with --announced, --told."
        )
    with _studying(case, draws, seed) as study:
        if cause:
            made = study.intervention(cause)
        else:
            when = {"true": True, "false": False}.get(announced, announced)
            changes: dict[str, Any] = {"do": study.settings(settings), "announced": when}
            made = study.intervention(**changes, **({"told": list(told)} if told else {}))
        found = study.changes(cause or "", made, outcomes)
    from backchannel.present.terminal import console, show_what_ifs

    out = console()
    show_what_ifs([found], out)
    out.print(f"{found.record.capitalize()}; {found.who_knows}.")


@main.command(epilog=_example("backchannel claims belarus-2025"))
@_solving
def claims(case: str, draws: int, seed: int) -> None:
    """Test the case's claims: which stand up, and on what they hinge."""
    with _studying(case, draws, seed) as study:
        found = study.findings()
    from backchannel.present.terminal import console, show_claims

    if not found:
        click.echo("This case makes no claims.")
    show_claims(found, console())


@main.command(
    epilog=_example("backchannel schema > case.schema.json", "backchannel schema --answers")
)
@click.option("--answers", is_flag=True, help="The schema of the answers document instead.")
def schema(answers: bool) -> None:
    """Print the JSON Schema of case files, for completion in editors."""
    from backchannel.case.json_schema import case_schema

    found = case_schema()
    if answers:
        from backchannel.present.document import Answers

        found = Answers.model_json_schema()
    click.echo(json.dumps(found, indent=1, ensure_ascii=False))


@main.command(epilog=_example("backchannel cases"))
def cases() -> None:
    """List the cases that come with Backchannel."""
    from backchannel.case.catalog import catalog, find_case
    from backchannel.case.read import read_case

    for name in catalog():
        case, _ = read_case(find_case(name))
        click.echo(f"{name:<18} {case.case}: {case.question or case.about}")


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all: an interrupted run leaves what was there before."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror or error}.") from None
    finally:
        part.unlink(missing_ok=True)


def _check_writable(path: str | None) -> None:
    if path is None:
        return
    folder = Path(path).resolve().parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise CommandError(f"{path} cannot be written: there is no folder {folder} to write in.")


class _studying:  # noqa: N801 (used as a function)
    """Load a case with a progress bar and a cache of compiled programs around what follows."""

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
        return study

    def __exit__(self, *_: object) -> None:
        self.bar.close()
