"""Whatever is sent, the answer is a 4xx that names the field in its writer's words, and the server lives on."""

import json
import time

import pytest

from tests.app.conftest import NETWORK, RACE, Served

SGD = {"optimizer": "sgd"}
SURFACE = {"kind": "surface", "name": "ravine"}


def race(**changes: object) -> str:
    return json.dumps(RACE | changes)


def run(**fields: object) -> str:
    return race(runs=[fields])


def formula(expression: str, domain: object = None) -> str:
    return race(problem={"kind": "formula", "expression": expression, "domain": domain})


CASES = {
    "an unknown optimizer": (run(optimizer="adamm"), "runs.0.optimizer", "adam"),
    "no optimizer": (run(lr=1.0), "runs.0.optimizer", "momentum"),
    "an unknown surface": (race(problem={"kind": "surface", "name": "rosenbruck"}), "problem.name", "rosenbrock"),
    "an unknown problem": (race(problem={"kind": "surfac"}), "problem.kind", "network"),
    "no problem": (json.dumps({"runs": [SGD]}), "problem", "required"),
    "no runs": (json.dumps({"problem": SURFACE}), "runs", "required"),
    "an unknown schedule": (run(**SGD, schedule={"kind": "stepp"}), "runs.0.schedule.kind", "step"),
    "an unknown noise": (race(noise={"kind": "pink"}), "noise.kind", "gaussian"),
    "an unknown dataset": (race(problem={"kind": "network", "dataset": "mnist"}), "problem.dataset", "digits"),
    "a misspelt field": (run(optimizer="momentum", roh=0.9), "runs.0.roh", "rho"),
    "an unknown field": (race(stepss=3), "stepss", "steps"),
    "an unknown parameter": (
        race(problem=SURFACE | {"parameters": {"conditon": 3}}),
        "problem.parameters.conditon",
        "condition",
    ),
    "a parameter out of range": (
        race(problem=SURFACE | {"parameters": {"condition": -1}}),
        "problem.parameters.condition",
        "1",
    ),
    "rho of one": (run(optimizer="momentum", rho=1.0), "runs.0.rho", "less than 1"),
    "a learning rate of zero": (run(optimizer="sgd", lr=0), "runs.0.lr", "greater than 0"),
    "a learning rate that is text": (run(optimizer="sgd", lr="fast"), "runs.0.lr", "number"),
    "a schedule's number out of range": (
        run(**SGD, schedule={"kind": "step", "factor": -3}),
        "runs.0.schedule.factor",
        "greater than 0",
    ),
    "a run's number that the problem lacks": (
        run(**SGD, problem={"condition": 3}),
        "runs.0.problem.condition",
        "steepness",
    ),
    "an unknown name in a formula": (formula("x^2 + z"), "problem.expression", "column 7: 'z' is unknown"),
    "a look-alike in a formula": (formula("x^2 + у"), "problem.expression", "column 7: 'у' is not allowed"),
    "an attribute in a formula": (formula("x.__class__"), "problem.expression", "column 2: '.' is not allowed"),
    "a call in a formula": (formula("__import__(x)"), "problem.expression", "column 1: '__import__' is unknown"),
    "a formula of ten thousand characters": (formula("x+" * 5_000 + "x"), "problem.expression", "column 1001"),
    "a formula nested too deeply": (formula("(" * 99 + "x" + ")" * 99), "problem.expression", "column 31"),
    "a formula of too many operations": (
        formula("(" + "+".join(["x*y"] * 40) + ")*(" + "+".join(["x*y"] * 40) + ")"),
        "problem.expression",
        "operations",
    ),
    "a tower of powers": (formula("9**9**9"), "problem.expression", "no value anywhere"),
    "division by zero everywhere": (formula("1/(x - x)"), "problem.expression", "no value anywhere"),
    "logarithms of negative numbers": (formula("log(-1 - x^2)"), "problem.expression", "no value anywhere"),
    "a formula without a value in its domain": (formula("log(x)", [[-2, -1], [0, 1]]), "problem.domain", "no value"),
    "a formula without a value in its domain, though every run starts elsewhere": (
        json.dumps(json.loads(formula("log(x)", [[-2, -1], [0, 1]])) | {"runs": [SGD | {"start": [1, 1]}]}),
        "problem.domain",
        "no value",
    ),
    "more rows in a step than a moment takes": (
        race(problem={"kind": "data", "name": "neuron", "rows": 10**6, "batch_size": 10**6}, start=None, seeds=256),
        "seeds",
        "at most 50",
    ),
    "more rows than minutes take": (
        race(
            problem={"kind": "data", "name": "neuron", "rows": 10**6, "batch_size": 10**6},
            start=None,
            seeds=50,
            steps=20_000,
        ),
        "steps",
        "at most 1,000",
    ),
    "a formula that is a number": (race(problem={"kind": "formula", "expression": 7}), "problem.expression", "string"),
    "no formula": (race(problem={"kind": "formula"}), "problem.expression", "required"),
    "a domain from right to left": (formula("x", [[2, 1], [0, 1]]), "problem.domain.0", "smaller one first"),
    "an endless domain": (formula("x", [[0, 1e300], [0, 1]]), "problem.domain.0.1", "at most"),
    "a start where there is no value": (
        json.dumps(json.loads(formula("log(x)")) | {"start": [-1, 0]}),
        "start",
        "no value there",
    ),
    "NaN": (race().replace("0.0005", "NaN"), "runs.0.lr", "finite"),
    "infinity": (race().replace("0.0005", "Infinity"), "runs.0.lr", "finite"),
    "an overflowing number": (race().replace("0.0005", "1e999"), "runs.0.lr", "finite"),
    "NaN as a start": (
        '{"problem": {"kind": "surface", "name": "ravine"}, "start": [NaN, 0], "runs": [{"optimizer": "sgd"}]}',
        "start.0",
        "finite",
    ),
    "a start far away": (race(start=[1e300, 0]), "start.0", "at most"),
    "a start of one number": (race(start=[1]), "start.1", "required"),
    "a start for a network": (json.dumps(NETWORK | {"start": [0, 0]}), "start", "network"),
    "a billion steps": (race(steps=10**9), "steps", "20,000"),
    "no steps": (race(steps=0), "steps", "at least 1"),
    "half a step": (race(steps=1.5), "steps", "whole"),
    "more iterates than an answer holds": (race(steps=20_000, runs=[SGD] * 32), "steps", "6,250"),
    "ten thousand runs": (race(runs=[SGD] * 10_000), "runs", "at most 32"),
    "an empty list of runs": (race(runs=[]), "runs", "at least 1"),
    "a negative seed": (race(seed=-1), "seed", "at least 0"),
    "runs that are a number": (race(runs=5), "runs", "list"),
    "a run that is a number": (race(runs=[5]), "runs.0", "object"),
    "null for a problem": (race(problem=None), "problem", "object"),
    "a list for a body": ("[1]", "", "object"),
}


@pytest.mark.parametrize(("body", "loc", "said"), CASES.values(), ids=CASES.keys())
def test_what_is_wrong_is_named(served: Served, body: str, loc: str, said: str) -> None:
    by_post = served.http.post("/api/run", content=body, headers={"content-type": "application/json"})
    by_get = served.http.get("/api/run", params={"c": body}) if len(body) < 10_000 else by_post
    for answer in (by_post, by_get):
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == 422
        assert [error["loc"] for error in problem["errors"]] == [loc]
        assert said in problem["errors"][0]["msg"]
    assert served.http.get("/healthz").status_code == 200


BROKEN = {
    "half of it": b'{"problem": ',
    "nothing": b"",
    "no UTF-8": b'{"problem": "\xff\xfe"}',
    "nested too deeply": b"[" * 100_000,
    "a number of ten thousand digits": b'{"steps": ' + b"9" * 10_000 + b"}",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_a_body_that_is_no_json_is_refused(served: Served, body: bytes) -> None:
    answer = served.http.post("/api/run", content=body, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert served.http.get("/healthz").status_code == 200


def test_a_body_of_another_type_is_told_which(served: Served) -> None:
    answer = served.http.post("/api/run", data={"a": "b"})
    assert answer.status_code == 422
    assert "application/json" in answer.json()["detail"]


def many(name: str = "field") -> dict:
    return {f"{name}{index}": index for index in range(20_000)}


@pytest.mark.parametrize(
    ("body", "loc", "count"),
    [
        (run(**SGD, **many()), "runs.0.field0", 20),
        (run(**SGD, problem=many()), "runs.0.problem", 1),
        (run(**SGD, problem=dict.fromkeys(many(), "x")), "runs.0.problem", 20),
        (run(**SGD, **{"x" * 900_000: 1}), "runs.0.xxx", 1),
    ],
    ids=["fields", "own numbers", "own numbers that are text", "a long name"],
)
def test_thousands_of_errors_are_refused_at_once(served: Served, body: str, loc: str, count: int) -> None:
    begin = time.perf_counter()
    answer = served.http.post("/api/run", content=body, headers={"content-type": "application/json"})
    assert time.perf_counter() - begin < 2
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert errors[0]["loc"].startswith(loc)
    assert len(errors) <= count


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_over_the_limit_is_413(served: Served, announced: bool) -> None:
    body = b" " * 2_000_000
    content = body if announced else iter([body[:700_000], body[:700_000]])
    answer = served.http.post("/api/run", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert "1,048,576" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("question", "loc"),
    [
        ({"plane": {"kind": "hessian"}}, "plane.kind"),
        ({"plane": {"kind": "three_points"}}, "plane.kind"),
        ({"plane": {"kind": "identity"}}, "plane.kind"),
        ({"resolution": 10**6}, "resolution"),
        ({"resolution": 0}, "resolution"),
        ({"span": -1}, "span"),
        ({"comparison": NETWORK | {"steps": 0}}, "comparison.steps"),
        ({"comparison": NETWORK | {"runs": [{"optimizer": "adam", "beta1": 2}]}}, "comparison.runs.0.beta1"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_landscape_that_cannot_be_is_refused(served: Served, question: dict, loc: str) -> None:
    answer = served.http.post("/api/landscape", json={"comparison": NETWORK, **question})
    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == [loc]
    if loc == "plane.kind":
        assert "pca" in answer.json()["errors"][0]["msg"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/static/../app/main.py", 404),
        ("GET", "/static/%2e%2e/pyproject.toml", 404),
        ("GET", "/static/nothing.js", 404),
        ("GET", f"/static/{'x' * 300}.js", 404),
        ("GET", f"/static/{'x/' * 4000}x.js", 404),
        ("GET", "/static/%00", 404),
        ("GET", "/static/", 404),
        ("GET", "/assets/plotly-0.0.0.min.js", 404),
        ("GET", "/api/run", 422),
        ("DELETE", "/api/run", 405),
    ],
)
def test_wrong_addresses_are_problems_too(served: Served, method: str, path: str, status: int) -> None:
    answer = served.http.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
