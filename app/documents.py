"""What every page loads and no page changes: made once, before the first of them asks."""

from collections.abc import Callable
from typing import Any

from app import compute
from app.services import Services
from core.catalog import catalog
from core.figures import skeletons

DOCUMENTS: dict[str, Callable[[], Any]] = {"catalog": catalog, "figures": skeletons}
"""By name, what makes them; that takes seconds, most of them for formulas and for rows of data."""


async def document(services: Services, name: str) -> bytes:
    """Return a document that is the same until the next release, as JSON."""
    make = DOCUMENTS[name]
    return await services.answers.get(name, lambda: services.worker.run(lambda: compute.dump(make())))
