"""Turns: first come, first served, and nothing for nobody."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from app.worker import Worker


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker(1)
    yield made
    made.close()


def test_items_arrive_in_order_and_are_counted(worker: Worker) -> None:
    async def go() -> list[int]:
        return [item async for item in worker.iterate(iter(range(5)))]

    assert asyncio.run(go()) == [0, 1, 2, 3, 4]
    assert worker.turns == 6  # the last one found the end


def test_nothing_is_computed_before_it_is_asked_for(worker: Worker) -> None:
    made: list[int] = []

    async def go() -> None:
        async with aclosing(worker.iterate(made.append(n) or n for n in range(100))) as items:
            async for item in items:
                await asyncio.sleep(0.01)
                assert len(made) == item + 1
                if item == 3:
                    break

    asyncio.run(go())
    assert made == [0, 1, 2, 3]


def test_a_consumer_that_is_cancelled_gets_no_further_turn(worker: Worker) -> None:
    made: list[int] = []

    async def consume() -> None:
        async for _ in worker.iterate(made.append(n) or n for n in range(10**9)):
            await asyncio.sleep(0)

    async def go() -> int:
        task = asyncio.create_task(consume())
        while len(made) < 5:
            await asyncio.sleep(0.001)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0.02)
        return len(made)

    count = asyncio.run(go())
    assert len(made) == count


def test_a_turn_cancelled_while_it_waits_is_never_computed(worker: Worker) -> None:
    gate = threading.Event()
    called: list[str] = []

    async def go() -> None:
        first = asyncio.create_task(worker.run(gate.wait, 5))
        second = asyncio.create_task(worker.run(called.append, "second"))
        await asyncio.sleep(0.01)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        gate.set()
        await first
        await worker.run(called.append, "third")

    asyncio.run(go())
    assert called == ["third"]


def test_clients_alternate(worker: Worker) -> None:
    order: list[str] = []

    async def consume(name: str) -> None:
        async for _ in worker.iterate(order.append(name) or n for n in range(20)):
            pass

    async def go() -> None:
        await asyncio.gather(consume("a"), consume("b"))

    asyncio.run(go())
    assert order[:20] in (["a", "b"] * 10, ["b", "a"] * 10)


def test_an_error_reaches_who_asked(worker: Worker) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    async def go() -> None:
        await worker.run(fail)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(go())
