"""The comparison: round trips, and errors that name the field and what is allowed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.catalog import DEFAULT, DEFAULT_DATA, DEFAULT_NETWORK, catalog
from core.optimizers import OPTIMIZERS
from core.problems.surfaces import SURFACES
from core.spec import MAX_RUNS, Comparison

RUN = {"optimizer": "momentum", "lr": 0.1, "rho": 0.5}
SPEC: dict[str, Any] = {"problem": {"kind": "surface", "name": "rosenbrock"}, "runs": [RUN]}

numbers = st.floats(1e-4, 0.9).map(lambda value: float(f"{value:.6g}"))
runs = st.builds(
    lambda kind, lr, label, schedule: {"optimizer": kind.identifier(), "lr": lr, "schedule": schedule} | label,
    st.sampled_from(OPTIMIZERS),
    numbers,
    st.one_of(st.just({}), st.text(max_size=10).map(lambda text: {"label": text})),
    st.one_of(st.just({"kind": "constant"}), st.builds(lambda factor: {"kind": "step", "factor": factor}, numbers)),
)
comparisons = st.builds(
    lambda surface, runs, seed, steps: Comparison.model_validate(
        {"problem": {"kind": "surface", "name": surface.identifier()}, "runs": runs, "seed": seed, "steps": steps}
    ),
    st.sampled_from(SURFACES),
    st.lists(runs, min_size=1, max_size=5),
    st.integers(0, 2**31 - 1),
    st.integers(1, 20_000),
)


@given(comparisons)
def test_json_address_and_hash_survive_a_round_trip(comparison: Comparison) -> None:
    again = Comparison.from_text(comparison.to_text())
    assert again.canonical() == comparison.canonical()
    assert again.hash() == comparison.hash()


def test_defaults_written_out_or_left_out_are_the_same_comparison() -> None:
    full = json.loads(Comparison.model_validate(SPEC).to_text())
    assert full["start"] == [-1.5, 2.0] or len(full["start"]) == 2
    assert Comparison.model_validate(full).hash() == Comparison.model_validate(SPEC).hash()


def test_a_different_number_is_a_different_comparison() -> None:
    other = SPEC | {"runs": [RUN | {"rho": 0.51}]}
    assert Comparison.model_validate(other).hash() != Comparison.model_validate(SPEC).hash()


BAD = [
    ({"runs": []}, ("runs",), "at least 1"),
    ({"runs": [RUN] * (MAX_RUNS + 1)}, ("runs",), "at most 32"),
    ({"runs": [RUN | {"rho": 1.0}]}, ("rho",), "less than 1"),
    ({"runs": [RUN | {"lr": 0}]}, ("lr",), "greater than 0"),
    ({"runs": [RUN | {"lr": float("nan")}]}, ("lr",), "finite"),
    ({"runs": [RUN | {"lr": float("inf")}]}, ("lr",), "finite"),
    ({"runs": [RUN | {"roh": 0.9}]}, ("roh",), "not permitted"),
    ({"runs": [RUN | {"optimizer": "adamw9"}]}, ("runs", 0), "'rmsprop', 'adam'"),
    ({"runs": [RUN | {"schedule": {"kind": "step", "factor": 2}}]}, ("factor",), "less than or equal to 1"),
    ({"runs": [RUN | {"problem": {"depth": 1}}]}, ("runs", 0, "problem", "depth"), "allowed:"),
    ({"runs": [RUN | {"color": "red"}]}, ("color",), "pattern"),
    ({"problem": {"kind": "surface", "name": "everest"}}, ("problem",), "'rosenbrock'"),
    ({"problem": {"kind": "volcano"}}, ("problem",), "'surface'"),
    ({"problem": {"kind": "surface", "name": "ravine", "parameters": {"condition": -1}}}, ("condition",), "greater"),
    ({"steps": 10**9}, ("steps",), "20000"),
    ({"steps": 20_000, "runs": [RUN] * 20}, ("steps",), "10,000 for 20 runs"),
    ({"start": [1e9, 0]}, ("start", 0), "10000"),
    ({"start": [float("nan"), 0]}, ("start", 0), "finite"),
    ({"start": [1, 2, 3]}, ("start",), "at most 2"),
    ({"noise": {"kind": "pink"}}, ("noise",), "'gaussian'"),
    ({"noise": {"kind": "gaussian", "scale": -1}}, ("scale",), "greater than or equal to 0"),
    ({"seed": -1}, ("seed",), "greater than or equal to 0"),
    ({"problem": {"kind": "network"}, "start": [0, 0]}, ("start",), "initial weights"),
    ({"problem": {"kind": "network"}, "noise": {"kind": "gaussian"}}, ("noise",), "mini-batches"),
]


@pytest.mark.parametrize(
    ("change", "where", "what"), BAD, ids=[f"{where[-1]}-{i}" for i, (_, where, _) in enumerate(BAD)]
)
def test_what_is_wrong_is_named_with_what_is_allowed(change: dict[str, Any], where: tuple[Any, ...], what: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Comparison.model_validate(SPEC | change)
    errors = caught.value.errors()
    assert any(set(where) <= set(error["loc"]) and what in error["msg"] for error in errors), errors


def test_the_catalog_is_json_and_names_everything_once() -> None:
    document = json.loads(json.dumps(catalog(), allow_nan=False))
    for kind in ("surfaces", "optimizers", "schedules", "datasets"):
        names = [entry["name"] for entry in document[kind]]
        assert names
        assert len(set(names)) == len(names)
    assert Comparison.model_validate(document["default"]).hash() == DEFAULT.hash()
    assert Comparison.model_validate(document["default_data"]).hash() == DEFAULT_DATA.hash()
    assert Comparison.model_validate(document["default_network"]).hash() == DEFAULT_NETWORK.hash()
