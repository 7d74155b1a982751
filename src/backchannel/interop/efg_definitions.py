"""Read what a Gambit file lists once and then uses by its number: information sets and outcomes."""

from __future__ import annotations

from fractions import Fraction

from backchannel.interop.efg_tokens import EfgWords, exact_number
from backchannel.interop.game_tree import CHANCE, InformationSet, TreeOutcome
from backchannel.language.errors import Place, Problem


class EfgDefinitions:
    """The information sets and outcomes so far."""

    def __init__(self, words: EfgWords, problems: list[Problem]) -> None:
        """Begin without any.

        Args:
            words: The words of the file, which are read on.
            problems: Where problems go that do not stop the reading.
        """
        self._words, self._problems = words, problems
        self._sets: dict[tuple[int, int], InformationSet] = {}
        self._outcomes: dict[int, TreeOutcome] = {}

    def information_set(self, player: int, place: Place) -> InformationSet:
        """Read the information set of a move, or its number where it is known.

        Args:
            player: Who moves.
            place: Of the move.

        Raises:
            EfgError: The grammar is broken, or the number is not known yet.
        """
        number = self._words.take_integer("the number of the information set")
        label = self._words.advance().text if self._words.current.kind == "text" else None
        known = self._sets.get((player, number))
        whose = "chance" if player == CHANCE else f"player {player}"
        name = f"Information set {number} of {whose}"
        if self._words.current.kind != "{":
            if known is None:
                raise self._words.stop(f"{name} is used before its actions are listed.")
            return known
        information_set = self._actions(player, number, label or "")
        if known is None:
            self._sets[player, number] = information_set
            self._check_chances(information_set, place)
            return information_set
        if information_set.actions != known.actions:
            message = (
                f"{name} has the actions {', '.join(information_set.actions)} here, but "
                f"{', '.join(known.actions)} before."
            )
            self._note(place, message)
            return information_set
        if information_set.chances != known.chances:
            self._note(place, f"{name} has different probabilities here than before.")
        return known

    def _actions(self, player: int, number: int, label: str) -> InformationSet:
        self._words.advance()
        actions: list[str] = []
        chances: list[Fraction] = []
        while self._words.current.kind == "text" or not actions:
            action = self._words.take("text", "an action's label in quotes").text
            actions.append(action or str(len(actions) + 1))
            if player == CHANCE:
                chances.append(exact_number(self._words.take("number", "the action's probability")))
            if self._words.current.kind == ",":
                self._words.advance()
        self._words.take("}", "another action, or }")
        return InformationSet(player, number, label, tuple(actions), tuple(chances))

    def _check_chances(self, information_set: InformationSet, place: Place) -> None:
        if information_set.player != CHANCE:
            return
        total = sum(information_set.chances, start=Fraction(0))
        shown = " + ".join(map(_short, information_set.chances[:6])) + (
            " + …" if information_set.chances[6:] else ""
        )
        if any(chance < 0 for chance in information_set.chances):
            self._note(place, f"A probability is below 0: {shown}.")
        elif total != 1:
            self._note(place, f"The probabilities sum to {_short(total)}, not to 1: {shown}.")

    def outcome(self, n_players: int) -> TreeOutcome | None:
        """Read an outcome, or its number where it is known; None for none.

        Args:
            n_players: How many payoffs it must have.

        Raises:
            EfgError: The grammar is broken, or the number is not known yet.
        """
        place = self._words.current.place
        number = self._words.take_integer("the number of the outcome (0 for none)")
        label = self._words.advance().text if self._words.current.kind == "text" else None
        known = self._outcomes.get(number)
        if self._words.current.kind != "{":
            if number and known is None:
                raise self._words.stop(f"Outcome {number} is used before its payoffs are listed.")
            return known
        outcome = TreeOutcome(label or "", self._payoffs(n_players))
        if number == 0:
            self._note(place, "Outcome 0 means no outcome, so it cannot have payoffs.")
            return None
        if known is not None and known.payoffs != outcome.payoffs:
            self._note(place, f"Outcome {number} has different payoffs here than before.")
        self._outcomes.setdefault(number, outcome)
        return outcome

    def _payoffs(self, n_players: int) -> tuple[Fraction, ...]:
        place = self._words.advance().place
        payoffs = []
        while self._words.current.kind in ("number", ","):
            if self._words.current.kind == "number":
                payoffs.append(exact_number(self._words.current))
            self._words.advance()
        self._words.take("}", "a payoff, or }")
        if len(payoffs) != n_players:
            players = f"{n_players} player{'s' * (n_players != 1)}"
            self._note(place, f"There are {len(payoffs)} payoffs here, but {players}.")
        return tuple(payoffs)

    def _note(self, place: Place, message: str) -> None:
        self._problems.append(Problem(place, message))


def _short(number: Fraction) -> str:
    if max(number.numerator.bit_length(), number.denominator.bit_length()) < 30:
        return str(number)
    try:
        return f"{float(number):.12g}"
    except OverflowError:
        return "more than 1e308"
