"""An MLP 64-64-64-10 on the digits, six runs of 1000 mini-batch steps: ours all at once, optax one run after another.

Both start from the same weights, see the same batches, record batch loss, gradient norm and step norm of every step,
and measure train loss, test loss and test accuracy over all rows every ten steps. The peer's network is written anew.
"""

import time
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array

from bench.pairs import Row, Times, amount, clocked, ratio
from core.frames import join
from core.problems.network import Network
from core.simulate import simulate
from core.spec import Comparison

STEPS, BATCH, EVERY, ROUNDS = 1000, 64, 10, 5
LR = {"sgd": 0.05, "momentum": 0.01, "nesterov": 0.01, "adagrad": 0.02, "rmsprop": 0.001, "adam": 0.002}
OPTAX = {
    "sgd": optax.sgd(LR["sgd"]),
    "momentum": optax.sgd(LR["momentum"], momentum=0.9),
    "nesterov": optax.sgd(LR["nesterov"], momentum=0.9, nesterov=True),
    "adagrad": optax.adagrad(LR["adagrad"], initial_accumulator_value=0.0, eps=0.0),
    "rmsprop": optax.rmsprop(LR["rmsprop"], 0.9, 1e-7, eps_in_sqrt=False),
    "adam": optax.adam(LR["adam"], 0.9, 0.999, 1e-7),
}
_INITIAL, _BATCHES = 0, 1  # the streams of random numbers in core/chance.py, so that both train the same


def comparison(steps: int = STEPS) -> Comparison:
    runs = [{"optimizer": name, "lr": lr} for name, lr in LR.items()]
    problem = {"kind": "network", "dataset": "digits", "hidden": [64, 64], "batch_size": BATCH}
    return Comparison.model_validate({"problem": problem, "steps": steps, "runs": runs})


def resolved(asked: Comparison) -> Network:
    problem = asked.resolve()
    assert isinstance(problem, Network)
    return problem


def cross_entropy(params: Any, x: Array, y: Array) -> tuple[Array, Array]:
    """Return the mean loss, and the logits."""
    for layer in params[:-1]:
        x = jax.nn.relu(x @ layer["weight"] + layer["bias"])
    logits = x @ params[-1]["weight"] + params[-1]["bias"]
    return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean(), logits


class Peer:
    """The same training as people write it: one jitted step, called in a loop, for each run."""

    def __init__(self, asked: Comparison) -> None:
        problem = resolved(asked)
        split = problem.split()
        seed = jax.random.key(asked.seed)
        self._start = problem.initial(jax.random.fold_in(seed, _INITIAL), jnp.zeros(2))
        order = np.asarray(jax.jit(lambda: problem.batches(jax.random.fold_in(seed, _BATCHES), 0, STEPS))())
        self._batches = [(split.train_x[rows], split.train_y[rows]) for rows in order]
        self._test = (jnp.asarray(split.test_x), jnp.asarray(split.test_y))
        self._train = (jnp.asarray(split.train_x), jnp.asarray(split.train_y))
        self._step = {name: self._jitted(rule) for name, rule in OPTAX.items()}
        self._evaluate = jax.jit(self._evaluation)
        self.last: list[np.ndarray] = []

    def _jitted(self, rule: optax.GradientTransformation) -> Any:
        @jax.jit
        def step(params: Any, state: Any, x: Array, y: Array) -> Any:
            (loss, _), slope = jax.value_and_grad(cross_entropy, has_aux=True)(params, x, y)
            moved, state = rule.update(slope, state, params)
            record = jnp.stack([loss, optax.global_norm(slope), optax.global_norm(moved)])
            return optax.apply_updates(params, moved), state, record

        return step

    def _evaluation(self, params: Any) -> Array:
        train, _ = cross_entropy(params, *self._train)
        test, logits = cross_entropy(params, *self._test)
        return jnp.stack([train, test, (logits.argmax(axis=-1) == self._test[1]).mean()])

    def run(self) -> None:
        self.last = [self._train_one(name) for name in LR]

    def _train_one(self, name: str) -> np.ndarray:
        """Return the last evaluation: train loss, test loss, test accuracy."""
        params, state, step = self._start, OPTAX[name].init(self._start), self._step[name]
        records, evaluations = [], [self._evaluate(params)]
        for done, (x, y) in enumerate(self._batches, start=1):
            params, state, record = step(params, state, x, y)
            records.append(record)
            if done % EVERY == 0:
                evaluations.append(self._evaluate(params))
        jax.device_get(records)
        return np.array(jax.device_get(evaluations))[-1]


def first_chunk(asked: Comparison) -> float:
    """Return the milliseconds until there is something to draw."""
    return clocked(lambda: next(simulate(asked)))


def measure() -> list[Row]:
    asked = comparison()
    peer = Peer(asked)
    trained = join(list(simulate(asked)))
    peer.run()
    first, ours, theirs = [], [], []
    for _ in range(ROUNDS):
        first.append(first_chunk(asked))
        ours.append(clocked(lambda: list(simulate(asked))))
        theirs.append(clocked(peer.run))
        time.sleep(0.1)
    first, ours, theirs = Times(first), Times(ours), Times(theirs)
    names = ("train_loss", "test_loss", "test_accuracy")
    ends = np.array([[run.arrays[name][-1] for name in names] for run in trained.runs])
    apart = np.abs(ends - np.array(peer.last)).max(axis=0)
    check = f"at the end apart: train loss {apart[0]:.0e}, test accuracy {100 * apart[2]:.1f} points"
    name = f"MLP on digits, 6 runs × {STEPS} steps of {BATCH} rows"
    faster = f"{ratio(theirs, ours):.1f} ×"
    return [
        Row(f"{name}: all", str(ours), f"optax {theirs}", faster, "≤ 1 s", ours.median <= 1000, check),
        Row(
            f"{name}: first chunk",
            str(first),
            "–",
            "–",
            "≤ 200 ms",
            first.median <= 200,
            amount(max(first.values)) + " at worst",
        ),
    ]
