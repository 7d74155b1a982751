"""Change a case file as a program asks for it: each change is a small one of the same text.

The place of a change is found by parsing, and the change is made in the text, so that comments and layout stay. The
result is parsed again and compared with what was meant. If they differ, nothing is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backchannel.case.edit.change_data import changed_data, data_alike, plain_keys
from backchannel.case.edit.consequences import consequences_of
from backchannel.case.edit.delete_name import delete_edits, deleted_data, deletion_of
from backchannel.case.edit.move_item import move_item
from backchannel.case.edit.operation_models import (
    DeleteEverywhere,
    InsertItem,
    MoveItem,
    Operation,
    RemoveValue,
    RenameEverywhere,
    RenameKey,
    SetValue,
)
from backchannel.case.edit.remove_value import remove_value, rename_key
from backchannel.case.edit.rename_name import rename_data, rename_edits, replacements_of
from backchannel.case.edit.set_value import insert_value, set_value
from backchannel.case.edit.text_places import BY_HAND, TextEdit, TextPlaces, applied
from backchannel.case.read.document import MAX_BYTES
from backchannel.language.errors import CommandError


def apply_operations(text: str, operations: Sequence[Operation]) -> str:
    """Change a case file; comments, layout and line ends stay.

    Args:
        text: The file.
        operations: What to change, one after the other.

    Raises:
        CommandError: A change has no meaning here, or cannot be made safely; nothing is changed then.
    """
    if _has_other_line_ends(text):
        # The file of another system: every line of the new text ends as all lines do.
        return apply_operations(text.replace("\r\n", "\n"), operations).replace("\n", "\r\n")
    return carried_out(TextPlaces(text), operations).text


def carried_out(places: TextPlaces, operations: Sequence[Operation]) -> TextPlaces:
    """Change a case file that was read already, and whose lines end in a line feed.

    Raises:
        CommandError: A change has no meaning here, or cannot be made safely.
    """
    for operation in operations:
        places = _changed(places, operation)
        if len(places.text.encode(errors="replace")) > MAX_BYTES:
            raise CommandError(
                f"With this change the case would be longer than {MAX_BYTES:,} bytes. Nothing was changed."
            )
    return places


def consequences(text: str, operations: Sequence[Operation]) -> list[str]:
    """Say in sentences what else goes or has to be rewritten when some operations are carried out.

    Raises:
        CommandError: An operation has no meaning here, or cannot be carried out safely.
    """
    places, told = TextPlaces(text.replace("\r\n", "\n")), []
    for operation in operations:
        if isinstance(operation, DeleteEverywhere):
            deletion = deletion_of(places.data, operation.of, operation.name, operation.inside)
            told += consequences_of(deletion, operation.name)
        places = carried_out(places, [operation])
    return told


def _has_other_line_ends(text: str) -> bool:
    return "\r\n" in text and text.count("\n") == text.count("\r\n")


def _changed(places: TextPlaces, operation: Operation) -> TextPlaces:
    intended = _intended(places.data, operation)
    for is_exact in (False, True):
        # The fast parser knows most places exactly; where it does not, the slower one is asked.
        before = TextPlaces(places.text, exact=True) if is_exact else places
        try:
            after = TextPlaces(applied(before.text, _edits(before, operation)))
        except CommandError:
            continue
        if data_alike(after.data, intended):
            return after
    raise CommandError(BY_HAND)


def _intended(data: Any, operation: Operation) -> Any:
    """What the case says after an operation."""
    match operation:
        case RenameEverywhere(of=kind, name=name, new_name=new_name, inside=inside):
            return rename_data(data, replacements_of(data, kind, name, new_name, inside))
        case DeleteEverywhere(of=kind, name=name, inside=inside):
            return deleted_data(data, deletion_of(data, kind, name, inside).paths)
        case _:
            return changed_data(data, operation)


def _edits(places: TextPlaces, operation: Operation) -> list[TextEdit]:
    """The changes of the text that an operation makes."""
    match operation:
        case RenameEverywhere(of=kind, name=name, new_name=new_name, inside=inside):
            return rename_edits(places, replacements_of(places.data, kind, name, new_name, inside))
        case DeleteEverywhere(of=kind, name=name, inside=inside):
            return delete_edits(places, deletion_of(places.data, kind, name, inside))
        case SetValue():
            return set_value(places, places.known(operation.path), plain_keys(operation.value))
        case RemoveValue():
            return remove_value(places, places.known(operation.path))
        case InsertItem():
            value = plain_keys(operation.value)
            return insert_value(places, places.known(operation.path), operation.index, value)
        case MoveItem():
            return move_item(places, places.known(operation.path), operation.to)
        case RenameKey():
            return rename_key(places, places.known(operation.path), operation.name)
