"""The stream: newest wins, nobody computes for nobody, and every misuse has an answer."""

import json
import time
from collections.abc import Callable

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.app.conftest import LONG, NETWORK, RACE, Served, ask, read, read_until

ON_OTHERS = {
    "problem": {"kind": "surface", "name": "ravine"},
    "runs": [{"optimizer": "sgd", "problem": {"condition": condition}} for condition in (2, 3)],
}


def test_a_newer_question_replaces_the_one_being_answered(served: Served) -> None:
    with served.open() as socket:
        ask(socket, 1, comparison=LONG)
        read(socket)
        ask(socket, 2, comparison=NETWORK)
        frames = read_until(socket, "done", 2)
    identifiers = [header["id"] for header, _ in frames]
    assert identifiers == sorted(identifiers), "no frame of the old question after one of the new"
    assert not any(header["kind"] == "done" and header["id"] == 1 for header, _ in frames)


def test_while_dragging_every_question_begun_shows_its_first_chunk_and_the_last_is_finished(served: Served) -> None:
    with served.open() as socket:
        ask(socket, 0, comparison=RACE)
        read_until(socket, "done", 0)
        before = served.rest()
        for identifier in range(1, 101):
            ask(socket, identifier, comparison=RACE | {"seed": identifier})
            time.sleep(0.001)
        frames = read_until(socket, "done", 100)
    chunks: dict[int, list[int]] = {}
    for header, _ in frames:
        if header["kind"] == "chunk":
            chunks.setdefault(header["id"], []).append(header["first"])
    assert all(firsts[0] == 0 for firsts in chunks.values())
    assert 100 in chunks
    full = len(chunks[100]) + 1
    assert served.rest() - before < 100 * full, "superseded questions were computed to their ends"


def test_cancelling_stops_the_work(served: Served) -> None:
    with served.open() as socket:
        ask(socket, 1, comparison=LONG)
        read(socket)
        before = served.turns
        ask(socket, 1, cancel=True)
        assert served.rest() - before < 250
        ask(socket, 2, comparison=NETWORK)
        kinds = [(header["id"], header["kind"]) for header, _ in read_until(socket, "done", 2)]
    assert (1, "done") not in kinds


@pytest.mark.parametrize("message", [{"comparison": RACE}, {"cancel": True}], ids=["newer", "cancelled"])
def test_a_fine_landscape_is_given_up_between_two_pictures(served: Served, message: dict) -> None:
    wanted = {"plane": {"kind": "pca"}, "resolution": 201}
    with served.open() as socket:
        ask(socket, 1, comparison=NETWORK, landscape=wanted | {"resolution": 30})
        read_until(socket, "done", 1)
        ask(socket, 2, comparison=RACE)
        read_until(socket, "done", 2)
        before = served.rest()
        ask(socket, 3, comparison=NETWORK, landscape=wanted)
        assert read(socket)[0]["stage"] == "coarse"
        ask(socket, 3 if "cancel" in message else 4, **message)
        assert served.rest() - before < 201**2 / 64, "the fine picture was computed to its end"


def test_cancelling_another_id_changes_nothing(served: Served) -> None:
    with served.open() as socket:
        ask(socket, 1, comparison=RACE)
        ask(socket, 9, cancel=True)
        read_until(socket, "done", 1)


@pytest.mark.parametrize("leave", [lambda s: s.close(), lambda s: s.socket.close()], ids=["closing", "vanishing"])
def test_leaving_stops_the_work(served: Served, leave: Callable[[ClientConnection], None]) -> None:
    with served.open() as socket:
        ask(socket, 1, comparison=LONG)
        read(socket)
        before = served.turns
        leave(socket)
        assert served.rest() - before < 250


def test_a_client_that_does_not_read_gets_no_further_work(served: Served) -> None:
    """What is sent waits in buffers of bounded size; then the server waits too."""
    comparison = RACE | {"steps": 20000, "runs": [{"optimizer": "adam", "lr": 0.001, "beta1": 0.9}] * 10}
    with served.open(max_queue=1) as socket:
        ask(socket, 1, comparison=comparison)
        read(socket)
        before = served.rest()
        time.sleep(0.5)
        assert served.turns == before


def test_two_clients_take_turns(served: Served) -> None:
    with served.open() as slow, served.open() as quick:
        ask(quick, 0, comparison=NETWORK)
        read_until(quick, "done", 0)
        ask(slow, 1, comparison=LONG)
        read(slow)
        ask(quick, 1, comparison=NETWORK)
        read_until(quick, "done", 1)
        ask(slow, 1, cancel=True)
    assert served.rest()


MISUSES = {
    "broken json": ('{"id": 3, "comparison": ', None, "", 400),
    "an array": ("[1, 2]", None, "", 422),
    "json nested too deeply": ("[" * 100_000, None, "", 400),
    "no id": (json.dumps({"comparison": RACE}), None, "id", 422),
    "an id that is text": (json.dumps({"id": "7", "comparison": RACE}), None, "id", 422),
    "an id that is a truth": (json.dumps({"id": True, "comparison": RACE}), None, "id", 422),
    "a negative id": (json.dumps({"id": -1, "comparison": RACE}), None, "id", 422),
    "an id alone": (json.dumps({"id": 3}), 3, "comparison", 422),
    "an unknown field": (json.dumps({"id": 3, "comparison": RACE, "speed": 2}), 3, "speed", 422),
    "an invalid comparison": (json.dumps({"id": 3, "comparison": RACE | {"steps": -1}}), 3, "steps", 422),
    "an invalid run": (
        json.dumps({"id": 3, "comparison": RACE | {"runs": [{"optimizer": "momentum", "rho": 1}]}}),
        3,
        "runs.0.rho",
        422,
    ),
    "NaN": (
        '{"id": 3, "comparison": {"problem": {"kind": "network"}, "runs": [{"optimizer": "sgd", "lr": NaN}]}}',
        3,
        "runs.0.lr",
        422,
    ),
    "a window turned around": (
        json.dumps({"id": 3, "comparison": RACE, "view": {"x": [2, -2], "y": [0, 1]}}),
        3,
        "view.x",
        422,
    ),
    "a window of a million cells": (
        json.dumps({"id": 3, "comparison": RACE, "view": {"x": [0, 1], "y": [0, 1], "width": 10**6}}),
        3,
        "view.width",
        422,
    ),
    "heights of a network": (
        json.dumps({"id": 3, "comparison": NETWORK, "view": {"x": [0, 1], "y": [0, 1]}}),
        3,
        "view",
        422,
    ),
    "maps of many surfaces, all of them large": (
        json.dumps(
            {"id": 3, "comparison": ON_OTHERS, "view": {"x": [0, 1], "y": [0, 1], "width": 1024, "height": 512}}
        ),
        3,
        "view",
        422,
    ),
    "a plane that a surface lacks": (
        json.dumps({"id": 3, "comparison": RACE, "landscape": {"plane": {"kind": "pca"}}}),
        3,
        "landscape.plane.kind",
        422,
    ),
}


@pytest.mark.parametrize(("text", "identifier", "loc", "status"), MISUSES.values(), ids=MISUSES.keys())
def test_a_refusal_names_the_field_and_the_socket_lives_on(
    served: Served, text: str, identifier: int | None, loc: str, status: int
) -> None:
    with served.open() as socket:
        socket.send(text)
        header, parts = read(socket)
        assert (header["id"], header["kind"], header["status"], parts) == (identifier, "error", status, [])
        assert [error["loc"] for error in header["errors"]] == [loc]
        assert header["title"]
        assert header["errors"][0]["msg"]
        ask(socket, 8, comparison=RACE)
        read_until(socket, "done", 8)


def test_a_binary_message_is_refused_and_the_socket_lives_on(served: Served) -> None:
    with served.open() as socket:
        socket.send(b"\x00\x01")
        header, _ = read(socket)
        assert (header["id"], header["kind"], header["status"]) == (None, "error", 400)
        ask(socket, 8, comparison=RACE)
        read_until(socket, "done", 8)


def test_a_refused_question_leaves_the_running_one_alone(served: Served) -> None:
    with served.open() as socket:
        ask(socket, 1, comparison=RACE)
        ask(socket, 2, comparison={})
        frames = read_until(socket, "done", 1)
        kinds = [(header["id"], header["kind"]) for header, _ in frames]
        if (2, "error") not in kinds:
            assert read(socket)[0]["id"] == 2


@pytest.mark.parametrize("size", [2**20 + 1, 100_000_000])
def test_a_message_over_the_limit_closes_with_1009(served: Served, size: int) -> None:
    def overdo() -> None:
        with served.open() as socket:
            socket.send("x" * size)
            socket.recv(30)

    with pytest.raises(ConnectionClosed) as closed:
        overdo()
    received = closed.value.rcvd
    assert received is None or received.code == 1009
    if size < 2**21:  # so small that it was sent completely before the server hung up
        assert received is not None
    assert served.http.get("/healthz").status_code == 200


@pytest.mark.parametrize("origin", [None, "null", "own"])
def test_programs_sandboxed_embeds_and_own_pages_may_stream(served: Served, origin: str | None) -> None:
    with served.open(origin=served.address if origin == "own" else origin) as socket:
        ask(socket, 1, comparison=RACE)
        assert read(socket)[0]["kind"] == "chunk"


@pytest.mark.parametrize("tail", [".evil.example", "0", "@evil.example", "/"])
def test_an_origin_that_only_begins_like_an_allowed_one_is_refused(served: Served, tail: str) -> None:
    with pytest.raises(InvalidStatus) as refused, served.open(origin=served.address + tail):
        pass
    assert refused.value.response.status_code == 403


def test_a_listed_origin_may_stream_and_no_other(serve) -> None:
    served = serve(allowed_origins=frozenset({"https://lecture.example"}))
    with served.open(origin="https://lecture.example"):
        pass
    for origin in ("http://lecture.example", "https://lecture.example.org", "https://a.lecture.example"):
        with pytest.raises(InvalidStatus), served.open(origin=origin):
            pass


def test_the_stream_is_not_compressed(served: Served) -> None:
    with served.open(compression="deflate") as socket:
        assert socket.response is not None
        assert "sec-websocket-extensions" not in socket.response.headers


def test_a_plain_request_to_the_stream_is_a_problem(served: Served) -> None:
    assert served.http.get("/api/stream").status_code in (404, 426)


def test_a_stopping_server_says_that_it_restarts() -> None:
    from app.settings import Settings
    from tests.app.conftest import CACHE, start

    server, thread = start(Settings(port=0, cache_dir=CACHE, warm_up=False))
    with connect(server.address().replace("http", "ws") + "/api/stream", max_size=None) as socket:
        ask(socket, 1, comparison=LONG)
        read(socket)
        server.should_exit = True
        with pytest.raises(ConnectionClosed) as closed:
            list(socket)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
    thread.join(10)
    assert not thread.is_alive()
