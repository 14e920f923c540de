"""Work for a request ends when whoever asked has left."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from fastapi import HTTPException, Request

GONE = 499
"""What servers call a request whose client closed it; nobody reads the answer."""


async def unless_gone(request: Request, work: Coroutine[Any, Any, bytes]) -> bytes:
    """Return what the work gives, or cancel it as soon as the client disconnects.

    Raises:
        HTTPException: the client is gone.
    """
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_disconnect(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise HTTPException(GONE)
    finally:
        working.cancel()
        leaving.cancel()


async def _disconnect(request: Request) -> None:
    """Wait until the client is gone; its body was read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
