"""Commands that compare two states of a case: `update`, `diff`."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backchannel.console.command import DATE, example, solver_options, studying
from backchannel.console.number_options import RealOption
from backchannel.console.say import say
from backchannel.console.writing import document, force_option, json_option, plan_files
from backchannel.language.errors import CommandError
from backchannel.language.number_ranges import RELIABILITY_RANGE
from backchannel.questions.update.news import ReportedNews, remarks

if TYPE_CHECKING:
    from backchannel.case.lowered import Lowered


@click.command(
    epilog=example(
        "backchannel update talks.yaml --add later_release=some --on 2025-08-20 --source gazette",
        "backchannel update talks.yaml --undo",
    )
)
@solver_options
@click.option(
    "--add",
    "added",
    multiple=True,
    metavar="NODE=VALUE",
    help="What happened; may be given several times.",
)
@click.option(
    "--on",
    "day",
    type=DATE,
    metavar="DATE",
    help="The day on which it happened; earlier than planned is allowed.",
)
@click.option("--source", metavar="NAME", help="The source that says so, by its name in the case.")
@click.option("--reliability", type=RealOption(RELIABILITY_RANGE), default=1.0,
              show_default=True, help="Probability that it is as reported.")  # fmt: skip
@click.option(
    "--at",
    "place",
    default="",
    metavar="TEXT",
    help="Place in the source, such as a page or paragraph.",
)
@click.option("--new-source", metavar="TITLE", help="Add --source to the case, with this title.")
@click.option("--grade", default="", metavar="A1..F6", help="Admiralty grade of the new source.")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
@click.option(
    "--dry-run", is_flag=True, help="Show the changes and answers without writing the case file."
)
@click.option("--undo", "take_back", is_flag=True, help="Undo the last update of the file.")
@json_option("the update report")
@force_option
def update(
    case: str,
    draws: int,
    seed: int,
    added: tuple[str, ...],
    day: Any,
    source: str | None,
    reliability: float,
    place: str,
    new_source: str | None,
    grade: str,
    yes: bool,
    dry_run: bool,
    take_back: bool,
    json_file: str | None,
    force: bool,
) -> None:
    """Add what happened to a case's record, and say which answers change and why.

    The command shows the change of the file before writing it, and keeps comments and layout.
    """
    from backchannel.case.catalog import FOLDER, find_case
    from backchannel.case.edit.journal import journal_of, read_case_file, rewrite, undo
    from backchannel.case.edit.news import add_news

    path = find_case(case)
    if path.is_relative_to(FOLDER):
        raise CommandError(
            f"{case} comes with Backchannel and cannot be changed. Make your own copy: "
            f"backchannel new talks --from {case}"
        )
    if take_back:
        taken = undo(path)
        say(f"Undone: {taken.what} ({taken.when}). {path} is as it was before.")
        return
    missing = [
        option
        for option, value in {"--add": added, "--on": day, "--source": source}.items()
        if not value
    ]
    if missing:
        raise CommandError(f"Say what happened: {', '.join(missing)} is missing.")
    files = plan_files(
        ("--json", json_file, document("questions.update.document", "UpdateReport")),
        force=force,
        reads={"the case": case, "the journal that `update --undo` needs": journal_of(path)},
    )
    text = read_case_file(path)
    with studying(case, draws, seed, files) as study:
        news = ReportedNews(
            study.settings(added),
            day.date(),
            source or "",
            reliability,
            place,
            new_source or "",
            grade,
        )
        news.check_source(study.case.sources)
        if not new_source and news.source not in study.case.sources:
            # Reading the longer case reports this together with any other problem.
            say(f"The case has no source '{source}' yet; --new-source TITLE adds it.", err=True)
        edited = add_news(text, study.lowered, news.entries, sources=news.sources)
        later = type(study)(_lowered(edited, path), name=study.name, draws=draws, seed=seed)
        later.progress = study.progress
        report = later.diff(study, news=news.entries).document()
    say(_difference(text, edited, path.name), nl=False)
    for remark in remarks(study.lowered, news.entries):
        say(remark)
    say()
    if dry_run:
        say("Dry run: nothing was written.", err=True)
    elif yes or not sys.stdin.isatty() or click.confirm("Write this?", default=True, err=True):

        def edit(now: str) -> str:
            made = add_news(now, study.lowered, news.entries, sources=news.sources)
            _lowered(made, path)
            return made

        rewrite(path, edit, f"update {news.label}")
        say(f"Wrote {path} (backchannel update {case} --undo undoes this).", err=True)
    else:
        say("Nothing was written.", err=True)
    from backchannel.console.safe_console import console
    from backchannel.questions.update.terminal import show_update

    files.write(json_file, lambda: report.model_dump_json(indent=1) + "\n")
    show_update(report, console())


@click.command(epilog=example("backchannel diff talks-june.yaml talks-july.yaml"))
@click.argument("old")
@solver_options
@json_option("the update report")
@force_option
def diff(old: str, case: str, draws: int, seed: int, json_file: str | None, force: bool) -> None:
    """Compare two versions of a case: what differs in the files, and in the answers."""
    files = plan_files(
        ("--json", json_file, document("questions.update.document", "UpdateReport")),
        force=force,
        reads={"the old case": old, "the case": case},
    )
    from backchannel.case.compare import compare_cases

    with (
        studying(old, draws, seed, files) as earlier,
        studying(case, draws, seed, files) as study,
    ):
        alike = compare_cases(earlier.case, study.case) == []
        report = None if alike and not json_file else study.diff(earlier).document()
    if report:
        files.write(json_file, lambda: report.model_dump_json(indent=1) + "\n")
    if alike or not report:
        say("The two cases have the same content; only comments or layout differ.")
        return
    from backchannel.console.safe_console import console
    from backchannel.questions.update.terminal import show_update

    show_update(report, console())


def _lowered(text: str, path: Path) -> Lowered:
    from backchannel.case.lower.lower import lower
    from backchannel.case.read.case_file import read_case_text

    return lower(*read_case_text(text, file=path.name, folder=path.parent))


def _difference(before: str, after: str, name: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), name, name, n=1
    )
    return "".join(lines)
