"""What the loop hands out: chunks of named float32 arrays, cut where a run diverged; no NaN leaves the server."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.outcome import Outcome

Arrays = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class RunFrame:
    """One run's part of a chunk.

    Attributes:
        arrays: on a surface `path` (n, 2), `loss` (n,), `grad_norm` (n,): one row an iterate, the first chunk's row 0
            being the start; `step_norm` (m,), `lr` (m,), `gradient` (m, 2) as the optimizer saw it in that step, noise
            and mini-batch included, and each slot of the optimizer's state after it, such as `velocity` (m, 2): one row
            a step. On a network `batch_loss`, `grad_norm`, `step_norm`, `lr` (m,), one row a step, and
            `train_loss`, `test_loss`, `test_accuracy` with `at` (k,), the step each was taken at.
            Where a comparison has several seeds these are of the run's own one, and what `core.cloud` says of all
            stands beside them.
        status: how the run stands at the end of the chunk.
        steps: steps taken so far in total (a diverged run: the last finite iterate's).
        diverged: how many of several seeds have diverged so far; None where there is one.
    """

    arrays: Arrays
    status: Outcome
    steps: int
    diverged: int | None = None

    def state(self) -> dict[str, Any]:
        """Return how the run stands, JSON-able: `status`, `steps`, and `diverged` where there are several seeds."""
        told = {"status": str(self.status), "steps": self.steps}
        return told if self.diverged is None else told | {"diverged": self.diverged}


@dataclass(frozen=True)
class Chunk:
    """A stretch of the comparison.

    Attributes:
        first: steps done before it.
        last: steps done after it.
        total: steps of the whole comparison.
        runs: one entry a run, in the comparison's order.
        ends: whether nothing follows: all steps are done, or all runs, with all their seeds, have diverged.
        params: where the problem records snapshots, the parameters, flattened, shape (k, runs, P), runs in the
            comparison's order: at the chunk's end (k = 1), in the first chunk also at step 0 (k = 2). Of a run
            that has diverged they are NaN: it took no such step. They stay on the server.
    """

    first: int
    last: int
    total: int
    runs: tuple[RunFrame, ...]
    ends: bool
    params: NDArray[np.float32] | None = field(default=None, repr=False)


def join(chunks: list[Chunk]) -> Chunk:
    """Concatenate all chunks of a comparison into one, as the one-shot answer has it."""
    runs: list[RunFrame] = []
    for parts in zip(*(chunk.runs for chunk in chunks), strict=True):
        arrays = {name: np.concatenate([part.arrays[name] for part in parts]) for name in parts[0].arrays}
        runs.append(RunFrame(arrays, parts[-1].status, parts[-1].steps, parts[-1].diverged))
    return Chunk(chunks[0].first, chunks[-1].last, chunks[-1].total, tuple(runs), chunks[-1].ends)


def as_json(chunk: Chunk, names: list[str]) -> list[dict[str, Any]]:
    """Return the runs as the HTTP answer has them; arrays stay NumPy, the encoder writes them.

    Args:
        chunk: the whole comparison.
        names: the optimizers' names, in the comparison's order.
    """
    return [{"optimizer": name, **run.state(), **run.arrays} for name, run in zip(names, chunk.runs, strict=True)]
