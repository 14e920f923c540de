"""Packages of others are found by their entry points, as the documents say: an optimizer and a surface, installed."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.core.code import stand_in

ROOT = Path(__file__).parents[2]
ASKED = """
import json
from core.catalog import catalog
from core.code import FLAVOURS, script
from core.frames import join
from core.simulate import simulate
from core.spec import Comparison

found = catalog()
comparison = Comparison.model_validate(json.loads(input()))
runs = join(list(simulate(comparison))).runs
print(json.dumps({
    "optimizers": [one["name"] for one in found["optimizers"]],
    "surfaces": [one["name"] for one in found["surfaces"]],
    "ends": [run.arrays["loss"][-1].item() for run in runs],
    "hash": comparison.hash(),
    "scripts": {flavour: script(comparison, flavour) for flavour in FLAVOURS},
}))
"""


def block(document: str, language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", (ROOT / document).read_text(encoding="utf-8"), re.DOTALL)
    return found


def install(target: Path, module: str, source: str, groups: dict[str, dict[str, str]]) -> None:
    """Put a module and a distribution's metadata where an installer would."""
    (target / f"{module}.py").write_text(source, encoding="utf-8")
    info = target / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module.replace('_', '-')}\nVersion: 1.0\n")
    lines = [
        f"[{group}]\n" + "\n".join(f"{name} = {value}" for name, value in them.items())
        for group, them in groups.items()
    ]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def ask(target: Path, comparison: dict) -> subprocess.CompletedProcess[str]:
    """Ask another process, which finds the packages on its path."""
    path = os.pathsep.join([str(target), str(ROOT)])
    return subprocess.run(
        [sys.executable, "-c", ASKED],
        env=os.environ | {"PYTHONPATH": path},
        input=json.dumps(comparison),
        capture_output=True,
        text=True,
        timeout=180,
    )


def documented(document: str) -> tuple[str, dict[str, dict[str, str]]]:
    """Return the Python file that a document shows, and the entry points of its pyproject."""
    return block(document, "python"), tomllib.loads(block(document, "toml"))["project"]["entry-points"]


def test_the_packages_in_the_documents_are_found_and_race(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "ravine_signum", *documented("docs/add_an_optimizer.md"))
    install(tmp_path, "ravine_bend", *documented("docs/add_a_surface.md"))
    comparison = {
        "problem": {"kind": "surface", "name": "bend", "parameters": {"bend": 0.5}},
        "steps": 100,
        "runs": [{"optimizer": "signum", "lr": 0.02}, {"optimizer": "sgd", "lr": 0.02}],
    }
    answer = ask(tmp_path, comparison)
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    assert "signum" in found["optimizers"]
    assert "bend" in found["surfaces"]
    start = 2.5**2 / 20 + (3.0 - 0.5 * 2.5**2) ** 2
    assert all(end < start for end in found["ends"])
    assert ask(tmp_path, comparison).stdout == answer.stdout
    for flavour, torch in (("optax", None), ("pytorch", stand_in.module())):
        monkeypatch.setitem(sys.modules, "torch", torch)
        scope: dict[str, Any] = {}
        exec(found["scripts"][flavour], scope)
        losses = [float(np.asarray(scope["loss"](path[-1]))) for path in scope["paths"].values()]
        assert losses == pytest.approx(found["ends"], rel=1e-2, abs=1e-3), flavour


@pytest.mark.parametrize(
    ("document", "ours", "theirs"),
    [("docs/add_an_optimizer.md", '"signum"', '"adam"'), ("docs/add_a_surface.md", '"bend"', '"booth"')],
)
def test_two_of_one_name_are_refused_at_the_start(tmp_path: Path, document: str, ours: str, theirs: str) -> None:
    source, groups = documented(document)
    tag = re.search(rf"Literal\[{ours}\] = {ours}", source)
    assert tag
    install(
        tmp_path,
        "ravine_double",
        source.replace(tag[0], f"Literal[{theirs}] = {theirs}"),
        {group: dict.fromkeys(them, "ravine_double") for group, them in groups.items()},
    )
    answer = ask(tmp_path, {"problem": {"kind": "surface", "name": "booth"}, "runs": [{"optimizer": "sgd"}]})
    assert answer.returncode != 0
    assert f"are called {theirs.replace(chr(34), chr(39))}" in answer.stderr
