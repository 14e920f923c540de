"""The loop: every run of a comparison, one jitted program, chunk after chunk.

Numbers are traced, so no slider compiles; only the plan does. Runs of one optimizer are a vmapped group.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array
from jax.flatten_util import ravel_pytree

from core.compiled import compiled_by_structure
from core.frames import Chunk
from core.noise import GaussianNoise, draw
from core.optimizers.base import Optimizer, slot_values
from core.outcome import DIVERGED_BEYOND
from core.packed import Packed, as_sum, turned
from core.plan import Plan, Setting, prepare
from core.problems.base import Problem
from core.problems.planar import Planar
from core.recorder import Recorder
from core.spec import Comparison

# Streams of random numbers that must not touch: what each is for.
_INITIAL, _BATCHES, _NOISE = range(3)


def warm(comparison: Comparison) -> None:
    """Compile what the comparison needs, and what it would need with noise."""
    noisy = comparison.model_copy(update={"noise": GaussianNoise()})
    for one in (comparison, noisy) if isinstance(comparison.resolve(), Planar) else (comparison,):
        for _ in simulate(one):
            pass


def simulate(comparison: Comparison) -> Iterator[Chunk]:
    """Run a comparison.

    Args:
        comparison: what to run.

    Yields:
        Chunks in order; the first is small, so that something can be drawn at once. The same comparison yields the
        same bytes. Nothing is computed before a chunk is asked for, and nothing after the last one wanted.
    """
    plan, setting = prepare(comparison)
    on_path = plan.problem.records == "path"
    carry = _begin_path(plan.groups, setting.traced["start"]) if on_path else _begin(plan, setting.traced)
    recorder = Recorder(plan, setting, comparison.steps)
    if plan.problem.records == "snapshots":
        recorder.measure(_evaluate(plan, setting.traced, carry))
    sizes = _lengths(plan.problem, setting)
    most = plan.problem.affordable(setting.traced["problem"])
    for first, end, traced in setting.stretches(comparison.steps):
        while first < end and not recorder.all_diverged():
            # Where steps are dear a program takes fewer than it was compiled for, so that dear ones compile nothing.
            length = next((size for size in sizes if size >= end - first), sizes[-1])
            for low, high in _portions(first, min(first + length, end), most):
                lr = np.zeros((length, setting.lr.shape[1]), np.float32)
                lr[: high - low] = setting.lr[low:high]
                noise = _noise(length, setting, low) if on_path else None
                carry, record = _advance(plan, traced, carry, lr, noise, np.int32(low), np.int32(high - low))
                yield recorder.cut(low, high - low, record)
            first = min(first + length, end)


def _lengths(problem: Problem, setting: Setting) -> tuple[int, ...]:
    """Return how long chunks may be; of many seeds a longer one would take too much memory at once."""
    if setting.members == 1:
        return problem.chunk_steps
    return (min(problem.chunk_steps[0], max(1, problem.together // setting.lr.shape[1])),)


def _portions(first: int, end: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of steps, at most so long, that make up a longer one."""
    for low in range(first, end, most):
        yield low, min(low + most, end)


def _key(seed: Array, stream: int) -> Array:
    return jax.random.fold_in(jax.random.key(seed), stream)


@compiled_by_structure
def _begin_path(groups: tuple[tuple[Optimizer, int], ...], starts: Array) -> Packed:
    """Return starts and optimizer states at step 0, a leading axis of runs in each group: any planar problem's."""
    ends = np.cumsum([0, *(count for _, count in groups)]).tolist()
    parts = [starts[low:high] for low, high in pairwise(ends)]
    states = [jax.vmap(rule.transform().init)(part) for (rule, _), part in zip(groups, parts, strict=True)]
    return Packed.of(tuple(zip(parts, states, strict=True)))


@compiled_by_structure
def _begin(plan: Plan, traced: dict[str, Any]) -> Any:
    """Return parameters and optimizer states at step 0, a leading axis of runs in each group."""
    plan = plan.holding(traced["held"])
    keys = jax.vmap(lambda seed: _key(seed, _INITIAL))(traced["seeds"])[traced["which"]]

    def initial(numbers: dict[str, Array], key: Array, start: Array) -> Any:
        return plan.problem.with_numbers(numbers).initial(key, start)

    params = jax.vmap(initial)(traced["problem"], keys, traced["start"])
    carry: list[Any] = []
    for (rule, _), rows in zip(plan.groups, plan.rows(), strict=True):
        part = jax.tree.map(lambda leaf, rows=rows: leaf[rows], params)
        carry.append((part, jax.vmap(rule.transform().init)(part)))
    return tuple(carry)


@compiled_by_structure
def _advance(
    plan: Plan, traced: dict[str, Any], carry: Any, lr: Array, noise: Array | None, first: Array, taken: Array
) -> tuple[Any, Any]:
    """Take as many steps as `lr` has rows.

    Args:
        plan: what is compiled.
        traced: the numbers.
        carry: parameters and states, per group.
        lr: shape (S, rows).
        noise: what is added to the gradients on a path, shape (S, rows, 2).
        first: steps done before.
        taken: steps that count; the carry returned is the one after them.

    Returns:
        The carry, and a record of the chunk: see `_path_record` and `_snapshot_record`.
    """
    plan = plan.holding(traced["held"])
    steps = lr.shape[0]
    batches = _batches(plan, traced, first, steps)
    counts = jnp.arange(steps) < taken
    step = partial(_step, plan, traced)
    if plan.problem.records == "path":
        packed = _as_scanned(step, carry, (lr, batches, noise, counts))
        every = plan.problem.either(lambda drawn: _scan(step, packed, (lr, drawn, noise, counts)), batches, counts)
        after, _ = replace(packed, flat=every[taken - 1]).tree()
        iterates, seen = jax.vmap(lambda flat: replace(packed, flat=flat).tree())(every)
        record = _path_record(plan, traced, carry.tree(), iterates, seen["groups"], noise)
        # Of many seeds copying all that would take longer than handing it over array by array, steps first as it is.
        return Packed.of(after), turned(record) if plan.members > 1 else Packed.of(record)
    after, record = jax.lax.scan(step, carry, (lr, batches, noise, counts))
    return after, record | _evaluate(plan, traced, after)


def _batches(plan: Plan, traced: dict[str, Any], first: Array, steps: int) -> Any:
    """Return the batches of steps first …, those that differ side by side: (steps, draws, …); or None."""

    def drawn(numbers: dict[str, Array], seed: Array) -> Any:
        return plan.problem.with_numbers(numbers).batches(_key(seed, _BATCHES), first, steps)

    return jax.vmap(drawn, out_axes=1)(traced["batches"]["numbers"], traced["batches"]["seeds"])


def _as_scanned(step: Any, carry: Packed, inputs: Any) -> Packed:
    """Return the carry and an empty record of a step as one vector.

    They are a handful of numbers, so this is one kernel a step, not dozens; a record travels in the carry for nothing
    else but to be packed with it.
    """
    now = carry.tree()
    _, record = jax.eval_shape(step, now, jax.tree.map(lambda rows: rows[0], inputs))
    nothing = jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), record)
    return Packed.of((now, nothing), as_sum)


def _scan(step: Any, first: Packed, inputs: Any) -> Array:
    """Scan from a packed carry, and keep every one, shape (S, N)."""

    def packed_step(flat: Array, row: Any) -> tuple[Array, Array]:
        now, _ = replace(first, flat=flat).tree()
        after = Packed.of(step(now, row), as_sum).flat
        return after, after

    return jax.lax.scan(packed_step, first.flat, inputs)[1]


def _noise(steps: int, setting: Setting, first: int) -> Any:
    """Return the gradient noise of steps first …, shape (steps, rows, 2), the same whatever the chunks."""
    traced = setting.traced
    if not setting.noisy:
        return _silence(steps, len(traced["which"]))
    return _drawn(steps, traced["noise"], traced["seeds"], traced["which"], np.int32(first))


@lru_cache(maxsize=8)
def _silence(steps: int, rows: int) -> Any:
    return np.zeros((steps, rows, 2), np.float32)


@compiled_by_structure
def _drawn(steps: int, strengths: Array, seeds: Array, which: Array, first: Array) -> Array:
    """Draw noise; by itself, since its program is long and the same for every problem."""
    wanted = jnp.any(strengths > 0, axis=0)

    def drawn(seed: Array) -> Array:
        return draw(wanted, _key(seed, _NOISE), first + jnp.arange(steps), (2,))

    each = jax.vmap(drawn, out_axes=1)(seeds)[:, which]
    return jnp.einsum("trkx,rk->trx", each, strengths)


def _step(plan: Plan, traced: dict[str, Any], carry: Any, inputs: Any) -> tuple[Any, dict[str, Any]]:
    """Take one step of every run, group after group."""
    lr, batches, noise, counts = inputs
    after: list[Any] = []
    records: list[dict[str, Any]] = []
    on_path = plan.problem.records == "path"
    for index, rows in enumerate(plan.rows()):
        rule, _ = plan.groups[index]
        numbers = jax.tree.map(lambda leaf, rows=rows: leaf[rows], traced["problem"])
        batch, axis = _share(plan, batches, traced["batches"]["which"][rows])
        params, state = carry[index]
        rules = traced["rules"][index] | {"lr": lr[rows]}
        loss, slope, moved, state = jax.vmap(
            partial(_move, plan, rule), in_axes=(0, 0, 0, 0, axis, 0 if on_path else None)
        )(numbers, rules, params, state, batch, noise[rows] if on_path else None)
        if on_path and batches is not None:
            records.append({"gradient": slope})
        elif on_path:  # the true gradient and the noise are known: nothing that the loop would have to carry
            records.append({})
        else:
            moved = jax.tree.map(lambda leaf, counts=counts: jnp.where(counts, leaf, 0.0), moved)
            norm = jax.vmap(optax.tree.norm)
            records.append({"batch_loss": loss, "grad_norm": norm(slope), "step_norm": norm(moved)})
        after.append((optax.apply_updates(params, moved), state))
    return tuple(after), {"groups": tuple(records)}


def _share(plan: Plan, batches: Any, which: Array) -> tuple[Any, int | None]:
    """Hand a group its mini-batches: one for all where no more differ, so that it is not copied per run."""
    if plan.draws == 1:
        return jax.tree.map(lambda leaf: leaf[0], batches), None
    return jax.tree.map(lambda leaf: leaf[which], batches), 0


def _move(
    plan: Plan,
    rule: Optimizer,
    numbers: dict[str, Array],
    settings: dict[str, Array],
    params: Any,
    state: Any,
    batch: Any,
    noise: Any,
) -> tuple[Array, Any, Any, Any]:
    """Take one step of one run; the rule is built anew in every step because its learning rate may change.

    Returns:
        Loss and gradient on the mini-batch, noise included, what is added to the parameters, and the new state.
    """
    problem = plan.problem.with_numbers(numbers)

    def slope_of(point: Any) -> tuple[Array, Any]:
        loss, slope = problem.gradient(point, batch)
        return (loss, slope) if noise is None else (loss + jnp.vdot(noise, point), slope + noise)

    loss, slope = slope_of(params)
    update = optax.with_extra_args_support(rule.with_numbers(settings).transform()).update
    moved, state = update(slope, state, params, slope_of=slope_of)
    return loss, slope, moved, state


def _path_record(
    plan: Plan, traced: dict[str, Any], carry: Any, iterates: Any, seen: Any, noise: Any
) -> dict[str, Any]:
    """Measure the iterates of a chunk, all at once after the scan.

    Returns:
        With a leading axis of rows, so that what is told of one lies together: `path` (rows, S + 1, 2) with the chunk's
        first iterate, `loss`, `grad_norm` and `finite` (rows, S + 1), of the true loss there, `step_norm` (rows, S),
        `gradient` (rows, S, 2) as the optimizer saw it; and `slots`, per group each slot of the state (n, S, 2).
    """
    starts = jnp.concatenate([params for params, _ in carry])
    paths = jnp.concatenate([starts[None], jnp.concatenate([points for points, _ in iterates], axis=1)])

    def measure(numbers: dict[str, Array], path: Array) -> tuple[Array, Array]:
        problem = plan.problem.with_numbers(numbers)
        return jax.vmap(lambda point: problem.gradient(point, None))(path)

    paths = jnp.swapaxes(paths, 0, 1)
    losses, slopes = jax.vmap(measure)(traced["problem"], paths)
    norms = jnp.hypot(slopes[..., 0], slopes[..., 1])
    moved = jnp.diff(paths, axis=1)
    slots = tuple(
        turned(slot_values(states, tuple(rule.slots)))
        for (rule, _), (_, states) in zip(plan.groups, iterates, strict=True)
    )
    seen = [jnp.swapaxes(group["gradient"], 0, 1) for group in seen if "gradient" in group]
    gradient = jnp.concatenate(seen) if seen else slopes[:, :-1] + jnp.swapaxes(noise, 0, 1)
    return {
        "path": paths,
        "loss": losses,
        "grad_norm": norms,
        "step_norm": jnp.hypot(moved[..., 0], moved[..., 1]),
        "gradient": gradient,
        "slots": slots,
        "finite": _finite(paths, losses, norms) & _whole(plan, gradient, slots),
    }


def _finite(path: Array, loss: Array, norm: Array) -> Array:
    """Say of each iterate, shape (rows, S + 1), whether what is measured of it can be drawn."""
    near = (jnp.abs(path) < DIVERGED_BEYOND).all(axis=-1)  # NaN compares false
    return near & jnp.isfinite(loss) & jnp.isfinite(norm)


def _whole(plan: Plan, gradient: Array, slots: tuple[dict[str, Array], ...]) -> Array:
    """Say of each iterate, shape (rows, S + 1), whether what its step left behind can be drawn."""
    groups: list[Array] = []
    for rows, group in zip(plan.rows(), slots, strict=True):
        values = jnp.concatenate([gradient[rows], *group.values()], axis=-1)
        groups.append(jnp.isfinite(values).all(axis=-1))
    steps = jnp.concatenate(groups)
    return jnp.concatenate([jnp.ones_like(steps[:, :1]), steps], axis=1)


@compiled_by_structure
def _evaluate(plan: Plan, traced: dict[str, Any], carry: Any) -> dict[str, Any]:
    """Measure the parameters of every run, and flatten them: `evaluation` (runs,) each, `params` (runs, P)."""
    plan = plan.holding(traced["held"])

    def measure(numbers: dict[str, Array], params: Any) -> tuple[dict[str, Array], Array]:
        return plan.problem.with_numbers(numbers).evaluate(params), ravel_pytree(params)[0]

    params = jax.tree.map(lambda *parts: jnp.concatenate(parts), *(part for part, _ in carry))
    evaluation, flat = jax.vmap(measure)(traced["problem"], params)
    return {"evaluation": evaluation, "params": flat}
