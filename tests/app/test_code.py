"""A comparison as code, over HTTP and on the command line."""

import json
from pathlib import Path

import pytest

from core.code import FLAVOURS, script
from core.spec import Comparison
from tests.app.conftest import NETWORK, RACE, Served
from tests.app.test_cli import invoke


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_script_is_the_same_over_http_and_on_the_command_line(flavour, served: Served, tmp_path: Path) -> None:
    answer = served.http.get("/api/code", params={"c": json.dumps(RACE), "flavour": flavour})
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == script(Comparison.model_validate(RACE), flavour)
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(RACE))
    assert invoke("code", str(spec), "--flavour", flavour).stdout == answer.text


def test_optax_is_meant_where_nothing_is_said(served: Served) -> None:
    answer = served.http.get("/api/code", params={"c": json.dumps(RACE)})
    assert answer.text == script(Comparison.model_validate(RACE), "optax")
    assert invoke("code", "-", given=json.dumps(RACE)).stdout == answer.text


def test_a_script_that_is_known_is_not_sent_again(served: Served) -> None:
    first = served.http.get("/api/code", params={"c": json.dumps(RACE)})
    again = {"If-None-Match": first.headers["etag"]}
    assert served.http.get("/api/code", params={"c": json.dumps(RACE)}, headers=again).status_code == 304
    other = served.http.get("/api/code", params={"c": json.dumps(RACE), "flavour": "pytorch"}, headers=again)
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "loc", "said"),
    [
        ({"c": json.dumps(NETWORK)}, 422, "problem", "formula"),
        ({"c": json.dumps(RACE), "flavour": "tensorflow"}, 422, "flavour", "pytorch"),
        ({"c": json.dumps(RACE | {"steps": 0})}, 422, "steps", "at least 1"),
        ({"c": '{"problem"'}, 400, "", "not JSON"),
        ({}, 422, "c", "required"),
    ],
)
def test_what_cannot_be_written_is_refused_by_name(query, status: int, loc: str, said: str, served: Served) -> None:
    answer = served.http.get("/api/code", params=query)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert error["loc"] == loc
    assert said in error["msg"]


def test_the_command_line_says_in_a_line_what_has_no_script() -> None:
    result = invoke("code", "-", given=json.dumps(NETWORK))
    assert result.exit_code == 2
    assert result.stderr.startswith("problem: ")
    assert result.stdout == ""
