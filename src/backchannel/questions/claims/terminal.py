"""Show claims in a terminal: each with its verdict, support and strongest assumption."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.questions.claims.document import ClaimFinding, tally
from backchannel.wording.left_out import verdict_text, with_bounds
from backchannel.wording.percents import percent

VERDICT_STYLES = {
    "borne out": "green",
    "leans towards it": "green",
    "open": "yellow",
    "leans against it": "red",
    "contradicted": "red",
    "no difference": "yellow",
    "built in": "blue",
}


def show(answers: Any, out: Console) -> None:
    """Print every claim of the case."""
    show_claims(answers.claims, out)


def show_tests(claims: Sequence[ClaimFinding], out: Console, *, code: bool = False) -> None:
    """Print what each claim's test says, in words or as the case writes it; and base rates that few of them carry.

    Args:
        claims: The claims.
        out: The terminal.
        code: Whether to print the tests as the case writes them, instead of in words.
    """
    if not claims:
        return
    table = plain_table("claim", "holds if", title="Tests")
    rates = _base_rates(claims).most_common()
    rare = {text for text, _ in rates[1:]}
    for claim in claims:
        test = claim.test if code or not claim.test_words else claim.test_words
        says = f"{test} ({claim.base_rates})" if claim.base_rates in rare else test
        table.add_row(claim.says, says)
    out.print(table)
    out.print()


def show_claims(claims: Sequence[ClaimFinding], out: Console) -> None:
    """Print claims with their verdicts, and count the verdicts."""
    if not claims:
        return
    table = plain_table(
        "claim", "at", "verdict", "holds in", "sides", "hinges on",
        title="Claims", right={"holds in"}, whole={"verdict", "holds in"},
    )  # fmt: skip
    for claim in claims:
        support = ""
        if claim.support is not None:
            support = with_bounds(claim.support, claim.support_bounds, short=True)
            if claim.support_independent is not None:
                support = f"{support} / {percent(claim.support_independent)}"
        sides = ""
        if claim.left is not None and claim.right is not None:
            sides = f"{_side(claim.left)} : {_side(claim.right)}"
        table.add_row(
            claim.says,
            claim.at,
            Text(
                both_verdicts(claim),
                style=VERDICT_STYLES.get(claim.verdict, ""),
            ),
            support,
            sides,
            claim.hinges_on.label if claim.hinges_on else "",
        )
    out.print(table)
    out.print(f"{len(claims)} claim{'s' if len(claims) > 1 else ''}: {tally(claims)}.")
    for text, count in _base_rates(claims).most_common():
        with_change = f"{count} claim{'s' if count > 1 else ''} with a change"
        out.print(Text(f"{with_change}: {text}.", style="dim"))
    legend = (
        "“No difference”: both sides are equal within the margin. “Built in”: the case assumes it. “Holds in” is "
        "the share of the weighted draws in which the claim holds."
    )
    if any(claim.support_independent is not None for claim in claims):
        legend += (
            " After a slash, it is the share with independent random shocks in every situation, the other extreme of "
            "what no data can test."
        )
    out.print(Text(legend, style="dim"))
    out.print()


def _base_rates(claims: Sequence[ClaimFinding]) -> Counter[str]:
    """What claims with a change say of base rates, and how many say it; equal counts in the claims' order."""
    return Counter(claim.base_rates for claim in claims if claim.base_rates)


def _side(number: float) -> str:
    """A side of a comparison with two decimals, without a sign before zero."""
    return f"{number + 0.0:.2f}".replace("-0.00", "0.00").replace("-", "−")


def both_verdicts(claim: ClaimFinding) -> str:
    """The verdict, with that of independent shocks where it is another."""
    text = verdict_text(claim.verdict, claim.verdicts)
    other = claim.verdict_independent
    return text if other is None or other == claim.verdict else f"{text} / {other}"
