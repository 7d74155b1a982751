"""A question that can be asked of a case: one record, which says where all its parts are.

Listing questions does not import their parts, so a help text or a check does not wait for the solver.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.resources import files
from typing import Any

from backchannel.questions.unanswered import Unanswered

Reference = str | Callable[..., Any]
"""A part of a question: the object itself, or `module:name` in the question's package, imported on use."""


@dataclass(frozen=True)
class Question:
    """One question: its name, and where its parts are.

    A question need not have every part: `branches`, for example, is not part of a run.
    """

    name: str
    title: str
    """The heading of its section on the page."""
    docs: str = ""
    """Its page in `docs/`."""
    room: str = ""
    """The package in which its references are looked up."""
    limits: Reference | None = None
    """`Lowered` → a sentence for each of its questions that is too large, before anything is solved."""
    worlds: Reference | None = None
    """`Lowered` → the interventions that it needs, so that a run can solve them all together."""
    is_slow: bool = False
    """Whether a run asks it beside the others, where there is memory: as soon as there are forecasts, or where it
    needs worlds, as soon as those are solved. It uses no result but the forecasts."""
    ask: Reference | None = None
    """(`SolvedCase`, results of earlier questions by name) → its result, without words."""
    document: Reference | None = None
    """The model of its part of the answers document; its fields become fields of the document."""
    compose: Reference | None = None
    """(`Composing`, the result of `ask`) → its part of the answers document. Nothing is solved."""
    silent: Reference | None = None
    """(`Composing`, reason) → its part of the document where it has no answer, with what earlier parts hold; if left
    out, all lists are empty."""
    kind: str = ""
    """The kind of questions in case files that it answers in sentences."""
    answer: Reference | None = None
    """(`Composing`, the case's question) → sentences, and the names of the what-ifs that they use."""
    bottom_line: Reference | None = None
    """(`Composing`, the result of `ask`, the case's question) → its bottom line, a `Statement`."""
    ready_with: str = ""
    """A later question whose part its bottom lines need."""
    terminal: Reference | None = None
    """Prints its part of a run: (the answers document, a console) → nothing."""
    section: Reference | None = None
    """Its section of the page: a template file in its package, or a function that returns the template."""
    commands: tuple[Reference, ...] = ()
    methods: Mapping[str, Reference] = field(default_factory=dict)
    """Methods of `Study` that ask it, by name: (`SolvedCase`, arguments) → a `Result`."""

    def part(self, reference: Reference) -> Any:
        """Return the object that a reference names."""
        if not isinstance(reference, str):
            return reference
        module, _, name = reference.partition(":")
        return getattr(import_module(f"{self.room}.{module}"), name)

    def composed(self, composing: Any, result: Any) -> Any:
        """Compose its part of the answers document; a question without an answer has an empty part."""
        if not isinstance(result, Unanswered):
            assert self.compose is not None
            return self.part(self.compose)(composing, result)
        if self.silent is not None:
            return self.part(self.silent)(composing, result.reason)
        assert self.document is not None
        model = self.part(self.document)
        return model(
            **{name: [] for name, made in model.model_fields.items() if made.is_required()}
        )

    def section_text(self) -> str:
        """The text of its section's template."""
        if isinstance(self.section, str):
            return self.text(self.section)
        return self.section() if self.section else ""

    def text(self, file: str) -> str:
        """Read a text file in the question's package."""
        return (files(self.room) / file).read_text("utf-8")
