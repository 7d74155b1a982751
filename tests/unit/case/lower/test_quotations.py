"""Citations are checked against the texts of their sources: paragraphs that exist, quotations that are true."""

from __future__ import annotations

from pathlib import Path

import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.open import open_case
from backchannel.case.read.case_file import reads_of
from backchannel.language.errors import CaseError
from tests.helpers import CANAL

TEXT = """The inquiry

The canal was closed for “several weeks” — and nobody paid.

Aria had taken Borland for weak,
as its cabinet said later.
"""
SOURCE = "inquiry: {title: Blockade inquiry"
REASON = "why: {source: inquiry, at: p. 14, says: fighting closed the canal for weeks}"


def _told(
    folder: Path, reason: str = REASON, *, file: str = "inquiry.txt", text: str | None = TEXT
) -> tuple[list[str], list[str]]:
    """The problems and the warnings of a case whose source has a file."""
    if text is not None:
        (folder / "inquiry.txt").write_text(text, "utf-8")
    case = CANAL.read_text("utf-8").replace(REASON, reason)
    case = case.replace(SOURCE, f"inquiry: {{file: {file}, title: Blockade inquiry")
    (folder / "canal.yaml").write_text(case, "utf-8")
    try:
        return [], [str(told) for told in lower(*open_case(folder / "canal.yaml")[:2]).warnings]
    except CaseError as error:
        return [str(problem) for problem in error.problems], []


def test_a_case_with_the_file_of_a_source_is_fine(tmp_path):
    assert _told(tmp_path) == ([], [])


@pytest.mark.parametrize(
    "quoted",
    [
        '"closed for “several weeks” — and nobody"',
        "'closed   for \"several weeks\" - and nobody paid.'",
        '"the canal was ... nobody paid"',
        '"The canal […] weeks"',
    ],
)
def test_white_space_quotation_marks_dashes_and_omissions_do_not_make_a_quotation_false(
    tmp_path, quoted
):
    reason = f"why: {{source: inquiry, at: ¶ 2, quotes: {quoted}}}"
    assert _told(tmp_path, reason) == ([], [])


def test_a_quotation_over_the_end_of_a_line_is_true(tmp_path):
    reason = 'why: {source: inquiry, at: ¶ 3, quotes: "for weak, as its cabinet"}'
    assert _told(tmp_path, reason) == ([], [])


def test_words_that_the_text_does_not_contain_are_told_with_the_nearest_paragraph(tmp_path):
    reason = "why: {source: inquiry, at: ¶ 2, quotes: Aria took Borland for weak}"
    (problem,), _ = _told(tmp_path, reason)
    assert "canal.yaml:16:54: parameters.war_cost.why.quotes: the text of 'inquiry'" in problem
    assert "The nearest is ¶ 3: “Aria had taken Borland for weak, as its cabinet" in problem


def test_a_quotation_from_another_paragraph_than_the_cited_is_told_with_its_place(tmp_path):
    reason = "why: {source: inquiry, at: ¶ 2, quotes: taken Borland for weak}"
    (problem,), _ = _told(tmp_path, reason)
    assert problem.endswith("these words stand in ¶ 3, not in ¶ 2. Write `at: ¶ 3`.")


def test_a_paragraph_beyond_the_last_is_told(tmp_path):
    (problem,), _ = _told(tmp_path, 'why: [{judgement: mine}, {source: inquiry, at: "¶ 2, 4"}]')
    assert "parameters.war_cost.why[2].at: there is no ¶ 4: the text of 'inquiry' has 3" in problem


def test_quotations_of_records_and_claims_are_checked_too(tmp_path):
    wrong = "source: inquiry, at: p. 20,"
    case = CANAL.read_text("utf-8")
    assert wrong in case
    (tmp_path / "inquiry.txt").write_text(TEXT, "utf-8")
    case = case.replace(wrong, "source: inquiry, quotes: never said,")
    case = case.replace(SOURCE, "inquiry: {file: inquiry.txt, title: Blockade inquiry")
    case = case.replace("source: gazette}", "source: inquiry, quotes: nor this}", 1)
    (tmp_path / "canal.yaml").write_text(case, "utf-8")
    with pytest.raises(CaseError) as told:
        lower(*open_case(tmp_path / "canal.yaml")[:2])
    assert [str(p).split(": ")[1] for p in told.value.problems] == [
        "record[1].quotes",
        "claims[1].quotes",
    ]


def test_a_missing_text_costs_a_warning_and_no_answer(tmp_path):
    """A colleague who gets the case alone can run it."""
    problems, (warning,) = _told(tmp_path, text=None)
    assert not problems
    assert "sources.inquiry.file: There is no file inquiry.txt. Until then its citations" in warning


def test_a_file_outside_the_folder_is_a_problem(tmp_path):
    (problem,), _ = _told(tmp_path, file="/etc/passwd")
    assert "sources.inquiry.file: /etc/passwd lies outside the folder of the case" in problem


def test_quotations_without_a_text_are_told_once(tmp_path):
    case = CANAL.read_text("utf-8").replace(REASON, "why: {source: inquiry, quotes: not checked}")
    (tmp_path / "canal.yaml").write_text(case, "utf-8")
    (warning,) = lower(*open_case(tmp_path / "canal.yaml")[:2]).warnings
    assert "sources.inquiry: it has no `file`, so its quotation cannot be checked" in str(warning)


def test_a_judgement_quotes_nobody(tmp_path):
    (problem,), _ = _told(tmp_path, "why: {judgement: mine, quotes: what I said}")
    assert "has `quotes`, which only a reason with a `source` can have" in problem


def test_warnings_hold_no_words_of_a_text(tmp_path):
    """Warnings are part of the answers document, which may go anywhere."""
    text = "Confidential words.\n\n" + "x" * 2_000_001
    _, warnings = _told(tmp_path, text=text)
    assert warnings
    assert "Confidential" not in " ".join(warnings)


def test_the_text_of_a_source_counts_as_read_so_no_output_replaces_it(tmp_path):
    _told(tmp_path)
    case, document, _ = open_case(tmp_path / "canal.yaml")
    assert tmp_path / "inquiry.txt" in reads_of(case, document).values()
