"""Random small cases, with every kind of question: for tests of what is said about them."""

from __future__ import annotations

from typing import Any

import numpy as np

WORDS = ("stays", "goes_on", "gives_way", "waits_and_sees")
LABELS = {"goes_on": "goes on", "gives_way": "gives way at last", "waits_and_sees": "waits"}


def random_case(seed: int) -> dict[str, Any]:
    """A case of two players and five nodes: some are optional, labelled, recorded or dated by a month."""
    rng = np.random.default_rng(seed)
    labelled = rng.random() < 0.5
    domains = [list(WORDS[: int(rng.integers(2, 5))]) for _ in range(5)]
    first = domains[0][0]
    nodes = {
        "mood": {"title": "The mood", "chance": True, "domain": domains[0], "at": "2030-01-05",
                 "odds": {value: float(rng.uniform(0.2, 1)) for value in domains[0]}},
        "first_move": {"title": "The first move", "player": "ann", "domain": domains[1],
                       "at": "2030-02" if rng.random() < 0.5 else "2030-02-01"},
        "second_move": {"player": "bob", "domain": domains[2], "sees": ["first_move"], "at": "2030-03-01",
                        "resolves": "by the newspapers of the day"},
        "third_move": {"title": "The last word", "player": "ann", "domain": domains[3], "at": "2030-04-01",
                       "sees": ["second_move", "mood"], "when": f"second_move != '{domains[2][0]}'"},
        "result": {"title": "What comes of it", "domain": ["good", "bad"], "at": "2030-05",
                   "derived": f"'good' if mood == '{first}' or third_move == '{domains[3][-1]}' else 'bad'"},
    }  # fmt: skip
    for node in nodes.values():
        if labelled:
            node["values"] = {value: LABELS[value] for value in node["domain"] if value in LABELS}
    why = [{"judgement": "a guess"}]
    hope = float(rng.uniform(0.5, 3))
    return {
            "case": f"Random case {seed}", "utility_unit": "all that is at stake", "as_of": "2030-02-28",
            "question": "What comes of it?",
            "sources": {"paper": {"title": "A newspaper", "date": "2030-02", "grade": "B2"}},
            "players": {"ann": {"name": "the North", "precision": {"between": [1, 8]}, "why": why},
                        "bob": {"name": "the South", "precision": {"between": [1, 8]}, "why": why}},
            "parameters": {
                "hope": {"prior": {"uniform": [0, hope]}, "unit": "stake", "about": "what the North hopes for",
                         "why": why},
                "fear_of_loss": {"prior": {"uniform": [0, 2]}, "unit": "stake", "why": why},
            },
            "nodes": nodes,
            "interests": {
                "gain": {"player": "ann", "about": "a good end",
                         "worth": f"hope * (result == 'good') - 0.3 * (first_move == '{domains[1][-1]}')"},
                "loss": {"player": "bob",
                         "worth": f"fear_of_loss * (result == 'bad') - hope * (second_move == '{domains[2][0]}') "
                                  f"+ 0.5 * (first_move == '{domains[1][0]}') * (second_move == '{domains[2][-1]}')"},
            },
            "beliefs": {"bob": {"parameters": {"hope": {"uniform": [0, 0.2]}}, "why": why}},
            "record": [{"node": "first_move", "value": domains[1][-1], "source": "paper",
                        "date": nodes["first_move"]["at"], "reliability": float(rng.choice([0.8, 1.0]))}],
            "causes": {
                "hopes": {"title": "the North had hopes", "undone": "the North had hoped for nothing",
                          "parameters": {"hope": 0}},
                "fears": {"title": "the South had feared nothing", "parameters": {"fear_of_loss": 0}},
                "misread": {"title": "the South misread the North", "undone": "the South had known the North",
                            "beliefs": {"bob": "true_case"}},
            },
            "deals": {"truce": {"title": "A truce", "parties": ["ann", "bob"], "steps": [
                {"do": {"second_move": domains[2][1:]}},
                {"do": {"third_move": domains[3]}, "optional": seed % 3 == 0}], "why": why}},
            "questions": {
                "end": {"asks": "What comes of it?", "forecast": "result"},
                "last": {"asks": "Who has the last word?", "forecast": "third_move"},
                "blame": {"asks": "Why that move?", "why": {"first_move": domains[1][-1]},
                          "causes": ["hopes", "fears", "misread"][: int(rng.integers(1, 4))]},
                "other": {"asks": "What if not?", "what_if": "misread", "outcome": ["result", "second_move"]},
                "set": {"asks": "What if the South moved?", "what_if": {"do": {"second_move": domains[2][-1]}},
                        "outcome": ["third_move", "result"]},
                "truce": {"asks": "Would a truce hold?", "deal": "truce"},
            },
            "claims": [
                {"says": "Hope helps", "source": "paper",
                 "test": "P(result == 'good') > P(result == 'good', undo='hopes')"},
                {"says": "It ends well", "source": "paper", "test": "P(result == 'good') > 0.5"},
                {"says": "The best is good", "source": "paper", "test": f"best(second_move) == '{domains[2][-1]}'"},
                {"says": "It pays", "source": "paper",
                 "test": f"E(ann) > E(ann, do={{'second_move': '{domains[2][-1]}'}}) + 0.1"},
            ],
    }  # fmt: skip
