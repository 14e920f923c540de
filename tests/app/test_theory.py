"""Theory over HTTP and on the stream."""

import json
from typing import Any

import numpy as np
import pytest

from core.frames import join
from core.simulate import simulate
from core.spec import Comparison
from core.theory import along, theories
from tests.app.conftest import NETWORK, Served, ask, read_until

RAVINE: dict[str, Any] = {
    "problem": {"kind": "surface", "name": "ravine", "parameters": {"condition": 25}},
    "steps": 60,
    "runs": [{"optimizer": "sgd", "lr": 0.5}, {"optimizer": "nesterov", "lr": 0.2}, {"optimizer": "adam", "lr": 0.2}],
}


def test_what_theory_says_is_the_same_by_both_ways(served: Served) -> None:
    answer = served.http.post("/api/theory", json=RAVINE).json()
    comparison = Comparison.model_validate(RAVINE)
    chunk = join(list(simulate(comparison)))
    assert answer["hash"] == comparison.hash()
    assert [run["limit"] for run in answer["runs"]] == [told.limit for told in theories(comparison, chunk)]
    with served.open() as socket:
        ask(socket, 1, comparison=RAVINE, theory=True)
        header, parts = next(frame for frame in read_until(socket, "done", 1) if frame[0]["kind"] == "chunk")
        assert header["theory"] == answer["runs"]
        found = [part.values for part in parts if part.name == "curvatures"]
        assert all(map(np.array_equal, found, along(comparison, chunk)))
        ask(socket, 2, comparison=RAVINE)
        header, parts = next(frame for frame in read_until(socket, "done", 2) if frame[0]["kind"] == "chunk")
        assert "theory" not in header


def test_it_comes_with_the_last_chunk_alone(served: Served) -> None:
    with served.open() as socket:
        ask(socket, 1, comparison=RAVINE | {"steps": 3000}, theory=True)
        chunks = [header for header, _ in read_until(socket, "done", 1) if header["kind"] == "chunk"]
    assert ["theory" in header for header in chunks] == [False] * (len(chunks) - 1) + [True]
    assert len(chunks) > 1


def test_of_a_cloud_too_it_comes_last_though_the_own_seed_is_gone_before(served: Served) -> None:
    runs = [{"optimizer": "sgd", "lr": 0.03}]
    noise = {"kind": "gaussian", "scale": 3.0}
    cloud = {"problem": {"kind": "surface", "name": "beale"}, "noise": noise, "runs": runs, "steps": 1200, "seeds": 4}
    with served.open() as socket:
        ask(socket, 1, comparison=cloud | {"seed": 5}, theory=True)
        chunks = [header for header, _ in read_until(socket, "done", 1) if header["kind"] == "chunk"]
    assert chunks[0]["runs"][0]["status"] == "diverged"
    assert ["theory" in header for header in chunks] == [False] * (len(chunks) - 1) + [True]
    assert len(chunks) > 1


def test_runs_that_diverge_are_told_of_too(served: Served) -> None:
    answer = served.http.post("/api/theory", json=RAVINE | {"runs": [{"optimizer": "sgd", "lr": 5}], "steps": 3000})
    (told,) = answer.json()["runs"]
    assert told["limit"] == pytest.approx(1, rel=1e-5)
    assert told["slope"] is None


def test_a_network_has_none_and_is_told_so(served: Served) -> None:
    answer = served.http.post("/api/theory", json=NETWORK)
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, "problem")
    with served.open() as socket:
        ask(socket, 1, comparison=NETWORK, theory=True)
        header, _ = read_until(socket, "error", 1)[-1]
    assert header["errors"][0]["loc"] == "theory"


def test_a_loss_over_rows_has_theory_by_both_ways(served: Served) -> None:
    problem = {"kind": "data", "name": "logistic_regression", "rows": 3000, "batch_size": 64}
    asked = {"problem": problem, "steps": 30, "runs": [{"optimizer": "sgd", "lr": 1}]}
    (told,) = served.http.post("/api/theory", json=asked).json()["runs"]
    assert told["limit"] == pytest.approx(2 / told["curvatures"][1])
    assert told["sampled"] == 1024
    with served.open() as socket:
        ask(socket, 1, comparison=asked, theory=True)
        header, parts = next(frame for frame in read_until(socket, "done", 1) if frame[0]["kind"] == "chunk")
    assert header["theory"] == [told]
    assert [part.values.shape for part in parts if part.name == "curvatures"] == [(31, 2)]


def test_a_formula_has_theory_and_a_script(served: Served) -> None:
    formula = RAVINE | {"problem": {"kind": "formula", "expression": "x^2 + 4*y^2"}, "start": [1, 1]}
    told = served.http.post("/api/theory", json=formula).json()["runs"]
    assert told[0]["curvatures"] == pytest.approx([2, 8], rel=1e-5)
    assert "4 * y**2" in served.http.get("/api/code", params={"c": json.dumps(formula)}).text
