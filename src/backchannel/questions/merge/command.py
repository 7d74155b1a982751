"""The command `merge`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backchannel.case.catalog import find_case
from backchannel.console.command import example, solver_options, studying
from backchannel.console.say import say
from backchannel.console.writing import document, force_option, json_option, plan_files
from backchannel.files.durable import file_exists_error, write_new
from backchannel.language.errors import CommandError

if TYPE_CHECKING:
    from backchannel.case.edit.merged import Side
    from backchannel.questions.merge.ask import Merge


@click.command(
    epilog=example(
        "backchannel merge talks-ann.yaml talks-ben.yaml",
        "backchannel merge talks-ann.yaml talks-ben.yaml --base talks.yaml --out merged.yaml",
    )
)
@click.argument("first", metavar="A")
@solver_options
@click.option("--base", metavar="C", help="The version from which both began.")
@click.option(
    "--outcome", metavar="NODE", help="The outcome; default: that of the first question of A."
)
@click.option("--out", "target", type=click.Path(dir_okay=False), metavar="FILE.yaml",
              help="Write the merged case: A with what CASE changed, and a comment at each conflict.")  # fmt: skip
@click.option("--prefer", type=click.Choice(["A", "CASE"]), default=None,
              help="For --out: the version to take where neither the base nor --take decides.")  # fmt: skip
@click.option("--take", multiple=True, metavar="PLACE",
              help="For --out: take CASE at this place, such as parameters.cost.prior; repeatable.")  # fmt: skip
@json_option("the merge report")
@force_option
def merge(
    first: str,
    case: str,
    draws: int,
    seed: int,
    base: str | None,
    outcome: str | None,
    target: str | None,
    prefer: str | None,
    take: tuple[str, ...],
    json_file: str | None,
    force: bool,
) -> None:
    """Compare two analysts' versions of one case, A and CASE: where they differ, and what moves the answer."""
    if (prefer or take) and not target:
        raise CommandError(
            "--prefer and --take are for a merged file: name it with --out FILE.yaml."
        )
    if target:
        _check_new(Path(target))
    reads: dict[str, str | Path | None] = {"the first version": first, "the second version": case}
    files = plan_files(
        ("--json", json_file, document("questions.merge.document", "MergeView")),
        force=force,
        reads=reads | ({"the base": base} if base else {}),
    )
    with studying(first, draws, seed, files) as ours, studying(case, draws, seed, files) as theirs:
        common = None
        if base:
            with studying(base, draws, seed, files) as common:
                pass
        merged = ours.merge(theirs, base=common, outcome=outcome)
        view = merged.document()
    from backchannel.console.safe_console import console
    from backchannel.questions.merge.terminal import show_merge

    files.write(json_file, lambda: view.model_dump_json(indent=1) + "\n")
    if json_file:
        say(f"Wrote {json_file}.", err=True)
    if target:
        _write(Path(target), find_case(first), find_case(case), merged, prefer, take)
    show_merge(view, console())


def _check_new(target: Path) -> None:
    if target.suffix not in (".yaml", ".yml"):
        raise CommandError(f"{target}: a case file ends in .yaml.")
    if os.path.lexists(target):
        raise file_exists_error(target)


def _write(
    target: Path,
    first: Path,
    second: Path,
    merged: Merge,
    prefer: str | None,
    take: tuple[str, ...],
) -> None:
    """Write the merged file, if it is a case."""
    from backchannel.case.edit.journal import read_case_file
    from backchannel.case.edit.merged import MARK, merged_case

    sides: dict[str | None, Side | None] = {"A": "first", "CASE": "second", None: None}
    joined = merged_case(
        read_case_file(first),
        read_case_file(second),
        merged.versions,
        target=target.name,
        names=merged.names,
        prefer=sides[prefer],
        take=take,
    )
    write_new(target, joined.text, access_of=first)
    count = len(joined.conflicts)
    conflicts = (
        f"{count} conflict{'s' * (count > 1)} to choose, each at a comment “{MARK}”"
        if count
        else "no conflicts"
    )
    say(f"Wrote {target}: {len(joined.taken)} changes taken, {conflicts}.", err=True)
