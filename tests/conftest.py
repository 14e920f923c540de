"""What every test stands on: strict JAX, one cache of compiled programs, a counter of compilations."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import jax
import pytest
from hypothesis import settings

from core import compiled

# A shape that broadcasts by adding an axis is a mistake here, never an intention.
jax.config.update("jax_numpy_rank_promotion", "raise")
# Programs are compiled once per machine, not once per run of the tests.
compiled.use_cache(str(Path(__file__).parents[1] / ".pytest_cache" / "jax"))
# The first example of a property compiles, which takes longer than hypothesis likes; its limit guards nothing here.
settings.register_profile("ravine", deadline=None, max_examples=25)
settings.load_profile("ravine")


@pytest.fixture
def compilations() -> Callable[[], "contextmanager[list[int]]"]:
    """Count what XLA compiles within a block: `with compilations() as compiled: …; assert not compiled`."""

    @contextmanager
    def counting() -> Iterator[list[int]]:
        before = compiled.compilations()
        seen: list[int] = []
        yield seen
        seen.extend(range(compiled.compilations() - before))

    return counting
