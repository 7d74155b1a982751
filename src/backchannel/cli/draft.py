"""The command that makes the draft of a case from a text: `draft`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backchannel.cli.group import main
from backchannel.console.command import DATE, example
from backchannel.console.say import say
from backchannel.console.writing import force_option, plan_files
from backchannel.files.marks import is_signed, sign_text
from backchannel.language.errors import CommandError

if TYPE_CHECKING:
    from datetime import datetime

    from backchannel.case.draft.worksheet import Worksheet
    from backchannel.case.texts.source_text import SourceText


def _is_ours(data: bytes) -> bool:
    return is_signed(data, "#")


@main.command(
    epilog=example(
        "backchannel draft article.txt",
        "backchannel draft article.worksheet.yaml",
        "backchannel draft article.txt --prompt prompt.txt",
        "backchannel draft article.txt --answer answer.txt",
    )
)
@click.argument("file", metavar="ARTICLE", type=click.Path())
@click.option("--as-of", type=DATE, metavar="YYYY-MM-DD",
              help="The last day that the text knows about; default: its last date with a year.")  # fmt: skip
@click.option("--ask", is_flag=True, help="Ask about each candidate before anything is written.")
@click.option("--prompt", "prompt_file", type=click.Path(dir_okay=False), metavar="FILE",
              help="Write a prompt for a language model that you use elsewhere, and nothing else.")  # fmt: skip
@click.option("--answer", "answer_file", type=click.Path(), metavar="FILE",
              help="Read the answer of that model, and write its draft if `check` accepts it.")  # fmt: skip
@click.option("--out", type=click.Path(dir_okay=False), metavar="CASE.yaml",
              help="The case to write; default: beside the text, with its name.")  # fmt: skip
@force_option
def draft(
    file: str,
    as_of: datetime | None,
    ask: bool,
    prompt_file: str | None,
    answer_file: str | None,
    out: str | None,
    force: bool,
) -> None:
    """Make the draft of a case from a text, or from the worksheet of one. Nothing leaves this machine."""
    from backchannel.case.draft.answer import draft_from_answer
    from backchannel.case.draft.draft_case import draft_case
    from backchannel.case.draft.prompt import prompt_for
    from backchannel.case.draft.worksheet import read_worksheet, write_worksheet

    if prompt_file and answer_file:
        raise CommandError("`--prompt` writes and `--answer` reads. Use one of them.")
    path = Path(file)
    is_sheet = path.suffix.lower() in (".yaml", ".yml")
    if is_sheet and (prompt_file or answer_file):
        raise CommandError("`--prompt` and `--answer` need the text itself, not its worksheet.")
    stem = path.stem.removesuffix(".worksheet")
    case_file = str(Path(out) if out else path.with_name(f"{stem}.yaml"))
    sheet_file = str(path.with_name(f"{stem}.worksheet.yaml"))
    writes_sheet = not (is_sheet and not ask) and not (prompt_file or answer_file)
    files = plan_files(
        ("--out", None if prompt_file else case_file, _is_ours),
        ("--prompt", prompt_file, _is_ours),
        ("the worksheet", sheet_file if writes_sheet else None, _any if is_sheet else _is_ours),
        force=force,
        reads={"the text": file if not is_sheet else None, "the answer": answer_file},
    )
    _check_folder(path, case_file)
    if is_sheet:
        sheet = read_worksheet(path)
        text = _text(path.with_name(sheet.text))
    else:
        text = _text(path)
        if prompt_file:
            source = _source_name(path)
            prompt = prompt_for(text, file=path.name, source=source)
            files.write(prompt_file, lambda: prompt)
            say(
                f"Wrote {prompt_file}. Give it to the language model, save its answer as a file, and run:"
            )
            say(f"  backchannel draft {file} --answer FILE")
            return
        if answer_file:
            case = draft_from_answer(Path(answer_file), folder=path.parent)
            files.write(case_file, lambda: sign_text(case, "#"))
            say(
                f"Wrote {case_file}: every number in it is marked as a judgement that nobody has made yet."
            )
            say(f"Go through it beside the text: backchannel serve {case_file}")
            return
        sheet = _worksheet(text, path, as_of)
    if ask:
        sheet = _asked(sheet, text)
    case = draft_case(sheet)
    if writes_sheet:
        files.write(sheet_file, lambda: sign_text(write_worksheet(sheet, text), "#"))
    files.write(case_file, lambda: sign_text(case, "#"))
    _report(sheet, sheet_file, case_file)


def _any(data: bytes) -> bool:
    """The worksheet that the command was given is its own to write."""
    return True


def _check_folder(path: Path, case_file: str) -> None:
    if Path(case_file).resolve().parent != path.resolve().parent:
        raise CommandError(
            f"{case_file}: the draft stands beside its text, since a case reads texts from its own folder only. "
            "Copy the text there first."
        )


def _text(path: Path) -> SourceText:
    from backchannel.case.texts.read_source import read_source

    return read_source(path.name, folder=path.parent)


def _source_name(path: Path) -> str:
    from backchannel.language.identifiers import identifier_of

    return identifier_of(path.stem, taken=(), otherwise="source")


def _worksheet(text: SourceText, path: Path, as_of: datetime | None) -> Worksheet:
    from backchannel.case.draft.find import find_candidates
    from backchannel.case.draft.worksheet import worksheet_of

    known = as_of.date() if as_of else _last_day(text)
    candidates = find_candidates(text, year=known.year)
    return worksheet_of(candidates, text=path.name, as_of=known)


def _last_day(text: SourceText) -> date:
    from backchannel.case.draft.find import find_candidates

    days = [day for day, _ in find_candidates(text).dates]
    if days:
        return date(max(days).year, max(days).month, max(days).day)
    say(
        "The text names no day with its year, so the draft takes today for its last day. Give --as-of.",
        err=True,
    )
    return date.today()


def _asked(sheet: Worksheet, text: SourceText) -> Worksheet:
    """Ask about every candidate, one by one."""
    actors = [
        actor.model_copy(
            update={"keep": _confirm(f"Player: {actor.name} ({actor.at})", actor.keep)}
        )
        for actor in sheet.actors
    ]
    kept = {actor.name for actor in actors if actor.keep}
    actions = [
        action.model_copy(
            update={
                "keep": _confirm(
                    f"Decision of {action.actor}: {action.verb} {action.about} ({action.at})",
                    action.keep,
                )
            }
        )
        if action.actor in kept
        else action.model_copy(update={"keep": False})
        for action in sheet.actions
    ]
    statements = [
        statement.model_copy(
            update={
                "keep": _confirm(f"Claim: {statement.sentence} ({statement.at})", statement.keep)
            }
        )
        for statement in sheet.statements
    ]
    return sheet.model_copy(update={"actors": actors, "actions": actions, "statements": statements})


def _confirm(question: str, is_kept: bool) -> bool:
    from backchannel.language.visible import in_one_line

    return click.confirm(f"{in_one_line(question)}. Keep it?", default=is_kept, err=True)


def _report(sheet: Worksheet, sheet_file: str, case_file: str) -> None:
    for part, what in (("actors", "players"), ("actions", "decisions"), ("statements", "claims")):
        entries = getattr(sheet, part)
        kept = sum(entry.keep for entry in entries)
        say(f"{len(entries)} candidates for {what}, of which {kept} are kept.")
    say(f"Wrote {case_file}. Its numbers are placeholders: nobody has judged them yet.")
    say(f"Keep or drop candidates in {sheet_file}, then: backchannel draft {sheet_file}")
