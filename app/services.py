"""What the routes of one application share."""

import asyncio
from dataclasses import dataclass, field

from app.grounds import Grounds
from app.metrics import Metrics
from app.plotly import ChartLibrary
from app.results import Answers, Cache
from app.settings import Settings
from app.snapshots import Snapshots, size
from app.worker import Worker


@dataclass(frozen=True)
class Services:
    """Settings, threads and caches; one set for each application, none at import.

    Attributes:
        settings: the limits.
        worker: where everything is computed.
        answers: finished answers by hash.
        snapshots: weights that networks passed, by hash.
        grounds: maps of losses over rows.
        metrics: counters.
        library: the chart library.
        ready: set once what a first visitor needs is compiled.
    """

    settings: Settings
    worker: Worker
    answers: Answers
    snapshots: Cache[Snapshots]
    grounds: Grounds
    metrics: Metrics
    library: ChartLibrary
    ready: asyncio.Event = field(default_factory=asyncio.Event)


def build(settings: Settings) -> Services:
    """Make the services of an application."""
    worker = Worker(settings.workers)
    snapshots: Cache[Snapshots] = Cache(settings.snapshot_cache_bytes, size)
    return Services(
        settings,
        worker,
        Answers(settings.result_cache_bytes),
        snapshots,
        Grounds(settings.map_cache_bytes),
        Metrics(worker),
        ChartLibrary(settings.cache_dir),
    )
