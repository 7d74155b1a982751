"""Texts of sources for pages: paragraphs, what rests on them, and candidates that can be taken up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from backchannel.answers.outline import compose_outline
from backchannel.case.edit.operation_models import Operation
from backchannel.case.edit.operations import apply_operations
from backchannel.case.lower.lower import lower
from backchannel.case.open import open_case
from backchannel.case.read.case_file import read_case_text
from backchannel.language.errors import CommandError
from backchannel.web.source_task import candidates_of, source_of
from tests.helpers import CANAL

ARTICLE = """The Canal

Aria has lowered the toll. Fighting was costly.

Norway warned Aria in March 2031. Norway left.
"""
SOURCE = "inquiry: {title: Blockade inquiry"
OPERATIONS: TypeAdapter[list[Operation]] = TypeAdapter(list[Operation])


@pytest.fixture
def case(tmp_path) -> Path:
    (tmp_path / "article.txt").write_text(ARTICLE, "utf-8")
    path = tmp_path / "canal.yaml"
    text = CANAL.read_text("utf-8").replace(SOURCE, f"{SOURCE}, file: article.txt")
    path.write_text(text.replace("at: p. 14,", "at: ¶ 2,"), "utf-8")
    return path


def _head(case: Path, name: str = "inquiry") -> dict[str, Any]:
    return {"do": "source", "file": str(case), "name": name}


def _source(case: Path, text: str | None = None, name: str = "inquiry") -> tuple[str, Any]:
    head, (paragraphs,) = source_of(_head(case, name), text or case.read_text("utf-8"))
    return head["problem"], json.loads(paragraphs)


def test_a_page_gets_the_sentences_of_each_paragraph(case):
    problem, paragraphs = _source(case)
    assert not problem
    assert paragraphs[1] == ["Aria has lowered the toll.", "Fighting was costly."]


def test_the_document_says_what_rests_on_each_source(case):
    """Before anything is solved, too."""
    lowered = lower(*open_case(case)[:2])
    document = compose_outline(lowered, name="canal")
    of_inquiry = [use for use in document.source_uses if use.source == "inquiry"]
    assert [(use.part, use.name, use.paragraphs) for use in of_inquiry] == [
        ("claims", "claim_1", []),
        ("parameters", "war_cost", [2]),
    ]
    titles = [use.title for use in document.source_uses if use.part == "record"]
    assert titles == ["demand: 30", "reply: fight"]
    [has_file] = [source.has_file for source in document.sources if source.name == "inquiry"]
    assert has_file
    assert "article.txt" not in document.model_dump_json()


def test_a_source_without_a_file_has_no_paragraphs_and_no_problem(case):
    assert _source(case, name="gazette") == ("", [])


def test_a_text_is_shown_while_the_case_has_problems(case):
    problem, paragraphs = _source(case, case.read_text("utf-8").replace("as_of:", "as_off:"))
    assert (problem, len(paragraphs)) == ("", 3)


@pytest.mark.parametrize("file", ["/etc/passwd", "../secret.txt", "[1, 2]", "{a: b}"])
def test_a_case_that_is_typed_reaches_no_file_elsewhere(case, file):
    (case.parent.parent / "secret.txt").write_text("secret")
    text = case.read_text("utf-8").replace("file: article.txt", f"file: {file}")
    problem, paragraphs = _source(case, text)
    assert paragraphs == []
    assert "secret" not in problem.replace("secret.txt", "")


def test_a_source_that_is_gone_is_told(case):
    assert _source(case, name="nobody")[0] == "No source is called 'nobody'."


def _candidates(case: Path, text: str) -> list[dict[str, Any]]:
    return json.loads(candidates_of({**_head(case), "do": "candidates"}, text)[1][0])


def test_candidates_are_taken_up_one_after_the_other_and_the_case_stays_sound(case):
    text = case.read_text("utf-8")
    before = {one["title"]: one for one in _candidates(case, text)}
    assert before["Aria"]["is_there"]
    assert before["Norway"]["operations"]
    assert before["Norway: warn Aria in March 2031"]["needs"] == "Norway"
    for _ in range(10):
        left = [one for one in _candidates(case, text) if one["operations"]]
        if not left:
            break
        text = apply_operations(text, OPERATIONS.validate_python(left[0]["operations"]))
    assert all(one["is_there"] for one in _candidates(case, text) if one["kind"] != "claim")
    lowered = lower(*read_case_text(text, file=case.name, folder=case.parent))
    assert lowered.case.players["norway"].why[1].at == "¶ 3"
    assert lowered.case.nodes["norway_warn"].player == "norway"
    recorded = {entry.node: entry.at for entry in lowered.case.record}
    assert recorded["norway_warn"] == "¶ 3"
    assert (
        "nobody has judged it" in lowered.case.parameters["worth_of_norway_warn"].why[0].judgement
    )


def test_a_source_without_a_text_has_no_candidates(case):
    with pytest.raises(CommandError, match="has no `file`"):
        candidates_of(_head(case, "gazette"), case.read_text("utf-8"))
