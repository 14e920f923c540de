"""The embed, in a sandboxed frame of a page of another origin."""

import functools
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Frame

from tests.browser.conftest import Ravine, Service, holds, same, until

RACE = {
    "problem": {"kind": "surface", "name": "rosenbrock", "parameters": {"steepness": 50}},
    "start": [-1.5, 2.0],
    "steps": 300,
    "runs": [
        {"optimizer": "momentum", "lr": 0.0005, "rho": 0.9},
        {"optimizer": "adam", "lr": 0.05, "beta1": 0.9},
    ],
}
LISTEN = "<script>window.told = []; addEventListener('message', ({data}) => window.told.push(data))</script>"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        del format, args


@pytest.fixture
def lecture(tmp_path: Path, service: Service) -> Iterator[Callable[[str], str]]:
    """Serve somebody's slides from another port; called with the embed's options it returns their address."""
    handler = functools.partial(Quiet, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def write(options: str) -> str:
        source = f"{service.address}/embed?c={quote(json.dumps(RACE))}&{options}"
        frame = (
            f'<iframe sandbox="allow-scripts" width="900" height="640" src="{source.replace("&", "&amp;")}"></iframe>'
        )
        head = '<link rel="icon" href="data:,">'
        (tmp_path / "slides.html").write_text(f"<!doctype html>{head}{LISTEN}{frame}", encoding="utf-8")
        return f"http://127.0.0.1:{server.server_port}/slides.html"

    yield write
    server.shutdown()
    server.server_close()
    thread.join(5)


def embedded(ravine: Ravine) -> Frame:
    element = ravine.page.wait_for_selector("iframe")
    frame = element.content_frame() if element else None
    assert frame is not None
    frame.wait_for_selector("[data-part=map] .plot")
    return frame


def told(ravine: Ravine, kind: str) -> list[dict[str, Any]]:
    return [data for data in ravine.page.evaluate("window.told") if data.get("type") == kind]


def test_an_embed_plays_shows_the_named_sliders_alone_and_obeys_them(
    ravine: Ravine, lecture: Callable[[str], str]
) -> None:
    ravine.page.goto(lecture("controls=rho,lr&theme=dark&autoplay=1"))
    frame = embedded(ravine)
    whole = ravine.service.paths(RACE)
    until(lambda: len(ravine.paths(frame)) == 2, "the paths")
    step = frame.locator("input.scrub")
    until(lambda: 0 < int(step.input_value()) < 300, "it plays by itself")
    assert frame.evaluate("document.documentElement.dataset.theme") == "dark"
    shown = frame.locator("input[type=range][data-run]:visible").evaluate_all(
        "all => all.map(one => [one.name, one.dataset.run])"
    )
    assert sorted(shown) == [["lr", "0"], ["lr", "1"], ["rho", "0"]]
    step.fill("300")
    until(lambda: same(ravine.paths(frame), whole), "the whole paths")
    ravine.drag(ravine.slider("rho", 0, frame), 0.5, 0.7)
    after = until(lambda: not same((now := ravine.paths(frame))[:1], whole[:1]) and now, "another path")
    assert np.array_equal(after[1], whole[1])
    changed = until(lambda: told(ravine, "ravine:changed"), "the page around is told")[-1]["comparison"]
    until(lambda: same(ravine.paths(frame), ravine.service.paths(changed)), "what was told is what is drawn")
    assert ravine.measures(frame)


def test_an_embed_without_controls_has_none(ravine: Ravine, lecture: Callable[[str], str]) -> None:
    ravine.page.goto(lecture("controls=none&theme=light"))
    frame = embedded(ravine)
    until(lambda: same(ravine.paths(frame), ravine.service.paths(RACE)), "the paths")
    assert not frame.locator("input[type=range][data-run]:visible").count()


def test_the_page_around_sets_seeks_and_is_told(ravine: Ravine, lecture: Callable[[str], str]) -> None:
    ravine.page.goto(lecture("controls=none"))
    frame = embedded(ravine)
    (ready,) = until(lambda: told(ravine, "ravine:ready"), "the embed says that it is ready")
    assert holds(ready["comparison"], RACE)
    say = "message => document.querySelector('iframe').contentWindow.postMessage(message, '*')"
    ravine.page.evaluate(say, {"type": "ravine:set", "run": 0, "rho": 0.99})
    runs = [{**RACE["runs"][0], "rho": 0.99}, RACE["runs"][1]]
    whole = ravine.service.paths(RACE | {"runs": runs})
    until(lambda: same(ravine.paths(frame), whole), "the path that was asked for")
    ravine.page.evaluate(say, {"type": "ravine:seek", "step": 7})
    until(lambda: same(ravine.paths(frame), [path[:8] for path in whole]), "the step that was asked for")
    assert until(lambda: told(ravine, "ravine:step"), "the step is told")[-1]["step"] == 7
    ravine.page.evaluate(say, {"type": "ravine:play"})
    until(lambda: told(ravine, "ravine:step")[-1]["step"] > 7, "it plays")
    ravine.page.evaluate(say, {"type": "ravine:pause"})
    until(lambda: frame.locator("button.play").get_attribute("aria-label") == "Play", "it pauses")


def test_a_refused_embed_says_what_is_wrong_and_shows_no_other_race(ravine: Ravine) -> None:
    ravine.expected_errors = ("422",)
    broken = quote(json.dumps(RACE | {"steps": -1}))
    ravine.page.goto(f"{ravine.service.address}/embed?c={broken}")
    banner = ravine.page.locator("[data-part=banner]")
    banner.wait_for(state="visible")
    assert "steps" in banner.inner_text()
    assert not ravine.page.locator(".plot").count()
    assert ravine.page.locator("a.open").get_attribute("href") == f"/?c={broken}"


@pytest.mark.parametrize("options", ["view=panels", "view=panels&theme=dark"])
def test_an_embed_shows_the_view_that_was_asked_for(
    ravine: Ravine, lecture: Callable[[str], str], options: str
) -> None:
    ravine.page.goto(lecture(options))
    frame = embedded(ravine)
    until(lambda: same(ravine.paths(frame), ravine.service.paths(RACE)), "the paths")
    assert frame.locator(".cell").count() == len(RACE["runs"])
    assert not frame.locator("input[name=layout]").count()
    assert "view=panels" in (frame.locator("a.open").get_attribute("href") or "")


def test_an_embed_says_which_views_there_are(ravine: Ravine) -> None:
    ravine.expected_errors = ("422",)
    ravine.page.goto(f"{ravine.service.address}/embed?view=fourth")
    banner = ravine.page.locator("[data-part=banner]")
    banner.wait_for(state="visible")
    assert "fourth" in banner.inner_text()
    assert "overlay, panels, 3d, slice" in banner.inner_text()
    assert not ravine.page.locator(".plot").count()
