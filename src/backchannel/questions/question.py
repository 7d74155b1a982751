"""A question that a case can be asked: one record, by which all that lists questions finds its parts.

Listing questions imports none of their parts, so that neither a help text nor a check waits for the solver.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.resources import files
from typing import Any

Reference = str | Callable[..., Any]
"""A part of a question: the object itself, or `module:name` within the question's room, imported on use."""


@dataclass(frozen=True)
class Question:
    """One question: what it is called, and where its parts are.

    A part that a question does not have is left out: `branches`, say, is no part of a run.
    """

    name: str
    title: str
    """The heading of its section on the page."""
    docs: str = ""
    """Its page in `docs/`."""
    room: str = ""
    """The package that its references are in."""
    worlds: Reference | None = None
    """`Lowered` → the interventions that it compares with, so that a run solves all of them together."""
    ask: Reference | None = None
    """(`SolvedCase`, what earlier questions found by name) → what it finds: no words."""
    document: Reference | None = None
    """The model of its part of the answers document; its fields become fields of the document."""
    compose: Reference | None = None
    """(`Composing`, what `ask` found) → its part of the answers document: nothing is solved."""
    kind: str = ""
    """The kind of the case's own questions that it answers in sentences."""
    answer: Reference | None = None
    """(`Composing`, the case's question) → sentences, and the names of the what-ifs behind them."""
    terminal: Reference | None = None
    """(the answers document, a console) prints its part of a run."""
    section: Reference | None = None
    """Its section of the page: a template beside its modules, or what returns the text of one."""
    commands: tuple[Reference, ...] = ()
    methods: Mapping[str, Reference] = field(default_factory=dict)
    """Methods of `Study` that ask it, and what they do: (`SolvedCase`, arguments) → a `Result`."""

    def part(self, reference: Reference) -> Any:
        """The object that a reference means."""
        if not isinstance(reference, str):
            return reference
        module, _, name = reference.partition(":")
        return getattr(import_module(f"{self.room}.{module}"), name)

    def section_text(self) -> str:
        """The template of its section."""
        if isinstance(self.section, str):
            return self.text(self.section)
        return self.section() if self.section else ""

    def text(self, file: str) -> str:
        """A text file in the question's room."""
        return (files(self.room) / file).read_text("utf-8")
