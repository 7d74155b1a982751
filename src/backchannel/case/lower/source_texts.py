"""Check citations against the texts of their sources: paragraphs that exist, quotations that are true.

Problems and not warnings tell what a text says: warnings are part of the answers, which hold no text of a source.
"""

from __future__ import annotations

from backchannel.case.lower.citations import CitedPlace, citations
from backchannel.case.lower.report import CaseReport
from backchannel.case.lower.sources import place_of_reason
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import Case
from backchannel.case.texts.quotes import nearest, quoted_in
from backchannel.case.texts.read_source import ForbiddenFile, read_source
from backchannel.case.texts.source_text import SourceText, UnreadableSource
from backchannel.language.paragraphs import cite_all, paragraphs_of
from backchannel.language.visible import in_one_line

LONGEST_SHOWN = 160
"""Characters of a paragraph that a problem shows."""


def check_source_texts(case: Case, report: CaseReport) -> None:
    """Read the files of sources, and compare what is cited with them.

    A file that is missing or cannot be read costs a warning: the answers do not depend on it.
    """
    texts = {name: _text_of(case, name, report) for name in case.sources}
    unchecked: dict[str, int] = {}
    for citation in citations(case):
        name = citation.reason.source
        if name not in case.sources:
            continue
        if text := texts[name]:
            _check(citation, text, report)
        elif citation.reason.quotes and not case.sources[name].file:
            unchecked[name] = unchecked.get(name, 0) + 1
    for name, count in unchecked.items():
        many = f"{count} quotations" if count > 1 else "its quotation"
        report.warn(
            ("sources", name),
            f"it has no `file`, so {many} cannot be checked. Name the file of its text, or cite it in your own words "
            "(`says`).",
        )


def _text_of(case: Case, name: str, report: CaseReport) -> SourceText | None:
    file, path = case.sources[name].file, ("sources", name, "file")
    if not file or report.document.folder is None:
        return None
    try:
        return read_source(file, folder=report.document.folder)
    except ForbiddenFile as error:
        report.error(path, str(error))
    except UnreadableSource as error:
        report.warn(path, f"{error} Until then its citations are not checked.")
    return None


def _check(citation: CitedPlace, text: SourceText, report: CaseReport) -> None:
    reason = citation.reason
    cited = paragraphs_of(reason.at)
    beyond = [number for number in cited if not 1 <= number <= len(text)]
    if beyond:
        named = ", ".join(map(str, beyond[:4]))
        report.error(
            _place(report, citation, "at"),
            f"there is no ¶ {named}: the text of '{reason.source}' has {len(text)} paragraphs.",
        )
    if not reason.quotes:
        return
    standing = quoted_in(text, reason.quotes, cited)
    place = _place(report, citation, "quotes")
    if not standing:
        report.error(
            place,
            f"the text of '{reason.source}' does not contain these words."
            f"{_nearest(text, reason.quotes)} Quote it word for word (`...` for what is left out), or say it in your "
            "own words under `says`.",
        )
    elif cited and not beyond and standing[0] not in cited:
        right = cite_all(standing[:1])
        report.error(
            place,
            f"these words stand in {right}, not in {in_one_line(reason.at)}. Write `at: {right}`.",
        )


def _place(report: CaseReport, citation: CitedPlace, key: str) -> KeyPath:
    return place_of_reason(report, citation.place, key)


def _nearest(text: SourceText, quotation: str) -> str:
    number = nearest(text, quotation)
    if not number:
        return ""
    shown = text[number]
    if len(shown) > LONGEST_SHOWN:
        shown = f"{shown[:LONGEST_SHOWN]} ..."
    return f" The nearest is {cite_all([number])}: “{shown}”."
