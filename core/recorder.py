"""What the loop returns, as chunks in the comparison's order, cut where runs diverge."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from core.cloud import Cloud
from core.frames import Arrays, Chunk, RunFrame
from core.outcome import Outcome
from core.packed import Packed, turned
from core.plan import Plan, Setting

_PER_ITERATE = ("path", "loss", "grad_norm")
_OF_ALL_SEEDS = ("path", "loss", "grad_norm", "step_norm", "finite")
_OF_A_PATH = (*_OF_ALL_SEEDS, "gradient")


class Recorder:
    """Turns what the program returns into chunks, in the comparison's order, cut where runs diverge."""

    def __init__(self, plan: Plan, setting: Setting, total: int) -> None:
        self._plan = plan
        self._setting = setting
        self._total = total
        count = len(setting.order)
        self._status = [Outcome.OK] * count
        self._steps = [0] * count
        self._clouds = [Cloud(plan.members) for _ in range(count)] if plan.members > 1 else []
        self._measured: list[tuple[int, dict[str, Any]]] = []
        self._params: list[NDArray[np.float32]] = []

    def all_diverged(self) -> bool:
        """Say whether there is nothing left to run."""
        if self._clouds:
            return all(cloud.diverged == self._plan.members for cloud in self._clouds)
        return all(status is Outcome.DIVERGED for status in self._status)

    def measure(self, record: dict[str, Any]) -> None:
        """Keep the evaluation and the parameters at step 0 for the first chunk."""
        self._measured = [(0, jax.tree.map(np.asarray, record["evaluation"]))]
        self._params = [np.array(record["params"])]

    def cut(self, first: int, taken: int, record: Any) -> Chunk:
        """Return the chunk of steps first … first + taken."""
        record = jax.tree.map(np.asarray, record)
        record = record.tree() if isinstance(record, Packed) else record
        record = turned(record) if self._clouds else record
        if "evaluation" in record:
            self._measured.append((first + taken, record["evaluation"]))
        members = self._plan.members
        frames: dict[int, RunFrame] = {}
        for row, arrays in zip(range(0, len(self._setting.lr[0]), members), self._each(record), strict=True):
            place = row // members
            arrays["lr"] = self._setting.lr[first : first + taken, row]
            frame = self._frame(place, first, taken, arrays)
            if self._clouds:
                mine = {name: np.swapaxes(record[name][row : row + members], 0, 1) for name in _OF_ALL_SEEDS}
                frame = self._with_cloud(self._clouds[place], frame, first, taken, mine)
            frames[self._setting.order[place]] = frame
        params = self._snapshots(record["params"]) if "params" in record else None
        self._measured = []
        runs = tuple(frames[index] for index in range(len(frames)))
        last = first + taken
        return Chunk(first, last, self._total, runs, last == self._total or self.all_diverged(), params)

    def _each(self, record: dict[str, Any]) -> Iterator[Arrays]:
        """Yield what is recorded of each run, or of its first seed."""
        for index, rows in enumerate(self._plan.rows()):
            for row in range(rows.start, rows.stop, self._plan.members):
                if "slots" in record:
                    own = {name: record[name][row] for name in _OF_A_PATH}
                    yield own | {name: values[row - rows.start] for name, values in record["slots"][index].items()}
                else:
                    yield {name: values[:, row - rows.start] for name, values in record["groups"][index].items()}

    def _with_cloud(self, cloud: Cloud, frame: RunFrame, first: int, taken: int, group: dict[str, Any]) -> RunFrame:
        """Add what is told of all seeds to the frame of the first one."""
        arrays = cloud.cut(first, taken, group)
        return replace(frame, arrays=frame.arrays | arrays, diverged=cloud.diverged)

    def _frame(self, row: int, first: int, taken: int, arrays: Arrays) -> RunFrame:
        """Cut one run where it stops being finite."""
        on_path = "path" in arrays
        alive = self._status[row] is Outcome.OK
        finite: Any = arrays.pop("finite", None)
        good = (_finite_iterates(finite, taken) if on_path else self._finite_steps(row, arrays, taken)) if alive else -1
        if alive and good < taken:
            self._status[row] = Outcome.DIVERGED
        if alive:
            self._steps[row] = first + max(good, 0)
        cut = _cut_path(arrays, first, good) if on_path else self._cut_snapshots(row, first, arrays, good)
        return RunFrame(cut, self._status[row], self._steps[row])

    def _finite_steps(self, row: int, arrays: Arrays, taken: int) -> int:
        """Return how many steps of a network are finite, its evaluation at the chunk's end included."""
        finite = np.isfinite(arrays["batch_loss"][:taken]) & np.isfinite(arrays["step_norm"][:taken])
        finite &= np.isfinite(arrays["grad_norm"][:taken])
        ended = all(np.isfinite(values[row]) for values in self._measured[-1][1].values())
        good = int(np.argmin(finite)) if not finite.all() else taken
        return good if ended else min(good, taken - 1)

    def _cut_snapshots(self, row: int, first: int, arrays: Arrays, good: int) -> Arrays:
        good = max(good, 0)
        cut = {name: np.ascontiguousarray(values[:good], np.float32) for name, values in arrays.items()}
        kept = [(at, values) for at, values in self._measured if self._steps[row] >= at and (good or at == 0)]
        kept = [(at, values) for at, values in kept if at == 0 or at > first]
        cut["at"] = np.array([at for at, _ in kept], np.float32)
        # Only at the start can one be infinite or NaN: the largest float stands for it.
        largest = float(np.finfo(np.float32).max)
        for name in self._measured[0][1]:
            values = np.array([measured[name][row] for _, measured in kept], np.float32)
            cut[name] = np.nan_to_num(values, nan=largest)
        return cut

    def _snapshots(self, params: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the snapshots due, in the comparison's order; NaN where a run has diverged."""
        kept = np.array(params)
        for row, status in enumerate(self._status):
            if status is Outcome.DIVERGED:
                kept[row] = np.nan
        due, self._params = [*self._params, kept], []
        return np.stack(due)[:, np.argsort(self._setting.order)]


def _finite_iterates(finite: NDArray[np.bool_], taken: int) -> int:
    """Return the last iterate of the chunk before the first that is not finite; −1 if not even the first is."""
    finite = finite[: taken + 1]
    return taken if finite.all() else int(np.argmin(finite)) - 1


def _cut_path(arrays: Arrays, first: int, good: int) -> Arrays:
    """Keep the finite iterates; the first chunk's row 0 is the start, which is always kept."""
    low = 0 if first == 0 else 1
    high = max(max(good, 0) + 1, low)
    taken = max(good, 0)
    cut = {name: values[:taken] for name, values in arrays.items() if name not in _PER_ITERATE}
    cut |= {name: arrays[name][low:high] for name in _PER_ITERATE}
    if good < 0 and first == 0:  # the loss at the start itself overflows: the largest float stands for it
        cut = {name: np.nan_to_num(values) for name, values in cut.items()}
    return {name: np.ascontiguousarray(values, np.float32) for name, values in cut.items()}
