"""Scripts of losses over rows: the same rows, the same loss, and on the same batches the same paths."""

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from core.code import FLAVOURS, Unwritten, rows, script
from core.frames import join
from core.problems.data import DATA_PROBLEMS
from core.problems.data.base import WAYS, DataProblem
from core.simulate import simulate
from core.spec import Comparison
from tests.core.code.scripts import ENGINES, assert_same, every_engine, flavour, theirs
from tests.core.code.test_losses import slope_of, without_walks

SETS = [(cls, source.name, way) for cls in DATA_PROBLEMS for source in cls.sources for way in WAYS]
every_set = pytest.mark.parametrize(
    ("cls", "dataset", "preprocess"), SETS, ids=[f"{cls.identifier()}-{name}-{way}" for cls, name, way in SETS]
)


def over_rows(runs: list[dict[str, Any]], problem: dict[str, Any] | None = None, **more: Any) -> Comparison:
    given = {"kind": "data", "name": "logistic_regression", "rows": 300, "batch_size": 300} | (problem or {})
    return Comparison.model_validate({"problem": given, "steps": 25, "runs": runs} | more)


@every_set
@pytest.mark.parametrize("engine", ENGINES)
def test_rows_and_loss_are_the_ones_of_the_page(cls, dataset: str, preprocess: str, engine: str, executed) -> None:
    """With fewer rows than there are, and some more steps on all of them."""
    problem = cls(dataset=dataset, preprocess=preprocess, rows=90, batch_size=90)
    compared = over_rows([{"optimizer": "sgd"}], problem.model_dump(mode="json"))
    scope = executed(without_walks(script(compared, flavour(engine))), engine)
    np.testing.assert_allclose(scope["table"](90), problem.table().rows, rtol=1e-5, atol=1e-6)
    for point in [(0.4, -0.3), problem.origin()]:
        value, slope = problem.gradient(jnp.array(point, jnp.float32), None)
        loss, gradient = slope_of(scope, engine, point)
        assert loss == pytest.approx(float(value), rel=2e-5)
        np.testing.assert_allclose(gradient, slope, rtol=2e-4, atol=2e-5 * max(1.0, float(jnp.abs(slope).max())))


RACE = [
    {"optimizer": "sgd", "lr": 1.0},
    {"optimizer": "adam", "lr": 0.1, "schedule": {"kind": "step", "factor": 0.5, "every": 10}},
    {"optimizer": "sam", "lr": 0.5},
    {"optimizer": "newton", "lr": 0.5, "start": [1, 0.5]},
]


@every_engine
def test_on_all_rows_a_script_walks_the_path_of_the_page(engine: str, executed) -> None:
    compared = over_rows(RACE)
    text = script(compared, flavour(engine))
    assert "batches" not in text
    assert_same(compared, executed(text, engine))


def test_optax_draws_the_batches_that_the_page_draws(executed) -> None:
    """Of several sizes and seeds, over more than one epoch, with noise on top, and with a rule that looks elsewhere."""
    runs = [*RACE, {"optimizer": "sgd", "lr": 1.0, "problem": {"batch_size": 7}, "seed": 5}]
    runs += [{"optimizer": "sgd", "lr": 1.0, "problem": {"batch_size": 300}}]
    noisy = {"noise": {"kind": "uniform", "scale": 0.02}, "seed": 3}
    compared = over_rows(runs, {"batch_size": 40}, **noisy)
    assert_same(compared, executed(script(compared, "optax"), "optax"))


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_pytorch_draws_batches_of_its_own_kind_and_says_so(engine: str, executed) -> None:
    """Each epoch goes through all rows once; a run of all of them is the page's path all the same."""
    runs = [{"optimizer": "sgd", "lr": 0.5}, {"optimizer": "sgd", "lr": 0.5, "problem": {"batch_size": 300}}]
    compared = over_rows(runs, {"batch_size": 50})
    text = script(compared, "pytorch")
    assert "another path of the same kind" in text
    scope = executed(text, engine)
    drawn = scope["batches"](50)
    epochs = [np.concatenate([np.asarray(next(drawn)) for _ in range(6)]).astype(int) for _ in range(2)]
    assert [sorted(epoch) for epoch in epochs] == [list(range(300))] * 2
    assert epochs[0].tolist() != epochs[1].tolist()
    small, whole = theirs(scope)
    ours = [run.arrays["path"] for run in join(list(simulate(compared))).runs]
    np.testing.assert_allclose(whole, ours[1], atol=2e-3)
    assert not np.allclose(small, ours[0], atol=1e-3)
    assert np.linalg.norm(small[-1] - ours[0][-1]) < 0.5 * np.linalg.norm(ours[0][0] - ours[0][-1])


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_every_data_set_is_written(flavour: Any) -> None:
    for cls, dataset, _ in SETS:
        made: DataProblem = cls(dataset=dataset)
        assert "def table(n):" in script(over_rows([{"optimizer": "sgd"}], made.model_dump(mode="json")), flavour)


def test_rows_that_come_from_elsewhere_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = next(kind for kind, name in rows._GENERATED if (kind.identifier(), name) == ("neuron", "generated"))
    monkeypatch.delitem(rows._GENERATED, (gone, "generated"))
    with pytest.raises(Unwritten, match="A neuron") as refused:
        script(over_rows([{"optimizer": "sgd"}], {"name": "neuron"}), "optax")
    assert refused.value.loc == "problem.name"
