"""One comparison, four ways to ask, one answer."""

import json
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import httpx
import numpy as np
import pytest

from app import compute
from core.landscape.plane import NothingFinite
from core.problems import formula
from tests.app.conftest import LONG, NETWORK, RACE, Served, ask, read, read_until

T = TypeVar("T")


@pytest.mark.parametrize("comparison", [RACE, NETWORK], ids=["surface", "network"])
def test_the_chunks_of_the_stream_joined_are_the_answer_bit_for_bit(served: Served, comparison: dict) -> None:
    answer = served.http.post("/api/run", json=comparison).json()
    with served.open() as socket:
        ask(socket, 1, comparison=comparison)
        frames = read_until(socket, "done", 1)
    joined: dict[tuple[int | None, str], list[np.ndarray]] = {}
    for _, parts in frames:
        for part in parts:
            joined.setdefault((part.run, part.name), []).append(part.values)
    assert len(frames) > 2
    assert frames[-1][0]["hash"] == answer["hash"]
    for run, said in enumerate(answer["runs"]):
        names = {name for index, name in joined if index == run}
        assert names == said.keys() - {"optimizer", "status", "steps"}
        for name in names:
            streamed = np.concatenate(joined[run, name])
            assert np.array_equal(streamed, np.array(said[name], np.float32).reshape(streamed.shape)), name
        assert frames[-2][0]["runs"][run] == {"status": said["status"], "steps": said["steps"]}


def test_the_same_question_gives_the_same_bytes_by_post_and_by_get(serve, served: Served) -> None:
    first = served.http.post("/api/run", json=RACE)
    again = served.http.post("/api/run", json=RACE)
    got = served.http.get("/api/run", params={"c": json.dumps(RACE)})
    elsewhere = serve(result_cache_mb=0).http.post("/api/run", json=RACE)
    assert first.status_code == got.status_code == 200
    assert first.content == again.content == got.content == elsewhere.content


def test_a_known_answer_is_confirmed_without_computing(served: Served) -> None:
    address = {"c": json.dumps(RACE | {"seed": 4})}
    first = served.http.get("/api/run", params=address)
    assert "immutable" in first.headers["cache-control"]
    before = served.turns
    for known in (first.headers["etag"], f"W/{first.headers['etag']}", f'"x", {first.headers["etag"]}', "*"):
        again = served.http.get("/api/run", params=address, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    assert served.turns == before
    assert served.http.get("/api/run", params=address, headers={"if-none-match": '"x"'}).status_code == 200


def test_a_304_needs_no_cache_only_the_hash(serve) -> None:
    fresh = serve()
    etag = fresh.http.get("/api/run", params={"c": json.dumps(RACE)}).headers["etag"]
    other = serve()
    answer = other.http.get("/api/run", params={"c": json.dumps(RACE)}, headers={"if-none-match": etag})
    assert (answer.status_code, other.turns) == (304, 0)


def test_a_diverged_run_is_json_without_nan(served: Served) -> None:
    answer = served.http.post("/api/run", json=RACE | {"runs": [{"optimizer": "sgd", "lr": 10.0}]})

    def refuse(name: str) -> float:
        raise AssertionError(name)

    run = json.loads(answer.text, parse_constant=refuse)["runs"][0]
    assert run["status"] == "diverged"
    assert len(run["path"]) == run["steps"] + 1 == len(run["loss"])
    assert b"null" not in answer.content
    assert all(math.isfinite(value) for value in run["loss"])


def test_the_server_answers_others_while_it_computes(served: Served) -> None:
    with served.open() as socket:
        ask(socket, 1, comparison=LONG)
        read(socket)
        waits = []
        for _ in range(20):
            begin = time.perf_counter()
            assert served.http.get("/healthz").text == "ok\n"
            waits.append(time.perf_counter() - begin)
        ask(socket, 1, cancel=True)
    assert sorted(waits)[10] < 0.1


@pytest.mark.parametrize(
    "path", ["run", "theory", "landscape", "profile", "run?c=", "comparison?c=", "code?c=", "formula?expression="]
)
def test_the_server_answers_others_while_it_reads_a_formula(served: Served, path: str, slow_to_start: str) -> None:
    comparison = {"problem": {"kind": "formula", "expression": slow_to_start}, "runs": [{"optimizer": "sgd"}]}
    about = {"comparison": comparison, "plane": {"kind": "identity"}, "ends": [[0, 0], [1, 1]]}
    wanted = {"landscape": ("comparison", "plane"), "profile": ("comparison", "ends")}.get(path)
    said = slow_to_start if path.startswith("formula") else json.dumps(comparison)

    def put() -> httpx.Response:
        if path.endswith("="):
            return served.http.get(f"/api/{path.split('?')[0]}", params={path.split("?")[1][:-1]: said})
        return served.http.post(f"/api/{path}", json={name: about[name] for name in wanted} if wanted else comparison)

    assert _answered_meanwhile(served, put).status_code == 200


def test_the_stream_reads_a_formula_beside_the_others(served: Served, slow_to_start: str) -> None:
    comparison = {"problem": {"kind": "formula", "expression": slow_to_start}, "runs": [{"optimizer": "sgd"}]}
    with served.open() as socket:

        def put() -> str:
            ask(socket, 1, comparison=comparison)
            return read(socket)[0]["kind"]

        assert _answered_meanwhile(served, put) == "chunk"


@pytest.fixture
def slow_to_start(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a formula for which a start is looked for as long as for a nasty one on a slow machine."""

    def slowly(text: str, domain: object) -> tuple[float, float]:
        del text, domain
        time.sleep(0.6)
        return 1.0, 1.0

    monkeypatch.setattr(formula, "_start", slowly)
    return "x^2 + y^2"


def _answered_meanwhile(served: Served, put: Callable[[], T]) -> T:
    """Put a question that takes long, see that others are answered all the while, and return what it gave."""
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(put)
        time.sleep(0.1)
        begin = time.perf_counter()
        assert served.http.get("/healthz").text == "ok\n"
        assert not asked.done()
        assert time.perf_counter() - begin < 0.3
        return asked.result()


@pytest.mark.parametrize("path", ["/api/run", "/api/landscape"])
def test_who_hangs_up_on_a_request_stops_its_work(served: Served, path: str) -> None:
    with served.open() as socket:  # so that nothing is left to compile
        ask(socket, 1, comparison=LONG)
        read(socket)
        ask(socket, 1, cancel=True)
    before = served.rest()
    body = LONG | {"seed": 31} if path == "/api/run" else {"comparison": LONG | {"seed": 32}, "plane": {"kind": "pca"}}
    with pytest.raises(httpx.ReadTimeout):
        served.http.post(path, json=body, timeout=0.2)
    assert served.rest() - before < 400, "of 500 chunks"


def test_a_landscape_of_a_large_network_may_be_too_fine(served: Served) -> None:
    wide = {"problem": {"kind": "network", "hidden": [512, 512]}, "steps": 10, "runs": [{"optimizer": "sgd"}]}
    answer = served.http.post("/api/landscape", json={"comparison": wide, "resolution": 201})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == "resolution"
    with served.open() as socket:
        ask(socket, 1, comparison=wide, landscape={"resolution": 201})
        assert read(socket)[0]["errors"][0]["loc"] == "landscape.resolution"


def test_a_landscape_without_a_resolution_is_as_fine_as_its_network_allows(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert np.array(served.http.post("/api/landscape", json={"comparison": NETWORK}).json()["loss"]).shape == (51, 51)
    monkeypatch.setattr(compute, "MOST_WORK", 64 * 2 * 610 * 1200)
    answer = served.http.post("/api/landscape", json={"comparison": NETWORK})
    assert np.array(answer.json()["loss"]).shape == (8, 8)


def test_heights_come_before_the_chunks(served: Served) -> None:
    view = {"x": [-2, 2], "y": [-1, 3], "width": 30, "height": 20}
    with served.open() as socket:
        ask(socket, 5, comparison=RACE, view=view)
        frames = read_until(socket, "done", 5)
    header, parts = frames[0]
    shapes = {part.name: part.values.shape for part in parts}
    assert header["kind"] == "heights"
    assert shapes == {"x": (30,), "y": (20,), "loss": (20, 30), "shade": (20, 30)}
    assert header["minima"] == [[1.0, 1.0, 0.0]]
    assert {header["kind"] for header, _ in frames[1:-1]} == {"chunk"}


def test_a_surface_with_numbers_of_a_runs_own_is_sent_beside_the_shared_one(served: Served) -> None:
    view = {"x": [-2, 2], "y": [-1, 3], "width": 30, "height": 20}
    numbers = {"condition": 9.0, "angle": 75.0}
    runs = [{"optimizer": "sgd"}, {"optimizer": "adam", "problem": numbers}, {"optimizer": "sgd", "problem": numbers}]
    ravine = {"kind": "surface", "name": "ravine"}
    race = {"steps": 10, "runs": runs}
    with served.open() as socket:
        ask(socket, 1, comparison={**race, "problem": ravine}, view=view)
        header, parts = read_until(socket, "done", 1)[0]
        ask(socket, 2, comparison={**race, "problem": {**ravine, "parameters": numbers}}, view=view)
        alone, expected = read_until(socket, "done", 2)[0]
    (told,) = header["own"]
    assert told == {"runs": [1, 2], **{name: alone[name] for name in ("minima", "saddles", "maxima", "shading")}}
    assert "own" not in alone
    own = {part.name: part.values for part in parts if part.run == 1}
    wanted = {part.name: part.values for part in expected if part.run is None}
    for name in ("loss", "shade"):
        np.testing.assert_array_equal(own[name], wanted[name])
    assert {part.run for part in parts} == {None, 1}


def test_a_landscape_reuses_the_training_that_was_streamed(served: Served) -> None:
    wanted = {"plane": {"kind": "pca"}, "resolution": 11}
    comparison = NETWORK | {"seed": 17}
    with served.open() as socket:
        ask(socket, 1, comparison=comparison, landscape=wanted)
        trained = read_until(socket, "done", 1)
        ask(socket, 2, comparison=comparison, landscape=wanted)
        known = read_until(socket, "done", 2)
        ask(socket, 3, comparison=comparison | {"seed": 18})
        read_until(socket, "done", 3)
        ask(socket, 4, comparison=comparison | {"seed": 18}, landscape=wanted)
        streamed = read_until(socket, "done", 4)
    stages = [[header.get("stage") for header, _ in frames[:-1]] for frames in (trained, known, streamed)]
    assert stages[0][0] == "training"
    assert stages[1] == stages[2] == ["fine"]
    parts = {(part.run, part.name): part.values for part in known[0][1]}
    assert parts[None, "loss"].shape == parts[None, "shade"].shape == (11, 11)
    assert parts[0, "at"].tolist() == [0, 10, 20, 30, 40]
    assert len(known[0][0]["axes"]) == 2


def test_a_landscape_by_post(served: Served) -> None:
    answer = served.http.post(
        "/api/landscape", json={"comparison": NETWORK, "plane": {"kind": "random"}, "resolution": 7}
    )
    body = answer.json()
    assert np.array(body["loss"]).shape == (7, 7)
    assert len(body["paths"]) == 2
    assert {"xy", "off_plane", "true_loss", "plane_loss"} <= body["paths"][0].keys()


@pytest.mark.parametrize("kind", ["pca", "random"])
def test_runs_that_blow_up_leave_the_landscape_finite(served: Served, kind: str) -> None:
    runs = [{"optimizer": "sgd", "lr": lr, "problem": {"init_scale": scale}} for lr, scale in ((0.1, 1), (1e9, 1000))]
    question = {"comparison": NETWORK | {"runs": runs}, "plane": {"kind": kind}, "resolution": 5}
    answer = served.http.post("/api/landscape", json=question)
    assert answer.status_code == 200
    assert b"null" not in answer.content
    run = served.http.post("/api/run", json=question["comparison"])
    assert b"null" not in run.content
    question["comparison"] = NETWORK | {"problem": NETWORK["problem"] | {"init_scale": 1e300}}
    refused = served.http.post("/api/landscape", json=question)
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, "comparison.problem.init_scale")


def test_a_landscape_that_cannot_be_drawn_is_refused_with_words(serve, monkeypatch: pytest.MonkeyPatch) -> None:
    question = {"comparison": NETWORK, "resolution": 5}
    small = serve(snapshot_cache_mb=0)
    refused = small.http.post("/api/landscape", json=question)
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, "comparison.problem.hidden")

    def none(_: object) -> None:
        raise NothingFinite

    monkeypatch.setattr(compute, "pca_plane", none)
    whole = serve()
    refused = whole.http.post("/api/landscape", json=question)
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, "comparison.problem.init_scale")
    with whole.open() as socket:
        ask(socket, 1, comparison=NETWORK, landscape={"resolution": 5})
        header = read_until(socket, "error", 1)[-1][0]
    assert (header["status"], header["errors"][0]["loc"]) == (422, "problem.init_scale")


def test_a_surface_is_its_own_plane(served: Served) -> None:
    question = {"comparison": RACE, "plane": {"kind": "identity"}, "resolution": 9}
    body = served.http.post("/api/landscape", json=question).json()
    run = served.http.post("/api/run", json=RACE).json()["runs"][0]
    assert np.array(body["loss"]).shape == (9, 9)
    assert body["paths"][0]["xy"] == run["path"]
    assert body["paths"][0]["true_loss"] == body["paths"][0]["plane_loss"] == run["loss"]
    assert set(body["paths"][0]["off_plane"]) == {0.0}
