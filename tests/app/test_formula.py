"""A formula, asked about and raced on."""

from typing import Any

import pytest

from tests.app.conftest import Served, ask, read_until


def asked(served: Served, expression: str, **others: str) -> Any:
    return served.http.get("/api/formula", params={"expression": expression, **others})


def test_all_that_the_page_needs_is_answered(served: Served) -> None:
    answer = asked(served, "x^2 + 10*sin(y)")
    assert answer.status_code == 200
    found = answer.json()
    assert found["expression"] == "x^2 + 10*sin(y)"
    assert found["mathml"].startswith("<math")
    assert found["domain"] == [[-3, 3], [-3, 3]]
    assert set(found["rates"]) == {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"}
    assert [point["kind"] for point in found["stationary"]] == ["minimum", "saddle"]
    assert found["stationary"][0]["value"] == pytest.approx(-10)
    assert found["undefined"] is False
    assert asked(served, "x^2 - log(x)").json()["undefined"] is True
    same = served.http.get(answer.request.url, headers={"if-none-match": answer.headers["etag"]})
    assert same.status_code == 304


def test_another_domain_is_another_answer(served: Served) -> None:
    found = asked(served, "sin(x)*cos(y)", domain="[[10, 12], [10, 14]]").json()
    assert found["domain"] == [[10, 12], [10, 14]]
    assert all(9.5 <= point["x"] <= 12.5 and 9 <= point["y"] <= 15 for point in found["stationary"])
    assert 10 <= found["start"][0] <= 12


@pytest.mark.parametrize(
    ("expression", "others", "loc", "column"),
    [
        ("x^2 +", {}, "expression", 5),
        ("x^2 + q", {}, "expression", 7),
        ("", {}, "expression", 1),
        ("x\n+ y", {}, "expression", 2),
        ("log(-1)", {}, "expression", None),
        ("log(x)", {"domain": "[[-2, -1], [0, 1]]"}, "domain", None),
        ("x", {"domain": "[[2, 1], [0, 1]]"}, "domain.0", None),
        ("x", {"domain": "7"}, "domain", None),
        ("x", {"domain": "[["}, "", None),
    ],
)
def test_an_error_points_at_the_character(
    served: Served, expression: str, others: dict[str, str], loc: str, column: int | None
) -> None:
    answer = asked(served, expression, **others)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert error["loc"] == loc
    assert error.get("column") == column
    assert served.http.get("/healthz").status_code == 200


def test_the_stream_sends_holes_and_all_kinds_of_points_and_the_column_of_an_error(served: Served) -> None:
    race = {"steps": 20, "runs": [{"optimizer": "sgd", "lr": 0.01}]}
    view = {"x": [-2, 2], "y": [-2, 2], "width": 21, "height": 11}
    with served.open() as socket:
        problem = {"kind": "formula", "expression": "sqrt(x + 1)/9 + cos(2*x) + sin(2*y)"}
        ask(socket, 1, comparison=race | {"problem": problem}, view=view)
        header, parts = read_until(socket, "done", 1)[0]
        assert header["kind"] == "heights"
        arrays = {part.name: part.values for part in parts}
        assert (arrays["shade"][:, arrays["x"] < -1] == -1).all()
        assert (arrays["shade"][:, arrays["x"] > -1] >= 0).all()
        assert header["saddles"]
        assert header["maxima"]
        ask(socket, 2, comparison=race | {"problem": problem | {"expression": "x + 2y"}})
        header, _ = read_until(socket, "error", 2)[-1]
        assert header["errors"][0]["loc"] == "problem.expression"
        assert header["errors"][0]["column"] == 6
