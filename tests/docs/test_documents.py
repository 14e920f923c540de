"""What the documentation says is so: its examples run, its links lead somewhere, its tables leave nothing out."""

import json
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import optax
import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.wire import decode
from core.catalog import catalog
from core.optimizers.base import Optimizer
from core.problems.surfaces.base import Surface
from core.spec import Comparison
from docs.generate import TARGET, page

ROOT = Path(__file__).parents[2]
DOCUMENTS = {str(path.relative_to(ROOT)): path for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])}
WITH_EXAMPLES = ["README.md", "docs/http.md", "docs/embedding.md"]


def text(name: str) -> str:
    return DOCUMENTS[name].read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text(name), re.DOTALL | re.MULTILINE)


def anchors(markdown: str) -> set[str]:
    """Make GitHub's anchors of a page's headings."""
    headings = re.findall(
        r"^#+ (.*)$", re.sub(r"^```.*?^```", "", markdown, flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    cache = ROOT / ".pytest_cache" / "ravine"  # what the other tests compiled serves here too
    with TestClient(create_app(Settings(warm_up=False, cache_dir=cache))) as client:
        yield client


def curls() -> list[Any]:
    """Find the curl commands of all documents: path and body."""
    found: list[Any] = []
    for name in WITH_EXAMPLES:
        for block in blocks(name, "sh"):
            if block.startswith("curl "):
                _, address, *rest = shlex.split(block)
                body = rest[rest.index("-d") + 1]
                assert "Content-Type: application/json" in rest
                found.append(pytest.param(urlsplit(address).path, body, id=f"{name}-{urlsplit(address).path}"))
    return found


def comparisons() -> list[Any]:
    return [
        pytest.param(block, id=f"{name}-{place}")
        for name in WITH_EXAMPLES
        for place, block in enumerate(blocks(name, "json"))
        if json.loads(block).keys() >= {"problem", "runs"}
    ]


def frames() -> list[Any]:
    """Find the iframes of all documents: name and address."""
    found = [(name, src) for name in WITH_EXAMPLES for src in re.findall(r'<iframe[^>]*?src="([^"]+)"', text(name))]
    assert len(found) == 2
    return found


def test_the_catalog_is_what_the_definitions_say() -> None:
    assert TARGET.read_text(encoding="utf-8") == page(), "write it again: .venv/bin/python docs/generate.py"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_relative_links_lead_somewhere(name: str) -> None:
    prose = re.sub(r"^```.*?^```|`[^`\n]*`", "", text(name), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if urlsplit(target).scheme:
            continue
        path, _, anchor = target.partition("#")
        there = (DOCUMENTS[name].parent / path).resolve() if path else DOCUMENTS[name]
        assert there.exists(), f"{name}: {target}"
        if anchor:
            assert anchor in anchors(there.read_text(encoding="utf-8")), f"{name}: {target}"


def test_every_document_is_in_the_index() -> None:
    listed = text("docs/index.md")
    missing = [name for name in DOCUMENTS if name.startswith("docs/") and f"({Path(name).name})" not in listed]
    assert missing == ["docs/index.md"]


@pytest.mark.parametrize(("path", "body"), curls())
def test_curl_examples_are_answered(client: TestClient, path: str, body: str) -> None:
    answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["hash"]


@pytest.mark.parametrize("block", comparisons())
def test_comparisons_run(client: TestClient, block: str) -> None:
    answer = client.post("/api/run", json=json.loads(block))
    assert answer.status_code == 200, answer.text
    assert {run["status"] for run in answer.json()["runs"]} == {"ok"}


def test_the_answer_shown_is_the_answer_given(client: TestClient) -> None:
    (body,) = [block for block in blocks("docs/http.md", "sh") if "/api/run " in block]
    (shown,) = [json.loads(block) for block in blocks("docs/http.md", "json") if '"hash"' in block]
    given = client.post("/api/run", json=json.loads(shlex.split(body)[-1])).json()
    assert given["hash"] == shown["hash"]
    (run,), (expected,) = given["runs"], shown["runs"]
    assert run.keys() == expected.keys()
    for name, values in expected.items():
        if isinstance(values, list):
            assert flat(run[name]) == pytest.approx(flat(values), rel=1e-4)
        else:
            assert run[name] == values


def flat(values: list[Any]) -> list[float]:
    return [number for value in values for number in (value if isinstance(value, list) else [value])]


def test_the_error_shown_is_the_error_given(client: TestClient) -> None:
    (shown,) = [json.loads(block) for block in blocks("docs/http.md", "json") if '"about:blank"' in block]
    wrong = {"problem": {"kind": "surface", "name": "booth"}, "runs": [{"optimizer": "momentum", "rho": 1.9}]}
    assert client.post("/api/run", json=wrong).json() == shown
    assert f"{shown['errors'][0]['loc']}: {shown['errors'][0]['msg']}" in " ".join(text("README.md").split())


def test_a_landscape_has_the_fields_that_are_explained(client: TestClient) -> None:
    (body,) = [block for block in blocks("docs/http.md", "sh") if "/api/landscape" in block]
    answer = client.post("/api/landscape", json=json.loads(shlex.split(body)[-1])).json()
    explained = set(re.findall(r"`(\w+)[`\[]", text("docs/http.md")))
    assert answer.keys() - {"stage"} <= explained
    assert answer["paths"][0].keys() <= explained


def test_the_reader_of_frames_reads_them(client: TestClient) -> None:
    scope: dict[str, Any] = {}
    (block,) = blocks("docs/http.md", "python")
    exec(block, scope)
    comparison = {"problem": {"kind": "surface", "name": "booth"}, "steps": 10, "runs": [{"optimizer": "adam"}]}
    view = {"x": [-2, 2], "y": [-1, 3], "width": 10, "height": 8}
    kinds: list[str] = []
    with client.websocket_connect("/api/stream") as socket:
        socket.send_json({"id": 7, "comparison": comparison, "view": view})
        while "done" not in kinds:
            frame = socket.receive_bytes()
            header, arrays = scope["read"](frame)
            expected, parts = decode(frame)
            kinds.append(header["kind"])
            assert header["id"] == 7
            assert expected == {name: value for name, value in header.items() if name != "arrays"}
            assert [(name, run, tuple(shape)) for name, run, shape, _ in arrays] == [
                (part.name, part.run, part.values.shape) for part in parts
            ]
            assert all(
                list(numbers) == part.values.ravel().tolist() for (*_, numbers), part in zip(arrays, parts, strict=True)
            )
    assert kinds == ["heights", "chunk", "done"]


@pytest.mark.parametrize(("name", "address"), frames())
def test_embeds_show_a_comparison_and_sliders_that_exist(client: TestClient, name: str, address: str) -> None:
    parts = urlsplit(address)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    explained = re.findall(r"^\| `(\w+)` \|", text("docs/embedding.md"), re.MULTILINE)
    assert client.get(parts.path).status_code == 200
    assert query.keys() <= set(explained), name
    comparison = Comparison.from_text(query["c"])
    sliders = {field for run in comparison.runs for field in type(run.rule()).number_fields()}
    assert set(query["controls"].split(",")) <= sliders
    assert unquote(address).count("{") > 0


def test_messages_and_query_of_embeds_are_those_of_the_page() -> None:
    code = (ROOT / "static" / "embed.js").read_text(encoding="utf-8")
    said = text("docs/embedding.md")
    assert set(re.findall(r"ravine:\w+", said)) == set(re.findall(r'"(ravine:\w+)"', code))
    asked = set(re.findall(r'query\.get\("(\w+)"\)', code)) | {"c"}
    assert set(re.findall(r"^\| `(\w+)` \|", said, re.MULTILINE)) == asked


def test_every_setting_is_in_the_readme_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(RAVINE_\w+)` \| (.*?) \|", text("README.md"), re.MULTILINE))
    assert rows.keys() == {f"RAVINE_{name.upper()}" for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if name in ("cache_dir", "allowed_origins"):
            continue
        default = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
        assert rows[f"RAVINE_{name.upper()}"] == f"`{default}`", name


def test_origins_are_written_as_the_readme_says(monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = re.findall(r"RAVINE_ALLOWED_ORIGINS.*?JSON list: `(.*?)`", text("README.md"))
    monkeypatch.setenv("RAVINE_ALLOWED_ORIGINS", example)
    assert Settings().allowed_origins == {"https://lecture.example.org"}


def test_every_verb_is_in_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = set(re.findall(r"^# .*\n(?:#.*\n)*([a-z]+):", makefile.partition("# --- below")[0], re.MULTILINE)) - {
        "help"
    }
    assert set(re.findall(r"^\| `make (\w+)` \|", text("README.md"), re.MULTILINE)) == verbs


def test_the_changelog_has_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert re.search(rf"^## \[{re.escape(project['version'])}\]", text("CHANGELOG.md"), re.MULTILINE)


def example(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Execute the Python file that a document shows, as a module of its own."""
    (block,) = blocks(name, "python")
    module = ModuleType(f"documented_{Path(name).stem}")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(block, module.__dict__)
    return module


def test_the_optimizer_shown_steps_as_optax_does(monkeypatch: pytest.MonkeyPatch) -> None:
    signum = example("docs/add_an_optimizer.md", monkeypatch).Signum(lr=0.1)
    assert isinstance(signum, Optimizer)
    assert [one["name"] for one in signum.entry()["parameters"]] == ["lr", "beta"]
    # Lion whose two averages are one
    ours, theirs = signum.transform(), optax.lion(0.1, b1=signum.beta, b2=signum.beta, weight_decay=0)
    x = {"x": optax.tree.zeros_like(1.0) + 3.0}
    states = ours.init(x), theirs.init(x)
    for _ in range(40):
        gradient = {"x": 2 * x["x"]}
        (mine, first), (other, second) = ours.update(gradient, states[0], x), theirs.update(gradient, states[1], x)
        assert float(mine["x"]) == pytest.approx(float(other["x"]))
        states, x = (first, second), optax.apply_updates(x, mine)
    assert abs(float(x["x"])) < 1


def test_the_surface_shown_has_its_minimum_where_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    surface = example("docs/add_a_surface.md", monkeypatch).Bend(bend=0.5)
    assert isinstance(surface, Surface)
    assert [tuple(minimum) for minimum in surface.minima()] == [pytest.approx((0, 0, 0), abs=1e-6)]
    assert surface.rates.keys() == {one["name"] for one in catalog()["optimizers"] if not one["suits"]}
