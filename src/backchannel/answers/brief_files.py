"""Write a brief: Markdown with its figure in a second file, or a Word document that contains it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from backchannel.answers.brief import Brief
from backchannel.answers.brief_figure import BLUE, NEEDED, draw, pyplot
from backchannel.answers.brief_text import in_markdown, shown
from backchannel.files import marks
from backchannel.files.outputs import Output, Outputs
from backchannel.language.errors import CommandError

BRIEF_FORMATS = (".md", ".docx")
MARKDOWN_COMMENT = ("<!--", "-->")
REVIEW = "What was right and wrong"
"""The heading of the review."""
LONGEST_TITLE = 255
"""Most characters of a property of a Word document."""


def check_kind(path: Path) -> None:
    """Refuse a file that is neither Markdown nor Word, before anything is solved.

    Raises:
        CommandError: The ending is another, or a package is missing.
    """
    if path.suffix not in BRIEF_FORMATS:
        raise CommandError(f"{path}: name a file that ends in .docx or .md.")
    pyplot()
    if path.suffix == ".docx":
        _docx()


def brief_outputs(path: Path) -> list[Output]:
    """The files that a brief is written to: a document, and a picture beside Markdown."""
    if path.suffix == ".docx":
        return [Output(path, "--out", marks.is_word)]
    return [
        Output(path, "--out", lambda data: marks.is_signed(data, *MARKDOWN_COMMENT)),
        Output(path.with_suffix(".png"), "--out (its picture)", marks.is_picture),
    ]


def write_brief(brief: Brief, path: Path, *, outputs: Outputs | None = None) -> list[Path]:
    """Write a brief in the format of the file's ending.

    Args:
        brief: The page.
        path: The file.
        outputs: The files as they were checked before; they are checked now, if left out.

    Returns:
        The files that were written.

    Raises:
        CommandError: The ending is another, a package is missing, or a file cannot or may not be
            written.
    """
    check_kind(path)
    outputs = outputs or Outputs(brief_outputs(path))
    brief = shown(brief)
    image = draw(brief.figure)
    if path.suffix == ".docx":
        outputs.write(path, word(brief, image))
        return [path]
    picture = path.with_suffix(".png")
    outputs.write(picture, image)
    outputs.write(path, marks.sign_text(markdown(brief, picture.name), *MARKDOWN_COMMENT))
    return [path, picture]


def markdown(brief: Brief, picture: str) -> str:
    """The brief as Markdown."""
    md = in_markdown
    lines = [f"# {md(brief.title)}", "", f"*{md(brief.subtitle)}*", ""]
    lines += _questions(brief.lines)
    if brief.hinges:
        lines += ["## What the answers hinge on", "", *(f"- {md(text)}" for text in brief.hinges)]
        lines.append("")
    if brief.review:
        lines += [f"## {REVIEW}", "", *(f"- {md(text)}" for text in brief.review), ""]
    lines += [f"*{md(brief.certificate)}*", "", "---", "", "# Annex", ""]
    lines += _questions(brief.further)
    lines += [f"## {md(brief.figure.title)}", "", md(brief.bottom_line[0])]
    lines += [*(["", *map(md, brief.bottom_line[1:])])]
    lines += ["", *(f"- {md(text)}" for text in brief.expected)]
    lines += [
        "",
        f"![{md(brief.figure.title)}: probability of each outcome]({quote(picture)})",
        "",
        f"*{md(brief.caption)}*",
    ]
    if brief.why:
        lines += ["", "## Why", "", md(" ".join(brief.why))]
    lines += ["", "## What would change our mind", ""]
    lines += [f"- {md(text)}" for text in brief.change]
    lines += ["", "## Confidence", "", *(f"- {md(text)}" for text in brief.confidence), ""]
    return "\n".join(lines)


def _questions(answered: tuple[tuple[str, str], ...]) -> list[str]:
    return [
        text
        for asks, line in answered
        for text in (f"**{in_markdown(asks)}**", "", in_markdown(line), "")
    ]


def word(brief: Brief, image: bytes) -> bytes:
    """The brief as a Word document, with its figure."""
    docx = _docx()
    from docx.shared import Cm, Pt

    page = docx.Document()
    section = page.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.0)
    section.top_margin = section.bottom_margin = Cm(1.5)
    normal: Any = page.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(9.5)
    normal.paragraph_format.space_after = Pt(3)
    page.core_properties.title = brief.title[:LONGEST_TITLE]
    page.core_properties.last_modified_by = marks.NAME
    _paragraph(page, brief.title, size=16, bold=True)
    _paragraph(page, brief.subtitle, italic=True)
    _answers(page, brief.lines)
    if brief.hinges:
        _heading(page, "What the answers hinge on")
        _items(page, brief.hinges)
    if brief.review:
        _heading(page, REVIEW)
        _items(page, brief.review)
    _paragraph(page, brief.certificate, size=8, italic=True)
    page.add_page_break()
    _paragraph(page, "Annex", size=16, bold=True)
    _answers(page, brief.further)
    _heading(page, brief.figure.title)
    for text in brief.bottom_line:
        _paragraph(page, text)
    _items(page, brief.expected)
    page.add_picture(BytesIO(image), width=Cm(13.5))
    page.paragraphs[-1].paragraph_format.space_after = Pt(0)
    _paragraph(page, brief.caption, size=8, italic=True)
    if brief.why:
        _heading(page, "Why")
        _paragraph(page, " ".join(brief.why))
    _heading(page, "What would change our mind")
    _items(page, brief.change)
    _heading(page, "Confidence")
    _items(page, brief.confidence)
    buffer = BytesIO()
    page.save(buffer)
    return buffer.getvalue()


def _heading(page: Any, text: str) -> None:
    from docx.shared import Pt, RGBColor

    heading = page.add_heading(text, level=2)
    heading.paragraph_format.space_before = Pt(6)
    heading.paragraph_format.space_after = Pt(2)
    for run in heading.runs:
        run.font.size = Pt(11)
        run.font.color.rgb = RGBColor.from_string(BLUE.removeprefix("#").upper())


def _answers(page: Any, answered: tuple[tuple[str, str], ...]) -> None:
    for asks, line in answered:
        _heading(page, asks)
        _paragraph(page, line)


def _paragraph(
    page: Any, text: str, *, size: float | None = None, bold: bool = False, italic: bool = False
) -> None:
    from docx.shared import Pt

    run = page.add_paragraph().add_run(text)
    run.bold, run.italic = bold, italic
    if size:
        run.font.size = Pt(size)


def _items(page: Any, texts: tuple[str, ...]) -> None:
    from docx.shared import Pt

    for text in texts:
        item = page.add_paragraph(text, style="List Bullet")
        item.paragraph_format.space_after = Pt(1)


def _docx() -> Any:
    try:
        import docx
    except ImportError:
        raise CommandError(NEEDED.format("python-docx") + " Or write a .md.") from None
    return docx
