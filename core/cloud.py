"""Many seeds of one run, told in few numbers: medians, and the band in which eight of ten seeds lie."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.frames import Arrays

LEVELS = (0.1, 0.5, 0.9)
"""Lower end of the band, median, upper end."""
STRIDE = 4
"""The cloud itself is kept at every fourth iterate, …"""
SHOWN = 64
"""… of so many seeds: the eye counts no more, and the numbers are of all."""
_LARGEST = float(np.finfo(np.float32).max)


class Cloud:
    """The seeds of one run, chunk after chunk."""

    def __init__(self, members: int) -> None:
        self._alive = np.ones(members, bool)
        self._where: NDArray[np.float32] | None = None

    @property
    def diverged(self) -> int:
        """How many seeds have diverged so far."""
        return int(np.sum(~self._alive))

    def cut(self, first: int, taken: int, group: dict[str, NDArray[Any]]) -> Arrays:
        """Sum up a chunk.

        Args:
            first: steps done before it.
            taken: steps that count.
            group: `path` (S + 1, N, 2), `loss`, `grad_norm` and `finite` (S + 1, N), `step_norm` (S, N).

        Returns:
            `loss_band`, `grad_norm_band` (n, 3) and `step_norm_band` (m, 3): the values at `LEVELS` over all seeds,
            one that has diverged counting as the largest float; `path_median` (n, 2), coordinate by coordinate over
            those that have not; `cloud` (k, s, 2), positions at every iterate whose number is a multiple of
            `STRIDE`; who has diverged stays where it was last.
        """
        low = 0 if first == 0 else 1
        sound = np.logical_and.accumulate(group["finite"][: taken + 1].astype(bool), axis=0) & self._alive
        path = self._frozen(group["path"][: taken + 1], sound)
        arrays = {
            "loss_band": _band(group["loss"][: taken + 1], sound)[low:],
            "grad_norm_band": _band(group["grad_norm"][: taken + 1], sound)[low:],
            "step_norm_band": _band(group["step_norm"][:taken], sound[1:]),
            "path_median": _median(path, sound)[low:],
            "cloud": path[low:, :SHOWN][(-(first + low)) % STRIDE :: STRIDE],
        }
        self._alive, self._where = sound[-1], path[-1]
        return {name: np.ascontiguousarray(values, np.float32) for name, values in arrays.items()}

    def _frozen(self, path: NDArray[np.float32], sound: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Return the path with whoever has diverged held at its last sound point."""
        if sound.all():
            return path
        before = path[0] if self._where is None else self._where
        last = np.maximum.accumulate(np.where(sound, np.arange(len(path))[:, None], -1), axis=0)
        held = np.take_along_axis(path, np.maximum(last, 0)[..., None], axis=0)
        return np.where(last[..., None] >= 0, held, np.nan_to_num(before))


def _band(values: NDArray[np.float32], sound: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the values at `LEVELS`, shape (n, 3), of values (n, N)."""
    places = [round(level * (values.shape[1] - 1)) for level in LEVELS]
    # Sorted outright: for so short rows NumPy does that many times faster than it finds three places.
    return np.sort(np.where(sound, values, _LARGEST), axis=1)[:, places]


def _median(path: NDArray[np.float32], sound: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the median of each coordinate, shape (n, 2), over the sound ones of (n, N, 2); of all where none is."""
    members = path.shape[1]
    if sound.all():
        return np.sort(np.swapaxes(path, 1, 2), axis=2)[:, :, (members - 1) // 2]
    counted = np.where(sound.any(axis=1, keepdims=True), sound, True)
    ordered = np.sort(np.swapaxes(np.where(counted[..., None], path, np.inf), 1, 2), axis=2)
    middle = (counted.sum(axis=1) - 1) // 2
    return np.take_along_axis(ordered, middle[:, None, None], axis=2)[:, :, 0]
