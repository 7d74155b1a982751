"""Show the answers document in a terminal: sentences, tables, and bars made of characters."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backchannel.answers.document import (
    Answers,
    ClaimFinding,
    Influence,
    NodeForecast,
    OutcomeChange,
    ValueChange,
    WhatIf,
)
from backchannel.console.plain_table import plain_table
from backchannel.console.safe_console import SafeConsole
from backchannel.language.names import round_number, split_round
from backchannel.questions.deals.terminal import show_packages
from backchannel.questions.rounds.document import EXPECTED
from backchannel.questions.rounds.terminal import changed_rows, show_rounds
from backchannel.questions.sensitivity.terminal import tips_in_short
from backchannel.questions.surprise.terminal import show_surprise_in_short
from backchannel.questions.why.terminal import show_why
from backchannel.wording.words import (
    IN_BRACKETS,
    is_bounded,
    percent,
    percent_span,
    point_span,
    points,
    verdict_text,
    with_bounds,
)

PLAIN_WIDTH = 110
BAR = 20
VERDICT_STYLES = {
    "borne out": "green",
    "leans towards it": "green",
    "open": "yellow",
    "leans against it": "red",
    "contradicted": "red",
    "no difference": "yellow",
    "built in": "blue",
}


def console() -> Console:
    """A console that is as wide as its terminal, and plain where there is none."""
    out = SafeConsole(soft_wrap=False)
    if not out.is_terminal:
        out = SafeConsole(width=PLAIN_WIDTH, no_color=True)
    return out


def show(answers: Answers, out: Console) -> None:
    """Print everything that a run says."""
    show_head(answers, out)
    show_answers(answers, out)
    ahead = [f for f in answers.forecasts if f.date is None or f.date > answers.case.as_of]
    once = [f for f in ahead if round_number(f.node) is None]
    show_forecasts([f for f in once if not f.observed], out)
    show_rounds(answers.rounds, out)
    show_what_ifs(answers.what_ifs, out)
    for why in answers.whys:
        show_why(why, out, sentences=False)
    show_packages(answers.deals, out)
    show_claims(answers.claims, out)
    show_surprise_in_short(answers.surprise, out)
    # Tipping points are about the likeliest value; of an expected number there are none.
    tips = {} if answers.matter_for.endswith(EXPECTED) else tips_in_short(answers.sensitivity)
    show_assumptions(answers.matter_most, answers.matter_for, out, tips)
    if answers.warnings:
        count = len(answers.warnings)
        out.print(
            f"{count} warning{'s' if count > 1 else ''} about the case: see `backchannel check`."
        )
    out.print(Text(f"Certificate: {answers.certificate.line}", style="dim"))


def show_head(answers: Answers, out: Console) -> None:
    """Print which case this is."""
    out.print(Text(answers.case.title, style="bold"))
    if answers.case.question:
        out.print(answers.case.question)
    out.print()


def show_answers(answers: Answers, out: Console) -> None:
    """Print the answer to each question in sentences."""
    for answer in answers.answers:
        out.print(Text(answer.asks, style="bold"))
        for sentence in answer.sentences:
            for line in textwrap.wrap(sentence, max(40, out.width - 2)):
                out.print(Text(f"  {line}"))
        out.print()


def show_forecasts(forecasts: Sequence[NodeForecast], out: Console) -> None:
    """Print forecasts with a bar for each value: mean solid, up to the 95% end shaded."""
    if not forecasts:
        return
    columns = ["outcome", "value", "", "chance", "5–95%", "in words", "on"]
    bounded = any(is_bounded(v.bounds) for f in forecasts for v in f.values)
    if bounded:
        columns.append("left out as 0, 1")
    table = _table("What next", *columns)
    for forecast in forecasts:
        for i, value in enumerate(forecast.values):
            row = [
                forecast.title if i == 0 else "",
                value.label,
                _bar(value.probability, value.high, out),
                percent(value.probability),
                percent_span(value.low, value.high, None),
                value.word,
                str(forecast.date or "") if i == 0 else "",
            ]
            if bounded:
                row.append(percent_span(*value.bounds, None))
            table.add_row(*row)
        table.add_section()
    out.print(table)
    out.print()


def show_what_ifs(what_ifs: Sequence[WhatIf], out: Console) -> None:
    """Print each intervention's outcomes; changes are in percentage points."""
    if not what_ifs:
        return
    table = _table(
        "What if (changes in points)", "if", "outcome", "as it is", "then", "change", "5–95%"
    )
    for what_if in what_ifs:
        label = what_if.title
        over_time = {fan.node for fan in what_if.fans if len(fan.points) > 1}
        for row in changed_rows([fan for fan in what_if.fans if fan.node in over_time]):
            table.add_row(label, *row)
            label = ""
        for outcome in what_if.outcomes:
            if split_round(outcome.node)[0] in over_time:
                continue
            for value in _telling(outcome):
                table.add_row(
                    label,
                    f"{outcome.title}: {value.label}",
                    with_bounds(value.before, value.bounds_before, short=True),
                    with_bounds(value.after, value.bounds_after, short=True),
                    points(value.difference),
                    point_span(value.low, value.high, value.bounds, short=True),
                )
                label = ""
        table.add_section()
    out.print(table)
    if any(is_bounded(v.bounds) for w in what_ifs for o in w.outcomes for v in o.values):
        out.print(Text(IN_BRACKETS, style="dim"))
    out.print()


def _telling(outcome: OutcomeChange) -> list[ValueChange]:
    """The values whose chance changes; of two that mirror each other, one."""
    if len(outcome.values) == 2:
        return outcome.values[:1]
    changed = [value for value in outcome.values if abs(value.difference) >= 0.005]
    return changed or [max(outcome.values, key=lambda value: value.before)]


def show_claims(claims: Sequence[ClaimFinding], out: Console) -> None:
    """Print each claim with its verdict, support and hinge."""
    if not claims:
        return
    table = _table("Claims", "claim", "at", "verdict", "holds in", "sides", "hinges on")
    for claim in claims:
        support = (
            ""
            if claim.support is None
            else with_bounds(claim.support, claim.support_bounds, short=True)
        )
        told = verdict_text(claim.verdict, claim.verdicts)
        verdict = Text(told, style=VERDICT_STYLES.get(claim.verdict, ""))
        sides = ""
        if claim.left is not None and claim.right is not None:
            sides = f"{claim.left:.2f} : {claim.right:.2f}"
        table.add_row(
            claim.says,
            claim.at,
            verdict,
            support,
            sides,
            claim.hinges_on.label if claim.hinges_on else "",
        )
    out.print(table)
    counts: dict[str, int] = {}
    for claim in claims:
        counts[claim.verdict] = counts.get(claim.verdict, 0) + 1
    tally = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    out.print(f"{len(claims)} {'claim' if len(claims) == 1 else 'claims'}: {tally}.")
    out.print(
        Text(
            "“no difference”: both sides agree within the margin; “built in”: the case assumes it; "
            "“holds in”: share of the weighted draws.",
            style="dim",
        )
    )
    out.print()


def show_assumptions(
    matter: Sequence[Influence], outcome: str, out: Console, tips: Mapping[str, str]
) -> None:
    """Print the assumptions that move the first forecast most, and where they would tip it."""
    if not matter:
        return
    out.print(Text(f"What “{outcome}” hinges on", style="bold"))
    for influence in matter:
        more, less = ("more", "less") if outcome.endswith(EXPECTED) else ("likelier", "less likely")
        turn = f"more of it, {more if influence.direction > 0 else less}"
        bar = _bar(influence.share, influence.share, out)
        tip = tips.get(influence.parameter)
        where = f"; {tip}" if tip else ""
        out.print(Text(f"  {bar} {percent(influence.share):>4}  {influence.label} ({turn}{where})"))
    out.print()


def _table(title: str, *columns: str) -> Table:
    right = {"chance", "5–95%", "as it is", "then", "change", "holds in"}
    whole = {*right, "", "on", "verdict", "in words"}
    return plain_table(*columns, title=title, right=right, whole=whole)


def _bar(mean: float, high: float, out: Console) -> str:
    solid, shade, blank = (
        ("█", "░", " ") if out.encoding.lower().startswith("utf") else ("#", "-", " ")
    )
    filled = round(BAR * mean)
    upto = max(filled, round(BAR * high))
    return solid * filled + shade * (upto - filled) + blank * (BAR - upto)
