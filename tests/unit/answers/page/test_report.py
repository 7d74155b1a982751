"""The report: one page that is whole without scripts, shows text as text, and asks for nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import chain

import pytest

from backchannel.answers.document import Answers
from backchannel.answers.layout.layout import compose_layout
from backchannel.answers.page import picture, report
from backchannel.answers.page.report import as_data, compose_report, safe_script
from backchannel.interface import Bundle
from backchannel.study import Study
from tests.helpers import CANAL

HOSTILE = "<script>alert(1)</script> ]]> <!-- \" ' & {{ 7 * 7 }} \u2028 </style>"
COLUMNS = re.compile(r'(--c\d+:"([A-Za-z0-9]|\\[0-9a-f]+ )*";)*')
"""Titles of columns as CSS strings in which nothing can end them."""
VOID = {"meta", "br", "rect", "line", "path", "polygon", "use"}
CASES = CANAL.parent
SECTIONS = [
    "bottom-lines", "forecast", "what-if", "claims", "sensitivity", "watch", "assumptions", "timeline",
    "players", "diagram", "rules", "sources", "warnings", "about", "confidence", "certificate",
]  # fmt: skip


class Page(HTMLParser):
    """What a browser sees: elements, their text, and whether every one is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.texts.setdefault(tag, []).append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open, f"</{tag}> closes nothing"
            assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open:
            self.texts[self.open[-1]][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Study.load("sanctions-threat", draws=32).answers()


BUNDLE = Bundle('const a = "</script><!--<script>";', "b { color: red }")


def test_every_section_is_there_without_scripts(answers, monkeypatch):
    """Below the bottom lines, each folded until a reader opens it; links lead to what is folded."""
    monkeypatch.setattr(report, "bundle", lambda: None)
    page = Page(compose_report(answers.model_copy(update={"warnings": ["Something is odd."]})))
    assert not page.open
    ids = [attributes.get("id") for attributes in page.all("section")]
    assert ids == SECTIONS
    assert [a["href"] for a in page.all("a")] == ["#certificate", "#confidence"]
    assert not [one for one in page.all("details") if "open" in one]
    folded = [one for one in page.all("details") if one.get("class") == "section"]
    assert len(folded) == len(SECTIONS) - 1
    assert page.texts["h2"][: len(answers.bottom_lines)] == [
        f"{number}. {line.title}" for number, line in enumerate(answers.bottom_lines, start=1)
    ]
    assert [one["type"] for one in page.all("script")] == ["application/json"]
    assert page.texts["caption"].count("What is still open") == 1


def test_the_page_says_what_the_document_says(answers):
    """Sentences, values, claims, assumptions, rules: all of them."""
    html = compose_report(answers, BUNDLE)
    shown = {
        tag: found for tag, found in Page(html).texts.items() if tag not in ("script", "style")
    }
    text = " ".join(chain.from_iterable(shown.values()))
    for line in answers.bottom_lines:
        assert f"{line.sentence} {line.because}" in text
    assert all(hinge.label in text for hinge in answers.hinges)
    assert answers.certificate.short in text
    for answer in answers.answers:
        assert all(sentence in text for sentence in answer.sentences)
    for forecast in answers.forecasts:
        assert all(value.label in text for value in forecast.values)
    assert all(claim.says in text for claim in answers.claims)
    assert all(one.label in text for one in answers.assumptions)
    assert answers.certificate.line in text


def test_the_diagram_is_drawn(answers):
    """Every box with its title, every arrow, in the shapes that the legend promises."""
    page = Page(compose_report(answers, BUNDLE))
    assert answers.layout is not None
    boxes = [g["class"] for g in page.all("g") if (g.get("class") or "").startswith("box")]
    assert boxes == [f"box {box.shape}" for box in answers.layout.nodes]
    arrows = [p for p in page.all("path") if p.get("marker-end")]
    assert len(arrows) == len(answers.layout.edges)
    assert len(page.all("polygon")) == len(answers.interests)
    written = " ".join(page.texts["text"])
    assert all(line in written for box in answers.layout.nodes for line in box.lines)


def test_the_document_is_in_the_page_as_it_is(answers):
    """What the script reads is what `--json` writes."""
    page = Page(compose_report(answers, BUNDLE))
    data = page.texts["script"][[s.get("id") for s in page.all("script")].index("answers")]
    assert Answers.model_validate_json(data) == answers
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_hostile_texts_are_shown_as_text(answers):
    """Whoever wrote the case does not write the page."""
    hostile = answers.model_copy(deep=True)
    hostile.case.title = hostile.case.question = hostile.case.about = HOSTILE
    hostile.answers[0].asks = HOSTILE
    hostile.answers[0].sentences[0] = HOSTILE
    hostile.bottom_lines[0].title = hostile.bottom_lines[0].sentence = HOSTILE
    hostile.forecasts[0].title = HOSTILE
    hostile.forecasts[0].values[0].label = HOSTILE
    hostile.claims[0].says = hostile.claims[0].test = HOSTILE
    hostile.assumptions[0].label = hostile.assumptions[0].prior = HOSTILE
    hostile.sources[0].title = HOSTILE
    hostile.sources[0].url = "javascript:alert(1)"
    hostile.players[0].title = HOSTILE
    hostile.warnings.append(HOSTILE)
    hostile.watch.labels[0] = HOSTILE + '; background: url("//elsewhere")'
    for node in hostile.nodes:
        node.title = node.about = HOSTILE
    hostile.layout = compose_layout(hostile.nodes, hostile.interests)
    page = Page(compose_report(hostile, BUNDLE))
    assert not page.open
    assert len(page.all("script")) == 4
    assert len(page.all("style")) == 2
    assert page.texts["h1"] == [HOSTILE]
    assert all((a["href"] or "").startswith("#") for a in page.all("a"))
    data = page.texts["script"][1]
    assert json.loads(data)["case"]["title"] == HOSTILE
    for attributes in page.all("table"):
        assert COLUMNS.fullmatch(attributes.get("style") or "")


def test_only_the_pages_own_scripts_may_run(answers):
    """Each is known by its hash; there is no other origin."""
    page = Page(compose_report(answers, BUNDLE))
    rules = next(m["content"] or "" for m in page.all("meta") if m.get("http-equiv"))
    assert "default-src 'none'" in rules
    assert not re.search(r"https?:|\*|unsafe-eval", rules)
    run = [
        t for t, s in zip(page.texts["script"], page.all("script"), strict=True) if "type" not in s
    ]
    assert len(run) == 3
    for text in run:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in rules
    assert rules.count("sha256-") == 3


def test_nothing_is_loaded_from_anywhere(answers):
    """No address in any attribute that is fetched."""
    page = Page(compose_report(answers, BUNDLE))
    for tag, attributes in page.elements:
        assert not {"src", "srcset", "data", "action"} & set(attributes), tag
        if tag != "a":
            assert (attributes.get("href") or "#").startswith("#")
    assert "@import" not in "".join(page.texts["style"])
    assert "url(" not in "".join(page.texts["style"])


def test_a_script_cannot_end_its_element():
    """And means what it meant."""
    assert safe_script('"</script>"') == '"<\\/script>"'
    assert safe_script('"<!-- <script"') == '"\\x3c!-- \\x3cscript"'
    assert as_data('{"a": "</script>\u2028"}') == '{"a": "\\u003c/script>\\u2028"}'


def test_wide_diagrams_are_printed_in_pieces(answers):
    """Cut between columns, together the whole."""
    layout = answers.layout
    assert layout is not None
    assert [strip.width for strip in picture.strips(layout)] == [layout.width]
    wide = layout.model_copy(update={"width": 3000})
    wide.columns = [
        layout.columns[0].model_copy(update={"x": 12 + 160 * i, "width": 118}) for i in range(19)
    ]
    pieces = picture.strips(wide)
    assert sum(piece.width for piece in pieces) == 3000
    assert all(piece.width <= picture.WIDEST_STRIP * 1.15 for piece in pieces)
    for piece in pieces[1:]:
        assert all(not column.x < piece.x < column.x + 118 for column in wide.columns)


@pytest.mark.parametrize(
    ("case", "section", "titles"),
    [
        ("canal", "why", ["Causes of", "How it reached the outcome"]),
        (
            "canal",
            "surprise",
            ["Gaps between expected and actual", "What each player expects", "How surprising"],
        ),
        pytest.param(
            "ransom",
            "deals",
            ["Packages:", "by promise", "gains over no deal", "What would make"],
            marks=pytest.mark.slow,
        ),
        ("quarry", "rounds", [""]),
    ],
)
def test_whatever_a_case_asks_for_has_tables_of_its_own(case, section, titles):
    """Every table, in the section where a reader looks for it."""
    html = compose_report(Study.load(CASES / f"{case}.yaml", draws=16).answers(), BUNDLE)
    page = Page(html)
    assert not page.open
    own = Page(html[html.index(f'<section id="{section}"') :].split("</section>")[0] + "</section>")
    for title in titles:
        assert any(title in caption for caption in own.texts["caption"]), title


def test_what_decides_an_outcome_is_shown_where_there_is_enough_to_say(answers):
    """Tornado, tipping points, box, what to learn; else why there is not."""
    decided = answers.sensitivity
    html = compose_report(answers, BUNDLE)
    assert bool(decided.silent) != ("Assumptions, strongest first" in html)
    solved = Study.load("sanctions-threat", draws=256).answers()
    html = compose_report(solved, BUNDLE)
    for title in ("hinges on", "Assumptions, strongest first", "Worth learning", "All assumptions"):
        assert title in html
    assert ("Smallest changes" in html) == bool(solved.what_it_would_take)
