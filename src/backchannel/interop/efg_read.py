"""Read a Gambit file (`EFG 2 R`): a game tree, or every problem with its line and column.

Source: the Gambit Project, "The extensive game (.efg) file format".
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from backchannel.files.foreign_formats import foreign_text
from backchannel.files.inputs import FileTooLarge, read_bytes
from backchannel.interop.efg_tokens import EfgToken, efg_tokens, exact_number
from backchannel.interop.game_tree import (
    CHANCE,
    MOST_LEAVES,
    EfgError,
    GameTree,
    InformationSet,
    TreeNode,
    TreeOutcome,
)
from backchannel.language.errors import Place, Problem

MAX_BYTES = 40_000_000
"""Largest file that is opened: more than a tree of `MOST_LEAVES` leaves takes."""
MAX_DEPTH = 400
"""Longest path of moves."""


def read_efg_file(path: Path) -> GameTree:
    """Read a game from a file.

    Raises:
        CommandError: There is no such file, or it cannot be read.
        EfgError: It is too large, not text, or not a game.
    """
    try:
        data = read_bytes(path, limit=MAX_BYTES, what="a tree")
    except FileTooLarge as error:
        message = f"The file has {error.size:,} bytes; at most {MAX_BYTES:,} are read."
        raise EfgError([Problem(Place(path.name, 1, 1), message)]) from None
    return read_efg_bytes(data, file=path.name)


def read_efg_bytes(data: bytes, *, file: str = "game.efg") -> GameTree:
    """Read a game from the bytes of a file."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = len(before) - (before.rfind(b"\n") + 1) + 1
        place = Place(file, before.count(b"\n") + 1, column)
        raise EfgError([Problem(place, "This is not UTF-8 text.")]) from None
    return read_efg(text, file=file)


def read_efg(text: str, *, file: str = "game.efg") -> GameTree:
    """Read a game from text.

    Raises:
        EfgError: Every problem with its place; reading stops at the first error of grammar.
    """
    reader = _Reader(text, file)
    try:
        tree = reader.game()
    except EfgError as error:
        raise EfgError([*reader.problems, *error.problems]) from None
    if reader.problems:
        raise EfgError(reader.problems)
    return tree


class _Reader:
    """Reads the words once; keeps the information sets and outcomes so far."""

    def __init__(self, text: str, file: str) -> None:
        self.problems: list[Problem] = []
        self.words = efg_tokens(text, file=file)
        self.token = EfgToken("end", "", Place(file, 1, 1))
        self.text, self.file = text, file
        self.players: tuple[str, ...] = ()
        self.sets: dict[tuple[int, int], InformationSet] = {}
        self.outcomes: dict[int, TreeOutcome] = {}

    def game(self) -> GameTree:
        if said := foreign_text(self.text[:100]):
            raise EfgError([Problem(Place(self.file, 1, 1), f"This is {said}")])
        self._next()
        for wanted in ("EFG", "2"):
            if self.token.text != wanted:
                raise self._stop(f"A Gambit tree begins with 'EFG 2 R', not with {self.token}.")
            self._next()
        if self.token.text not in ("R", "D"):
            raise self._stop(f"After 'EFG 2' comes R (or D), not {self.token}.")
        self._next()
        title = self._take("text", "the game's title in quotes").text
        self.players = self._players()
        comment = self._next().text if self.token.kind == "text" else ""
        nodes = self._nodes()
        if self.token.kind != "end":
            what = "The tree is already complete before this node."
            raise self._stop(f"{what} Remove the node, or add an action to a move.")
        return GameTree(title, comment, self.players, tuple(nodes))

    def _players(self) -> tuple[str, ...]:
        self._take("{", "the players in braces")
        names = []
        while self.token.kind == "text":
            names.append(self._next().text or f"Player {len(names) + 1}")
        self._take("}", "a player's name in quotes, or }")
        return tuple(names)

    def _nodes(self) -> list[TreeNode]:
        nodes: list[TreeNode] = []
        open_branches = [1]
        leaves = 0
        while open_branches:
            if self.token.kind == "end":
                missing = sum(open_branches)
                raise self._stop(
                    f"The file ends here, but {missing} branch{'es' * (missing > 1)} of the tree "
                    "are missing. The file may have been cut off."
                )
            node = self._node()
            nodes.append(node)
            leaves += node.at is None
            if leaves > MOST_LEAVES:
                raise self._stop(f"The tree has too many leaves; at most {MOST_LEAVES:,} are read.")
            open_branches[-1] -= 1
            if node.n_branches:
                open_branches.append(node.n_branches)
            while open_branches and open_branches[-1] == 0:
                open_branches.pop()
            if len(open_branches) > MAX_DEPTH:
                raise self._stop(f"A path has too many moves; at most {MAX_DEPTH} are read.")
        return nodes

    def _node(self) -> TreeNode:
        place, kind = self.token.place, self.token.text
        if self.token.kind != "word" or kind not in ("c", "p", "t"):
            raise self._stop(f"A node begins with c, p or t, not with {self.token}.")
        self._next()
        label = self._take("text", "the node's label in quotes").text
        at = None
        if kind == "c":
            at = self._set(CHANCE, place)
        elif kind == "p":
            wanted = self._integer("the number of the player who moves")
            if not 1 <= wanted <= len(self.players):
                self._note(place, f"There is no player {wanted}; there are {len(self.players)}.")
            at = self._set(wanted, place)
        return TreeNode(label, at, self._outcome(), place)

    def _set(self, player: int, place: Place) -> InformationSet:
        number = self._integer("the number of the information set")
        label = self._next().text if self.token.kind == "text" else None
        known = self.sets.get((player, number))
        whose = "chance" if player == CHANCE else f"player {player}"
        name = f"Information set {number} of {whose}"
        if self.token.kind != "{":
            if known is None:
                raise self._stop(f"{name} is used before its actions are listed.")
            return known
        information_set = self._actions(player, number, label or "")
        if known is None:
            self.sets[player, number] = information_set
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
        self._next()
        actions: list[str] = []
        chances: list[Fraction] = []
        while self.token.kind == "text" or not actions:
            action = self._take("text", "an action's label in quotes").text
            actions.append(action or str(len(actions) + 1))
            if player == CHANCE:
                chances.append(exact_number(self._take("number", "the action's probability")))
            if self.token.kind == ",":
                self._next()
        self._take("}", "another action, or }")
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

    def _outcome(self) -> TreeOutcome | None:
        place = self.token.place
        number = self._integer("the number of the outcome (0 for none)")
        label = self._next().text if self.token.kind == "text" else None
        known = self.outcomes.get(number)
        if self.token.kind != "{":
            if number and known is None:
                raise self._stop(f"Outcome {number} is used before its payoffs are listed.")
            return known
        outcome = TreeOutcome(label or "", self._payoffs())
        if number == 0:
            self._note(place, "Outcome 0 means no outcome, so it cannot have payoffs.")
            return None
        if known is not None and known.payoffs != outcome.payoffs:
            self._note(place, f"Outcome {number} has different payoffs here than before.")
        self.outcomes.setdefault(number, outcome)
        return outcome

    def _payoffs(self) -> tuple[Fraction, ...]:
        place = self._next().place
        payoffs = []
        while self.token.kind in ("number", ","):
            if self.token.kind == "number":
                payoffs.append(exact_number(self.token))
            self._next()
        self._take("}", "a payoff, or }")
        if len(payoffs) != len(self.players):
            players = f"{len(self.players)} player{'s' * (len(self.players) != 1)}"
            self._note(place, f"There are {len(payoffs)} payoffs here, but {players}.")
        return tuple(payoffs)

    def _integer(self, what: str) -> int:
        token = self._take("number", what)
        if not token.text.lstrip("+").isdecimal() or len(token.text) > 9:
            raise EfgError([Problem(token.place, f"Here should be {what}, not {token}.")])
        return int(token.text)

    def _take(self, kind: str, what: str) -> EfgToken:
        if self.token.kind != kind:
            raise self._stop(f"Here should be {what}, not {self.token}.")
        return self._next()

    def _next(self) -> EfgToken:
        """Advance by one word; return the word that was current."""
        before, self.token = self.token, next(self.words, self.token)
        return before

    def _note(self, place: Place, message: str) -> None:
        self.problems.append(Problem(place, message))

    def _stop(self, message: str) -> EfgError:
        return EfgError([Problem(self.token.place, message)])


def _short(number: Fraction) -> str:
    if max(number.numerator.bit_length(), number.denominator.bit_length()) < 30:
        return str(number)
    try:
        return f"{float(number):.12g}"
    except OverflowError:
        return "more than 1e308"
