"""One deal as it is written, with what all its parts are checked against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from backchannel.case.lower.interventions import InterventionReader
from backchannel.case.lower.report import CaseReport
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import Case
from backchannel.case.schema.deals import DealEntry
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision
from backchannel.language.names import NodeName, PlayerName, did_you_mean


@dataclass(frozen=True)
class WrittenDeal:
    """An entry of `deals`."""

    reader: InterventionReader
    name: str
    entry: DealEntry

    @property
    def path(self) -> KeyPath:
        """Where the deal stands in the file."""
        return ("deals", self.name)

    @property
    def case(self) -> Case:
        """The case file that it belongs to."""
        return self.reader.case

    @property
    def words(self) -> CaseVocabulary:
        """The names and values of the case."""
        return self.reader.words

    @property
    def report(self) -> CaseReport:
        """Where problems go."""
        return self.reader.words.report

    @property
    def diagram(self) -> Diagram:
        """The graph of the case."""
        return self.reader.diagram

    def check_player(self, path: KeyPath, name: str) -> bool:
        """Report a name that no player has; whether there is such a player."""
        known = list(self.case.players)
        if name in known:
            return True
        hint = did_you_mean(name, known) or f" The known ones are: {', '.join(known)}."
        self.report.error(path, f"no player is called '{name}'.{hint}")
        return False

    def title_of(self, player: PlayerName) -> str:
        """What a player is called in the case; the name itself where it is unknown."""
        known = self.case.players.get(player)
        return known.name if known else player

    def nodes_of(self, name: str) -> Sequence[NodeName]:
        """The nodes that a name in a step stands for: itself, or its copies in the rounds."""
        return tuple(self.words.rounds.spread(name))

    @cached_property
    def promisers(self) -> tuple[PlayerName, ...]:
        """The players who promise something, in the order of the steps."""
        names = (n for step in self.entry.steps for name in step.do for n in self.nodes_of(name))
        owners = (self.diagram.node.get(n) for n in names)
        return tuple(dict.fromkeys(d.player for d in owners if isinstance(d, Decision)))
