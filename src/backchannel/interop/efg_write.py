"""Write a game tree as a Gambit file (`EFG 2 R`)."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

from backchannel.interop.game_tree import CHANCE, GameTree, InformationSet, TreeOutcome


def write_efg(tree: GameTree) -> str:
    """Write a game tree as text that Gambit and `read_efg` read back exactly."""
    players = " ".join(_quoted(name) for name in tree.players)
    lines = [f"EFG 2 R {_quoted(tree.title)} {{ {players} }}", _quoted(tree.comment), ""]
    numbers: dict[TreeOutcome, int] = {}
    for node in tree.nodes:
        outcome = "0"
        if node.outcome is not None:
            number = numbers.setdefault(node.outcome, len(numbers) + 1)
            payoffs = ", ".join(map(exact_text, node.outcome.payoffs))
            outcome = f"{number} {_quoted(node.outcome.label)} {{ {payoffs} }}"
        kind = "t" if node.at is None else "c" if node.at.player == CHANCE else "p"
        move = f" {_set(node.at)}" if node.at else ""
        lines.append(f"{kind} {_quoted(node.label)}{move} {outcome}")
    return "\n".join(lines) + "\n"


def exact_text(number: Fraction) -> str:
    """Write a rational number exactly: as a decimal if possible, otherwise as a fraction.

    >>> exact_text(Fraction(8, 5)), exact_text(Fraction(1, 3)), exact_text(Fraction(-2))
    ('1.6', '1/3', '-2')
    """
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1 or number.denominator == 1:
        return str(number)
    with localcontext() as context:
        context.prec = 400
        return format(Decimal(number.numerator) / Decimal(number.denominator), "f")


def _set(at: InformationSet) -> str:
    actions = " ".join(
        _quoted(action) + (f" {at.chances[i]}" if at.chances else "")
        for i, action in enumerate(at.actions)
    )
    owner = "" if at.player == CHANCE else f"{at.player} "
    return f"{owner}{at.number} {_quoted(at.label)} {{ {actions} }}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "/").replace('"', '\\"')
    return f'"{escaped}"'
