"""The brief: one page in analytic style, made from the answers document and the indicators.

The bottom lines come first, one for each question, then what they hinge on. An annex follows: the main
forecast in full, why, what would change our mind, and what the confidence rests on.

Source for the order and the words: Intelligence Community Directive 203 (2015), Analytic Standards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backchannel.answers.audit import Audit
from backchannel.answers.bottom_lines_document import Hinge
from backchannel.answers.brief_annex import (
    forecast_in_full,
    forecast_line,
    reasons_for_outcome,
    rests_on_sentences,
    what_would_change_it,
)
from backchannel.answers.document import Answers
from backchannel.language.days import day
from backchannel.questions.forecast.document import NodeForecast
from backchannel.questions.sensitivity.document import SensitivityView
from backchannel.questions.watch.document import Watch
from backchannel.wording.chance import NONE_STANDS_OUT
from backchannel.wording.left_out import counted
from backchannel.wording.nouns import and_list, several
from backchannel.wording.percents import percent
from backchannel.wording.prose import sentence_case
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd

MOST_OTHER_FORECASTS = 4
MOST_LINES = 9
"""Bottom lines on the first page."""
MOST_REVIEWED = 4
"""Outcomes that the review on the first page names."""
MOST_BRIEF_HINGES = 5
"""Assumptions on the first page."""


@dataclass(frozen=True)
class Brief(Result):
    """The content of the page; each text is a paragraph or an item of a list."""

    title: str
    subtitle: str
    lines: tuple[tuple[str, str], ...]
    """Questions and their bottom lines: what fits on the first page."""
    hinges: tuple[str, ...]
    """What the bottom lines hinge on."""
    review: tuple[str, ...]
    """What was right and wrong, where outcomes are known."""
    certificate: str
    further: tuple[tuple[str, str], ...]
    """Questions and bottom lines for which the first page has no room; the annex begins with them."""
    bottom_line: tuple[str, ...]
    """The main forecast in full."""
    expected: tuple[str, ...]
    why: tuple[str, ...]
    change: tuple[str, ...]
    confidence: tuple[str, ...]
    figure: NodeForecast
    """The forecast that the figure shows."""
    caption: str

    def to_frame(self) -> pd.DataFrame:
        """One row for each text, with the part of the page to which it belongs."""
        import pandas as pd

        rows = [("lines", text) for pair in (*self.lines, *self.further) for text in pair]
        parts = ("hinges", "review", "bottom_line", "expected", "why", "change", "confidence")
        rows += [(part, text) for part in parts for text in getattr(self, part)]
        return pd.DataFrame(rows, columns=["part", "text"])

    def document(self) -> Brief:
        """Return the brief itself, which is in words already."""
        return self


def compose_brief(answers: Answers, watch: Watch, decided: SensitivityView, audit: Audit) -> Brief:
    """Choose what goes on the page.

    Args:
        answers: The answers document.
        watch: What can still be seen before the outcome of the main question is known.
        decided: What decides that outcome.
        audit: What the case's numbers rest on.
    """
    asked = next(f for f in answers.forecasts if f.node == watch.about)
    others = [
        forecast
        for answer in answers.answers
        if answer.kind == "forecast"
        for forecast in answers.forecasts
        if forecast.node in answer.outcomes and forecast.node != asked.node
    ]
    proof = answers.certificate
    lines = tuple(
        (f"{number}. {line.title}", f"{line.sentence} {line.because}".rstrip())
        for number, line in enumerate(answers.bottom_lines, start=1)
    )
    rests_on = counted(answers.run.draws, proof.effective_draws, proof.left_out)
    return Brief(
        title=answers.case.title,
        subtitle=" ".join(
            text
            for text in (
                f"As of {day(answers.case.as_of)}.",
                answers.case.question,
                answers.run.moved,
            )
            if text
        ),
        lines=lines[:MOST_LINES],
        hinges=tuple(map(_hinge, answers.hinges[:MOST_BRIEF_HINGES])) or _no_hinges(answers),
        review=_review(answers),
        certificate=f"Certificate. {proof.short}",
        further=lines[MOST_LINES:],
        bottom_line=forecast_in_full(asked),
        expected=tuple(map(forecast_line, others[:MOST_OTHER_FORECASTS])),
        why=reasons_for_outcome(answers, asked.node),
        change=what_would_change_it(watch, decided),
        confidence=rests_on_sentences(answers, audit),
        figure=asked,
        caption=(
            f"{asked.title}: probability of each outcome. Bars: mean; lines: 5–95% over {rests_on} of "
            f"the assumptions. {_marks(asked)}New entries of the record, or other priors, change it."
        ),
    )


def _marks(asked: NodeForecast) -> str:
    """What the marks beside the bars of the figure mean; empty where no base rate moves the forecast."""
    if not any(value.inside is not None for value in asked.values):
        return ""
    if asked.base_rate is None:
        return "Rings: by the case alone; the bars follow base rates of other nodes. "
    return (
        "Rings: by the case alone (inside); diamonds: by the base rate alone (outside); the bars are "
        "their pool. "
    )


def _hinge(hinge: Hinge) -> str:
    moves = and_list([f"{move.line} ({percent(move.share)})" for move in hinge.moves])
    answers = "answers" if len(hinge.moves) > 1 else "answer"
    return (
        f"{sentence_case(hinge.label)}, which rests on {hinge.rests_on}, moves {answers} {moves}."
    )


def _no_hinges(answers: Answers) -> tuple[str, ...]:
    told = any(line.chance_level is not None for line in answers.bottom_lines)
    return (NONE_STANDS_OUT,) if told else ()


def _review(answers: Answers) -> tuple[str, ...]:
    """Say what was at fault, what came about, what each view gave it, and what each outcome teaches."""
    review = answers.review
    if review is None:
        return ()
    came = [
        f"“{seen.title}” was “{seen.label}” ({day(seen.date)}), which had {percent(seen.pooled.chance)} in the "
        "forecast"
        + (f", {percent(seen.inside.chance)} in the case alone" if seen.inside else "")
        + (f" and {percent(seen.outside.chance)} by its base rate" if seen.outside else "")
        + f". {seen.taught}".rstrip()
        for seen in review.outcomes[:MOST_REVIEWED]
    ]
    hidden = len(review.outcomes) - MOST_REVIEWED
    more = [f"{several(hidden, 'more outcome')} are in the answers document."] if hidden > 0 else []
    return (*review.sentences, *came, *more)
