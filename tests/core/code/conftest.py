"""Scripts are executed, in optax and in PyTorch or its stand-in."""

import sys
from typing import Any

import pytest

from tests.core.code import stand_in


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch):
    """Execute a script in a clean namespace and return it."""

    def run(text: str, engine: str) -> dict[str, Any]:
        if engine == "stand-in":
            monkeypatch.setitem(sys.modules, "torch", stand_in.module())
        scope: dict[str, Any] = {"__name__": "__main__"}
        exec(compile(text, "<script>", "exec"), scope)
        return scope

    return run
