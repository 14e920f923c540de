"""Who may open the stream, who may frame which page, and what a page may load.

The server keeps no accounts, cookies or secrets, so reading from it is open to every origin: an embed in a sandboxed
iframe has the origin `null`, and its modules must load all the same. What costs computing time, the stream, is open to
programs (which send no `Origin`), to the server's own pages, to sandboxed embeds (`null`), and to the origins in
`RAVINE_ALLOWED_ORIGINS`. Origins are compared whole, never by how they begin.
"""

from collections.abc import Set

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # the chart library writes style attributes and a style element
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
_COMMON = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
EMBED = "/embed"


def may_stream(headers: Headers, allowed: Set[str]) -> bool:
    """Decide whether a handshake's origin may open the stream."""
    origin = headers.get("origin")
    own = headers.get("host", "")
    return origin is None or origin in allowed or origin in ("null", f"http://{own}", f"https://{own}")


class SecurityHeaders:
    """ASGI middleware that puts the policy on every answer and answers preflights."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_headers(scope["path"]))
            await send(message)

        preflight = scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope)
        app = Response(status_code=204, headers=_PREFLIGHT) if preflight else self._app
        await app(scope, receive, with_headers)


def _headers(path: str) -> dict[str, str]:
    """Return the headers for a path: anyone may frame the embed, others only the server's own pages.

    The embed says nothing of ancestors: even `*` would shut out slides opened from a disk, whose scheme is `file:`.
    """
    if path == EMBED:
        return _COMMON | {"Content-Security-Policy": _POLICY}
    policy = f"{_POLICY}; frame-ancestors 'self'"
    return _COMMON | {"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"}
