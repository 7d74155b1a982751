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
from backchannel.answers.confidence import RULE
from backchannel.answers.document import Answers
from backchannel.ensemble.weighted import most_likely
from backchannel.language.days import day
from backchannel.language.names import NodeName
from backchannel.questions.forecast.document import NodeForecast
from backchannel.questions.forecast.lead import lead_sentences
from backchannel.questions.sensitivity.document import SensitivityView
from backchannel.questions.sensitivity.sentences import (
    effect_text,
    inconclusive_sentence,
    tipping_text,
)
from backchannel.questions.watch.document import IfSeen, IndicatorView, Watch
from backchannel.wording.chance import NONE_STANDS_OUT
from backchannel.wording.left_out import counted, left_out_warning
from backchannel.wording.nouns import and_list, several
from backchannel.wording.percents import HARDLY, percent, said
from backchannel.wording.prose import in_points, listed, sentence_case
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd

MOST_INDICATORS = 4
MOST_ASSUMPTIONS = 3
MOST_TIPPING_POINTS = 2
MOST_OTHER_FORECASTS = 4
MOST_WHY_SENTENCES = 3
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
        bottom_line=_bottom_line(asked),
        expected=tuple(map(_line, others[:MOST_OTHER_FORECASTS])),
        why=_why(answers, asked.node),
        change=(*_indicators(watch), *_tipping(decided), *_assumptions(decided)),
        confidence=_confidence(answers, audit),
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


def _bottom_line(asked: NodeForecast) -> tuple[str, ...]:
    lead, *rest = lead_sentences(asked)
    sentences = [" ".join([f"{sentence_case(lead)}.", *rest])]
    if isinstance(asked.resolves, str):
        sentences.append(f"How the outcome will be known: {asked.resolves.removeprefix('by ')}.")
    elif asked.resolves:
        label = {str(value.value): value.label for value in asked.values}
        tests = [f"{label.get(v, v)}: {test}" for v, test in asked.resolves.items()]
        sentences.append(" ".join(listed("How the outcome will be known", tests)))
    return tuple(sentences)


def _why(answers: Answers, node: NodeName) -> tuple[str, ...]:
    """Explain the outcome of the bottom line; another one only under the name of its question."""
    whys = [answer for answer in answers.answers if answer.kind == "why"]
    about = [answer for answer in whys if node in answer.outcomes]
    if about:
        return tuple(about[0].sentences[:MOST_WHY_SENTENCES])
    if not whys:
        return ()
    first, *rest = whys[0].sentences[:MOST_WHY_SENTENCES]
    return (f"{whys[0].asks} {first}", *rest)


def _line(forecast: NodeForecast) -> str:
    lead = lead_sentences(forecast)[0]
    return f"{day(forecast.date)}: {lead}." if forecast.date else f"{sentence_case(lead)}."


def _indicators(watch: Watch) -> list[str]:
    texts, k = [], most_likely(watch.forecast)
    for indicator in watch.indicators:
        value = _most_informative(indicator, k)
        if value is None or value.if_seen is None or value.if_not is None:
            continue
        if abs(value.if_seen[k] - value.if_not[k]) < HARDLY:
            continue
        texts.append(
            f"“{indicator.title}: {value.label}” (due {day(indicator.due)}; {said(value.probability)}). If so, the "
            f"probability of “{watch.labels[k]}” is {said(value.if_seen[k])}; if not, {said(value.if_not[k])}."
        )
    return texts[:MOST_INDICATORS]


def _most_informative(indicator: IndicatorView, k: int) -> IfSeen | None:
    """The value that changes the probability of an outcome most, weighted by its own."""
    best: tuple[float, IfSeen | None] = (0.0, None)
    for value in indicator.values:
        if value.if_seen is None or value.if_not is None:
            continue
        gap = abs(value.if_seen[k] - value.if_not[k])
        reach = gap * min(value.probability, 1 - value.probability)
        if reach > best[0]:
            best = (reach, value)
    return best[1]


def _tipping(decided: SensitivityView) -> list[str]:
    """Where one assumption alone changes which outcome is the most likely."""
    if decided.silent:
        return []
    points = [point for point in decided.tipping if point.stands_out]
    if not points:
        return [
            f"No single assumption changes which outcome of “{decided.title}” is the most likely."
        ]
    return [f"Tipping point: {tipping_text(point)}." for point in points[:MOST_TIPPING_POINTS]]


def _assumptions(decided: SensitivityView) -> list[str]:
    """The assumptions that decide the outcome, as far as they stand out from chance."""
    if decided.silent:
        return [inconclusive_sentence(decided)]
    strong = [effect for effect in decided.effects if effect.stands_out][:MOST_ASSUMPTIONS]
    outcome = f"“{decided.title}: {decided.label}”"
    if not strong:
        return [f"No single assumption stands out from chance in deciding {outcome}."]
    lead = (
        f"Assumption{'s' * (len(strong) > 1)} that decide{'s' * (len(strong) == 1)} {outcome} most"
    )
    return [" ".join(listed(lead, [*map(effect_text, strong)]))]


def _confidence(answers: Answers, audit: Audit) -> tuple[str, ...]:
    certificate, total = answers.certificate, len(audit.numbers)
    graded = [s for s in answers.sources if s.grade]
    grades = ", ".join(sorted({s.grade for s in graded})) or "none graded"
    left_out = certificate.worst_left_out
    spreads = [v.high - v.low for f in answers.forecasts for v in f.values if not f.observed]
    rests = (
        f"It rests on {several(total, 'uncertain number')} and {several(len(answers.sources), 'source')} (grades: "
        f"{grades}). Judgement alone, or one ungraded source, is behind {several(len(audit.weak), 'number')}."
    )
    return (
        rests,
        f"Ranges show uncertainty about the assumptions (up to {in_points(max(spreads, default=0.0))}), not the "
        f"risk that the model is wrong. {sentence_case(several(certificate.draws, 'draw'))}, "
        f"{certificate.converged:,} converged; effective sample size given the record "
        f"{certificate.effective_draws:,.0f}.",
        *filter(None, [left_out_warning(left_out)]),
        *RULE,
    )
