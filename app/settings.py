"""What whoever runs the server can set: environment variables that begin with RAVINE_."""

import os
import sys
from functools import cached_property
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MIB = 1024 * 1024


def user_cache() -> Path:
    """Return the folder in which this system keeps what programs may lose."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


class Settings(BaseSettings):
    """One value a limit; a wrong one is refused at the start, by name."""

    model_config = SettingsConfigDict(env_prefix="RAVINE_", frozen=True, use_attribute_docstrings=True)

    host: str = "127.0.0.1"
    """The address to listen on; 0.0.0.0 for every network."""
    port: int = Field(default=8000, ge=0, le=65535)
    """The port to listen on; 0 takes a free one."""
    cache_dir: Path = Field(default_factory=lambda: user_cache() / "ravine")
    """Where compiled programs and compressed scripts outlive a restart."""
    workers: int = Field(default=2, ge=1, le=64)
    """Threads that compute; clients take turns, a chunk each."""
    allowed_origins: frozenset[str] = frozenset()
    """Origins of foreign pages that may open the stream, exactly as browsers send them: https://lecture.example.org."""
    max_message_bytes: int = Field(default=MIB, ge=1024)
    """Longest message on the stream, and longest body of a request."""
    result_cache_mb: int = Field(default=64, ge=0)
    """Memory for finished answers, so that an embed opened by a whole lecture hall is computed once."""
    snapshot_cache_mb: int = Field(default=256, ge=0)
    """Memory for the weights that networks passed, so that a landscape need not train again."""
    map_cache_mb: int = Field(default=8, ge=0)
    """Memory for the maps of losses over rows, so that one that was seen is there at once; each takes some 70 KB."""
    warm_up: bool = True
    """Compile at the start what a first visitor needs."""
    shutdown_seconds: int = Field(default=3, ge=0)
    """How long requests under way may take once the server is told to stop."""

    @cached_property
    def result_cache_bytes(self) -> int:
        """Return the bound on finished answers in bytes."""
        return self.result_cache_mb * MIB

    @cached_property
    def map_cache_bytes(self) -> int:
        """Return the bound on maps in bytes."""
        return self.map_cache_mb * MIB

    @cached_property
    def snapshot_cache_bytes(self) -> int:
        """Return the bound on weights in bytes."""
        return self.snapshot_cache_mb * MIB
