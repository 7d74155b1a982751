"""Stand-ins for what is wrong in the form of a case, so that the rest of it can be checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from backchannel.case.read.document import Document, KeyPath
from backchannel.case.read.form_messages import listed_parts, value_at
from backchannel.case.read.schema_walk import field_of, keys_at, model_at
from backchannel.case.schema.written_names import ANY_NAME
from backchannel.language.days import days_meant
from backchannel.language.lookalikes import plain_text
from backchannel.language.names import did_you_mean

_DAY = "2000-01-01"
_REQUIRED: dict[str, Any] = {
    "precision": 1, "why": {"judgement": "x"}, "as_of": _DAY, "date": _DAY, "at": _DAY, "players": {}, "rank": 0,
    "between": ["x", "y"], "n": 1, "every": "month", "steps": [], "parties": [], "nodes": {}, "value": 1, "worth": 1,
    "prior": 0.5, "do": {}, "linear": {"base": 1}, "base": 1,
}  # fmt: skip
"""Stand-ins of required keys; every other required key holds a text."""


class Mender:
    """Replaces what is wrong in a document's values, and notes where."""

    def __init__(self, document: Document) -> None:
        self.data = document.data
        self.base = document
        self.keys = dict(document.keys)
        self.values = dict(document.values)
        self.doubtful = set(document.doubtful)
        self.any_name = False
        self.is_changed = False
        self.escalated: set[KeyPath] = set()

    @property
    def context(self) -> dict[str, bool]:
        """The context of the next validation."""
        return {ANY_NAME: self.any_name}

    @property
    def document(self) -> Document:
        """The document with the stand-ins."""
        return replace(
            self.base,
            data=self.data,
            keys=self.keys,
            values=self.values,
            doubtful=frozenset(self.doubtful),
        )

    def knows(self, path: KeyPath, detail: Any) -> bool:
        """Say whether an error is only the consequence of a stand-in, or of lines that were lost."""
        if any(path[:n] in self.doubtful for n in range(len(path) + 1)):
            return True
        if self.base.is_partial and detail["type"] == "missing":
            return True
        # What an entry needs as a whole is not judged while a part of it is a stand-in.
        is_whole = detail["type"] == "value_error" and model_at(path) is not None
        return is_whole and any(known[: len(path)] == path for known in self.doubtful)

    def finish_round(self) -> bool:
        """Say whether anything was mended since the last call."""
        changed, self.is_changed = self.is_changed, False
        return changed

    def mend(self, path: KeyPath, detail: Any) -> None:
        """Put a stand-in where the schema reports an error."""
        self.is_changed = True
        if "[key]" in detail["loc"]:
            self._accept_name(path)
        elif detail["type"] == "missing":
            self._put(path, self._stand_in(path))
        elif detail["type"] == "extra_forbidden":
            self._take_out_key(path)
        elif path in self.doubtful or not path:
            self._escalate(path)
        else:
            self._replace_value(path)

    def _accept_name(self, path: KeyPath) -> None:
        """Write a name with the letters that it looks to have; accept any other as it is."""
        parent, name = value_at(self.data, path[:-1]), str(path[-1])
        plain = plain_text(name)
        usable = plain != name and plain.isascii() and plain.isidentifier()
        if not usable or not isinstance(parent, dict) or plain in parent:
            self.any_name = True
            return
        entries = [(plain if key == path[-1] else key, entry) for key, entry in parent.items()]
        parent.clear()
        parent.update(entries)
        self._rename(path, (*path[:-1], plain))

    def _replace_value(self, path: KeyPath) -> None:
        value = value_at(self.data, path)
        if isinstance(value, bool) and len(path) > 1 and isinstance(path[-1], int):
            self._put(path, str(value).lower())  # An entry of a list of words.
            return
        if model_at(path) is not None:
            self._put(path, self._entry(path, value))
            return
        while path and model_at(path[:-1]) is None and isinstance(path[-1], str | int):
            if len(path) == 1:
                break
            path = path[:-1]
        self._put(path, self._stand_in(path))

    def _escalate(self, path: KeyPath) -> None:
        """Replace the entry around a stand-in that is wrong as well."""
        above = path[:-1]
        while above and (above in self.escalated or model_at(above) is None):
            above = above[:-1]
        if not above:
            self.is_changed = False
            return
        self.escalated.add(above)
        self._put(above, self._entry(above, value_at(self.data, above)))

    def _take_out_key(self, path: KeyPath) -> None:
        parent = value_at(self.data, path[:-1])
        if not isinstance(parent, dict) or path[-1] not in parent:
            return
        known = keys_at(path[:-1])
        hint = did_you_mean(str(path[-1]), known)
        meant = next((key for key in known if f"'{key}'" in hint), None)
        value = parent.pop(path[-1])
        if meant and meant not in parent:
            parent[meant] = value
            self._rename((*path[:-1], path[-1]), (*path[:-1], meant))
        else:
            self.doubtful.add(path)

    def _rename(self, old: KeyPath, new: KeyPath) -> None:
        """Give every place under a misspelt key to the key that was meant."""
        for places in (self.keys, self.values):
            for path in [p for p in places if p[: len(old)] == old]:
                places[(*new, *path[len(old) :])] = places[path]

    def _put(self, path: KeyPath, value: Any) -> None:
        parent = value_at(self.data, path[:-1])
        self.doubtful.add(path)
        if isinstance(parent, dict):
            if value is None:
                parent.pop(path[-1], None)
            else:
                parent[path[-1]] = value
        elif isinstance(parent, list) and isinstance(path[-1], int) and path[-1] < len(parent):
            parent[path[-1]] = value

    def _stand_in(self, path: KeyPath) -> Any:
        """Make a stand-in of one key; `None` for a key that may be left out."""
        model, key = model_at(path[:-1]), path[-1]
        value = value_at(self.data, path)
        if key in ("domain", "sees", "parties") and isinstance(value, str):
            return listed_parts(value, on_lines=path in self.base.folded) or None
        if key == "domain":
            return ["x", "y"]
        days = days_meant(value) if key in ("at", "date", "as_of", "from") and value else []
        if days:
            return days[0].isoformat()
        is_required = model is not None and _is_required(model, str(key))
        if is_required or key in ("at", "prior"):
            return _REQUIRED.get(str(key), "x")
        return None

    def _entry(self, path: KeyPath, value: Any) -> Any:
        """Make a stand-in of a whole entry."""
        model = model_at(path)
        given = value if isinstance(value, dict) else {}
        name = model.__name__ if model else ""
        if name in ("NodeEntry", "RoundNodeEntry"):
            domain = given.get("domain")
            if not isinstance(domain, list) or not domain:
                self.doubtful.add((*path, "domain"))
                domain = ["x", "y"]
            entry = {"chance": True, "domain": domain, "odds": {str(v): 1 for v in domain}}
            return entry if name != "NodeEntry" else {**entry, "at": given.get("at", _DAY)}
        if name == "ParameterEntry":
            return {"prior": 0.5, "unit": "x", "why": {"judgement": "x"}}
        if name == "ReasonEntry":
            return {"judgement": "x"}
        if name == "QuestionEntry":
            return {"forecast": "x"}
        if name == "DealEntry":
            return {"parties": ["x", "y"], "steps": [{"do": {"x": ["x"]}}]}
        if name == "GuaranteeEntry":
            return {"pays": {}}
        if name in ("MechanismEntry",):
            return {"derived": 0}
        keys = [] if model is None else [k for k in _keys(model) if _is_required(model, k)]
        kept = {key: given[key] for key in keys if key in given}
        return {**{key: _REQUIRED.get(key, "x") for key in keys}, **kept}


def _keys(model: type[BaseModel]) -> Sequence[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _is_required(model: type[BaseModel], key: str) -> bool:
    field = field_of(model, key)
    return field is not None and field.is_required()
