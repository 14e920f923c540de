"""What browsers load, how long they may keep it, and who may frame it."""

import gzip
import re
import time
from urllib.parse import urljoin

import brotli
import httpx
import pytest

from app import pages
from app.plotly import choose
from core.figures import VIEWS
from tests.app.conftest import RACE, Served


def raw(served: Served, path: str, encoding: str) -> httpx.Response:
    with served.http.stream("GET", path, headers={"accept-encoding": encoding}) as answer:
        answer._content = b"".join(answer.iter_raw())
    return answer


def test_the_chart_library_comes_compressed_and_for_ever(served: Served) -> None:
    path = f"/assets/plotly-{served.services.library.version}.min.js"
    plain = raw(served, path, "identity")
    packed = {"br": brotli.decompress, "gzip": gzip.decompress}
    assert b"plotly.js v" in plain.content[:200]
    for encoding, unpack in packed.items():
        answer = raw(served, path, encoding)
        assert answer.headers["content-encoding"] == encoding
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert len(answer.content) < 0.4 * len(plain.content)
        assert unpack(answer.content) == plain.content
        again = served.http.get(path, headers={"accept-encoding": encoding, "if-none-match": answer.headers["etag"]})
        assert again.status_code == 304


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("", "identity"), ("br;q=0, gzip;q=0.5", "gzip")],
)
def test_the_best_encoding_accepted_is_chosen(accepted: str, chosen: str) -> None:
    assert choose(accepted) == chosen


@pytest.mark.parametrize("path", ["/", "/embed", "/static/live/wire.js", "/favicon.ico"])
def test_pages_and_modules_are_asked_about_each_time_and_seldom_sent_again(served: Served, path: str) -> None:
    first = served.http.get(path)
    assert first.status_code == 200
    assert first.headers["cache-control"] == "public, no-cache"
    again = served.http.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert served.http.head(path).status_code == 200


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_a_page_names_the_chart_library_with_its_version(served: Served, path: str) -> None:
    assert "/assets/plotly.min.js" not in served.http.get(path).text


def test_an_etag_follows_the_content(served: Served, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(pages, "STATIC", tmp_path)
    (tmp_path / "a.js").write_text("1")
    first = served.http.get("/static/a.js")
    (tmp_path / "a.js").write_text("2")
    second = served.http.get("/static/a.js", headers={"if-none-match": first.headers["etag"]})
    assert (second.status_code, second.text) == (200, "2")


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_pages_may_be_framed_by_the_servers_own_alone(served: Served, path: str) -> None:
    headers = served.http.get(path).headers
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"


def test_the_embed_may_be_framed_by_anyone_slides_on_a_disk_included(served: Served) -> None:
    headers = served.http.get("/embed").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors" not in headers["content-security-policy"]
    assert "x-frame-options" not in headers


@pytest.mark.parametrize("path", ["/static/live/wire.js", "/api/catalog", "/api/figures", "/assets/plotly.min.js"])
def test_a_sandboxed_embed_may_load_what_it_needs(served: Served, path: str) -> None:
    answer = served.http.get(path, headers={"origin": "null"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")


def test_a_sandboxed_embed_may_post(served: Served) -> None:
    asked = {
        "origin": "null",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    preflight = served.http.options("/api/run", headers=asked)
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "Content-Type" in preflight.headers["access-control-allow-headers"]
    answer = served.http.post("/api/run", json=RACE, headers={"origin": "null"})
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("encoding", ["zstd", "br", "gzip"])
def test_answers_are_compressed(served: Served, encoding: str) -> None:
    assert raw(served, "/api/catalog", encoding).headers["content-encoding"] == encoding


def test_the_catalog_has_everything_that_can_be_chosen(served: Served) -> None:
    catalog = served.http.get("/api/catalog").json()
    assert {"surfaces", "optimizers", "schedules", "datasets", "scenes"} <= catalog.keys()
    described = {"name", "symbol", "default", "min", "max", "scale", "meaning", "valid"}
    for entry in catalog["optimizers"] + catalog["surfaces"]:
        assert all(described <= parameter.keys() for parameter in entry["parameters"])
    assert served.http.post("/api/run", json=catalog["default"]).status_code == 200


def test_the_manual_names_every_route_and_loads_nothing(served: Served) -> None:
    manual = served.http.get("/docs").text
    for path in served.http.get("/openapi.json").json()["paths"]:
        assert path in manual
    assert "<script" not in manual
    assert "//" not in manual.replace("<!doctype html>", "")


def test_readiness_waits_for_the_compiler(serve) -> None:
    served = serve(warm_up=True)
    early = served.http.get("/readyz")
    assert early.status_code in (200, 503)
    if early.status_code == 503:
        assert early.headers["content-type"] == "application/problem+json"
    limit = time.monotonic() + 100
    while served.http.get("/readyz").status_code != 200:
        assert time.monotonic() < limit, "never ready"
        time.sleep(0.1)
    before = served.rest()
    for path in ("/api/catalog", "/api/figures"):
        assert served.http.get(path).status_code == 200
    assert served.rest() == before, "what every page loads is there already"


def test_metrics_count_turns(served: Served) -> None:
    def turns() -> int:
        text = served.http.get("/metrics").text
        return int(next(line for line in text.splitlines() if line.startswith("ravine_turns_total")).split()[1])

    before = turns()
    served.http.post("/api/run", json=RACE | {"seed": 99})
    assert turns() > before


def test_a_view_that_there_is_not_is_refused_with_a_page_that_says_so(served: Served) -> None:
    assert all(served.http.get("/embed", params={"view": view}).status_code == 200 for view in VIEWS)
    refused = served.http.get("/embed", params={"view": "fourth"})
    assert refused.status_code == 422
    assert refused.text == served.http.get("/embed").text


@pytest.mark.parametrize("page", ["/", "/embed"])
def test_a_page_names_every_module_that_it_loads(served: Served, page: str) -> None:
    text = served.http.get(page).text
    (entry,) = re.findall(r'<script type="module" src="([^"]+)"', text)
    named = set(re.findall(r'<link rel="modulepreload" href="([^"]+)"', text))
    loaded, waiting = set(), [entry]
    while waiting:
        module = waiting.pop()
        loaded.add(module)
        answer = served.http.get(module)
        assert answer.status_code == 200, module
        imported = re.findall(r'from "([^"]+)"', answer.text)
        waiting += {urljoin(module, name) for name in imported} - loaded
    assert named == loaded - {entry}
    assert len(named) > 20
