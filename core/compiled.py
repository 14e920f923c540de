"""Compiled programs: kept between starts, and counted."""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any

import jax
import jax.monitoring

KEPT = 6
"""Weight of the structures whose programs stay in memory, per function. A surface's weigh 1 and take 20 MB; one that
was forgotten comes back from the cache on disk in about a third of a second."""

_SMALL_LOOP = "xla_cpu_small_while_loop_byte_threshold=32768"
"""XLA turns a loop that touches few bytes a step into one kernel; else every step is a list of kernels to be called.
Its own limit, 1024 bytes, lies between five runs on a surface and six: there a step took 1.4 µs instead of 0.6. Six
runs on mini-batches of 64 rows touch more than 16 KiB. A network's loop touches far more and stays as it is."""


def _one_kernel_per_small_loop() -> None:
    """Raise the limit in the environment, which XLA reads when it compiles first; what a user set there stays."""
    flags = os.environ.get("XLA_FLAGS", "")
    if "xla_backend_extra_options" not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} --xla_backend_extra_options={_SMALL_LOOP}".strip()


_one_kernel_per_small_loop()

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


_QUICKLY: dict[str, bool | int | str] = {"xla_backend_optimization_level": 0}
"""Six runs of a formula: compiled in two thirds of the time, and 1.4 times as slow afterwards."""


class _Kept:
    """Programs by structure, for all threads; beyond `KEPT` those not used longest are forgotten, the newest never."""

    def __init__(self, make: Callable[[Any], Callable[..., Any]]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._programs: OrderedDict[Any, Callable[..., Any]] = OrderedDict()

    def get(self, structure: Any) -> Callable[..., Any]:
        """Return the program of a structure; it is compiled when it is called."""
        with self._lock:
            if structure not in self._programs:
                self._programs[structure] = self._make(structure)
            self._programs.move_to_end(structure)
            while len(self._programs) > 1 and sum(map(_weight, self._programs)) > KEPT:
                self._programs.popitem(last=False)
            return self._programs[structure]


def _weight(structure: Any) -> int:
    return getattr(structure, "weight", 1)


def compiled_by_structure(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function once for each value of its first argument, and forget those not used longest.

    Args:
        function: pure; its first argument is hashable and says what compilation depends on, the others are traced.
            Where that has an attribute `in_haste` which is true, it is compiled quickly rather than well; where it has
            a `weight`, it takes as much room as so many surfaces.
    """

    def program(structure: Any) -> Callable[..., Any]:
        @wraps(function)
        def traced(*arguments: Any) -> Any:
            return function(structure, *arguments)

        return jax.jit(traced, compiler_options=_QUICKLY if getattr(structure, "in_haste", False) else None)

    kept = _Kept(program)

    @wraps(function)
    def call(structure: Any, *arguments: Any) -> Any:
        return kept.get(structure)(*arguments)

    return call
