"""Validators: how a browser or a proxy asks whether what it has is still what it would get."""

import hashlib

from fastapi import Request

from app.version import VERSION


def validators(name: str, cache_control: str, body: bytes = b"") -> dict[str, str]:
    """Return ETag and Cache-Control.

    Args:
        name: what the answer depends on.
        cache_control: how long it may be kept.
        body: its bytes, where the name alone does not settle them.
    """
    digest = hashlib.sha256(b"\0".join((name.encode(), VERSION.encode(), body))).hexdigest()
    return {"ETag": f'"{digest[:32]}"', "Cache-Control": cache_control}


def not_modified(request: Request, etag: str) -> bool:
    """Say whether the client has it; compression changes an ETag into a weak one, which counts."""
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or etag in (part.strip().removeprefix("W/") for part in known.split(","))
