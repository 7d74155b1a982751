"""Numbers of a case that have no entry under `parameters`."""

from __future__ import annotations

from dataclasses import dataclass, field

from backchannel.case.read.document import KeyPath
from backchannel.case.schema.prior_text import prior_from
from backchannel.language.expressions import Expression, Tree
from backchannel.language.names import ParameterName
from backchannel.language.priors import Prior


@dataclass
class ImplicitParameters:
    """ICD 203 words in weights and uncertain steps of an order, with the prior that each means."""

    priors: dict[ParameterName, Prior] = field(default_factory=dict)
    paths: dict[ParameterName, KeyPath] = field(default_factory=dict)

    def add_word(self, name: ParameterName, word: str, path: KeyPath) -> Expression:
        """Make a number from an ICD 203 word."""
        return self.add(name, prior_from(word), path, text=word)

    def add(self, name: ParameterName, prior: Prior, path: KeyPath, *, text: str) -> Expression:
        """Make a number, and an expression that is its name."""
        self.priors[name] = prior
        self.paths[name] = path
        return Expression(Tree("name", value=name), text)
