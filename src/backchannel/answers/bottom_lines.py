"""Compose bottom lines: a question's statement, with the confidence that its basis allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from backchannel.answers.bottom_lines_document import (
    BottomLine,
    ConfidenceReason,
)
from backchannel.answers.confidence import SAME_IN_ALL, Confidence, Grounds, Leading, confidence_in
from backchannel.answers.hinges import Backings
from backchannel.case.lowered import CaseQuestion, Lowered
from backchannel.language.support import Support
from backchannel.questions.composing import Composing
from backchannel.questions.question import Question
from backchannel.questions.registry import questions
from backchannel.questions.statement import LABEL_WORDS, Statement, cut
from backchannel.wording.interventions import if_clause
from backchannel.wording.prose import MOST_WORDS
from backchannel.wording.words import Wording, plain_name

MOST_TOGETHER = 50
"""Words of a bottom line, at most: the answer and its confidence, each a sentence."""
AT_WORST = 60
"""The same, where it cannot be said in fewer without leaving out what is changed."""
_KINDS = {
    "forecast": "What next: {}?",
    "what_if": "What if {}?",
    "why": "Why {}?",
    "deal": "Would this deal hold: {}?",
}


class NoAnswer(Protocol):
    """A question without an answer, as it was found or as the document has it."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def reason(self) -> str: ...


def asked_or_default(lowered: Lowered) -> Sequence[CaseQuestion]:
    """The questions of a case; of a case without any, the forecast of its last node."""
    if lowered.questions:
        return lowered.questions
    return (CaseQuestion("", "", "forecast", ((lowered.first_question, None),)),)


def lines_of(
    composing: Composing,
    question: Question,
    result: Any,
    known: Backings,
    unanswered: Sequence[NoAnswer] = (),
) -> Iterator[BottomLine]:
    """Compose the bottom lines of all questions of a kind, in the order of the case.

    Args:
        composing: The case and its words, with the parts that are composed.
        question: The kind of questions.
        result: What its `ask` found.
        known: What every number rests on.
        unanswered: The questions that have no answer.
    """
    for asked in asked_or_default(composing.lowered):
        if asked.kind != question.kind or question.bottom_line is None:
            continue
        title = title_of(composing.wording, asked)
        if reason := reason_of(asked, unanswered):
            yield unanswered_line(asked, title, reason)
        else:
            state = question.part(question.bottom_line)
            yield compose_line(composing, asked, title, state(composing, result, asked), known)


def reason_of(asked: CaseQuestion, unanswered: Sequence[NoAnswer]) -> str:
    """Why a question of the case has no answer; empty where it has one."""
    about = {"deal": asked.deal, "what_if": asked.what_if}.get(asked.kind, asked.name)
    kinds = {asked.kind, "deals"} if asked.kind == "deal" else {asked.kind}
    return next((m.reason for m in unanswered if m.kind in kinds and m.name in (about, "")), "")


def kinds_ready(done: str) -> list[Question]:
    """The kinds of questions whose bottom lines can be stated once a question is asked.

    Args:
        done: The name of the question that was asked last.
    """
    return [q for q in questions() if q.bottom_line and (q.ready_with or q.name) == done]


def title_of(wording: Wording, asked: CaseQuestion) -> str:
    """A question in words: those of the case, or what it asks."""
    if asked.asks:
        return asked.asks
    lowered = wording.lowered
    if asked.kind == "deal":
        about = lowered.deals[asked.deal].title or plain_name(asked.deal)
    elif asked.kind == "what_if":
        about = if_clause(wording, asked.intervention, lowered.interventions[asked.intervention])
    else:
        node, value = asked.outcomes[-1]
        about = wording.node(node)
        about += f": {wording.value(node, value)}" if asked.kind == "why" and value else ""
    return _KINDS[asked.kind].format(about)


def unanswered_line(asked: CaseQuestion, title: str, reason: str) -> BottomLine:
    """Say in one sentence why a question has no answer."""
    first = re.split(r"(?<=[.!?])\s", reason.strip(), maxsplit=1)[0]
    return BottomLine(
        name=asked.name,
        kind=asked.kind,
        title=title,
        sentence=cut(f"No answer: {first}", MOST_WORDS),
    )


def compose_line(
    composing: Composing, asked: CaseQuestion, title: str, statement: Statement, known: Backings
) -> BottomLine:
    """Add to a statement the confidence that its basis allows, within the words of a bottom line."""
    leading = [
        Leading(named.label, named.share, known[named.parameter])
        for named in statement.influences.named
    ]
    grounds = _grounds(statement, leading, known)
    confidence = confidence_in(grounds)
    sentence, because = _fit(
        statement.texts, _reasons(confidence, leading, varies=grounds.width >= SAME_IN_ALL)
    )
    return BottomLine(
        name=asked.name,
        kind=asked.kind,
        title=title,
        sentence=sentence,
        of=statement.of,
        unit=statement.unit,
        number=statement.number,
        low=statement.low,
        high=statement.high,
        other_extreme=statement.other_extreme,
        confidence=confidence.level,
        because=because,
        reasons=[
            ConfidenceReason(criterion=r.criterion, level=r.level, text=r.text)
            for r in confidence.reasons
            if r.level != "high"
        ],
        hinges_on=statement.influences.named,
        chance_level=statement.influences.chance_level,
        node=statement.node,
        value=statement.value,
        what_if=statement.what_if,
    )


def _grounds(statement: Statement, leading: Sequence[Leading], known: Backings) -> Grounds:
    scale, other = max(statement.scale, 1e-9), statement.other_extreme
    return Grounds(
        leading=leading,
        weak=sum(backing.support is Support.WEAKLY for backing in known.values()),
        numbers=len(known),
        effective_draws=statement.effective_draws,
        left_out=statement.left_out,
        low=statement.low / scale,
        high=statement.high / scale,
        other_extreme=None if other is None else other / scale,
        other_extreme_text=statement.other_extreme_text,
    )


def _reasons(confidence: Confidence, leading: Sequence[Leading], *, varies: bool) -> list[str]:
    """The confidence with its reason and what the answer hinges on, then in fewer and fewer words."""
    hinges = [
        f"it hinges most on “{cut(leading[0].label, most)}”" for most in LABEL_WORDS if leading
    ]
    texts = []
    if confidence.reasons:
        first = confidence.reasons[0]
        if first.criterion != "sources":
            texts += [f"{first.text}; {hinge}" for hinge in hinges[:1]]
        texts += [first.text, *([first.short] if first.short else [])]
    elif leading:
        texts += [f"{hinge}, which rests on {leading[0].backing.rests_on}" for hinge in hinges]
    else:
        texts.append(
            "it hinges on no single uncertain number" if varies else "it is the same in all draws"
        )
    return [f"Confidence: {confidence.level}, because {text}." for text in dict.fromkeys(texts)]


def _fit(sentences: Sequence[str], reasons: Sequence[str]) -> tuple[str, str]:
    """The longest sentence and reason that stay within the words of a bottom line, alone and together.

    A sentence with its names in full is worth more than a reason with all its parts.
    """
    pairs = [(sentence, reason) for sentence in sentences for reason in reasons]
    for together in (MOST_TOGETHER, AT_WORST):
        for sentence, reason in pairs:
            words = len(sentence.split()), len(reason.split())
            if max(words) <= MOST_WORDS and sum(words) <= together:
                return sentence, reason
    return min(pairs, key=lambda pair: len(" ".join(pair).split()))
