"""The app as a process of its own on a free port of this machine, ended by its own pid."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120


@dataclass(frozen=True)
class Server:
    """A server that is ready.

    Attributes:
        address: where it answers.
        ready_after: milliseconds from the start of the process to the first 200 of /readyz.
        pid: of the process.
    """

    address: str
    ready_after: float
    pid: int

    def resident(self) -> float:
        """Return the resident memory in MiB, by what Linux says of the process."""
        text = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", text)
        assert found
        return int(found[1]) / 1024


@contextmanager
def served(cache: Path) -> Iterator[Server]:
    """Start the app with this folder for what it keeps, wait until it is ready, and end it."""
    environment = os.environ | {"RAVINE_CACHE_DIR": str(cache), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", "0"]
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        address = announced(process)
        while status(address, "/readyz") != 200:
            if time.perf_counter() - begin > PATIENCE:
                raise TimeoutError("the server did not get ready")
            time.sleep(0.02)
        yield Server(address, 1000 * (time.perf_counter() - begin), process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def announced(process: subprocess.Popen[str]) -> str:
    """Return the address that the server prints."""
    assert process.stdout
    for line in process.stdout:
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise RuntimeError("the server ended without saying where it is")


def status(address: str, path: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()
