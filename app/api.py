"""The HTTP routes under /api."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from app import compute
from app.answers import (
    Answer,
    CanonicalAnswer,
    Catalog,
    FormulaAnswer,
    LandscapeAnswer,
    Problem,
    ProfileAnswer,
    RowsAnswer,
    TheoryAnswer,
)
from app.caching import not_modified, validators
from app.documents import document
from app.patience import unless_gone
from app.questions import UNREAD, LandscapeQuestion, Slice, T, read_body, read_comparison, read_formula
from app.services import Services
from core.code import Flavour
from core.spec import Comparison

_REFUSALS: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "content": {"application/problem+json": {}}, "description": text}
    for code, text in ((400, "No JSON"), (413, "Too long"), (422, "Invalid; errors name the fields"))
}
_NEVER_CHANGES = "public, max-age=31536000, immutable"
_ASK_AGAIN = "public, no-cache"

router = APIRouter(prefix="/api", responses=_REFUSALS, default_response_class=JSONResponse)


@router.get("/catalog", response_model=Catalog)
async def get_catalog(request: Request) -> Response:
    """Return everything that can be chosen, with ranges, formulas and sources."""
    return await _document(request, "catalog")


@router.get("/figures", response_model=dict[str, Any])
async def get_figures(request: Request) -> Response:
    """Return the charts without their data; the page moves data into them."""
    return await _document(request, "figures")


@router.get("/comparison", response_model=CanonicalAnswer)
async def get_comparison(
    request: Request, c: Annotated[str, Query(description="The comparison as JSON text")]
) -> Response:
    """Return a comparison with every default written out, and its hash, without running it."""
    return _validated(request, "comparison", await _services(request).worker.read(compute.canonical, c))


@router.get("/code", response_class=PlainTextResponse)
async def get_code(
    request: Request,
    c: Annotated[str, Query(description="The comparison as JSON text")],
    flavour: Annotated[Flavour, Query(description="The library that the script uses")] = "optax",
) -> Response:
    """Return a comparison as a Python script that runs without Ravine and walks the same paths."""
    body = await _services(request).worker.run(lambda: compute.code(read_comparison(c), flavour))
    return _validated(request, "code", body, "text/plain")


@router.get("/rows", response_model=RowsAnswer)
async def get_rows(request: Request, c: Annotated[str, Query(description="The comparison as JSON text")]) -> Response:
    """Return a sample of the rows that a loss is the mean over, as dots in the plane in which weights are a line."""
    body = await _services(request).worker.run(lambda: compute.rows(read_comparison(c)))
    return _validated(request, "rows", body)


@router.get("/formula", response_model=FormulaAnswer)
async def get_formula(
    request: Request,
    expression: Annotated[str, Query(description="A text in x and y, such as x^2 + 10*sin(y)")],
    domain: Annotated[str | None, Query(description="[[x from, x to], [y from, y to]]; proposed if left out")] = None,
) -> Response:
    """Read a formula, and return how it is written, where to look, where to start, and its stationary points."""
    asked = read_formula(expression, domain)
    return _validated(request, "formula", await _services(request).worker.run(compute.formula, asked))


@router.post("/run", response_model=Answer)
async def post_run(request: Request, comparison: Annotated[Comparison, UNREAD]) -> Response:
    """Run a comparison and return all of it."""
    return _json(await _answer(request, *await _hashed(request, lambda: read_body(Comparison, comparison))))


@router.get("/run", response_model=Answer)
async def get_run(request: Request, c: Annotated[str, Query(description="The comparison as JSON text")]) -> Response:
    """Return the same, addressed by the comparison: it never changes, so anything between may keep it."""
    comparison, digest = await _hashed(request, lambda: read_comparison(c))
    headers = validators(digest, _NEVER_CHANGES)
    if not_modified(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return _json(await _answer(request, comparison, digest), headers)


@router.post("/theory", response_model=TheoryAnswer)
async def post_theory(request: Request, comparison: Annotated[Comparison, UNREAD]) -> Response:
    """Return what theory says about each run near the minimum that it ends at: stability, best settings, rate."""
    asked = await _read(request, Comparison, comparison)
    return _json(await unless_gone(request, _last(_services(request).worker.iterate(compute.theory(asked)))))


@router.post("/landscape", response_model=LandscapeAnswer)
async def post_landscape(request: Request, question: Annotated[LandscapeQuestion, UNREAD]) -> Response:
    """Return a landscape and the runs in it."""
    services, asked = _services(request), await _read(request, LandscapeQuestion, question)
    frames = services.worker.iterate(compute.landscape(asked, services.snapshots, services.grounds))
    return _json(await unless_gone(request, _last(frames)))


@router.post("/profile", response_model=ProfileAnswer)
async def post_profile(request: Request, question: Annotated[Slice, UNREAD]) -> Response:
    """Return the loss along a line through a landscape, and where that is level."""
    asked = await _read(request, Slice, question)
    return _json(await _services(request).worker.run(compute.slice_answer, asked))


def _services(request: Request) -> Services:
    return request.app.state.services


def _json(body: bytes, headers: dict[str, str] | None = None) -> Response:
    return Response(body, media_type="application/json", headers=headers)


async def _read(request: Request, model: type[T], body: object) -> T:
    """Read a body in a thread: to find out whether a formula has a value takes up to half a second."""
    return await _services(request).worker.read(read_body, model, body)


async def _hashed(request: Request, read: Callable[[], Comparison]) -> tuple[Comparison, str]:
    """Read a comparison in a thread, and return it with its hash."""

    def hashed() -> tuple[Comparison, str]:
        comparison = read()
        return comparison, comparison.hash()

    return await _services(request).worker.read(hashed)


async def _answer(request: Request, comparison: Comparison, digest: str) -> bytes:
    """Return the answer, computed once however often it is asked for, and not for nobody."""
    services = _services(request)
    answer = partial(compute.answer, comparison, services.snapshots)
    found = services.answers.get(digest, lambda: _last(services.worker.iterate(answer())))
    return await unless_gone(request, found)


async def _last(items: AsyncGenerator[bytes]) -> bytes:
    """Go through all turns and return what the last one made."""
    last = b""
    async with aclosing(items):
        async for item in items:
            last = item
    return last


async def _document(request: Request, name: str) -> Response:
    return _validated(request, name, await document(_services(request), name))


def _validated(request: Request, name: str, body: bytes, media_type: str = "application/json") -> Response:
    """Return what may be kept but is asked about, because another release may say something else."""
    headers = validators(name, _ASK_AGAIN, body)
    if not_modified(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
