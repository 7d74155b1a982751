"""An oracle for beliefs about beliefs: three moves, worked out by hand from the last to the first.

Plain NumPy, and nothing of the package. `open` moves first, `offer` sees it, `answer` sees both and a
hidden state s. In a model with chance p of s = 1 and stakes g:

    answer(s, z, x, y) ∝ exp(λ_answer · g · u_answer(s, z, x, y))
    offer(z, x)        ∝ exp(λ_offer  · Σ_s P(s) Σ_y answer(s, z, x, y) u_offer(s, z, x, y))
    open(z)            ∝ exp(λ_open   · Σ_s P(s) Σ_x offer(z, x) Σ_y answer(s, z, x, y) u_open(s, z, x, y))

but a rule of somebody whom the model takes to plan in another model comes from there.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass
class PlainModel:
    """One idea of the case, and the ideas that it gives to others."""

    p: float
    g: float
    inner: dict[str, PlainModel] = field(default_factory=dict)
    answers: tuple[int, ...] = (0, 1, 2)
    """Answers that anybody thinks of."""


def rules(
    model: PlainModel, worth: dict[str, np.ndarray], precision: dict[str, float]
) -> dict[str, np.ndarray]:
    """Everyone's rules as the model has them; worths by mover, axes s, z, x, y."""
    own = {who: rules(inner, worth, precision)[who] for who, inner in model.inner.items()}
    chance = np.array([1 - model.p, model.p])
    shape = worth["open"].shape
    answer = np.zeros(shape)
    for s, z, x in np.ndindex(shape[:3]):
        scores = {
            y: np.exp(precision["answer"] * model.g * worth["answer"][s, z, x, y])
            for y in model.answers
        }
        for y, score in scores.items():
            answer[s, z, x, y] = score / sum(scores.values())
    answer = own.get("answer", answer)
    offer = np.zeros(shape[1:3])
    for z in range(shape[1]):
        scores = []
        for x in range(shape[2]):
            value = 0.0
            for s in (0, 1):
                for y in range(shape[3]):
                    value += chance[s] * answer[s, z, x, y] * worth["offer"][s, z, x, y]
            scores.append(np.exp(precision["offer"] * value))
        offer[z] = np.array(scores) / sum(scores)
    offer = own.get("offer", offer)
    scores = []
    for z in range(shape[1]):
        value = 0.0
        for s in (0, 1):
            for x in range(shape[2]):
                for y in range(shape[3]):
                    path = chance[s] * offer[z, x] * answer[s, z, x, y]
                    value += path * worth["open"][s, z, x, y]
        scores.append(np.exp(precision["open"] * value))
    opened = own.get("open", np.array(scores) / sum(scores))
    return {"open": opened, "offer": offer, "answer": answer}
