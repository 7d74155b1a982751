"""Parts that requests and messages are made of; `interface/src/lib/messages.ts` is generated from them."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr
from typing_extensions import TypeAliasType

MOST_SHIFT = 6.0
"""A slider's score lies between this and its negative."""

Score: TypeAlias = Annotated[float, Field(ge=-MOST_SHIFT, le=MOST_SHIFT, allow_inf_nan=False)]
Key: TypeAlias = Annotated[StrictStr, Field(min_length=1, max_length=200)]
Setting = TypeAliasType("Setting", StrictStr | StrictInt | StrictFloat)
Shifts = TypeAliasType("Shifts", dict[str, float])


class MessagePart(BaseModel):
    """A part of a request or a message; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class CustomWhatIf(MessagePart):
    """A what-if that a reader composes: what is changed, who learns of it, and which outcomes to compare."""

    key: Key
    """Chosen by the page; another what-if with the same key replaces this one."""
    do: dict[Key, Setting] | None = Field(None, max_length=100)
    """Nodes, and the values they are set to ..."""
    cause: Key | None = None
    """... or the name of a cause or what-if of the case."""
    announced: StrictBool | Key | None = None
    """true: when it happens; false: nobody is told; "start"; or a day. null for a cause: as the case says."""
    told: list[Key] | None = Field(None, max_length=100)
    """Players who learn of it; null: everyone."""
    outcomes: list[Key] = Field(min_length=1, max_length=100)
    view: Literal["record", "before"] = "record"
    """record: given the whole record; before: as it looked before the change."""


class ServerPart(MessagePart):
    """A part of what the server sends: every field is always there."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class SharedView(ServerPart):
    """What all windows share, apart from the text."""

    revision: int
    """Counts changes; never decreases while the server runs."""
    shifts: Shifts
    """The score of every slider that was moved; 0 is the median of its prior."""
    what_ifs: list[CustomWhatIf]
    case_digest: str
    """Of the last text without problems: the case that the sliders belong to, and that answers are solved for."""


class TextView(ServerPart):
    """The case text as it is typed."""

    revision: int
    """Counts edits."""
    text: str
    unsaved: bool
    """Whether it differs from the file."""


class TextProblem(ServerPart):
    """An error or a warning about the case text, in the words of `backchannel check`."""

    line: int
    """From 1; 0 where it concerns the whole text."""
    column: int
    message: str
    path: list[StrictStr | StrictInt] = []
    """Keys, and positions in lists, of the value that it is about; empty where it concerns the whole text."""


class Checked(ServerPart):
    """What a check of the text found."""

    revision: int
    """Of the text that was checked."""
    problems: list[TextProblem]
    warnings: list[TextProblem]


class FileState(ServerPart):
    """Whether the case file on disk is the one that was read, and what the user can do if it is not."""

    state: Literal["same", "changed", "gone"] = "same"
    """changed: another program wrote it while there was unsaved text. gone: it was deleted or moved."""
    note: str = ""
    """The state in a sentence, where there is something to say."""
    choices: list[Literal["reload", "keep"]] = []
    """reload: take the file as it is. keep: stay with the unsaved text."""


JobKind: TypeAlias = Literal["quick", "full", "what_if"]


class SolvingStatus(ServerPart):
    """What is being solved."""

    state: Literal["idle", "solving", "failed"] = "idle"
    """failed: the last answers remain, and `note` says why there are no newer ones."""
    job: JobKind | None = None
    stage: str = ""
    """The current step, in the words of the terminal."""
    done: int = 0
    total: int = 0
    """Steps in the stage; 0: unknown."""
    place: str = ""
    """The cluster that works on it, in words; empty: this computer alone."""
    note: str = ""
    """In other states than failed: what is to be known of the newest full answers."""


class About(ServerPart):
    """Which case is open, and with which settings."""

    name: str
    title: str
    path: str
    """The path as the user gave it, or the name in the catalog."""
    editable: bool
    """Whether `save` can write the file itself; cases of the catalog are saved as new files."""
    save_as: str
    """Where `save` writes if no path is given; a proposal for a case of the catalog."""
    address: str
    """Of its page on this server; another one after it was saved as a new file."""
    draws: int
    """Of the full answers."""
    seed: int


class QuickCertificate(ServerPart):
    """The part of the certificate that is known as soon as the draws are solved."""

    draws: int
    converged: int
    effective_draws: float
    left_out: float
    """Share of the draws that did not converge."""


class HistoryView(ServerPart):
    """What can be undone and redone, and how the last change of the text looks."""

    undo: str | None
    """What was done last, as an order: `Move the slider of war_cost`. null: there is nothing to undo."""
    redo: str | None
    """What was undone last. null: there is nothing to redo."""
    n_undo: int
    n_redo: int
    difference: str
    """How what was done last changed the text, as a unified diff; empty where it did not."""


class LeftOut(ServerPart):
    """A slider that cannot be written into the file."""

    parameter: str
    reason: str
