"""The weights that a network passed while it was trained; its landscape is drawn around them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.results import Cache
from core.frames import Chunk
from core.simulate import simulate
from core.spec import Comparison

_SHARE = 4
"""Trainings that a cache has room for, at least."""
Weights = NDArray[np.float32]
Snapshot = tuple[int, Weights]
"""Steps done, and the weights of all runs, shape (runs, P)."""


@dataclass(frozen=True)
class Snapshots:
    """What a landscape needs to know of a training.

    Attributes:
        at: steps done at each snapshot, shape (k,), the first 0.
        params: flattened weights, shape (runs, k, P).
    """

    at: NDArray[np.float32]
    params: Weights


def size(snapshots: Snapshots) -> int:
    """Return the bytes they take."""
    return snapshots.at.nbytes + snapshots.params.nbytes


class Training:
    """A comparison being run, and its snapshots once it is done, where it has any.

    Snapshots never take more than their share of the cache's limit, so that several trainings find room in it: of a
    wide network every second one is forgotten as often as it takes, the start and the end never.
    """

    def __init__(self, comparison: Comparison, cache: Cache[Snapshots]) -> None:
        self._comparison = comparison
        self._cache = cache
        self._limit = cache.limit // _SHARE
        self._start: Snapshot | None = None
        self._kept: list[Snapshot] = []
        self._stride = 1
        self.snapshots: Snapshots | None = None

    def chunks(self) -> Iterator[Chunk]:
        """Yield the chunks; run to its end, a network leaves its snapshots here and in the cache."""
        last: Snapshot | None = None
        for index, chunk in enumerate(simulate(self._comparison)):
            if chunk.params is not None:
                last = (chunk.last, chunk.params[-1])
                self._keep(index, chunk, last)
            yield chunk
        if last is not None and 3 * last[1].nbytes <= self._limit:
            self._finish(last)

    def _keep(self, index: int, chunk: Chunk, snapshot: Snapshot) -> None:
        """Keep the start and every stride-th; double the stride where there is no room for one more and the end."""
        if index == 0 and chunk.params is not None:
            self._start = (0, chunk.params[0])
        if (index + 1) % self._stride:
            return
        self._kept.append(snapshot)
        while self._kept and (len(self._kept) + 2) * snapshot[1].nbytes > self._limit:
            self._kept = self._kept[1::2]
            self._stride *= 2

    def _finish(self, last: Snapshot) -> None:
        between = [snapshot for snapshot in self._kept if snapshot[0] < last[0]]
        kept = [*([self._start] if self._start else []), *between, last]
        at = np.array([step for step, _ in kept], np.float32)
        self.snapshots = Snapshots(at, np.stack([params for _, params in kept], axis=1))
        self._kept = []
        self._cache.put(self._comparison.hash(), self.snapshots)
