"""The worksheet of a draft: a file with every candidate of a text, which its reader keeps or drops one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from backchannel.case.draft.candidates import CandidateAction, CandidateActor, Candidates
from backchannel.case.edit.yaml_value import flow
from backchannel.case.read.document import parse_document
from backchannel.case.schema.parts import Day, Words
from backchannel.case.texts.source_text import SourceText
from backchannel.files.inputs import read_text
from backchannel.language.errors import CommandError
from backchannel.language.paragraphs import cite_all

MOST_BYTES = 8_000_000


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    keep: bool


class KeptActor(_Entry):
    """A candidate for a player."""

    name: Words
    also: list[Words] = []
    at: Words = ""


class KeptAction(_Entry):
    """A candidate for a decision."""

    actor: Words
    verb: Words
    about: Words = ""
    others: list[Words] = []
    """Actors that it may matter to."""
    open: bool = False
    """Whether it is still to come."""
    denied: bool = False
    """Whether it did not happen."""
    day: Day | None = None
    at: Words = ""


class KeptStatement(_Entry):
    """A candidate for a claim."""

    kind: Literal["conditional", "causal"]
    sentence: Words
    at: Words = ""


class Worksheet(BaseModel):
    """All candidates of a text, and which of them are kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    worksheet: Literal[1] = 1
    text: Words
    """The file of the text, beside the worksheet."""
    as_of: Day
    """The day up to which the text knows what happened."""
    actors: list[KeptActor]
    actions: list[KeptAction]
    statements: list[KeptStatement]


def worksheet_of(candidates: Candidates, *, text: str, as_of: date) -> Worksheet:
    """Lay out candidates; those that are likely are kept until their reader decides."""
    likely = {actor.name for actor in candidates.actors if actor.is_likely}
    return Worksheet(
        text=text,
        as_of=as_of,
        actors=[_actor(actor) for actor in candidates.actors],
        actions=[_action(action, keep=action.actor in likely) for action in candidates.actions],
        statements=[
            KeptStatement(
                keep=statement.kind == "conditional",
                kind=statement.kind,
                sentence=statement.sentence.text,
                at=cite_all([statement.sentence.paragraph]),
            )
            for statement in candidates.statements
        ],
    )


def _actor(actor: CandidateActor) -> KeptActor:
    return KeptActor(
        keep=actor.is_likely, name=actor.name, also=list(actor.also), at=cite_all(actor.paragraphs)
    )


def _action(action: CandidateAction, *, keep: bool) -> KeptAction:
    return KeptAction(
        keep=keep,
        actor=action.actor,
        verb=action.verb,
        about=action.about,
        others=list(action.others),
        open=action.is_open,
        denied=action.is_denied,
        day=action.when and date(action.when.year, action.when.month, action.when.day),
        at=cite_all(sorted({sentence.paragraph for sentence in action.sentences})),
    )


def write_worksheet(sheet: Worksheet, text: SourceText) -> str:
    """Write a worksheet as a file, with the numbered text as comments below it."""
    return "\n".join([*_lines(sheet), *_numbered(text), ""])


def _lines(sheet: Worksheet) -> Iterator[str]:
    yield "# A worksheet for a draft of a case, made by rules that only mark words. Decide on each candidate:"
    yield "# `keep: true` or `keep: false`. Days and words can be changed. Then run `backchannel draft THIS_FILE`."
    yield "worksheet: 1"
    yield f"text: {flow(sheet.text)}"
    yield f"as_of: {sheet.as_of}   # the last day that the text knows about; what comes later is open"
    for part, says in (
        ("actors", "Who may be a player, the most prominent first. A second name of a player belongs into `also`."),
        ("actions", "What may be a decision. `open`: it is still to come. `others`: actors that it may matter to."),
        ("statements", "What may be a claim: sentences that say what depends on what."),
    ):  # fmt: skip
        yield ""
        yield f"# {says}"
        entries: list[BaseModel] = getattr(sheet, part)
        yield f"{part}:" if entries else f"{part}: []"
        for entry in entries:
            yield f"  - {flow(_written(entry))}"


def _written(entry: BaseModel) -> dict[str, Any]:
    """The keys of an entry that say something."""
    data = entry.model_dump(exclude_defaults=True)
    return {"keep": entry.model_dump()["keep"], **data}


def _numbered(text: SourceText) -> Iterator[str]:
    yield ""
    yield "# The text, by paragraphs:"
    for number, paragraph in enumerate(text.paragraphs, 1):
        yield "#"
        yield f"# ¶ {number}  {paragraph}"


def read_worksheet(path: Path) -> Worksheet:
    """Read a worksheet.

    Raises:
        CommandError: It is none, or has keys and values that it cannot have; every problem is listed.
        CaseError: It is no YAML.
    """
    data = parse_document(
        read_text(path, limit=MOST_BYTES, what="a worksheet"), file=path.name
    ).data
    if not isinstance(data, dict) or "worksheet" not in data:
        raise CommandError(
            f"{path} is no worksheet. Make one from a text: backchannel draft ARTICLE.txt"
        )
    try:
        return Worksheet.model_validate(data)
    except ValidationError as error:
        problems = [
            f"{path.name}: {'.'.join(str(p + 1 if isinstance(p, int) else p) for p in e['loc'])}: {e['msg']}."
            for e in error.errors(include_url=False)
        ]
        raise CommandError("\n".join(problems)) from None
