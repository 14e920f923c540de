"""What every test stands on: strict JAX, one cache of compiled programs, a counter of compilations."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import jax
import jax.monitoring
import pytest
from hypothesis import settings

from core.simulate import use_cache

# A shape that broadcasts by adding an axis is a mistake here, never an intention.
jax.config.update("jax_numpy_rank_promotion", "raise")
# Programs are compiled once per machine, not once per run of the tests.
use_cache(str(Path(__file__).parents[1] / ".pytest_cache" / "jax"))
# The first example of a property compiles, which takes longer than hypothesis likes; its limit guards nothing here.
settings.register_profile("ravine", deadline=None, max_examples=25)
settings.load_profile("ravine")

_COMPILED: list[str] = []


def _listen(event: str, _seconds: float, **_details: object) -> None:
    if event == "/jax/core/compile/backend_compile_duration":
        _COMPILED.append(event)


jax.monitoring.register_event_duration_secs_listener(_listen)


@pytest.fixture
def compilations() -> Callable[[], "contextmanager[list[str]]"]:
    """Count what XLA compiles within a block: `with compilations() as compiled: …; assert not compiled`."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        before = len(_COMPILED)
        seen: list[str] = []
        yield seen
        seen.extend(_COMPILED[before:])

    return counting
