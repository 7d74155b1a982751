"""Drafts: what rules mark in a text, what its reader keeps, and the case that results."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from backchannel.case.draft.answer import draft_from_answer
from backchannel.case.draft.draft_case import draft_case
from backchannel.case.draft.find import find_candidates
from backchannel.case.draft.prompt import prompt_for
from backchannel.case.draft.sentences import split_sentences
from backchannel.case.draft.verbs import base_forms
from backchannel.case.draft.worksheet import (
    Worksheet,
    read_worksheet,
    worksheet_of,
    write_worksheet,
)
from backchannel.case.lower.lower import lower
from backchannel.case.open import open_case
from backchannel.case.read.document import parse_document
from backchannel.case.starter import starter
from backchannel.case.texts.source_text import SourceText, split_plain
from backchannel.language.errors import CaseError, CommandError

ARTICLE = """The Price of the Straits

Norwegian Prime Minister Ada Berg suspended the talks with Iceland on 3 March 2031. Berg had offered a quota in
January. Reykjavik refused it, because the fleet would not accept less.

Iceland may seize the trawlers if Norway sends its coast guard. Without the quota, Oslo has little to give. Berg's
threat to close the ports was not believed, and the trawlers were escorted by Iceland.

Will Denmark mediate? Denmark has not answered.
"""


def _text() -> SourceText:
    return split_plain(ARTICLE)


def _sheet() -> Worksheet:
    return worksheet_of(
        find_candidates(_text(), year=2031), text="straits.txt", as_of=date(2031, 3, 10)
    )


@pytest.mark.parametrize(
    "sentences",
    [
        ["Mr. Berg met Gen. Ek on Jan. 5.", "They talked."],
        ["“Will it hold?” he asked.", "It did…", "It broke."],
        ["The U.S. Navy left the E.U. port.", "He paid $3.5 m.", "The U.N. agreed."],
        ["It fell by 2.5 points (cf. Art. 5) in the E.U.", "The talks went on."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences):
    assert split_sentences(" ".join(sentences)) == sentences


def test_every_form_of_a_verb_leads_to_its_base_form():
    forms = {"released": "release", "imposing": "impose", "complied": "comply", "banned": "ban",
             "struck": "strike", "publishes": "publish", "withheld": "withhold", "stopping": "stop"}  # fmt: skip
    assert {form: base_forms()[form] for form in forms} == forms


def test_a_state_its_leader_and_its_capital_are_one_actor():
    actors = {actor.name: actor for actor in find_candidates(_text(), year=2031).actors}
    assert set(actors) == {"Norway", "Iceland", "Denmark"}
    assert {"Norwegian", "Ada Berg", "Berg", "Oslo"} == set(actors["Norway"].also)
    assert actors["Iceland"].paragraphs == (2, 3)


def test_what_actors_did_and_what_they_may_do_are_marked():
    """A verb, a modal verb, a verb after `if`, and a noun that somebody owns."""
    actions = {(a.actor, a.verb): a for a in find_candidates(_text(), year=2031).actions}
    assert set(actions) == {
        ("Norway", "suspend"), ("Norway", "offer"), ("Iceland", "refuse"),
        ("Iceland", "seize"), ("Norway", "send"), ("Norway", "threaten"), ("Denmark", "answer"),
    }  # fmt: skip
    assert actions["Norway", "suspend"].when == date(2031, 3, 3)
    assert actions["Norway", "suspend"].about == "the talks with Iceland on 3 March"
    assert actions["Norway", "suspend"].others == ("Iceland",)
    assert actions["Norway", "send"].is_open
    assert not actions["Norway", "suspend"].is_open
    assert actions["Denmark", "answer"].is_denied


@pytest.mark.parametrize(
    ("sentence", "acts"),
    [
        ("Russia, alone, opened the straits by attacking two forts.", {("Russia", "attack")}),
        ("Russia met the envoys and promised grain.", {("Russia", "meet"), ("Russia", "promise")}),
        ("Russia regrouped, calling for talks.", {("Russia", "call")}),
        ("The forts were attacked by Russia.", {("Russia", "attack")}),
        ("Russia was attacked.", set()),
        ("The Russian attack on Iran failed.", {("Russia", "attack")}),
        ("The price of Russia's oil fell.", set()),
        ("France forced Russia to withdraw.", {("France", "force"), ("Russia", "withdraw")}),
        ("Nobody knew what Russia in its strength had done.", set()),
    ],
)
def test_an_action_is_taken_from_the_form_of_a_sentence(sentence, acts):
    candidates = find_candidates(SourceText((sentence,)))
    assert {(action.actor, action.verb) for action in candidates.actions} == acts


def test_sentences_that_say_what_depends_on_what_are_marked():
    marked = [(s.kind, s.marker) for s in find_candidates(_text(), year=2031).statements]
    assert marked == [("causal", "because"), ("conditional", "if"), ("causal", "without")]


def test_headings_and_questions_make_no_candidates():
    text = split_plain("The Fall of Troy\n\nWho Gained?\n\nWill Troy accept if Sparta pays?\n")
    candidates = find_candidates(text)
    assert not candidates.statements
    assert "Fall" not in {actor.name for actor in candidates.actors}


def test_a_worksheet_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "straits.worksheet.yaml"
    path.write_text(write_worksheet(_sheet(), _text()), "utf-8")
    assert read_worksheet(path) == _sheet()
    assert "# ¶ 4  Will Denmark mediate? Denmark has not answered." in path.read_text("utf-8")


def test_a_worksheet_with_mistakes_names_each(tmp_path):
    path = tmp_path / "w.yaml"
    lists = "actors: [{keep: perhaps}]\nactions: []\nstatements: []\n"
    path.write_text(f"worksheet: 1\ntext: a.txt\nas_of: soon\n{lists}")
    with pytest.raises(CommandError) as told:
        read_worksheet(path)
    assert [line.split(": ")[1] for line in str(told.value).splitlines()] == [
        "as_of", "actors.1.keep", "actors.1.name",
    ]  # fmt: skip


def test_the_draft_passes_the_check_and_marks_every_number(tmp_path):
    (tmp_path / "straits.txt").write_text(ARTICLE, "utf-8")
    path = tmp_path / "straits.yaml"
    path.write_text(draft_case(_sheet()), "utf-8")
    lowered = lower(*open_case(path)[:2])
    case = lowered.case
    assert {player.name for player in case.players.values()} == {"Norway", "Iceland", "Denmark"}
    assert list(case.nodes) == [
        "norway_offer", "norway_suspend", "iceland_refuse", "norway_threaten", "denmark_answer", "iceland_seize",
        "norway_send",
    ]  # fmt: skip
    marked = [*case.parameters.values(), *case.players.values()]
    assert all("nobody has judged it yet" in entry.why[0].judgement for entry in marked)
    assert all(entry.why[1].at.startswith("¶") for entry in marked)
    recorded = {entry.node: entry.value for entry in case.record}
    assert recorded["norway_suspend"] == "suspend"
    assert recorded["denmark_answer"] == "does_not"
    assert "norway_send" not in recorded
    assert lowered.questions[0].outcomes[0][0] == "iceland_seize"


def test_the_draft_holds_no_sentence_of_the_text_but_in_comments():
    """What is in a case goes into its reports; its comments do not."""
    data = str(parse_document(draft_case(_sheet())).data)
    sentences = [s for p in _text().paragraphs for s in split_sentences(p)]
    assert not [sentence for sentence in sentences if sentence in data]


def test_what_is_dropped_is_not_in_the_draft():
    sheet = _sheet()
    actors = [a.model_copy(update={"keep": a.name != "Denmark"}) for a in sheet.actors]
    written = draft_case(sheet.model_copy(update={"actors": actors}))
    assert "denmark" not in str(parse_document(written).data).lower()


def test_a_worksheet_without_decisions_makes_no_draft():
    sheet = _sheet().model_copy(update={"actions": []})
    with pytest.raises(
        CommandError, match="No actor and action of the worksheet are kept together"
    ):
        draft_case(sheet)


def test_a_text_that_means_harm_makes_a_harmless_draft(tmp_path):
    """Names and words of a text may hold what means something in YAML or steers a terminal."""
    text = split_plain(
        "Karl \"}, {keep: true} Evil released: [prisoners]. Karl # threatened 'war', {all: of} it.\n\n"
        "Karl's attack on \x1b[2J Russia failed. <script>alert(1)</script> Russia promised “peace”: yes.\n\n"
        "Karl may accept. Russia struck Karl."
    )
    sheet = worksheet_of(
        find_candidates(text, year=2031), text="a, b #1.txt", as_of=date(2031, 3, 10)
    )
    path = tmp_path / "w.yaml"
    path.write_text(write_worksheet(sheet, text), "utf-8")
    assert read_worksheet(path) == sheet
    path.write_text(draft_case(sheet), "utf-8")
    assert lower(*open_case(path)[:2]).case.players


@pytest.mark.slow
def test_a_large_text_is_marked_in_seconds():
    from time import process_time

    text = SourceText(tuple(_text().paragraphs) * 1500)
    started = process_time()
    assert find_candidates(text).actors
    assert process_time() - started < 20


def test_the_prompt_has_all_that_is_needed_and_the_text():
    prompt = prompt_for(_text(), file="straits.txt", source="straits")
    assert "straits: {title: TITLE OF THE TEXT, file: straits.txt}" in prompt
    assert starter() in prompt
    assert all(f"¶ {i}  {text}" in prompt for i, text in enumerate(_text().paragraphs, 1))


def _answered(folder: Path, answer: str) -> str:
    (folder / "answer.txt").write_text(answer, "utf-8")
    return draft_from_answer(folder / "answer.txt", folder=folder)


@pytest.mark.parametrize("frame", ["{}", "Here it is:\n\n```yaml\n{}```\nGood luck! ```x```"])
def test_an_answer_becomes_a_draft_in_which_every_number_is_marked(tmp_path, frame):
    written = _answered(tmp_path, frame.replace("{}", starter()))
    (tmp_path / "draft.yaml").write_text(written, "utf-8")
    case = open_case(tmp_path / "draft.yaml")[0]
    for entry in [*case.parameters.values(), *case.players.values()]:
        assert entry.why[-1].judgement.startswith("drafted by a language model")
    assert len(case.parameters["p_pressed"].why) == 2


def test_the_problems_of_an_answer_are_listed_by_its_own_lines(tmp_path):
    answer = "Sure.\n```yaml\n" + starter().replace("player: away", "player: nobody", 1) + "```\n"
    line = next(i for i, text in enumerate(answer.splitlines(), 1) if "player: nobody" in text)
    with pytest.raises(CaseError) as told:
        _answered(tmp_path, answer)
    assert f"answer.txt:{line}:" in str(told.value)


def test_an_answer_cannot_cite_words_that_the_text_does_not_contain(tmp_path):
    (tmp_path / "wire.txt").write_text("Nothing of the kind.", "utf-8")
    answer = (
        starter()
        .replace("wire: {", "wire: {file: wire.txt, ")
        .replace("says: officials were said to be under pressure", "quotes: under pressure")
    )
    with pytest.raises(CaseError, match="does not contain these words"):
        _answered(tmp_path, answer)


def test_an_empty_answer_is_told(tmp_path):
    with pytest.raises(CommandError, match="is empty"):
        _answered(tmp_path, " \n")
