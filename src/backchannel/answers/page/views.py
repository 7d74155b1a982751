"""What the report's sections show of an answers document: the rows and titles that templates use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from backchannel.answers.background_document import Assumption, DiagramNode, Rule
from backchannel.answers.document import Answers
from backchannel.answers.hinges import HINGES_NOTE, MOST_HINGES
from backchannel.answers.layout.columns import ROUNDS_DRAWN
from backchannel.language.days import day
from backchannel.language.names import Value, round_number, split_round
from backchannel.questions.claims.document import shown_difference as shown_difference
from backchannel.questions.claims.document import tally as tally
from backchannel.questions.deals.document import DealPackage, DealView
from backchannel.questions.deals.ranking import rank_packages
from backchannel.questions.forecast.document import NodeForecast
from backchannel.questions.rounds.document import RoundsFan
from backchannel.questions.sensitivity.document import SensitivityView
from backchannel.questions.surprise.document import SurpriseView
from backchannel.questions.what_if.document import OutcomeChange, ValueChange, WhatIf
from backchannel.questions.why.document import Reading
from backchannel.wording.percents import VISIBLE, percent
from backchannel.wording.words import plain_name

MOST_LINES = 10
"""Bottom lines that are not folded, so that they fit on a printed page."""
MOST_CONTEXTS = 100
"""Rows of one decision's rule that are printed."""
MOST_PACKAGES_PRINTED = 60
"""Rows of one deal that are printed."""


def hinges_caption(answers: Answers) -> str:
    """What the table of hinges shows."""
    hidden = len(answers.hinges) - MOST_HINGES
    more = f" {hidden} more are below, in “What decides it”." if hidden > 0 else ""
    return f"{HINGES_NOTE}{more}"


def nothing_stands_out(answers: Answers) -> bool:
    """Whether assumptions could be told from chance, and none stands out."""
    return any(line.chance_level is not None for line in answers.bottom_lines)


def colour(answers: Answers, player: str | None) -> str:
    """A player's colour, the same on every page, as the name of a property of the theme."""
    names = [player.name for player in answers.players]
    return f"--player-{names.index(player) % 8}" if player in names else "--line-strong"


def player(answers: Answers, name: str | None) -> str:
    """A player's title."""
    return next((p.title for p in answers.players if p.name == name), name or "")


def title(answers: Answers, node: str) -> str:
    """A node's title."""
    return next((n.title for n in answers.nodes if n.name == node), node)


def value_label(answers: Answers, node: str, value: Value | None) -> str:
    """What the case calls a value of a node."""
    forecasts = (forecast for forecast in answers.forecasts if forecast.node == node)
    labels = {v.value: v.label for forecast in forecasts for v in forecast.values}
    return "" if value is None else labels.get(value, plain_name(str(value)))


def labels(answers: Answers, node: str, values: Sequence[Value]) -> list[str]:
    """What the case calls some values of a node."""
    return [value_label(answers, node, value) for value in values]


def source(answers: Answers, name: str) -> str:
    """A source's title."""
    return next((s.title for s in answers.sources if s.name == name), name)


def open_forecasts(answers: Answers) -> list[NodeForecast]:
    """Forecasts of open nodes that happen once."""
    return [f for f in _once(answers) if _is_ahead(answers, f)]


def past_forecasts(answers: Answers) -> list[NodeForecast]:
    """Forecasts of nodes that happen once, and are on record or past their date."""
    return [f for f in _once(answers) if not _is_ahead(answers, f)]


def has_base_rates(forecasts: Sequence[NodeForecast]) -> bool:
    """Say whether base rates stand beside some of the forecasts."""
    return any(value.inside is not None for shown in forecasts for value in shown.values)


def _once(answers: Answers) -> list[NodeForecast]:
    return [f for f in answers.forecasts if round_number(f.node) is None]


def _is_ahead(answers: Answers, forecast: NodeForecast) -> bool:
    late = forecast.date is None or forecast.date > answers.case.as_of
    return late and not forecast.observed


def once(what_if: WhatIf) -> list[OutcomeChange]:
    """Outcomes of an intervention that are not shown over the rounds."""
    over_time = {fan.node for fan in what_if.fans if len(fan.points) > 1}
    return [o for o in what_if.outcomes if split_round(o.node)[0] not in over_time]


def shown_values(outcome: OutcomeChange) -> list[ValueChange]:
    """The values to show of a changed outcome: one, if there are only two."""
    return outcome.values[:1] if len(outcome.values) == 2 else outcome.values


def packages(view: DealView) -> list[DealPackage]:
    """The packages to print: all, or the first in standing."""
    return sorted(rank_packages(view)[:MOST_PACKAGES_PRINTED], key=lambda p: p.number)


def chosen(view: DealView) -> DealPackage:
    """The package whose promises are shown step by step."""
    return next(p for p in view.packages if p.number == view.chosen)


def printed_rules(answers: Answers) -> list[Rule]:
    """Rules to print; of repeated decisions, those of the first rounds and of the last."""
    last = max((round_number(rule.decision) or 0 for rule in answers.rules), default=0)
    shown = {None, *range(ROUNDS_DRAWN + 1), last}
    return [rule for rule in answers.rules if round_number(rule.decision) in shown]


def visible_values(fan: RoundsFan) -> list[int]:
    """Positions of the values whose probability is visible in some round."""
    count = len(fan.values)
    return [i for i in range(count) if max(p.probabilities[i] for p in fan.points) >= VISIBLE]


def prior_text(assumption: Assumption) -> str:
    """A prior as the case writes it."""
    prior = assumption.prior
    if isinstance(prior, dict):
        return "; ".join(f"{kind} {_plain(given)}" for kind, given in prior.items())
    return _plain(prior)


def _plain(given: object) -> str:
    if isinstance(given, list | tuple):
        return " to ".join(map(str, given)) if len(given) == 2 else ", ".join(map(str, given))
    if isinstance(given, dict) and len(given) == 1:
        return " ".join(f"{kind} {_plain(own)}" for kind, own in given.items())
    if isinstance(given, dict):
        return ", ".join(f"{_key(key)}: {_plain(own)}" for key, own in given.items())
    return str(given)


def _key(key: object) -> str:
    """A share of `quantiles` in percent, and a type of a mixture as it is."""
    try:
        return percent(float(str(key)))
    except ValueError:
        return str(key)


def worth_text(worth: object) -> str:
    """An interest as the case writes it."""
    if isinstance(worth, dict):
        return ", ".join(f"{key}: {value}" for key, value in worth.items())
    return str(worth)


def numeric(titles: Sequence[str]) -> list[str]:
    """Mark titles of columns of numbers, as the templates expect."""
    return [f">{title}" for title in titles]


def pick(labels: Sequence[str], shown: Sequence[int]) -> list[str]:
    """Some of the labels."""
    return [labels[i] for i in shown]


def viewer(surprise: SurpriseView, view: Sequence[str]) -> str:
    """The title of the player, or chain of beliefs, who has some expectations."""
    return next((v.title for v in surprise.viewers if v.view == list(view)), " ".join(view))


def kinds(node: DiagramNode) -> str:
    """The kind of a node, and whether it exists only under a condition."""
    return node.kind + (", conditional" if node.conditional else "")


def label(answers: Answers, parameter: str) -> str:
    """An assumption's label."""
    labels = (a.label for a in answers.assumptions if a.parameter == parameter)
    return next(labels, parameter)


def printed_nodes(answers: Answers) -> list[DiagramNode]:
    """Nodes to print; of repeated nodes, those of the first rounds."""
    return [node for node in answers.nodes if (round_number(node.name) or 0) <= ROUNDS_DRAWN]


def titles(answers: Answers, names: Sequence[str]) -> list[str]:
    """Titles of some nodes."""
    return [title(answers, name) for name in names]


def record_text(before: date) -> str:
    """The part of the record on which a claim is judged."""
    return (
        "before anything was recorded"
        if before == date.min
        else f"on the record before {day(before)}"
    )


def widest(readings: Sequence[Reading]) -> float:
    """The end of the scale of some bars."""
    return max([0.01, *(max(abs(r.low), abs(r.high), abs(r.mean)) for r in readings)])


def widest_change(what_if: WhatIf) -> float:
    """The end of the scale of an intervention's changes of probabilities."""
    changes = [value for outcome in what_if.outcomes for value in outcome.values]
    return max([0.01, *(max(abs(c.low), abs(c.high), abs(c.difference)) for c in changes)])


def scale(decided: SensitivityView) -> tuple[float, float]:
    """The lowest and highest probability of the outcome at the ends of an assumption's range."""
    ends = [decided.forecast]
    ends += [chance for e in decided.effects for chance in (e.chance_low, e.chance_high)]
    return min(ends), max(ends)
