"""The annex of the brief: the forecast in full, why, what would change our mind, and what the confidence rests on."""

from __future__ import annotations

from backchannel.answers.audit import Audit
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
from backchannel.wording.left_out import left_out_warning
from backchannel.wording.nouns import several
from backchannel.wording.percents import HARDLY, said
from backchannel.wording.prose import in_points, listed, sentence_case

MOST_INDICATORS = 4
MOST_ASSUMPTIONS = 3
MOST_TIPPING_POINTS = 2
MOST_WHY_SENTENCES = 3


def forecast_in_full(asked: NodeForecast) -> tuple[str, ...]:
    """A forecast with all its values, and how its outcome will be known."""
    lead, *rest = lead_sentences(asked)
    sentences = [" ".join([f"{sentence_case(lead)}.", *rest])]
    if isinstance(asked.resolves, str):
        sentences.append(f"How the outcome will be known: {asked.resolves.removeprefix('by ')}.")
    elif asked.resolves:
        label = {str(value.value): value.label for value in asked.values}
        tests = [f"{label.get(v, v)}: {test}" for v, test in asked.resolves.items()]
        sentences.append(" ".join(listed("How the outcome will be known", tests)))
    return tuple(sentences)


def reasons_for_outcome(answers: Answers, node: NodeName) -> tuple[str, ...]:
    """Explain the outcome of the bottom line; another one only under the name of its question."""
    whys = [answer for answer in answers.answers if answer.kind == "why"]
    about = [answer for answer in whys if node in answer.outcomes]
    if about:
        return tuple(about[0].sentences[:MOST_WHY_SENTENCES])
    if not whys:
        return ()
    first, *rest = whys[0].sentences[:MOST_WHY_SENTENCES]
    return (f"{whys[0].asks} {first}", *rest)


def forecast_line(forecast: NodeForecast) -> str:
    """A forecast in one sentence, with its day."""
    lead = lead_sentences(forecast)[0]
    return f"{day(forecast.date)}: {lead}." if forecast.date else f"{sentence_case(lead)}."


def what_would_change_it(watch: Watch, decided: SensitivityView) -> tuple[str, ...]:
    """Say what would change our mind: what can still be seen, tipping points, and the strongest assumptions."""
    return (*_indicators(watch), *_tipping(decided), *_assumptions(decided))


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


def rests_on_sentences(answers: Answers, audit: Audit) -> tuple[str, ...]:
    """Say on how many numbers, sources and draws the confidence rests, and by which rule it is given."""
    certificate = answers.certificate
    graded = [s for s in answers.sources if s.grade]
    grades = ", ".join(sorted({s.grade for s in graded})) or "none graded"
    left_out = certificate.worst_left_out
    spreads = [v.high - v.low for f in answers.forecasts for v in f.values if not f.observed]
    rests = (
        f"It rests on {audit.counted}, with {several(len(answers.sources), 'source')} (grades: "
        f"{grades}). Judgement alone, or one ungraded source, is behind {len(audit.weak):,} of them."
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
