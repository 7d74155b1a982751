"""How programs are compiled for a processor: options that the installed compiler knows."""

from __future__ import annotations

from functools import cache

import jax

WIDE = ("xla_cpu_prefer_vector_width", 512)
"""Let a processor that can work on eight numbers at once do so."""
PLAIN_LOOPS = ("xla_cpu_use_fusion_emitters", False)
"""Write fused loops in the older way, which compiles plans in two thirds of the time; the programs are as fast."""
FEW_PASSES = ("xla_backend_optimization_level", 1)
"""Leave out passes of the compiler that take two fifths of its time and make plans no faster."""


def processor_options(*wanted: tuple[str, bool | int]) -> dict[str, bool | int] | None:
    """Compiler options for a processor; none on a graphics card, and none that the compiler does not know."""
    if jax.default_backend() != "cpu":
        return None
    return {name: value for name, value in wanted if _is_known(name, value)}


@cache
def _is_known(name: str, value: bool | int) -> bool:
    # Options come and go with versions of the compiler, and there is no list of them to ask for.
    try:
        jax.jit(lambda x: x, compiler_options={name: value}).lower(0.0).compile()
    except RuntimeError:
        return False
    return True
