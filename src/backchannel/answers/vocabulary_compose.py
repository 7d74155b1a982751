"""Put the terms of the answers document, and their limits, into the document itself."""

from __future__ import annotations

from backchannel.answers.confidence import RULE
from backchannel.answers.vocabulary_document import EstimativeTerm, VerdictTerm, Vocabulary
from backchannel.language.names import ICD_203
from backchannel.questions.claims.verdicts import BUILT_IN, VERDICT_LIMITS, Verdict
from backchannel.wording.percents import percent


def compose_vocabulary() -> Vocabulary:
    """The terms of ICD 203 and the verdicts on claims."""
    contradicted, against, leans, borne_out = (percent(limit) for limit in VERDICT_LIMITS)
    means = {
        Verdict.BORNE_OUT: f"holds in at least {borne_out} of the draws, given the record",
        Verdict.LEANS: f"holds in {leans[:-1]}–{borne_out} of them",
        Verdict.OPEN: f"holds in {against[:-1]}–{leans} of them: the case cannot tell",
        Verdict.LEANS_AGAINST: f"holds in {contradicted[:-1]}–{against} of them",
        Verdict.CONTRADICTED: f"holds in at most {contradicted} of them",
        Verdict.NO_DIFFERENCE: "both sides agree within the margin, so it does not matter which is larger",
        Verdict.BUILT_IN: f"holds in {100 * BUILT_IN:g}% of the draws before any record: the case assumes it, "
        "so it is no evidence for it",
    }
    terms = [EstimativeTerm(word=word, below=high) for word, (_, high) in ICD_203.items()]
    terms[-1] = terms[-1].model_copy(update={"below": 1.0})
    return Vocabulary(
        estimative=terms,
        verdicts=[VerdictTerm(word=verdict.value, means=means[verdict]) for verdict in Verdict],
        verdict_limits=list(VERDICT_LIMITS),
        confidence=list(RULE),
    )
