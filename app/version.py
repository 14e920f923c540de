"""The version of the program; a part of every ETag, because another version may give other bytes."""

from importlib.metadata import PackageNotFoundError, version


def _version() -> str:
    try:
        return version("ravine")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "0.0.0"


VERSION = _version()
