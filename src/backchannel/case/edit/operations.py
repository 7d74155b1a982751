"""Change a case file as a program asks for it: each change is a small one of the same text.

The place of a change is found by parsing, and the change is made in the text, so that comments and layout stay. The
result is parsed again and compared with what was meant. If they differ, nothing is changed.
"""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.case.edit.change_data import changed_data, data_alike, plain_keys
from backchannel.case.edit.operation_models import (
    InsertItem,
    Operation,
    RemoveValue,
    RenameKey,
    SetValue,
)
from backchannel.case.edit.remove_value import remove_value, rename_key
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
    if "\r\n" in text and text.count("\n") == text.count("\r\n"):
        # The file of another system: every line of the new text ends as all lines do.
        return apply_operations(text.replace("\r\n", "\n"), operations).replace("\n", "\r\n")
    places = TextPlaces(text)
    for operation in operations:
        places = _changed(places, operation)
        if len(places.text.encode(errors="replace")) > MAX_BYTES:
            raise CommandError(
                f"With this change the case would be longer than {MAX_BYTES:,} bytes. Nothing was changed."
            )
    return places.text


def consequences(text: str, operations: Sequence[Operation]) -> list[str]:
    """Say in sentences what else would go or change with some operations."""
    return []


def _changed(places: TextPlaces, operation: Operation) -> TextPlaces:
    intended = changed_data(places.data, operation)
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


def _edits(places: TextPlaces, operation: Operation) -> list[TextEdit]:
    path = places.known(operation.path)
    match operation:
        case SetValue():
            return set_value(places, path, plain_keys(operation.value))
        case RemoveValue():
            return remove_value(places, path)
        case InsertItem():
            return insert_value(places, path, operation.index, plain_keys(operation.value))
        case RenameKey():
            return rename_key(places, path, operation.name)
