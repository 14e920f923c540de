"""A million rows over the socket: a sample's map at once, that of all rows in the end, and nothing done twice."""

import json

import numpy as np
import pytest

from core.problems.data import DATA_PROBLEMS
from tests.app.conftest import Served, ask, read, read_until
from tests.core.problems.test_data import exact

ROWS = 1_000_000
PROBLEM = {"kind": "data", "name": "logistic_regression", "rows": ROWS, "batch_size": 64}
ASKED = {"comparison": {"problem": PROBLEM, "steps": 20, "runs": [{"optimizer": "sgd", "lr": 1.0}]}}
VIEW = {"x": [-1.0, 5.0], "y": [-4.0, 1.0], "width": 30, "height": 24}


def test_a_map_over_a_million_rows_is_interrupted_gone_on_with_and_kept(served: Served) -> None:
    with served.open() as socket:
        ask(socket, 1, **ASKED, view=VIEW)
        (first, _), *_ = read_until(socket, "done", 1)
        assert (first["kind"], first["rows"], first["count"]) == ("heights", 10_240, ROWS)
        ask(socket, 2, **ASKED, view=VIEW, refine=True)
        half, _ = read(socket)
        assert 10_240 < half["rows"] < ROWS
        ask(socket, 3, **ASKED)
        read_until(socket, "done", 3)
        ask(socket, 4, **ASKED, view=VIEW, refine=True)
        frames = read_until(socket, "done", 4)
        rows = [header["rows"] for header, _ in frames[:-1]]
        assert half["rows"] < rows[0], "it goes on where it was"
        assert rows == sorted(rows)
        assert rows[-1] == ROWS
        parts = {part.name: part.values for part in frames[-2][1]}
        problem = DATA_PROBLEMS[1](rows=ROWS)
        for row, column in [(0, 0), (23, 29), (11, 17)]:
            loss, _ = exact(problem, (parts["x"][column], parts["y"][row]))
            assert np.isclose(parts["loss"][row, column], loss, rtol=2e-5)
        ask(socket, 5, **ASKED, view=VIEW)
        (again, _), *_ = read_until(socket, "done", 5)
        assert again["rows"] == ROWS


def test_only_a_loss_over_rows_is_refined_and_on_a_window(served: Served) -> None:
    with served.open() as socket:
        surface = {"problem": {"kind": "surface", "name": "booth"}, "runs": [{"optimizer": "sgd"}]}
        ask(socket, 1, comparison=surface, view=VIEW, refine=True)
        assert read(socket)[0]["errors"][0]["loc"] == "refine"
        ask(socket, 2, **ASKED, refine=True)
        assert read(socket)[0]["errors"][0]["loc"] == "view"


@pytest.mark.parametrize("room", [8, 0], ids=["kept", "without room to keep it"])
def test_a_landscape_by_post_is_over_all_rows(serve, room: int) -> None:
    question = {
        "comparison": {"problem": PROBLEM | {"rows": 30_000, "name": "neuron"}, "runs": [{"optimizer": "sgd"}]},
        "plane": {"kind": "identity"},
        "resolution": 5,
    }
    answer = serve(map_cache_mb=room).http.post("/api/landscape", json=question).json()
    loss, _ = exact(DATA_PROBLEMS[2](rows=30_000), (answer["x"][1], answer["y"][3]))
    assert np.isclose(answer["loss"][3][1], loss, rtol=2e-5)


def test_bad_rows_are_named(served: Served) -> None:
    refused = served.http.post("/api/run", json={"problem": PROBLEM | {"rows": 10}, "runs": [{"optimizer": "sgd"}]})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["loc"] == "problem.batch_size"
    assert "at most 10" in refused.json()["errors"][0]["msg"]


def test_a_sample_of_rows_can_be_looked_at_and_other_problems_have_none(served: Served) -> None:
    problem = {"kind": "data", "name": "logistic_regression", "dataset": "iris"}
    query = {"c": json.dumps({"problem": problem, "runs": [{"optimizer": "sgd"}]})}
    found = served.http.get("/api/rows", params=query).json()
    assert (found["line"], found["told"], found["count"]) == ("threshold", "virginica", 100)
    assert len(found["x"]) == len(found["y"]) == len(found["positive"]) == 100
    surface = {"c": json.dumps({"problem": {"kind": "surface", "name": "booth"}, "runs": [{"optimizer": "sgd"}]})}
    refused = served.http.get("/api/rows", params=surface)
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, "problem.kind")
