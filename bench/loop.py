"""Six lecture optimizers, 1000 steps each on Rosenbrock, everything recorded: ours, NumPy, and optax step by step.

All three return path, loss, gradient norm, step norm, learning rate and the optimizer's state of every step. The peers
are written as one writes them for speed: NumPy measures whole paths after the loop, optax hands all numbers of a step
out of one jitted function.
"""

from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from bench.pairs import Row, farthest, interleaved, ratio
from core.frames import join
from core.simulate import simulate
from core.spec import Comparison

STEPS = 1000
START = (-1.5, 2.0)
RHO, DECAY, BETA1, BETA2, EPS = 0.9, 0.9, 0.9, 0.999, 1e-7
LR = {"sgd": 0.0008, "momentum": 0.0002, "nesterov": 0.0002, "adagrad": 0.5, "rmsprop": 0.01, "adam": 0.05}

Record = dict[str, np.ndarray]


def comparison() -> Comparison:
    runs = [{"optimizer": name, "lr": lr} for name, lr in LR.items()]
    problem = {"kind": "surface", "name": "rosenbrock"}
    return Comparison.model_validate({"problem": problem, "start": START, "steps": STEPS, "runs": runs})


def loss(x: Any, y: Any) -> Any:
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def slope(x: Any, y: Any) -> tuple[Any, Any]:
    wall = y - x * x
    return -2 * (1 - x) - 400 * x * wall, 200 * wall


Rule = Callable[[float], Iterator[Any]]
"""Given a learning rate: takes a gradient by `send`, gives the update and the state."""


def numpy_sgd(lr: float) -> Iterator[Any]:
    g = yield
    while True:
        g = yield -lr * g, ()


def numpy_momentum(lr: float) -> Iterator[Any]:
    v = np.zeros(2)
    g = yield
    while True:
        v = RHO * v + g
        g = yield -lr * v, (v,)


def numpy_nesterov(lr: float) -> Iterator[Any]:
    v = np.zeros(2)
    g = yield
    while True:
        old, v = v, RHO * v - lr * g
        g = yield v + RHO * (v - old), (v,)


def numpy_adagrad(lr: float) -> Iterator[Any]:
    s = np.zeros(2)
    g = yield
    while True:
        s = s + g * g
        g = yield -lr * g / (np.sqrt(s) + EPS), (s,)


def numpy_rmsprop(lr: float) -> Iterator[Any]:
    s = np.zeros(2)
    g = yield
    while True:
        s = DECAY * s + (1 - DECAY) * g * g
        g = yield -lr * g / (np.sqrt(s) + EPS), (s,)


def numpy_adam(lr: float) -> Iterator[Any]:
    m, s, t = np.zeros(2), np.zeros(2), 0
    g = yield
    while True:
        t += 1
        m = BETA1 * m + (1 - BETA1) * g
        s = BETA2 * s + (1 - BETA2) * g * g
        g = yield -lr * (m / (1 - BETA1**t)) / (np.sqrt(s / (1 - BETA2**t)) + EPS), (m, s)


NUMPY: dict[str, Rule] = {
    "sgd": numpy_sgd,
    "momentum": numpy_momentum,
    "nesterov": numpy_nesterov,
    "adagrad": numpy_adagrad,
    "rmsprop": numpy_rmsprop,
    "adam": numpy_adam,
}


def by_numpy() -> list[Record]:
    return [numpy_run(NUMPY[name](lr), lr) for name, lr in LR.items()]


def numpy_run(rule: Any, lr: float) -> Record:
    next(rule)
    path = np.empty((STEPS + 1, 2))
    states = []
    point = path[0] = np.array(START)
    for step in range(STEPS):
        update, state = rule.send(np.array(slope(*point.tolist())))
        point = path[step + 1] = point + update
        states.append(state)
    return measured(path, lr) | {"state": np.array(states)}


def measured(path: np.ndarray, lr: float) -> Record:
    moved = np.diff(path, axis=0)
    return {
        "path": path,
        "loss": loss(path[:, 0], path[:, 1]),
        "grad_norm": np.hypot(*slope(path[:, 0], path[:, 1])),
        "step_norm": np.hypot(moved[:, 0], moved[:, 1]),
        "lr": np.full(STEPS, lr),
    }


OPTAX = {
    "sgd": optax.sgd(LR["sgd"]),
    "momentum": optax.sgd(LR["momentum"], momentum=RHO),
    "nesterov": optax.sgd(LR["nesterov"], momentum=RHO, nesterov=True),
    "adagrad": optax.adagrad(LR["adagrad"], initial_accumulator_value=0.0, eps=0.0),
    "rmsprop": optax.rmsprop(LR["rmsprop"], DECAY, EPS, eps_in_sqrt=False),
    "adam": optax.adam(LR["adam"], BETA1, BETA2, EPS),
}


def jitted_step(rule: optax.GradientTransformation) -> Callable[[Any], Any]:
    """Return a step from (point, state) to (point, state) and one vector with all that is recorded of it."""

    @jax.jit
    def step(carry: Any) -> Any:
        point, state = carry
        value, gradient = jax.value_and_grad(lambda p: loss(p[0], p[1]))(point)
        update, state = rule.update(gradient, state, point)
        norms = [value, optax.global_norm(gradient), optax.global_norm(update)]
        moved = optax.apply_updates(point, update)
        slots = [jnp.ravel(leaf).astype(jnp.float32) for leaf in jax.tree.leaves(state)]
        return (moved, state), jnp.concatenate([moved, jnp.stack(norms), *slots])

    return step


STEP = {name: jitted_step(rule) for name, rule in OPTAX.items()}


def by_optax() -> list[Record]:
    return [optax_run(name) for name in LR]


def optax_run(name: str) -> Record:
    start = jnp.array(START)
    carry = (start, OPTAX[name].init(start))
    kept = []
    for _ in range(STEPS):
        carry, record = STEP[name](carry)
        kept.append(record)
    rows = np.array(jax.device_get(kept))
    path = np.concatenate([np.array([START], np.float32), rows[:, :2]])
    names = ("loss", "grad_norm", "step_norm")  # the loss and the gradient of a step's first point
    return {"path": path, "lr": np.full(STEPS, LR[name]), "state": rows[:, 5:]} | dict(
        zip(names, rows[:, 2:5].T, strict=True)
    )


def measure() -> list[Row]:
    asked = comparison()
    ours, numpy, stepped = interleaved(40, lambda: list(simulate(asked)), by_numpy, by_optax)
    paths = [run.arrays["path"] for run in join(list(simulate(asked))).runs]
    rows = []
    for name, peer, times, records, goal in (
        ("a NumPy loop", "NumPy", numpy, by_numpy(), 25),
        ("optax, jitted step by step", "optax", stepped, by_optax(), 40),
    ):
        apart = [
            float(np.abs(path[-1] - record["path"][-1]).max()) for path, record in zip(paths, records, strict=True)
        ]
        faster = ratio(times, ours)
        rows.append(
            Row(
                f"6 optimizers × {STEPS} steps, against {name}",
                str(ours), f"{peer} {times}", f"{faster:.1f} ×", f"≥ {goal} ×", faster >= goal,
                f"last iterates apart: {farthest(LR, apart)}",
            )
        )  # fmt: skip
    return rows
