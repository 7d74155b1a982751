"""A market of gas whose flows follow from formulas: logit shares of the routes and elastic demand."""

from __future__ import annotations

from math import exp, log

THETA, EPSILON, SIZE, DETOUR, TOLL = 4.0, 0.5, 100.0, 0.3, 0.9
P_SHUT = 0.25
WHY = {"judgement": "test"}
CASE = {
    "case": "Pipes",
    "utility_unit": "all at stake",
    "as_of": "2031-01-15",
    "sources": {"desk": {"title": "Desk notes", "grade": "B2"}},
    "players": {"aria": {"name": "Aria", "precision": 1, "why": WHY}},
    "parameters": {"toll": {"prior": TOLL, "unit": "mark-up", "why": WHY}},
    "trade": {
        "gas": {
            "unit": "barrels",
            "demand": {"city": {"size": SIZE, "elasticity": EPSILON, "why": WHY}},
            "supply": {"well": {}},
            "routes": {
                "north": {
                    "from": "well",
                    "to": "city",
                    "cost": "toll * (gate == 'shut') + toll * (lock == 'shut')",
                    "why": WHY,
                },
                "south": {
                    "from": "well",
                    "to": "city",
                    "through": "Borland",
                    "cost": DETOUR,
                    "why": WHY,
                },
            },
            "sensitivity": THETA,
            "why": WHY,
        }
    },
    "nodes": {
        "lock": {
            "chance": True,
            "domain": ["shut", "open"],
            "probability": {"shut": 0.5, "open": "rest"},
            "at": "2031-01-01",
        },
        "gate": {
            "chance": True,
            "domain": ["shut", "open"],
            "probability": {"shut": P_SHUT, "open": "rest"},
            "at": "2031-02-01",
        },
        "act": {"player": "aria", "domain": ["buys", "waits"], "at": "2031-03-01"},
    },
    "interests": {
        "gas": {
            "player": "aria",
            "worth": "delivered('gas', 'city') / 100 * (act == 'buys')",
            "why": WHY,
        }
    },
    "record": [{"node": "lock", "value": "open", "date": "2031-01-01", "source": "desk"}],
    "questions": {
        "shut": {
            "asks": "What if the gate shut?",
            "what_if": {"title": "the gate shut", "do": {"gate": "shut"}},
            "outcome": ["act"],
        },
        "locked": {
            "asks": "What if the lock had been shut?",
            "what_if": {"title": "the lock had been shut", "do": {"lock": "shut"}},
            "outcome": ["act"],
        },
        "dearer": {
            "asks": "What if the toll were twice as high?",
            "what_if": {
                "title": "the toll were twice as high",
                "parameters": {"toll": 2 * TOLL},
                "announced": False,
            },
            "outcome": ["act"],
        },
    },
}


def amounts(north: float) -> tuple[float, ...]:
    """What north and south carry and the city gets, by the formulas of docs/trade.md."""
    weights = exp(-THETA * north), exp(-THETA * DETOUR)
    price = -log(sum(weights)) / THETA
    total = SIZE * exp(-EPSILON * price)
    return (*(total * weight / sum(weights) for weight in weights), total)


def between(shut: tuple[float, ...], opened: tuple[float, ...]) -> list[float]:
    return [P_SHUT * a + (1 - P_SHUT) * b for a, b in zip(shut, opened, strict=True)]
