"""Sentences about a deal: which packages all parties prefer, which would be kept, and what would help."""

from __future__ import annotations

from backchannel.questions.deals.document import DealEnforcement, DealPackage, DealView
from backchannel.wording.words import and_list, day, estimative_word, percent, percent_span

SMALL_GAIN = 0.005
"""Gain or loss, in the utility unit, below which a third digit is shown."""


def deal_sentences(view: DealView) -> list[str]:
    """State the results of a deal, for a reader of nothing else."""
    chosen = next(p for p in view.packages if p.number == view.chosen)
    sentences = [_holds(view), _range(view), *_fair(view)]
    sentences += [_gains(view, chosen), _steps(chosen)]
    if chosen.possible < 0.995:
        sentences.append(
            f"With {percent(1 - chosen.possible)} probability, some promise cannot be kept, because "
            "the action is not available then: the deal lapses, and no party is punished. The "
            "probabilities of single promises above are those where the promise can be kept."
        )
    sentences += _enforced(view)
    return sentences


def deal_answer(view: DealView) -> list[str]:
    """Answer a question about a deal in short."""
    chosen = next(p for p in view.packages if p.number == view.chosen)
    return [_holds(view), _range(view), _steps(chosen), *_enforced(view)[:1]]


def _holds(view: DealView) -> str:
    chosen = next(p for p in view.packages if p.number == view.chosen)
    best = max(view.packages, key=lambda p: p.kept)
    if len(view.packages) == 1:
        return f"The probability that all of it would be kept is {_verdict(chosen)}."
    text = (
        f"Of {len(view.packages):,} packages, this is about number {chosen.number} ({chosen.label}): the "
        f"probability that all of it is kept is {_verdict(chosen)}."
    )
    if best.number == chosen.number or percent(best.kept) == percent(chosen.kept):
        return text
    text += (
        f" Number {best.number} ({best.label}) is the most likely to be kept ({percent(best.kept)})"
    )
    blockers = and_list([view.parties[name] for name in best.blocked_by])
    return text + (f", but {blockers} would gain nothing from it." if blockers else ".")


def _verdict(package: DealPackage) -> str:
    return f"{percent(package.kept)} ({estimative_word(package.kept)})"


def _range(view: DealView) -> str:
    count = len(view.packages)
    parties = [*view.parties.values()]
    who = and_list(parties) + (" both" if len(parties) == 2 else " all")
    if view.range:
        numbers = and_list([f"{n}" for n in view.range[:8]])
        more = f" and {len(view.range) - 8:,} more" if len(view.range) > 8 else ""
        what = f"number {numbers}" if len(view.range) == 1 else f"numbers {numbers}{more}"
        if count == 1:
            what = "it"
        some = "it" if count == 1 else "some package"
        return (
            f"If every promise is kept, {who} expect more from {what} than from no deal; in "
            f"{percent(1 - view.empty_in)} of the draws, {some} benefits all parties."
        )
    nearest = next(p for p in view.packages if p.number == view.closest)
    blockers = and_list([view.parties[name] for name in nearest.blocked_by])
    changes = and_list(
        [f"{g.title} {gain_text(g.on_paper.mean)}" for g in nearest.gains if g.is_party]
    )
    block = "blocks" if len(nearest.blocked_by) == 1 else "block"
    return (
        f"The bargaining range is empty: there is no package from which {who} expect more than from "
        f"no deal. Number {nearest.number} ({nearest.label}) comes closest ({changes}); {blockers} "
        f"{block} it. In {percent(1 - view.empty_in)} of the draws, some package benefits all parties."
    )


def _fair(view: DealView) -> list[str]:
    if view.nash is None or len(view.range) < 2:
        return []
    nash = next(p for p in view.packages if p.nash)
    text = (
        f"By expected gains, the Nash package is number {nash.number} ({nash.label}); it is the Nash "
        f"package in {percent(nash.nash_in)} of the draws"
    )
    if view.kalai_smorodinsky == view.nash:
        return [text + ". The Kalai–Smorodinsky package is the same."]
    other = next(p for p in view.packages if p.kalai_smorodinsky)
    return [
        text + f". The Kalai–Smorodinsky package is number {other.number} ({other.label}; in "
        f"{percent(other.kalai_smorodinsky_in)} of the draws)."
    ]


def _gains(view: DealView, chosen: DealPackage) -> str:
    parts = []
    for gain in chosen.gains:
        spread = gain.on_paper
        part = (
            f"{gain.title} {gain_text(spread.mean)} ({gain_text(spread.low)} to {gain_text(spread.high)}; "
            f"above 0 in {percent(spread.gains_in)} of the draws"
        )
        if gain.expects is not None:
            part += f"; by its own beliefs it expects {gain_text(gain.expects.mean)}"
        parts.append(part + ")")
    lead = ""
    if len(view.packages) > 1 and view.chosen_because != "asked for":
        lead = f"Package {chosen.number} was examined because {view.chosen_because}. "
    return (
        f"{lead}If all of it is kept, the gains over no deal are: {'; '.join(parts)}. "
        f"1 is {view.unit}."
    )


def _steps(chosen: DealPackage) -> str:
    parts = []
    for i, step in enumerate(chosen.steps):
        promise = f"“{step.title}: {step.value}” by {day(step.date)}"
        after = " (if all earlier promises are kept)" if i else ""
        if step.chance is None:
            parts.append(f"{promise} is never reached")
        else:
            parts.append(f"{step.player_title} keeps {promise} with {percent(step.chance)}{after}")
    verdict = estimative_word(chosen.kept)
    return (
        f"Would package {chosen.number} be kept? {_sentence(parts)}. All promises: "
        f"{percent(chosen.kept)} ({verdict}; "
        f"{percent_span(chosen.kept_low, chosen.kept_high, chosen.kept_bounds, ' over draws')})."
    )


def _enforced(view: DealView) -> list[str]:
    if not view.enforcement:
        return []
    if all(instrument.size == 0 for instrument in view.enforcement):
        return [f"Without further enforcement, {requirement_text(view)}."]
    parts = [
        _size_text(view, instrument)
        for instrument in view.enforcement
        if instrument.size is not None
    ]
    short = [instrument for instrument in view.enforcement if instrument.size is None]
    which = "" if len(view.packages) == 1 else f" of package {view.chosen}"
    least = percent(view.threshold)
    text = f"To make every promise{which} at least {least} likely to be kept, "
    if view.standard != "chance":
        text = f"To make keeping every promise{which} a best reply in at least {least} of cases, "
    if not parts:
        most = max(instrument.most for instrument in view.enforcement)
        return [text + f"no single penalty or payment up to {most:.2f} is enough."]
    sentences = [text + f"one of these is enough: {_or(parts)}."]
    if short:
        sentences.append(
            f"By itself, not even {short[0].most:.2f} more is enough as "
            f"{_or([instrument.label for instrument in short])}."
        )
    return sentences


def requirement_text(view: DealView) -> str:
    """State as a clause what an instrument must achieve."""
    least = percent(view.threshold)
    if view.standard == "chance":
        return f"every promise is kept with at least {least}"
    return f"keeping every promise is a best reply with at least {least}"


def _size_text(view: DealView, instrument: DealEnforcement) -> str:
    assert instrument.size is not None
    who, *others = _who(view, instrument)
    size = f"{instrument.size:.2f}"
    each = " each" if others else ""
    owns = and_list([f"{own:.2f}" for own in instrument.already])
    everyone = and_list([who, *others])
    if instrument.kind == "penalty":
        text = f"breaking the deal costs {everyone} {size}"
        if any(instrument.already):
            return f"{text} more{each} than now ({owns})"
        return text + each
    text = f"{everyone} {'are each' if others else 'is'} paid {size}"
    if any(instrument.already):
        text += f" more than now ({owns})"
    return f"{text} once all promises are kept"


def _who(view: DealView, instrument: DealEnforcement) -> list[str]:
    makers = {step.player: step.player_title for p in view.packages for step in p.steps}
    return [makers[player] for player in instrument.players]


def gain_text(number: float) -> str:
    """Format a gain or a loss with its sign.

    >>> gain_text(0.123), gain_text(-0.05), gain_text(0.001)
    ('+0.12', '−0.05', '+0.001')
    """
    digits = 2 if abs(number) >= SMALL_GAIN else 3
    sign = "" if round(number, digits) == 0 else "+" if number > 0 else "−"
    return f"{sign}{abs(number):.{digits}f}"


def _or(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{'; '.join(parts[:-1])}; or {parts[-1]}"


def _sentence(parts: list[str]) -> str:
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]
