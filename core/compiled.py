"""Compiled programs: kept between starts, and counted."""

import jax
import jax.monitoring

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
