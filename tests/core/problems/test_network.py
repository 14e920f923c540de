"""The network against float64 NumPy, its mini-batches against what an epoch is, its rules against statistics."""

import math
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jax.flatten_util import ravel_pytree
from pydantic import ValidationError

from core.problems import batches, initial, layers
from core.problems.datasets import DATASETS, load
from core.problems.network import Network, unravel

SLOPES = {
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "gelu": lambda z: 0.5 * z * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))),
}


def numpy_loss(network, flat, batch):
    """Write the loss down once more, in float64 and without the project's functions."""
    split = load("digits")
    x, y = (split.train_x, split.train_y) if batch is None else (split.train_x[batch], split.train_y[batch])
    sizes, first, h, squares = network.sizes(), 0, x.astype(np.float64), 0.0
    for index, (fan_in, fan_out) in enumerate(pairwise(sizes)):
        bias = flat[first : first + fan_out]
        weight = flat[first + fan_out : first + fan_out * (fan_in + 1)].reshape(fan_in, fan_out)
        first += fan_out * (fan_in + 1)
        h = h @ weight + bias
        squares += (weight**2).sum()
        if index < len(sizes) - 2:
            h = SLOPES[network.activation](h)
    h = h - h.max(axis=1, keepdims=True)
    log_p = h - np.log(np.exp(h).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(y)), y].mean() + network.l2 / 2 * squares


def start(network, seed=0):
    return network.initial(jax.random.key(seed), jnp.zeros(2))


@pytest.mark.parametrize(
    ("hidden", "activation"), [((), "relu"), ((5,), "tanh"), *(((6, 4), activation) for activation in SLOPES)]
)
def test_loss_and_gradient_are_the_ones_of_float64_numpy(hidden, activation):
    network = Network(hidden=hidden, activation=activation, l2=0.05, batch_size=32)
    params = start(network)
    batch = network.batches(jax.random.key(1), jnp.int32(3), 1)[0]
    loss, slope = jax.jit(jax.value_and_grad(network.loss))(params, batch)
    flat = layers.ravel(params).astype(np.float64)
    rows = np.asarray(batch)
    assert float(loss) == pytest.approx(numpy_loss(network, flat, rows), rel=1e-5)
    assert float(network.loss(params, None)) == pytest.approx(numpy_loss(network, flat, None), rel=1e-5)
    slope, generator = layers.ravel(slope), np.random.default_rng(0)
    for _ in range(5):
        direction = generator.standard_normal(len(flat))
        up, down = (numpy_loss(network, flat + sign * 1e-6 * direction, rows) for sign in (1, -1))
        assert slope @ direction == pytest.approx((up - down) / 2e-6, rel=1e-3, abs=1e-4)


def test_evaluation_leaves_the_penalty_out_and_knows_the_truth():
    network = Network(hidden=(16,), l2=0.1)
    params = start(network)
    measured = network.evaluate(params)
    plain = network.with_numbers({"l2": 0.0})
    assert float(measured["train_loss"]) == pytest.approx(float(plain.loss(params, None)), rel=1e-6)
    assert float(measured["train_loss"]) < float(network.loss(params, None))
    split = network.split()
    logits = np.asarray(layers.forward(params, split.test_x, network.activation))
    assert float(measured["test_accuracy"]) == pytest.approx((logits.argmax(axis=1) == split.test_y).mean())
    picked = logits[np.arange(len(logits)), split.test_y]
    assert float(measured["test_loss"]) == pytest.approx(np.mean(np.log(np.exp(logits).sum(axis=1)) - picked), rel=1e-5)


def test_full_batch_is_the_full_loss_in_any_order():
    network = Network(hidden=(8,), batch_size=1200)
    params = start(network)
    batch = network.batches(jax.random.key(3), jnp.int32(0), 1)[0]
    assert float(network.loss(params, batch)) == pytest.approx(float(network.loss(params, None)))


indices = jax.jit(batches.indices, static_argnums=(2, 3, 4))


@pytest.mark.parametrize(
    ("size", "steps", "rows"), [(1, 1, 40), (1, 30, 61), (7, 30, 90), (16, 9, 64), (40, 30, 79), (40, 2, 40)]
)
@given(first=st.integers(0, 200))
def test_an_epoch_takes_each_row_at_most_once_wherever_chunks_are_cut(size, steps, rows, first):
    key = jax.random.key(5)
    drawn = np.asarray(indices(key, first, steps, rows, size))
    assert drawn.shape == (steps, size)
    assert drawn.min() >= 0
    assert drawn.max() < rows
    alone = np.asarray(indices(key, first + steps - 1, 1, rows, size))
    np.testing.assert_array_equal(drawn[-1], alone[0])
    length = rows // size
    epochs = (first + np.arange(steps)) // length
    for epoch in np.unique(epochs):
        taken = drawn[epochs == epoch].ravel()
        assert len(np.unique(taken)) == len(taken)


def test_an_epoch_takes_every_row_once_where_the_batch_size_divides_the_rows():
    drawn = np.asarray(Network(batch_size=100).batches(jax.random.key(0), jnp.int32(12), 24))
    for epoch in (drawn[:12], drawn[12:]):
        np.testing.assert_array_equal(np.sort(epoch.ravel()), np.arange(1200))
    assert not np.array_equal(drawn[:12], drawn[12:])


def test_batches_depend_on_the_key_alone():
    network = Network()
    one, same, other = (network.batches(jax.random.key(seed), jnp.int32(7), 10) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    keys = jax.vmap(jax.random.key)(jnp.array([1, 2], jnp.uint32))
    stacked = jax.vmap(lambda key: network.batches(key, jnp.int32(7), 10))(keys)
    np.testing.assert_array_equal(stacked, jnp.stack([one, other]))


@pytest.mark.parametrize("init", list(initial.DEVIATIONS))
@pytest.mark.parametrize("scale", [0.1, 1.0, 3.0])
def test_initial_weights_have_the_standard_deviation_of_their_rule(init, scale):
    wanted = {"he": math.sqrt(2 / 300), "xavier": math.sqrt(1 / 300), "small": 0.01, "large": 1.0, "zeros": 0.0}[init]
    middle = start(Network(hidden=(300, 200), init=init, init_scale=scale))[1]
    weight = np.asarray(middle["weight"])
    assert weight.std() == pytest.approx(scale * wanted, rel=0.02)
    assert abs(weight.mean()) <= 0.02 * scale * wanted
    assert not np.any(middle["bias"])


def test_initial_weights_differ_by_the_rule_alone():
    he, large = (start(Network(hidden=(), init=init))[0]["weight"] for init in ("he", "large"))
    np.testing.assert_allclose(he, math.sqrt(2 / 64) * large, rtol=1e-6)
    assert not np.allclose(he, start(Network(hidden=(), init="he"), seed=1)[0]["weight"])


def test_the_flat_form_is_the_one_of_jax():
    network = Network(hidden=(7, 3))
    params = start(network)
    flat, back = ravel_pytree(params)
    np.testing.assert_array_equal(layers.ravel(params), flat)
    stacked = unravel(network)(jnp.stack([flat, 2 * flat]))
    assert all(map(np.array_equal, jax.tree.leaves(network.unravel(flat)), jax.tree.leaves(back(flat))))
    assert all(map(np.array_equal, jax.tree.leaves(stacked), jax.tree.leaves(jax.tree.map(_doubled, params))))
    assert jax.tree.map(np.shape, network.template()) == jax.tree.map(np.shape, params)
    assert len(flat) == layers.count(network.sizes())


def _doubled(leaf):
    return jnp.stack([leaf, 2 * leaf])


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"hidden": [0]}, ("hidden", 0)),
        ({"hidden": [64, 513]}, ("hidden", 1)),
        ({"hidden": [8] * 11}, ("hidden",)),
        ({"batch_size": 0}, ("batch_size",)),
        ({"batch_size": 1201}, ("batch_size",)),
        ({"activation": "step"}, ("activation",)),
        ({"init": "best"}, ("init",)),
        ({"dataset": "mnist"}, ("dataset",)),
        ({"init_scale": 0}, ("init_scale",)),
        ({"l2": -1}, ("l2",)),
    ],
)
def test_what_is_not_valid_is_named(fields, place):
    with pytest.raises(ValidationError) as caught:
        Network.model_validate(fields)
    assert [error["loc"] for error in caught.value.errors()] == [place]


def test_structure_is_hashable_and_free_of_numbers():
    assert hash(Network(l2=0.01, init_scale=2.0).structure()) == hash(Network().structure())
    assert Network(l2=0.01).structure() == Network().structure() != Network(hidden=(8,)).structure()


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_a_data_set_is_what_its_entry_says(dataset):
    split, entry = load(dataset.name), dataset.entry()
    assert split.train_x.shape == (entry["train_rows"], entry["features"])
    assert split.test_x.shape == (entry["rows"] - entry["train_rows"], entry["features"])
    assert set(split.train_y) == set(split.test_y) == set(range(entry["classes"]))
    assert "read" not in entry


def test_features_are_standardized_by_the_training_rows():
    split = load("digits")
    deviation = split.train_x.astype(np.float64).std(axis=0)
    moving = deviation > 0
    np.testing.assert_allclose(deviation[moving], 1, atol=1e-5)
    np.testing.assert_allclose(split.train_x.astype(np.float64).mean(axis=0), 0, atol=1e-5)
    assert not moving.all()
    assert not np.any(split.test_x[:, ~moving])
    assert not split.train_x.flags.writeable
    assert load("digits") is split
    assert not np.array_equal(load("digits", 1).train_y, split.train_y)


def test_the_digits_are_those_that_scikit_learn_loads() -> None:
    from sklearn.datasets import load_digits

    from core.problems.datasets import find

    x, y = find("digits").read()
    np.testing.assert_array_equal(x, load_digits().data)
    np.testing.assert_array_equal(y, load_digits().target)
