"""A network's loss on 51×51 points of a plane, all training rows: ours coarse to fine, a jitted loss point after point.

Ours also projects the paths of six runs onto the plane and evaluates their losses; the peer fills the grid and no more.
"""

from collections.abc import Iterator

import jax
import jax.numpy as jnp
import numpy as np

from app.results import Cache
from app.snapshots import Training, size
from bench.network import comparison, cross_entropy, resolved
from bench.pairs import Row, Times, clocked, ratio
from core.landscape.network import Survey, survey
from core.landscape.plane import Plane, pca_plane
from core.problems.network import Network

RESOLUTION, STEPS, ROUNDS = 51, 300, 5


class Peer:
    """The loss of one point, jitted, called for each point."""

    def __init__(self, problem: Network, plane: Plane, axes: tuple[np.ndarray, np.ndarray]) -> None:
        split = problem.split()
        x, y = jnp.asarray(split.train_x), jnp.asarray(split.train_y)
        origin, first, second = (jnp.asarray(v, jnp.float32) for v in (plane.origin, plane.first, plane.second))
        self._axes = axes
        self._loss = jax.jit(lambda a, b: cross_entropy(problem.unravel(origin + a * first + b * second), x, y)[0])
        self.grid = np.empty((RESOLUTION, RESOLUTION), np.float32)

    def fill(self) -> None:
        for row, b in enumerate(self._axes[1]):
            for column, a in enumerate(self._axes[0]):
                self.grid[row, column] = self._loss(a, b)


def measure() -> list[Row]:
    asked = comparison(STEPS)
    problem = resolved(asked)
    training = Training(asked, Cache(1 << 30, size))
    list(training.chunks())
    passed = training.snapshots
    assert passed is not None
    plane = pca_plane(passed.params)

    def stages() -> Iterator[Survey]:
        return survey(problem, passed.params, passed.at, plane, RESOLUTION)

    fine: Survey = list(stages())[-1]
    peer = Peer(problem, plane, (fine.x, fine.y))
    peer.fill()
    coarse, whole, points = [], [], []
    for _ in range(ROUNDS):
        coarse.append(clocked(lambda: next(stages())))
        whole.append(clocked(lambda: list(stages())))
        points.append(clocked(peer.fill))
    coarse, whole, points = Times(coarse), Times(whole), Times(points)
    apart = float(np.max(np.abs(fine.loss - peer.grid) / np.maximum(np.abs(peer.grid), 1e-3)))
    name = f"landscape {RESOLUTION}×{RESOLUTION}, all training rows"
    faster, check = f"{ratio(points, whole):.2f} ×", f"losses {apart:.0e} apart, relative"
    peers = f"point after point {points}"
    return [
        Row(f"{name}: all", str(whole), peers, faster, "≤ 1.2 s", whole.median <= 1200, check),
        Row(f"{name}: first picture", str(coarse), "–", "–", "≤ 200 ms", coarse.median <= 200),
    ]
