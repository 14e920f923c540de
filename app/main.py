"""The application, put together."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette_compress import CompressMiddleware

from app import api, compute, errors, health, pages, stream
from app.documents import DOCUMENTS, document
from app.limits import BodyLimit
from app.memory import give_back
from app.security import SecurityHeaders
from app.services import Services, build
from app.settings import Settings
from app.version import VERSION
from core.compiled import use_cache

_LOG = logging.getLogger("ravine")


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make an application; two of them share nothing but the compiler's cache.

    Args:
        settings: the limits; by default those of the environment.
    """
    services = build(settings or Settings())
    app = FastAPI(
        title="Ravine",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        strict_content_type=False,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(CompressMiddleware, zstd_level=3),
            Middleware(errors.Guard),
            Middleware(BodyLimit, limit=services.settings.max_message_bytes),
        ],
    )
    app.state.services = services
    errors.install(app)
    for room in (api, stream, health, pages):
        app.include_router(room.router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncGenerator[None]:
    """Compile in the background what a first visitor needs; stop the threads at the end."""
    services: Services = app.state.services
    use_cache(str(services.settings.cache_dir / "compiled"))
    warming = asyncio.create_task(_warm(services))
    yield
    warming.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await warming
    services.worker.close()


async def _warm(services: Services) -> None:
    """Take a turn for each thing to prepare, so that a visitor who is early waits for one of them at most."""
    try:
        if services.settings.warm_up:
            async with aclosing(services.worker.iterate(compute.warm_up(services.library))) as steps:
                async for _ in steps:
                    pass
            for name in DOCUMENTS:
                await document(services, name)
        # What start-up made stays for good: a full collection would look through all of it, in the middle of a drag.
        gc.collect()
        gc.freeze()
        give_back()
        services.ready.set()
    except Exception:
        _LOG.exception("warming up failed; /readyz stays at 503")
