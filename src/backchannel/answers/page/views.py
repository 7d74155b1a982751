"""What the report's sections show of an answers document: rows that no template should have to find."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from backchannel.answers.background_document import Assumption, DiagramNode, Rule
from backchannel.answers.document import Answers
from backchannel.answers.layout.columns import ROUNDS_DRAWN
from backchannel.language.names import round_number, split_round
from backchannel.questions.claims.document import tally as tally
from backchannel.questions.deals import ranking as deals_ranking
from backchannel.questions.deals.document import DealPackage, DealView
from backchannel.questions.forecast.document import NodeForecast
from backchannel.questions.rounds.document import RoundsFan
from backchannel.questions.sensitivity.document import SensitivityView
from backchannel.questions.surprise.document import SurpriseView
from backchannel.questions.what_if.document import OutcomeChange, ValueChange, WhatIf
from backchannel.questions.why.document import Reading
from backchannel.wording.words import day, percent

MOST_CONTEXTS = 100
"""Rows of one decision's rule that are printed."""
MOST_PACKAGES = 60
"""Rows of one deal that are printed."""


def colour(answers: Answers, player: str | None) -> str:
    """A player's colour, the same on every page: the name of a property of the theme."""
    names = [one.name for one in answers.players]
    return f"--player-{names.index(player) % 8}" if player in names else "--line-strong"


def player(answers: Answers, name: str | None) -> str:
    """What a player is called."""
    return next((one.title for one in answers.players if one.name == name), name or "")


def title(answers: Answers, node: str) -> str:
    """What a node is called."""
    return next((one.title for one in answers.nodes if one.name == node), node)


def source(answers: Answers, name: str) -> str:
    """What a source is called."""
    return next((one.title for one in answers.sources if one.name == name), name)


def open_forecasts(answers: Answers) -> list[NodeForecast]:
    """What lies ahead and happens once."""
    return [f for f in _once(answers) if _is_ahead(answers, f)]


def past_forecasts(answers: Answers) -> list[NodeForecast]:
    """What has happened, or should have, and was not seen for certain; and what was."""
    return [f for f in _once(answers) if not _is_ahead(answers, f)]


def _once(answers: Answers) -> list[NodeForecast]:
    return [f for f in answers.forecasts if round_number(f.node) is None]


def _is_ahead(answers: Answers, forecast: NodeForecast) -> bool:
    late = forecast.date is None or forecast.date > answers.case.as_of
    return late and not forecast.observed


def once(what_if: WhatIf) -> list[OutcomeChange]:
    """Outcomes of an intervention that are not shown over the rounds."""
    over_time = {fan.node for fan in what_if.fans if len(fan.points) > 1}
    return [one for one in what_if.outcomes if split_round(one.node)[0] not in over_time]


def telling(outcome: OutcomeChange) -> list[ValueChange]:
    """The values to show of a changed outcome: of two that mirror each other, one."""
    return outcome.values[:1] if len(outcome.values) == 2 else outcome.values


def packages(view: DealView) -> list[DealPackage]:
    """The packages to print: all, or those that matter most."""
    return sorted(deals_ranking.rank_packages(view)[:MOST_PACKAGES], key=lambda p: p.number)


def chosen(view: DealView) -> DealPackage:
    """The package that the steps are about."""
    return next(p for p in view.packages if p.number == view.chosen)


def rules(answers: Answers) -> list[Rule]:
    """Rules to print: of decisions that repeat, those of the first rounds and of the last."""
    last = max((round_number(rule.decision) or 0 for rule in answers.rules), default=0)
    shown = {None, *range(ROUNDS_DRAWN + 1), last}
    return [rule for rule in answers.rules if round_number(rule.decision) in shown]


def peak(fan: RoundsFan) -> list[int]:
    """Positions of the values that ever have a chance that can be told from none."""
    count = len(fan.values)
    return [i for i in range(count) if max(p.probabilities[i] for p in fan.points) >= 0.005]


def prior_text(assumption: Assumption) -> str:
    """A prior as the case writes it."""
    prior = assumption.prior
    if isinstance(prior, dict):
        return "; ".join(f"{kind} {_plain(given)}" for kind, given in prior.items())
    return _plain(prior)


def _plain(given: object) -> str:
    if isinstance(given, list | tuple):
        return " to ".join(map(str, given)) if len(given) == 2 else ", ".join(map(str, given))
    if isinstance(given, dict):
        return ", ".join(f"{percent(float(k))}: {v}" for k, v in given.items())
    return str(given)


def worth_text(worth: object) -> str:
    """An interest as the case writes it."""
    if isinstance(worth, dict):
        return ", ".join(f"{key}: {value}" for key, value in worth.items())
    return str(worth)


def numeric(titles: Sequence[str]) -> list[str]:
    """Titles of columns that hold numbers, as the templates mark them."""
    return [f">{title}" for title in titles]


def pick(labels: Sequence[str], shown: Sequence[int]) -> list[str]:
    """Some of the labels."""
    return [labels[i] for i in shown]


def viewer(surprise: SurpriseView, view: Sequence[str]) -> str:
    """Whose expectations they are."""
    return next((one.title for one in surprise.viewers if one.view == list(view)), " ".join(view))


def kinds(node: DiagramNode) -> str:
    """What a node is, and whether it always exists."""
    return node.kind + (", only sometimes" if node.conditional else "")


def label(answers: Answers, parameter: str) -> str:
    """What an assumption is called."""
    found = (one.label for one in answers.assumptions if one.parameter == parameter)
    return next(found, parameter)


def nodes(answers: Answers) -> list[DiagramNode]:
    """Nodes to print: of those that repeat, the first rounds, which the others are like."""
    return [one for one in answers.nodes if (round_number(one.name) or 0) <= ROUNDS_DRAWN]


def titles(answers: Answers, names: Sequence[str]) -> list[str]:
    """What some nodes are called."""
    return [title(answers, name) for name in names]


def record_text(before: date) -> str:
    """Which part of the record a claim is judged on."""
    return (
        "before anything was recorded"
        if before == date.min
        else f"on the record before {day(before)}"
    )


def looking(record_before: date | None) -> str:
    """From which day somebody looks ahead."""
    if record_before is None:
        return "from now"
    return "from the start" if record_before == date.min else f"from {day(record_before)}"


def widest(readings: Sequence[Reading]) -> float:
    """Where the scale of some bars ends."""
    return max([0.01, *(max(abs(one.low), abs(one.high), abs(one.mean)) for one in readings)])


def widest_change(what_if: WhatIf) -> float:
    """Where the scale of an intervention's changes of probabilities ends."""
    changes = [value for outcome in what_if.outcomes for value in outcome.values]
    return max([0.01, *(max(abs(c.low), abs(c.high), abs(c.difference)) for c in changes)])


def scale(decided: SensitivityView) -> tuple[float, float]:
    """The lowest and highest chance that an assumption gives the outcome at an end of its range."""
    ends = [decided.forecast]
    ends += [chance for one in decided.effects for chance in (one.chance_low, one.chance_high)]
    return min(ends), max(ends)
