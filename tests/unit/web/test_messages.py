"""What pages and the workbench say to each other."""

from __future__ import annotations

import json
import time

import pytest

from backchannel.web import read_request as reading
from backchannel.web.answer_messages import WhatIfMessage
from backchannel.web.message_json import to_json, with_id
from backchannel.web.message_parts import CustomWhatIf, SharedView
from backchannel.web.messages import DoneMessage, SharedMessage
from backchannel.web.read_request import InvalidRequest, read_request
from backchannel.web.requests import Edit, Shift


def test_a_request_is_read():
    """Only what was named is moved; null puts a slider back."""
    request = read_request('{"type": "shift", "id": 3, "changes": {"war_cost": 1, "p": null}}')
    assert isinstance(request, Shift)
    assert request.changes == {"war_cost": 1.0, "p": None}
    assert not request.solve


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[]",
        "null",
        "42",
        '{"type": "shift"}',
        '{"type": "shift", "id": 1, "changes": {"a": "far"}}',
        '{"type": "shift", "id": 1, "changes": {"a": 1e9}}',
        '{"type": "shift", "id": 1, "changes": {"a": NaN}}',
        '{"type": "shift", "id": 1, "changes": {}, "solve": "yes"}',
        '{"type": "shift", "id": -1, "changes": {}}',
        '{"type": "shift", "id": true, "changes": {}}',
        '{"type": "erase", "id": 1}',
        '{"type": "refresh", "id": 1, "and": "more"}',
        '{"type": "edit", "id": 1, "text": 7}',
        '{"type": "what_if", "id": 1, "asked": {"key": "a", "outcomes": []}}',
        '{"type": ' + "[" * 100_000,
    ],
)
def test_nonsense_is_refused_in_words(text):
    """Whatever it is, it does no harm."""
    with pytest.raises(InvalidRequest, match="This is no request"):
        read_request(text)


def test_a_refusal_carries_the_number_of_what_was_asked():
    """So that the page knows which of its requests failed."""
    with pytest.raises(InvalidRequest) as refused:
        read_request('{"type": "edit", "id": 9}')
    assert refused.value.id == 9
    with pytest.raises(InvalidRequest) as refused:
        read_request('{"type": "edit", "id": "nine"}')
    assert refused.value.id is None


def test_a_message_that_is_too_long_is_not_even_read(monkeypatch):
    """A page that sends whole files again and again pays for it alone."""
    monkeypatch.setattr(reading, "MOST_CHARACTERS", 100)
    with pytest.raises(InvalidRequest, match="at most 100 are read"):
        read_request(json.dumps({"type": "edit", "id": 1, "text": "x" * 100}))


def test_an_answer_carries_the_number_of_its_request():
    """And is the same message without, for everybody else."""
    shared = {"revision": 1, "shifts": {"a": 0.5}, "what_ifs": [], "case_digest": "c"}
    text = to_json(SharedMessage(shared=SharedView.model_validate(shared)))
    assert json.loads(text) == {"type": "shared", "shared": shared}
    assert json.loads(with_id(text, 4)) == {"id": 4, "type": "shared", "shared": shared}
    assert json.loads(to_json(DoneMessage(id=5))) == {"id": 5, "type": "done"}


def test_a_part_of_the_answers_keeps_its_nulls():
    """Only a missing `id` is left out: a page knows the parts of the answers document with their nulls."""
    part = {"date": None}
    message = WhatIfMessage(
        asked=CustomWhatIf(key="a", do={"n": 1}, outcomes=["n"]),
        what_if=part,
        columns=part,
        shifts={},
        case_digest="c",
    )
    text = json.loads(to_json(message))
    assert text["what_if"] == part
    assert "id" not in text


@pytest.mark.parametrize(
    "text",
    [
        "[" + "[]," * 900_000 + "[]]",
        '{"type": "what_if", "id": 1, "asked": {"key": "a", "outcomes": ["a"], "do": {'
        + ",".join(f'"k{i}": []' for i in range(200_000))
        + "}}}",
        '{"type": "edit", "id": 1, ' + ",".join(f'"k{i}": 1' for i in range(200_000)) + "}",
        '{"type": "edit", "id": 1, "text": "' + '\\"' * 900_000,
        "{" * 3_000_000,
    ],
    ids=["lists", "what-if", "members", "open", "deep"],
)
def test_a_long_message_without_a_text_is_refused_at_once(text):
    """Nobody else is answered meanwhile; millions of small parts take half a minute to be refused one by one."""
    began = time.process_time()
    with pytest.raises(InvalidRequest, match="only a case text"):
        read_request(text)
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize("text", ["é: ü\n" * 300_000, '"\\' * 900_000], ids=["words", "quotes"])
def test_a_long_text_is_read_whatever_it_holds(text):
    """Quotes, line ends and letters of every script."""
    message = json.dumps({"type": "edit", "id": 7, "text": text, "base": "0a"})
    request = read_request(message)
    assert isinstance(request, Edit)
    assert request.text == text
