"""The names that mechanisms, worths, beliefs and interventions of a case file mention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from backchannel.case.edit.expression_mentions import expression_mentions
from backchannel.case.edit.mentions import CaseNames, Mention, NameKind, list_items, mapping
from backchannel.case.lower.ranks import RANKS, TIE
from backchannel.case.lower.written_table import ELSE
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.beliefs import ACTUAL, TRUE_CASE
from backchannel.language.names import NOT_APPLICABLE, split_round


@dataclass(frozen=True)
class PartMentions:
    """Finds the mentions in parts that several sections have."""

    names: CaseNames

    def name(
        self,
        kind: NameKind,
        text: Any,
        path: KeyPath,
        *,
        goes: KeyPath | None,
        inside: str = "",
        is_key: bool = False,
    ) -> Iterator[Mention]:
        """A value or key that is a name, of a node perhaps with a round."""
        if isinstance(text, str):
            name = split_round(text)[0] if kind == "node" else text
            yield Mention(kind, name, path, is_key, 0, inside, goes)

    def key(self, kind: NameKind, key: Any, path: KeyPath, inside: str = "") -> Iterator[Mention]:
        """A key that is a name and goes with it."""
        return self.name(kind, key, path, goes=path, inside=inside, is_key=True)

    def all_names(
        self, kind: NameKind, value: Any, path: KeyPath, *, inside: str = ""
    ) -> Iterator[Mention]:
        """One name, or a list of names, each of which can go alone."""
        if not isinstance(value, list):
            yield from self.name(kind, value, path, goes=path, inside=inside)
        for i, item in list_items(value):
            yield from self.name(kind, item, (*path, i), goes=(*path, i), inside=inside)

    def expression(
        self, value: Any, path: KeyPath, *, result_of: str = "", goes: KeyPath | None = None
    ) -> Iterator[Mention]:
        """An expression, or a list of them."""
        for i, item in list_items(value):
            yield from self.expression(item, (*path, i), goes=goes)
        for mention in expression_mentions(value, self.names, result_of=result_of):
            yield mention.at(path, is_key=False, goes=goes)

    def reasons(self, value: Any, path: KeyPath) -> Iterator[Mention]:
        """`why`: one reason or several."""
        for i, reason in list_items(value):
            source = mapping(reason).get("source")
            yield from self.name("source", source, (*path, i, "source"), goes=(*path, i))
        yield from self.name("source", mapping(value).get("source"), (*path, "source"), goes=path)

    def settings(self, value: Any, path: KeyPath) -> Iterator[Mention]:
        """`{node: value}`, or `{node: [value, ...]}`."""
        for node, setting in mapping(value).items():
            here = (*path, node)
            yield from self.key("node", node, here)
            yield from self.all_names("value", setting, here, inside=split_round(str(node))[0])

    def weights(self, value: Any, path: KeyPath, node: str) -> Iterator[Mention]:
        """`probability` or `odds`, plain or as a table."""
        if "table" not in mapping(value):
            yield from self._row(value, path, node)
            return
        yield from self._table(value, path)
        for key, entry in mapping(value).items():
            yield from self._row(entry, (*path, key), node)

    def worth(self, value: Any, path: KeyPath) -> Iterator[Mention]:
        """An expression, a table, or an order of outcomes."""
        entry = mapping(value)
        if RANKS in entry:
            yield from self._ranks(entry, path)
        elif "table" in entry:
            yield from self._table(entry, path)
            for key, cell in entry.items():
                if key != "table":
                    yield from self.expression(cell, (*path, key))
        else:
            yield from self.expression(value, path)

    def mechanism(self, value: Any, path: KeyPath, node: str) -> Iterator[Mention]:
        """What makes the value of a node."""
        entry = mapping(value)
        for kind in ("probability", "odds"):
            yield from self.weights(entry.get(kind), (*path, kind), node)
        yield from self.expression(entry.get("derived"), (*path, "derived"), result_of=node)

    def mechanisms(self, value: Any, path: KeyPath) -> Iterator[Mention]:
        """`{node: mechanism}`."""
        for node, entry in mapping(value).items():
            yield from self.key("node", node, (*path, node))
            yield from self.mechanism(entry, (*path, node), split_round(str(node))[0])

    def number(
        self, text: Any, path: KeyPath, *, goes: KeyPath | None, is_key: bool = False
    ) -> Iterator[Mention]:
        """The full name of a number, such as `blr.war_cost` or `usa.precision`."""
        if isinstance(text, str):
            for mention in self._of_number(text, 0):
                yield mention.at(path, is_key=is_key, goes=goes)

    def belief(self, value: Any, path: KeyPath) -> Iterator[Mention]:
        """What a player wrongly believes."""
        entry = mapping(value)
        for name, believed in mapping(entry.get("parameters")).items():
            here = (*path, "parameters", name)
            yield from self.number(name, here, goes=here, is_key=True)
            yield from self.number(believed, here, goes=here)
        yield from self.mechanisms(entry.get("nodes"), (*path, "nodes"))
        unaware = mapping(entry.get("unaware"))
        for part in ("actions", "nodes"):
            yield from self.settings(unaware.get(part), (*path, "unaware", part))
        for node, seen in mapping(unaware.get("sees")).items():
            here = (*path, "unaware", "sees", node)
            yield from self.key("node", node, here)
            yield from self.all_names("node", seen, here)
        for player in mapping(entry.get("reasoning")):
            yield from self.key("player", player, (*path, "reasoning", player))
        for player, other in mapping(entry.get("about")).items():
            yield from self.key("player", player, (*path, "about", player))
            yield from self.belief(other, (*path, "about", player))
        yield from self.reasons(entry.get("why"), (*path, "why"))

    def intervention(self, value: Any, path: KeyPath) -> Iterator[Mention]:
        """What is changed in another world."""
        entry = mapping(value)
        for part in ("do", "remove"):
            yield from self.settings(entry.get(part), (*path, part))
        for name in mapping(entry.get("parameters")):
            here = (*path, "parameters", name)
            yield from self.number(name, here, goes=here, is_key=True)
        yield from self.mechanisms(entry.get("mechanisms"), (*path, "mechanisms"))
        for node, change in mapping(entry.get("sees")).items():
            here = (*path, "sees", node)
            yield from self.key("node", node, here)
            for part in ("add", "drop"):
                yield from self.all_names("node", mapping(change).get(part), (*here, part))
        yield from self._corrections(entry.get("beliefs"), (*path, "beliefs"))
        for player in mapping(entry.get("reasoning")):
            yield from self.key("player", player, (*path, "reasoning", player))
        yield from self.all_names("player", entry.get("told"), (*path, "told"))

    def _corrections(self, value: Any, path: KeyPath) -> Iterator[Mention]:
        for player, inner in mapping(value).items():
            yield from self.key("player", player, (*path, player))
            if inner not in (TRUE_CASE, ACTUAL):
                yield from self._corrections(inner, (*path, player))

    def _row(self, value: Any, path: KeyPath, node: str) -> Iterator[Mention]:
        for key, entry in mapping(value).items():
            yield from self.key("value", key, (*path, key), node)
            yield from self.expression(entry, (*path, key))

    def _table(self, value: Any, path: KeyPath) -> Iterator[Mention]:
        """The nodes of a table, and the values in its keys."""
        named = value["table"]
        for mention in self.all_names("node", named, (*path, "table")):
            yield mention.at(mention.path, is_key=False, goes=None)
        nodes = named if isinstance(named, list) else [named]
        for key in value:
            if key not in ("table", ELSE):
                yield from self._outcome(key, (*path, key), nodes, goes=(*path, key), is_key=True)

    def _ranks(self, entry: dict[Any, Any], path: KeyPath) -> Iterator[Mention]:
        named = entry.get("of")
        for mention in self.all_names("node", named, (*path, "of")):
            yield mention.at(mention.path, is_key=False, goes=None)
        nodes = named if isinstance(named, list) else [named]
        for i, rank in list_items(entry[RANKS]):
            here = (*path, RANKS, i)
            if isinstance(rank, list):
                for j, (item, node) in enumerate(zip(rank, nodes, strict=False)):
                    yield from self.name("value", item, (*here, j), goes=here, inside=str(node))
            elif isinstance(rank, str):
                start = 0
                for part in rank.split(TIE):
                    goes = here if TIE not in rank else None
                    yield from self._outcome(part, here, nodes, goes=goes, start=start)
                    start += len(part) + len(TIE)
        yield from self.expression(entry.get("scale"), (*path, "scale"))

    def _outcome(
        self,
        text: Any,
        path: KeyPath,
        nodes: Sequence[Any],
        *,
        goes: KeyPath | None,
        is_key: bool = False,
        start: int = 0,
    ) -> Iterator[Mention]:
        """One value of each node, as in `all, full`."""
        parts = text.split(",") if isinstance(text, str) and text != ELSE else []
        if len(nodes) == 1 and parts:
            parts = [text]
        if len(parts) != len(nodes):
            return
        for part, node in zip(parts, nodes, strict=True):
            name = part.strip()
            at = start + len(part) - len(part.lstrip())
            if name != NOT_APPLICABLE:
                yield Mention("value", name, path, is_key, at, split_round(str(node))[0], goes)
            start += len(part) + 1

    def _of_number(self, text: str, start: int) -> Iterator[Mention]:
        of = self.names.of
        head, dot, rest = text.partition(".")
        after = start + len(head) + 1
        if text in of["parameter"]:
            yield Mention("parameter", text, (), start=start)
        elif head == "trade":
            good, _, rest = rest.partition(".")
            yield Mention("good", good, (), start=after)
            part = rest.partition(".")[0]
            kind = self.names.parts_of_good.get(good, {}).get(part)
            if kind:
                yield Mention(kind, part, (), start=after + len(good) + 1, inside=good)
        elif dot and (head in of["player"] or head in of["cause"]):
            kind = "player" if head in of["player"] else "cause"
            yield Mention(kind, head, (), start=start)
            yield from self._of_number(rest, after)
        elif dot and head in of["interest"]:
            yield Mention("interest", head, (), start=start)
        else:
            node, bracket, _ = text.partition("(")
            node = node if bracket else head
            if node in of["node"]:
                yield Mention("node", node, (), start=start)
                value = text.rpartition(".")[2]
                yield Mention("value", value, (), start=start + len(text) - len(value), inside=node)
