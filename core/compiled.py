"""Compiled programs: kept between starts, and counted."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

import jax
import jax.monitoring

KEPT = 8
"""Structures whose programs stay in memory, per function. A surface's take 20 MB; one that was forgotten comes back
from the cache on disk in the time of a few frames."""

_seen: list[str] = []


def _listen(event: str, duration_secs: float, **kwargs: str | int) -> None:
    del duration_secs, kwargs
    if event == "/jax/core/compile/backend_compile_duration":
        _seen.append(event)


jax.monitoring.register_event_duration_secs_listener(_listen)


def compilations() -> int:
    """Return how many programs this process has compiled, or fetched from the cache, since this module was loaded."""
    return len(_seen)


def use_cache(path: str) -> None:
    """Keep compiled programs in a folder, so that a second start compiles nothing."""
    jax.config.update("jax_compilation_cache_dir", path)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


def compiled_by_structure(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function once for each value of its first argument, and forget those not used longest.

    Args:
        function: pure; its first argument is hashable and says what compilation depends on, the others are traced.
    """

    @lru_cache(maxsize=KEPT)
    def program(structure: Any) -> Callable[..., Any]:
        @wraps(function)
        def traced(*arguments: Any) -> Any:
            return function(structure, *arguments)

        return jax.jit(traced)

    @wraps(function)
    def call(structure: Any, *arguments: Any) -> Any:
        return program(structure)(*arguments)

    return call
