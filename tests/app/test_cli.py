"""The command line, in a process of its own where that matters."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from app.cli import cli
from app.settings import Settings
from tests.app.conftest import CACHE, RACE, Served

ROOT = Path(__file__).parents[2]


def invoke(*arguments: str, given: str | None = None):
    return CliRunner().invoke(cli, list(arguments), input=given)


def test_run_prints_what_the_api_answers(served: Served, tmp_path: Path) -> None:
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(RACE))
    answer = served.http.post("/api/run", json=RACE).content
    for result in (invoke("run", str(spec)), invoke("run", "-", given=json.dumps(RACE))):
        assert result.exit_code == 0
        assert result.stdout_bytes == answer + b"\n"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (json.dumps(RACE | {"steps": 0}), "steps: Should be a whole number at least 1 and at most 20,000, not 0"),
        ('{"problem": ', "not JSON"),
    ],
)
def test_a_comparison_that_cannot_be_run_is_refused_in_a_line(given: str, said: str) -> None:
    result = invoke("run", "-", given=given)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_file_that_is_not_there_is_named() -> None:
    result = invoke("run", "no/such/file.json")
    assert result.exit_code == 2
    assert "no/such/file.json" in result.stderr


def test_openapi_describes_every_optimizer() -> None:
    document = json.loads(invoke("openapi").stdout)
    assert {"/api/catalog", "/api/run", "/api/landscape"} <= document["paths"].keys()
    assert {"Comparison", "MomentumRun", "AdamRun", "Answer"} <= document["components"]["schemas"].keys()


def test_version_and_help() -> None:
    assert re.fullmatch(r"ravine \d+\.\d+\.\d+\n", invoke("--version").stdout)
    for command in ((), ("serve",), ("run",), ("openapi",)):
        assert invoke(*command, "--help").exit_code == 0


def test_a_limit_that_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAVINE_WORKERS", "0")
    result = invoke("serve")
    assert result.exit_code == 2
    assert "RAVINE_WORKERS" in result.stderr


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = invoke("serve", "--port", str(port))
    assert result.exit_code == 2
    assert f"Port {port} of 127.0.0.1 is taken" in result.stderr


def test_serve_says_where_it_is_and_stops_cleanly_on_ctrl_c() -> None:
    environment = os.environ | {"RAVINE_CACHE_DIR": str(CACHE), "PYTHONPATH": str(ROOT), "RAVINE_WARM_UP": "false"}
    command = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", "0"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line
        assert httpx.get(f"{found[0]}/healthz").status_code == 200
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0
    assert output == errors == ""


def test_the_documentation_names_every_setting() -> None:
    said = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(RAVINE_\w+)`", said, re.MULTILINE))
    assert named == {f"RAVINE_{name.upper()}" for name in Settings.model_fields}
