"""Which rivals of the case file are too large, known before anything is solved."""

from __future__ import annotations

import numpy as np

from backchannel.case.lowered import Lowered
from backchannel.diagram.rivals import written_rival
from backchannel.language.errors import CommandError, TooLargeError
from backchannel.questions.rivals.results import RIVAL_DRAWS
from backchannel.tensors.game_size import claim_tables


def too_large(lowered: Lowered) -> list[str]:
    """Say which written rivals have tables that a run cannot make in the memory there is."""
    problems = []
    numbers = dict.fromkeys(lowered.priors, np.empty(0))
    for written in lowered.rivals:
        try:
            structure = written_rival(written).build(lowered.diagram, lowered.beliefs)
            claim_tables(structure.diagram, numbers, RIVAL_DRAWS)
        except CommandError:
            continue  # It has no meaning: `check` says why.
        except TooLargeError as error:
            problems.append(f"rivals.{written.name}: {error}")
    return problems
