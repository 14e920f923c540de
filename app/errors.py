"""Errors as RFC 9457 problems, in the words of whoever wrote the request."""

import logging
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.schema import Place, locate

Errors = list[dict[str, Any]]

_LOG = logging.getLogger("ravine")
_TITLES = {
    400: "The request could not be read",
    404: "There is nothing at this address",
    405: "This address does not answer that method",
    413: "The request is too long",
    422: "The request asks for something that does not exist",
    500: "The server failed; this is its fault",
    503: "The server is not ready yet",
}
MOST = 20
"""Errors that an answer explains; whoever sent thousands learns no more from the rest."""
_LONGEST_NAME = 60
_NUMERIC = ("greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number", "float_", "int_")


class Refusal(Exception):  # noqa: N818  (no error of the program)
    """A request that was understood and is refused.

    Attributes:
        status: the HTTP status, 4xx.
        errors: what is wrong where.
    """

    def __init__(self, status: int, errors: Errors) -> None:
        super().__init__(errors)
        self.status = status
        self.errors = errors

    @property
    def title(self) -> str:
        """Return one sentence for the status."""
        return title(self.status)


def title(status: int) -> str:
    """Return one sentence for a status."""
    return _TITLES.get(status, "The request was refused")


def problem(status: int, detail: str, errors: Sequence[Mapping[str, Any]] = ()) -> Response:
    """Make the answer that says what is wrong."""
    body = {"type": "about:blank", "title": title(status), "status": status, "detail": detail, "errors": list(errors)}
    return Response(orjson.dumps(body), status, media_type="application/problem+json")


def explain(found: Sequence[Mapping[str, Any]], inside: tuple[str, ...] = ()) -> Errors:
    """Translate what pydantic found.

    Args:
        found: `ValidationError.errors()`, or FastAPI's.
        inside: leading parts of the location that say nothing to the user, such as ``("body",)``.

    Returns:
        `{"loc": "runs.0.rho", "msg": "…"}` for each of the first `MOST`, without the names of union members in between;
        with `column`, counted from 1, where a text is wrong at one of its characters.
    """
    errors: Errors = []
    for error in found[:MOST]:
        loc = tuple(error["loc"])
        if loc[: len(inside)] == inside:
            loc = loc[len(inside) :]
        place = locate(loc)
        path, message = _say(error, place)
        column = getattr((error.get("ctx") or {}).get("error"), "column", None)  # of a formula's text
        said = {"loc": ".".join(map(str, path)), "msg": message}
        errors.append(said if column is None else said | {"column": column})
    return errors


def _say(error: Mapping[str, Any], place: Place) -> tuple[tuple[str | int, ...], str]:
    """Return where, and one sentence."""
    kind: str = error["type"]
    context: Mapping[str, Any] = error.get("ctx") or {}
    if kind.startswith("union_tag"):
        tag = str(context["discriminator"]).strip("'")
        allowed = place.names(tag)
        given = error["input"].get(tag) if isinstance(error["input"], dict) else None
        say = "Say which" if given is None else f"There is no {_short(given)} here"
        return (*place.path, tag), f"{say}{_suggestion(given, allowed)}. Allowed: {', '.join(allowed)}"
    if kind == "extra_forbidden":
        name = str(place.path[-1])
        return place.path, f"Unknown field{_suggestion(name, place.fields)}. Allowed: {', '.join(place.fields)}"
    if kind == "missing":
        return place.path, "This field is required"
    if kind in ("too_long", "too_short"):
        bound = f"at most {context['max_length']:,}" if kind == "too_long" else f"at least {context['min_length']:,}"
        given = context["actual_length"]  # pydantic does not count what an object has too many
        return place.path, f"Should have {bound} items, not {len(error['input']) if given is None else given:,}"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return place.path, f"Should be an object, not {_short(error['input'])}"
    if kind.startswith(_NUMERIC) and place.range:
        return place.path, f"Should be {place.range}, not {_short(error['input'])}"
    return place.path, str(error["msg"]).replace("Input should", "Should").removeprefix("Value error, ")


def _suggestion(given: object, allowed: Sequence[str]) -> str:
    close = get_close_matches(given, allowed, 1) if isinstance(given, str) and len(given) <= _LONGEST_NAME else []
    return f"; did you mean {close[0]}" if close else ""


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def install(app: FastAPI) -> None:
    """Make every error of an application a problem."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, _http)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if found and found[0]["type"] == "json_invalid":
        reason = f"The body is not JSON: {found[0]['ctx']['error']} at character {found[0]['loc'][-1]}"
        return problem(400, reason, [{"loc": "", "msg": reason}])
    if isinstance(error.body, bytes):
        text = "Send JSON, and say so: Content-Type: application/json"
        return problem(422, text, [{"loc": "", "msg": text}])
    errors = explain(found, ("query",) if request.method == "GET" else ("body",))
    return problem(422, f"{errors[0]['loc'] or 'body'}: {errors[0]['msg']}", errors)


async def _refused(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, Refusal)
    return problem(error.status, f"{error.errors[0]['loc']}: {error.errors[0]['msg']}", error.errors)


async def _http(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, HTTPException)
    answer = problem(error.status_code, str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


class Guard:
    """ASGI middleware: what nobody foresaw is logged once and answered without a word about the inside."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and answer where it fails."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception:
            if started:
                raise
            _LOG.exception("%s %s failed", scope["method"], scope["path"])
            await problem(500, "Nothing is wrong with the request; the server's log says more")(scope, receive, send)
