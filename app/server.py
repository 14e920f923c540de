"""The application behind uvicorn."""

import contextlib
import socket

import typer
import uvicorn

from app.main import create_app
from app.memory import unmap_large_blocks, use_one_arena
from app.settings import Settings


class Server(uvicorn.Server):
    """A server that says in one line where it is, once it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the address."""
        await super().startup(sockets)
        if self.started:
            typer.echo(f"Ravine is at {self.address()} (Ctrl-C stops it)")

    def address(self) -> str:
        """Return the address to open; the port is the real one where a free one was asked for."""
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        if host in ("0.0.0.0", "::"):
            host = "localhost"
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def make_server(settings: Settings) -> Server:
    """Return a server, not yet started."""
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        ws_max_size=settings.max_message_bytes,
        ws_per_message_deflate=False,  # float32 hardly shrinks, and compressing costs milliseconds a frame
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )
    return Server(config)


def serve(settings: Settings) -> None:
    """Serve until told to stop; open streams are closed with 1012, service restart."""
    use_one_arena()
    unmap_large_blocks()
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises the signal again once everything is closed
        make_server(settings).run()


def claim(host: str, port: int) -> None:
    """Find out whether an address can be listened on, before anything is made ready for it.

    Args:
        host: a name or address; nothing: every network.
        port: 0 is a free one.

    Raises:
        OSError: the port is taken, or the address is none of this machine's.
    """
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    for family, kind, protocol, _, address in found:
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.bind(address)
