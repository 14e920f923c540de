"""What the browser loads: the page, the embed, their files, and the chart library."""

import re
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from app.caching import not_modified, validators
from app.manual import manual
from app.modules import preloads
from app.plotly import ChartLibrary, choose
from app.security import EMBED
from app.services import Services
from core.figures import VIEWS

STATIC = Path(__file__).resolve().parent.parent / "static"
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_ASK_AGAIN = "public, no-cache"
_NEVER_CHANGES = "public, max-age=31536000, immutable"
_UNVERSIONED = "/assets/plotly.min.js"
_MODULES = "<!-- its modules -->"
_ENTRY = re.compile(r'<script type="module" src="/static/([^"]+)"')

router = APIRouter(include_in_schema=False)


@router.api_route("/", methods=["GET", "HEAD"])
def index(request: Request) -> Response:
    """Return the page."""
    return _page(request, "index.html")


@router.api_route(EMBED, methods=["GET", "HEAD"])
def embed(request: Request) -> Response:
    """Return the bare view for an iframe; for a view that there is not, the same page says so."""
    answer = _page(request, "embed.html")
    if answer.status_code == 200 and request.query_params.get("view", VIEWS[0]) not in VIEWS:
        answer.status_code = 422
    return answer


@router.api_route("/favicon.ico", methods=["GET", "HEAD"])
def icon(request: Request) -> Response:
    """Return the icon that browsers ask for without being told."""
    return file(request, "icon.svg")


@router.api_route("/static/{path:path}", methods=["GET", "HEAD"])
def file(request: Request, path: str) -> Response:
    """Return one of the page's files."""
    try:
        found = (STATIC / path.replace("\0", "")).resolve()
        there = found.is_relative_to(STATIC) and found.suffix in _TYPES and found.is_file()
    except OSError as error:  # the name is longer than any file's may be
        raise HTTPException(404, "There is no file with a name that long") from error
    if not there:
        raise HTTPException(404, f"There is no file {path}")
    return _checked(request, found.read_bytes(), _TYPES[found.suffix])


@router.api_route("/assets/plotly-{version}.min.js", methods=["GET", "HEAD"])
async def versioned_library(request: Request, version: str) -> Response:
    """Return the chart library at an address that means one version for ever."""
    if version != _library(request).version:
        raise HTTPException(404, f"The chart library here is version {_library(request).version}")
    return await _send_library(request, _NEVER_CHANGES)


@router.api_route(_UNVERSIONED, methods=["GET", "HEAD"])
async def library(request: Request) -> Response:
    """Return the chart library for pages that do not know its version."""
    return await _send_library(request, _ASK_AGAIN)


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """Return the routes of the API as a page that loads nothing from elsewhere."""
    return HTMLResponse(manual(request.app.openapi()))


def _page(request: Request, name: str) -> Response:
    """Return an HTML file that names the chart library with its version, so that it is loaded once, and its modules."""
    found = STATIC / name
    if not found.is_file():
        raise HTTPException(404, f"{name} is missing from this installation")
    text = found.read_text(encoding="utf-8").replace(_UNVERSIONED, _library(request).path)
    entry = _ENTRY.search(text)
    if entry:
        text = text.replace(_MODULES, preloads(STATIC / entry.group(1), STATIC))
    return _checked(request, text.encode(), _TYPES[".html"])


def _checked(request: Request, body: bytes, media_type: str) -> Response:
    """Return bytes that a browser may keep but asks about."""
    headers = validators(media_type, _ASK_AGAIN, body)
    if not_modified(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _library(request: Request) -> ChartLibrary:
    services: Services = request.app.state.services
    return services.library


async def _send_library(request: Request, cache_control: str) -> Response:
    chosen = _library(request)
    encoding = choose(request.headers.get("accept-encoding", ""))
    headers = validators(f"{chosen.path} {encoding}", cache_control) | {"Vary": "Accept-Encoding"}
    if not_modified(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    services: Services = request.app.state.services
    body = await services.worker.run(chosen.body, encoding)
    if encoding != "identity":
        headers["Content-Encoding"] = encoding
    return Response(body, media_type=_TYPES[".js"], headers=headers)
