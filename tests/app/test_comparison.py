"""An address may leave out what has a default; the server writes it out."""

import json

import pytest

from core.catalog import DEFAULT_NETWORK
from core.spec import Comparison
from tests.app.conftest import Served

SHORT = {"problem": {"kind": "network"}, "runs": [{"optimizer": "sgd"}]}


def test_a_short_address_is_written_out(served: Served) -> None:
    answer = served.http.get("/api/comparison", params={"c": json.dumps(SHORT)})
    whole = answer.json()["comparison"]
    assert whole["problem"]["hidden"] == DEFAULT_NETWORK.canonical()["problem"]["hidden"]
    assert answer.json()["hash"] == Comparison.model_validate(SHORT).hash() == Comparison.model_validate(whole).hash()


def test_a_browser_asks_again_and_is_told_that_nothing_changed(served: Served) -> None:
    address = {"c": json.dumps(SHORT)}
    first = served.http.get("/api/comparison", params=address)
    assert "no-cache" in first.headers["cache-control"]
    again = served.http.get("/api/comparison", params=address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("c", ["{", '{"problem": {"kind": "network"}}'])
def test_a_wrong_address_is_refused_with_words(served: Served, c: str) -> None:
    answer = served.http.get("/api/comparison", params={"c": c})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["msg"]
