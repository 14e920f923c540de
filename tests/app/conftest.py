"""The real application behind a real server on a free port; clients are other people's code."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from app.server import Server, make_server
from app.services import Services
from app.settings import Settings
from app.wire import Part, decode

CACHE = Path(__file__).parents[2] / ".pytest_cache" / "ravine"
Frame = tuple[dict[str, Any], list[Part]]


@dataclass(frozen=True)
class Served:
    """A running server."""

    address: str
    services: Services
    http: httpx.Client

    def open(self, **options: Any) -> ClientConnection:
        return connect(self.address.replace("http", "ws") + "/api/stream", max_size=None, **options)

    @property
    def turns(self) -> int:
        return self.services.worker.turns

    def rest(self) -> int:
        """Wait until nothing is computed any more, and return the turns so far."""
        before = -1
        while before != self.turns:
            before = self.turns
            time.sleep(0.4)
        return before


def start(settings: Settings) -> tuple[Server, threading.Thread]:
    server = make_server(settings)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    limit = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < limit, "the server did not start"
        time.sleep(0.01)
    return server, thread


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., Served]]:
    """Start servers with the given limits; they stop with the session."""
    running: list[tuple[Server, threading.Thread, httpx.Client]] = []

    def begin(**limits: Any) -> Served:
        server, thread = start(Settings(port=0, cache_dir=CACHE, **({"warm_up": False} | limits)))
        client = httpx.Client(base_url=server.address(), timeout=120)
        running.append((server, thread, client))
        return Served(server.address(), server.config.app.state.services, client)

    yield begin
    for server, thread, client in running:
        client.close()
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive(), "the server did not stop"


@pytest.fixture(scope="session")
def served(serve: Callable[..., Served]) -> Served:
    return serve()


def ask(socket: ClientConnection, identifier: int, **message: Any) -> None:
    socket.send(json.dumps({"id": identifier, **message}))


def read(socket: ClientConnection, timeout: float = 60) -> Frame:
    message = socket.recv(timeout)
    assert isinstance(message, bytes)
    return decode(message)


def read_until(socket: ClientConnection, kind: str, identifier: int | None) -> list[Frame]:
    """Read frames up to the first of a kind for an id; every frame on the way is kept."""
    frames: list[Frame] = []
    while not frames or (frames[-1][0]["kind"], frames[-1][0]["id"]) != (kind, identifier):
        frames.append(read(socket))
    return frames


RACE: dict[str, Any] = {
    "problem": {"kind": "surface", "name": "rosenbrock"},
    "steps": 3000,
    "noise": {"kind": "gaussian", "scale": 0.1},
    "runs": [{"optimizer": "momentum", "lr": 0.0005, "rho": 0.9}, {"optimizer": "adam", "lr": 0.05}],
}
NETWORK: dict[str, Any] = {
    "problem": {"kind": "network", "hidden": [8]},
    "steps": 40,
    "runs": [{"optimizer": "sgd", "lr": 0.05}, {"optimizer": "adam", "lr": 0.002}],
}
LONG: dict[str, Any] = NETWORK | {"steps": 5000}
"""500 chunks: enough to see whether somebody goes on computing."""
