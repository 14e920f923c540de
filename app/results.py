"""What was computed once and may be asked for again; memory only, bounded, and nothing that a restart would lose."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Cache(Generic[T]):
    """Values by key, for all threads; beyond a number of bytes those not asked for longest are forgotten."""

    def __init__(self, limit: int, size: Callable[[T], int]) -> None:
        self.limit = limit
        self._size = size
        self._used = 0
        self._lock = threading.Lock()
        self._values: OrderedDict[str, T] = OrderedDict()

    @property
    def used(self) -> int:
        """Return the bytes in use."""
        return self._used

    def get(self, key: str) -> T | None:
        """Return a value, or None where there is none any more."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: str, value: T) -> None:
        """Keep a value; one that would not fit alone is not kept."""
        with self._lock:
            if key in self._values:
                self._used -= self._size(self._values.pop(key))
            if self._size(value) > self.limit:
                return
            self._values[key] = value
            self._used += self._size(value)
            while self._used > self.limit:
                self._used -= self._size(self._values.popitem(last=False)[1])


@dataclass
class _Pending:
    """An answer under way, and how many wait for it."""

    task: asyncio.Task[bytes]
    waiting: int = 0


class Answers:
    """Finished answers in bytes; the same question asked twice at once is computed once."""

    def __init__(self, limit: int) -> None:
        self._cache: Cache[bytes] = Cache(limit, len)
        self._pending: dict[str, _Pending] = {}

    async def get(self, key: str, compute: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
        """Return the answer to a question; once nobody waits for it any more, it is no longer computed.

        Args:
            key: what the answer depends on; the hash of the question.
            compute: called where the answer is neither known nor under way.
        """
        known = self._cache.get(key)
        if known is not None:
            return known
        pending = self._pending.get(key)
        if pending is None:
            pending = self._pending[key] = _Pending(asyncio.create_task(compute()))
        pending.waiting += 1
        try:
            answer = await asyncio.shield(pending.task)
            self._cache.put(key, answer)
            return answer
        finally:
            pending.waiting -= 1
            self._leave(key, pending)

    def _leave(self, key: str, pending: _Pending) -> None:
        """Forget what is finished or waited for by nobody."""
        if pending.task.done() or not pending.waiting:
            pending.task.cancel()
            if self._pending.get(key) is pending:
                del self._pending[key]
