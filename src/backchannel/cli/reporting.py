"""Commands that write or list what a case rests on: `brief`, `sources`."""

from __future__ import annotations

from pathlib import Path

import click

from backchannel.cells import guarded_csv
from backchannel.cli.group import check_writable, example, main, solving, studying, write_whole
from backchannel.cli.say import say


@main.command(epilog=example("backchannel brief belarus-2025 --out brief.docx"))
@solving
@click.option("--out", "target", type=click.Path(dir_okay=False), required=True, metavar="FILE",
              help="A .docx, or a .md with its figure beside it.")  # fmt: skip
@click.option("--about", metavar="NODE", help="The question; that of the first forecast asked for.")
def brief(case: str, draws: int, seed: int, target: str, about: str | None) -> None:
    """Write one page for a reader in a hurry: bottom line, why, what would change our mind."""
    from backchannel.present.brief_files import check_kind, write_brief

    check_writable(target)
    check_kind(Path(target))
    with studying(case, draws, seed) as study:
        page = study.brief(about)
    for written in write_brief(page, Path(target)):
        say(f"Wrote {written}.")


@main.command(epilog=example("backchannel sources belarus-2025 --weak"))
@click.argument("case")
@click.option(
    "--weak", is_flag=True, help="Only numbers on judgement alone or one ungraded source."
)
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False), metavar="FILE",
              help="Write the list as a table as well.")  # fmt: skip
def sources(case: str, weak: bool, csv_file: str | None) -> None:
    """List every number with its sources, their grades and their age."""
    check_writable(csv_file)
    from backchannel.case.catalog import find_case
    from backchannel.case.lower import lower
    from backchannel.case.read import read_case
    from backchannel.present.audit import audit
    from backchannel.present.audit_terminal import show_audit
    from backchannel.present.terminal import console

    found = audit(lower(*read_case(find_case(case))))
    if csv_file:
        write_whole(Path(csv_file), guarded_csv(found.to_frame()))
    show_audit(found, console(), weak_only=weak)
