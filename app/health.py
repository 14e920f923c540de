"""Routes for whoever runs the server."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from app.errors import problem
from app.services import Services

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz() -> PlainTextResponse:
    """Say that the process lives."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Say whether a first visitor would have to wait for a compiler."""
    services: Services = request.app.state.services
    return PlainTextResponse("ready\n") if services.ready.is_set() else problem(503, "Still compiling")


@router.get("/metrics")
async def metrics(request: Request) -> PlainTextResponse:
    """Return counters for Prometheus."""
    services: Services = request.app.state.services
    return PlainTextResponse(services.metrics.text(), media_type="text/plain; version=0.0.4")
