"""Caches keep what fits, and one question asked by many is computed once."""

import asyncio

import numpy as np
import pytest

from app.results import Answers, Cache
from app.snapshots import Snapshots, Training, size
from core.spec import Comparison


def test_what_was_not_asked_for_longest_is_forgotten_first() -> None:
    cache: Cache[bytes] = Cache(10, len)
    cache.put("a", b"1234")
    cache.put("b", b"1234")
    assert cache.get("a") == b"1234"
    cache.put("c", b"1234")
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (b"1234", None, b"1234")
    assert cache.used == 8


def test_a_value_that_would_not_fit_alone_pushes_nothing_out() -> None:
    cache: Cache[bytes] = Cache(10, len)
    cache.put("a", b"1234")
    cache.put("b", b"12345678901")
    assert (cache.get("a"), cache.get("b")) == (b"1234", None)


def test_putting_again_counts_once() -> None:
    cache: Cache[bytes] = Cache(10, len)
    for _ in range(5):
        cache.put("a", b"1234")
    assert cache.used == 4


def test_a_hall_that_asks_at_once_is_computed_for_once() -> None:
    calls: list[int] = []

    async def compute() -> bytes:
        calls.append(1)
        await asyncio.sleep(0.01)
        return b"answer"

    async def go() -> list[bytes]:
        answers = Answers(100)
        return await asyncio.gather(*(answers.get("key", compute) for _ in range(50)), answers.get("other", compute))

    assert set(asyncio.run(go())) == {b"answer"}
    assert len(calls) == 2


def test_who_gives_up_spoils_it_for_nobody() -> None:
    async def compute() -> bytes:
        await asyncio.sleep(0.02)
        return b"answer"

    async def go() -> bytes:
        answers = Answers(100)
        hasty = asyncio.create_task(answers.get("key", compute))
        patient = asyncio.create_task(answers.get("key", compute))
        await asyncio.sleep(0.005)
        hasty.cancel()
        return await patient

    assert asyncio.run(go()) == b"answer"


def test_what_nobody_waits_for_any_more_is_stopped() -> None:
    ended: list[str] = []

    async def compute() -> bytes:
        try:
            await asyncio.sleep(5)
        finally:
            ended.append("stopped")
        return b"never"

    async def again() -> bytes:
        return b"answer"

    async def go() -> bytes:
        answers = Answers(100)
        asking = [asyncio.create_task(answers.get("key", compute)) for _ in range(3)]
        await asyncio.sleep(0.005)
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        return await answers.get("key", again)

    assert asyncio.run(go()) == b"answer"
    assert ended == ["stopped"]


def test_a_failure_is_not_kept() -> None:
    async def fail() -> bytes:
        raise ZeroDivisionError

    async def succeed() -> bytes:
        return b"answer"

    async def go() -> bytes:
        answers = Answers(100)
        with pytest.raises(ZeroDivisionError):
            await answers.get("key", fail)
        return await answers.get("key", succeed)

    assert asyncio.run(go()) == b"answer"


def training(limit: int) -> tuple[Snapshots | None, Cache[Snapshots], str]:
    comparison = Comparison.model_validate(
        {"problem": {"kind": "network", "hidden": []}, "steps": 100, "runs": [{"optimizer": "sgd", "lr": 0.1}]}
    )
    cache: Cache[Snapshots] = Cache(limit, size)
    one = Training(comparison, cache)
    for _ in one.chunks():
        pass
    return one.snapshots, cache, comparison.hash()


def test_snapshots_of_a_training_run_to_its_end_are_kept() -> None:
    found, cache, digest = training(10**8)
    assert found is not None
    assert found.at.tolist() == list(range(0, 101, 10))
    assert found.params.shape == (1, 11, 650)
    assert cache.get(digest) is found


def test_a_small_cache_keeps_fewer_snapshots_but_the_start_and_the_end() -> None:
    whole, _, _ = training(10**8)
    found, cache, digest = training(4 * (6 * 650 * 4 + 100))
    assert found is not None
    assert whole is not None
    assert found.at[0] == 0
    assert found.at[-1] == 100
    assert 3 <= len(found.at) <= 6
    assert size(found) <= cache.limit / 4
    for step, params in zip(found.at, found.params[0], strict=True):
        assert np.array_equal(params, whole.params[0, int(step) // 10])
    assert cache.get(digest) is found


def test_a_cache_without_room_keeps_none() -> None:
    found, cache, digest = training(0)
    assert found is None
    assert cache.get(digest) is None
