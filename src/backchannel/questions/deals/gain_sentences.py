"""Sentences about gains from a deal: which packages all parties prefer, which are fair, and what each party gains."""

from __future__ import annotations

from backchannel.questions.deals.document import DealPackage, DealView
from backchannel.wording.nouns import and_list
from backchannel.wording.percents import said
from backchannel.wording.prose import listed, sentence_case

MOST_NUMBERS = 8
"""Numbers of packages that a sentence names."""
SMALL_GAIN = 0.005
"""Gain or loss, in the utility unit, below which a third digit is shown."""


def range_sentences(view: DealView) -> list[str]:
    """State which packages all parties prefer to no deal, or which comes closest."""
    parties = [*view.parties.values()]
    who = and_list(parties) + (" both" if len(parties) == 2 else " all")
    some = "It benefits" if len(view.packages) == 1 else "Some package benefits"
    benefit = f"{some} all parties {_in_draws(1 - view.empty_in)}."
    if view.empty_in >= 1:
        benefit = "There is no draw in which all parties benefit."
    if view.range:
        what = "it" if len(view.packages) == 1 else _packages(view.range)
        return [
            f"If every promise is kept, {who} expect more from {what} than from no deal.",
            benefit,
        ]
    nearest = next(p for p in view.packages if p.number == view.closest)
    blockers = and_list([view.parties[name] for name in nearest.blocked_by])
    if len(view.packages) == 1:
        return [
            f"{sentence_case(blockers)} would not gain from it, compared with no deal.",
            benefit,
        ]
    return [
        f"There is no package from which {who} expect more than from no deal.",
        *listed(
            f"Package {nearest.number} comes closest, with these gains over no deal",
            [f"{g.title} {gain_text(g.on_paper.mean)}" for g in nearest.gains if g.is_party],
        ),
        benefit,
    ]


def _packages(numbers: list[int]) -> str:
    shown = [f"{number}" for number in numbers[:MOST_NUMBERS]]
    left = len(numbers) - len(shown)
    if left:
        return f"packages {', '.join(shown)} and {left:,} more"
    return f"package{'s' if len(shown) > 1 else ''} {and_list(shown)}"


def fairness_sentences(view: DealView) -> list[str]:
    """State which packages are the Nash and the Kalai–Smorodinsky package, where there is a choice."""
    if view.nash is None or len(view.range) < 2:
        return []
    nash = next(p for p in view.packages if p.nash)
    text = f"By expected gains, package {nash.number} is the Nash package; it is that {_in_draws(nash.nash_in)}."
    if view.kalai_smorodinsky == view.nash:
        return [text, "It is the Kalai–Smorodinsky package too."]
    other = next(p for p in view.packages if p.kalai_smorodinsky)
    return [
        text,
        f"The Kalai–Smorodinsky package is number {other.number}; it is that "
        f"{_in_draws(other.kalai_smorodinsky_in)}.",
    ]


def gain_sentences(view: DealView, chosen: DealPackage) -> list[str]:
    """State what each party gains from the package that is examined, and what it expects to gain."""
    lead = []
    if len(view.packages) > 1 and view.chosen_because != "asked for":
        lead = [f"Package {chosen.number} was examined because {view.chosen_because}."]
    gains = [
        f"{gain.title} {gain_text(gain.on_paper.mean)} ({gain_text(gain.on_paper.low)} to "
        f"{gain_text(gain.on_paper.high)}; above 0 {_in_draws(gain.on_paper.gains_in)})"
        for gain in chosen.gains
    ]
    expects = [
        f"{gain.title} {gain_text(gain.expects.mean)}"
        for gain in chosen.gains
        if gain.expects is not None
    ]
    return [
        *lead,
        *listed("If all of it is kept, the gains over no deal are these", gains),
        *listed(_by_beliefs(len(expects)), expects),
        f"A gain of 1 is this: {view.unit}.",
    ]


def _by_beliefs(count: int) -> str:
    return (
        "Parties with other beliefs expect other gains"
        if count > 1
        else "A party with other beliefs expects another gain"
    )


def _in_draws(share: float) -> str:
    if share <= 0:
        return "in no draw"
    return "in every draw" if share >= 1 else f"in {said(share)} of the draws"


def gain_text(number: float) -> str:
    """Format a gain or a loss with its sign.

    >>> gain_text(0.123), gain_text(-0.05), gain_text(0.001)
    ('+0.12', '−0.05', '+0.001')
    """
    digits = 2 if abs(number) >= SMALL_GAIN else 3
    sign = "" if round(number, digits) == 0 else "+" if number > 0 else "−"
    return f"{sign}{abs(number):.{digits}f}"
