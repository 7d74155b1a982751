"""What the server's own process knows of a case; the processes that check and solve know the rest."""

from __future__ import annotations

from pydantic import BaseModel


class CaseFacts(BaseModel):
    """What the server needs to know to route requests and compare answers."""

    title: str
    case: str
    """A digest: the same for two texts whose cases are the same."""
    shape: str
    """A digest: the same for two cases with the same nodes, values, numbers and questions, whose answers can
    stand side by side."""
    uncertain: list[str]
    """Numbers that have a slider."""

    @classmethod
    def unknown(cls, title: str) -> CaseFacts:
        """What is known of a text that has never been without problems."""
        return cls(title=title, case="", shape="", uncertain=[])
