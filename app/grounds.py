"""Maps of losses over rows: kept as far as they have got, so that whoever comes back goes on."""

from collections.abc import Iterator

from app.questions import View
from app.results import Cache
from core.landscape.rows import Ground, begin, refine
from core.problems.data.base import DataProblem

EVERY = 8
"""Turns between two pictures."""


class Grounds:
    """Maps by problem and window, within a bound."""

    def __init__(self, limit: int) -> None:
        self._cache: Cache[Ground] = Cache(limit, lambda ground: ground.nbytes)

    def known(self, problem: DataProblem, view: View) -> Ground:
        """Return the map as far as it has got; begin it where there is none."""
        key = _key(problem, view)
        found = self._cache.get(key)
        if found is None:
            found = begin(problem, view.x, view.y, view.width, view.height)
            self._cache.put(key, found)
        return found

    def turns(self, problem: DataProblem, view: View) -> Iterator[Ground | None]:
        """Yield the map after every few turns and at last, and None after the others; each turn is kept."""
        key, ground = _key(problem, view), self.known(problem, view)
        for turn, further in enumerate(refine(problem, ground), 1):
            known = self._cache.get(key)
            if known is None or known.rows < further.rows:
                self._cache.put(key, further)
            yield further if further.complete or turn % EVERY == 0 else None
        if ground.complete:
            yield ground


def _key(problem: DataProblem, view: View) -> str:
    return f"{problem.about().model_dump_json()} {view.model_dump_json()}"
