"""The threads in which all computing happens; the event loop never computes.

Work comes as an iterator and is pulled one item a turn. The queue in front of the threads is first come, first served,
so clients alternate chunk by chunk, and a client that does not take its chunk gives no further work: backpressure
needs no code. Whoever stops iterating, or is cancelled, has nothing more computed than the item under way.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, ParamSpec, TypeVar

from app.memory import give_back
from core.compiled import compilations

P = ParamSpec("P")
T = TypeVar("T")

_END: Final = object()


class Worker:
    """A few threads and a count of what they did."""

    def __init__(self, threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="ravine")
        self._lock = threading.Lock()
        self._turns = 0

    @property
    def turns(self) -> int:
        """Return how many items were computed so far, sent or not."""
        return self._turns

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function in a thread, as one turn; cancelled before its turn comes, it is never called."""

        def turn() -> T:
            before = compilations()
            result = function(*args, **kwargs)
            if compilations() != before:
                give_back()
            with self._lock:
                self._turns += 1
            return result

        return await self.read(turn)

    async def read(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call in a thread what finds out what is asked: it waits as a turn does, and counts as none."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(function, *args, **kwargs))

    async def iterate(self, items: Iterator[T]) -> AsyncGenerator[T]:
        """Yield what an iterator yields, each item computed in a turn of its own."""
        while (item := await self.run(next, items, _END)) is not _END:
            yield item  # pyright: ignore[reportReturnType]  (the sentinel is no T, and it was just excluded)

    def close(self) -> None:
        """Forget the work that has not begun; what has begun ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)
