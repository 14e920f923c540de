"""A few numbers for whoever runs the server, in Prometheus' text format."""

from collections.abc import Generator
from contextlib import contextmanager

from app.worker import Worker
from core.compiled import compilations


class Metrics:
    """What happens in this process."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._sessions = 0

    @contextmanager
    def session(self) -> Generator[None]:
        """Count a socket while it is open."""
        self._sessions += 1
        try:
            yield
        finally:
            self._sessions -= 1

    def text(self) -> str:
        """Return all of them."""
        return "".join(
            f"# HELP {name} {meaning}\n# TYPE {name} {kind}\n{name} {value}\n"
            for name, kind, meaning, value in (
                ("ravine_sessions", "gauge", "Open streams.", self._sessions),
                (
                    "ravine_turns_total",
                    "counter",
                    "Pieces of work computed: chunks, heights, answers.",
                    self._worker.turns,
                ),
                (
                    "ravine_compilations_total",
                    "counter",
                    "Programs compiled, or fetched from the cache: none while sliders move.",
                    compilations(),
                ),
            )
        )
