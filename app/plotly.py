"""The chart library out of the installed plotly package, compressed once from 4.8 to 1.4 MB; no CDN is needed."""

import contextlib
import gzip
import re
from functools import cached_property
from pathlib import Path
from typing import Literal

import brotli
import plotly
from plotly.offline import get_plotlyjs_version

Encoding = Literal["br", "gzip", "identity"]
_REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$")


class ChartLibrary:
    """One immutable script in three encodings."""

    def __init__(self, cache_dir: Path) -> None:
        self._cache_dir = cache_dir
        self._known: dict[Encoding, bytes] = {}

    @cached_property
    def version(self) -> str:
        """Return the version of plotly.js."""
        return get_plotlyjs_version()

    @property
    def path(self) -> str:
        """Return its address, which changes with the version."""
        return f"/assets/plotly-{self.version}.min.js"

    def body(self, encoding: Encoding) -> bytes:
        """Return the script, compressed now if it never was."""
        if encoding not in self._known:
            self._known[encoding] = self._stored(encoding)
        return self._known[encoding]

    def _stored(self, encoding: Encoding) -> bytes:
        """Read it from the cache folder, or compress it into there."""
        if encoding == "identity":
            return (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()
        file = self._cache_dir / f"plotly-{self.version}.min.js.{encoding}"
        if file.is_file():
            return file.read_bytes()
        body = _compress(self.body("identity"), encoding)
        with contextlib.suppress(OSError):  # a folder that cannot be written costs a second at each start, no more
            _write(file, body)
        return body


def _compress(body: bytes, encoding: Encoding) -> bytes:
    return brotli.compress(body, quality=9) if encoding == "br" else gzip.compress(body, 9, mtime=0)


def _write(file: Path, body: bytes) -> None:
    """Write a file so that a reader sees all of it or none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.tmp")
    unfinished.write_bytes(body)
    unfinished.replace(file)


def choose(accepted: str) -> Encoding:
    """Return the best encoding that an Accept-Encoding header allows."""
    names = {part.split(";")[0].strip() for part in accepted.lower().split(",") if not _REFUSED.search(part)}
    if "br" in names:
        return "br"
    return "gzip" if "gzip" in names else "identity"
