"""Read a Gambit file (`EFG 2 R`): a game tree, or every problem with its line and column.

Source: the Gambit Project, "The extensive game (.efg) file format".
"""

from __future__ import annotations

from pathlib import Path

from backchannel.files.foreign_formats import foreign_text
from backchannel.files.inputs import FileTooLarge, read_bytes
from backchannel.interop.efg_definitions import EfgDefinitions
from backchannel.interop.efg_tokens import EfgWords
from backchannel.interop.game_tree import (
    CHANCE,
    MOST_LEAVES,
    EfgError,
    GameTree,
    TreeNode,
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
    if said := foreign_text(text[:100]):
        raise EfgError([Problem(Place(file, 1, 1), f"This is {said}")])
    reader = _Reader(text, file)
    try:
        tree = reader.game()
    except EfgError as error:
        raise EfgError([*reader.problems, *error.problems]) from None
    if reader.problems:
        raise EfgError(reader.problems)
    return tree


class _Reader:
    """Reads the words once, node by node."""

    def __init__(self, text: str, file: str) -> None:
        self.problems: list[Problem] = []
        self.words = EfgWords(text, file=file)
        self.players: tuple[str, ...] = ()
        self.definitions = EfgDefinitions(self.words, self.problems)

    def game(self) -> GameTree:
        for wanted in ("EFG", "2"):
            if self.words.current.text != wanted:
                raise self.words.stop(
                    f"A Gambit tree begins with 'EFG 2 R', not with {self.words.current}."
                )
            self.words.advance()
        if self.words.current.text not in ("R", "D"):
            raise self.words.stop(f"After 'EFG 2' comes R (or D), not {self.words.current}.")
        self.words.advance()
        title = self.words.take("text", "the game's title in quotes").text
        self.players = self._players()
        comment = self.words.advance().text if self.words.current.kind == "text" else ""
        nodes = self._nodes()
        if self.words.current.kind != "end":
            what = "The tree is already complete before this node."
            raise self.words.stop(f"{what} Remove the node, or add an action to a move.")
        return GameTree(title, comment, self.players, tuple(nodes))

    def _players(self) -> tuple[str, ...]:
        self.words.take("{", "the players in braces")
        names = []
        while self.words.current.kind == "text":
            names.append(self.words.advance().text or f"Player {len(names) + 1}")
        self.words.take("}", "a player's name in quotes, or }")
        return tuple(names)

    def _nodes(self) -> list[TreeNode]:
        nodes: list[TreeNode] = []
        open_branches = [1]
        leaves = 0
        while open_branches:
            if self.words.current.kind == "end":
                missing = sum(open_branches)
                raise self.words.stop(
                    f"The file ends here, but {missing} branch{'es' * (missing > 1)} of the tree "
                    "are missing. The file may have been cut off."
                )
            node = self._node()
            nodes.append(node)
            leaves += node.at is None
            if leaves > MOST_LEAVES:
                raise self.words.stop(
                    f"The tree has too many leaves; at most {MOST_LEAVES:,} are read."
                )
            open_branches[-1] -= 1
            if node.n_branches:
                open_branches.append(node.n_branches)
            while open_branches and open_branches[-1] == 0:
                open_branches.pop()
            if len(open_branches) > MAX_DEPTH:
                raise self.words.stop(f"A path has too many moves; at most {MAX_DEPTH} are read.")
        return nodes

    def _node(self) -> TreeNode:
        place, kind = self.words.current.place, self.words.current.text
        if self.words.current.kind != "word" or kind not in ("c", "p", "t"):
            raise self.words.stop(f"A node begins with c, p or t, not with {self.words.current}.")
        self.words.advance()
        label = self.words.take("text", "the node's label in quotes").text
        at = None
        if kind == "c":
            at = self.definitions.information_set(CHANCE, place)
        elif kind == "p":
            wanted = self.words.take_integer("the number of the player who moves")
            if not 1 <= wanted <= len(self.players):
                self._note(place, f"There is no player {wanted}; there are {len(self.players)}.")
            at = self.definitions.information_set(wanted, place)
        return TreeNode(label, at, self.definitions.outcome(len(self.players)), place)

    def _note(self, place: Place, message: str) -> None:
        self.problems.append(Problem(place, message))
