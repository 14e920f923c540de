"""The loop: every run of a comparison, one jitted program, chunk after chunk.

Numbers are traced, so no slider compiles; only the *plan* (which problem, which optimizers, how many steps a chunk,
how many distinct seeds) does. Runs of one optimizer are a vmapped group.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial, reduce
from itertools import groupby, pairwise
from operator import add
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array
from jax.flatten_util import ravel_pytree
from numpy.typing import NDArray

from core.frames import Arrays, Chunk, RunFrame
from core.noise import draw
from core.optimizers.base import Optimizer, slot_values
from core.outcome import DIVERGED_BEYOND, Outcome
from core.problems.base import Problem, gradient
from core.schedules.base import rates
from core.spec import Comparison

# Streams of random numbers that must not touch: what each is for.
_INITIAL, _BATCHES, _NOISE = range(3)


@dataclass(frozen=True)
class Plan:
    """What compilation depends on, and nothing else.

    Attributes:
        problem: its structure.
        groups: (structure of the optimizer, number of runs), in the loop's order.
        seeds: number of distinct seeds.
    """

    problem: Problem
    groups: tuple[tuple[Optimizer, int], ...]
    seeds: int


@dataclass(frozen=True)
class Setting:
    """The numbers of a comparison, in the loop's order: what sliders move.

    Attributes:
        order: position in the loop to index in the comparison.
        traced: arrays that enter the program.
        lr: learning rates, shape (steps, runs), float32.
    """

    order: list[int]
    traced: dict[str, Any]
    lr: NDArray[np.float32]


def use_cache(path: str) -> None:
    """Keep compiled programs in a folder, so that a second start compiles nothing."""
    jax.config.update("jax_compilation_cache_dir", path)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


def warm(comparison: Comparison) -> None:
    """Compile what the comparison needs."""
    for _ in simulate(comparison):
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
    carry = _begin(plan, setting.traced)
    recorder = _Recorder(plan, setting, comparison.steps)
    first = 0
    if plan.problem.records == "snapshots":
        recorder.measure(_evaluate(plan, setting.traced, carry))
    while first < comparison.steps and not recorder.all_diverged():
        left = comparison.steps - first
        length = next((size for size in plan.problem.chunk_steps if size >= left), plan.problem.chunk_steps[-1])
        taken = min(length, left)
        lr = np.zeros((length, setting.lr.shape[1]), np.float32)
        lr[:taken] = setting.lr[first : first + taken]
        carry, record = _advance(plan, setting.traced, carry, lr, np.int32(first), np.int32(taken))
        yield recorder.cut(first, taken, record)
        first += taken


def prepare(comparison: Comparison) -> tuple[Plan, Setting]:
    """Split a comparison into what compiles and what moves."""
    runs = comparison.runs
    problem = comparison.resolve()
    rules = [run.rule() for run in runs]
    order = sorted(range(len(runs)), key=lambda i: (rules[i].order, repr(rules[i].structure())))
    grouped = [(rule, list(members)) for rule, members in groupby(order, key=lambda i: rules[i].structure())]
    seeds = [comparison.seed if (own := runs[i].seed) is None else own for i in order]
    distinct = sorted(set(seeds))
    values = [problem.numbers() | runs[i].problem for i in order]
    traced = {
        "problem": {name: _floats([numbers[name] for numbers in values]) for name in problem.numbers()},
        "rules": tuple(
            {name: _floats([rules[i].numbers()[name] for i in members]) for name in rule.numbers() if name != "lr"}
            for rule, members in grouped
        ),
        "start": np.array([runs[i].start or comparison.origin() for i in order], np.float32),
        "seeds": np.array(distinct, np.uint32),
        "which": np.array([distinct.index(seed) for seed in seeds], np.int32),
        "noise": np.int32(comparison.noise.code),
        "scale": np.float32(getattr(comparison.noise, "scale", 0.0)),
    }
    lr = np.stack([rates(runs[i].lr, runs[i].schedule, comparison.steps) for i in order], axis=1)
    groups = tuple((rule, len(members)) for rule, members in grouped)
    return Plan(problem.structure(), groups, len(distinct)), Setting(order, traced, lr)


def _floats(values: list[float]) -> NDArray[np.float32]:
    return np.array(values, np.float32)


def _key(seed: Array, stream: int) -> Array:
    return jax.random.fold_in(jax.random.key(seed), stream)


def _slices(plan: Plan) -> list[slice]:
    """Return the rows of each group."""
    ends = np.cumsum([0, *(count for _, count in plan.groups)]).tolist()
    return [slice(low, high) for low, high in pairwise(ends)]


@partial(jax.jit, static_argnames="plan")
def _begin(plan: Plan, traced: dict[str, Any]) -> Any:
    """Return parameters and optimizer states at step 0, a leading axis of runs in each group."""
    keys = jax.vmap(lambda seed: _key(seed, _INITIAL))(traced["seeds"])[traced["which"]]

    def initial(numbers: dict[str, Array], key: Array, start: Array) -> Any:
        return plan.problem.with_numbers(numbers).initial(key, start)

    params = jax.vmap(initial)(traced["problem"], keys, traced["start"])
    carry: list[Any] = []
    for (rule, _), rows in zip(plan.groups, _slices(plan), strict=True):
        part = jax.tree.map(lambda leaf, rows=rows: leaf[rows], params)
        carry.append((part, jax.vmap(rule.transform().init)(part)))
    return tuple(carry)


@partial(jax.jit, static_argnames="plan")
def _advance(plan: Plan, traced: dict[str, Any], carry: Any, lr: Array, first: Array, taken: Array) -> tuple[Any, Any]:
    """Take as many steps as `lr` has rows.

    Args:
        plan: what is compiled.
        traced: the numbers.
        carry: parameters and states, per group.
        lr: shape (S, runs).
        first: steps done before.
        taken: steps that count; parameters of snapshots stay put after them.

    Returns:
        The carry, and a record of the chunk: see `_path_record` and `_snapshot_record`.
    """
    steps = lr.shape[0]
    batches = jax.vmap(lambda seed: plan.problem.batches(_key(seed, _BATCHES), first, steps), out_axes=1)(
        traced["seeds"]
    )
    noise = jax.vmap(lambda seed: _noise(traced, seed, first, steps), out_axes=1)(traced["seeds"])
    counts = jnp.arange(steps) < taken
    step = partial(_step, plan, traced)
    inputs = (lr, batches, noise, counts)
    if plan.problem.records == "path":
        after, iterates = _scan_flat(step, carry, inputs)
        return after, _path_record(plan, traced, carry, iterates)
    after, record = jax.lax.scan(step, carry, inputs)
    return after, record | _evaluate(plan, traced, after)


def _scan_flat(step: Any, carry: Any, inputs: Any) -> tuple[Any, Any]:
    """Scan with the carry as one vector, and keep every one: a handful of numbers, so one kernel a step, not dozens.

    Returns:
        The last carry, and all of them stacked along a leading axis.
    """
    flat, restore = ravel_pytree(carry)

    def flat_step(vector: Array, row: Any) -> tuple[Array, Array]:
        after = _pack(step(restore(vector), row)[0])
        return after, after

    last, vectors = jax.lax.scan(flat_step, flat, inputs)
    return restore(last), jax.vmap(restore)(vectors)


def _pack(tree: Any) -> Array:
    """Concatenate the leaves as a sum of padded vectors: unlike a concatenation, XLA fuses that into one kernel."""
    leaves = [jnp.ravel(leaf) for leaf in jax.tree.leaves(tree)]
    ends = np.cumsum([leaf.size for leaf in leaves]).tolist()
    padded = [jnp.pad(leaf, (end - leaf.size, ends[-1] - end)) for leaf, end in zip(leaves, ends, strict=True)]
    return reduce(add, padded)


def _noise(traced: dict[str, Any], seed: Array, first: Array, steps: int) -> Array:
    """Draw the gradient noise of steps first …, shape (steps, 2), the same whatever the chunks."""
    return draw(traced["noise"], traced["scale"], _key(seed, _NOISE), first + jnp.arange(steps), (2,))


def _step(plan: Plan, traced: dict[str, Any], carry: Any, inputs: Any) -> tuple[Any, dict[str, Any]]:
    """Take one step of every run, group after group."""
    lr, batches, noise, counts = inputs
    after: list[Any] = []
    records: list[dict[str, Any]] = []
    for index, rows in enumerate(_slices(plan)):
        rule, _ = plan.groups[index]
        which = traced["which"][rows]
        numbers = jax.tree.map(lambda leaf, rows=rows: leaf[rows], traced["problem"])
        batch, axis = _share(plan, batches, which)
        loss, slope = jax.vmap(
            lambda numbers, params, batch: gradient(plan.problem.with_numbers(numbers), params, batch),
            in_axes=(0, 0, axis),
        )(numbers, carry[index][0], batch)
        if plan.problem.records == "path":
            slope = slope + noise[which]
        update = partial(_update, rule)
        moved, state = jax.vmap(update)(
            traced["rules"][index] | {"lr": lr[rows]}, slope, carry[index][1], carry[index][0]
        )
        if plan.problem.records == "path":
            after.append((optax.apply_updates(carry[index][0], moved), state))
        else:
            moved = jax.tree.map(lambda leaf, counts=counts: jnp.where(counts, leaf, 0.0), moved)
            after.append((optax.apply_updates(carry[index][0], moved), state))
            norm = jax.vmap(optax.tree.norm)
            records.append({"batch_loss": loss, "grad_norm": norm(slope), "step_norm": norm(moved)})
    return tuple(after), {"groups": tuple(records)}


def _share(plan: Plan, batches: Any, which: Array) -> tuple[Any, int | None]:
    """Hand a group its mini-batches: one for all where there is one seed, so that it is not copied per run."""
    if plan.seeds == 1:
        return jax.tree.map(lambda leaf: leaf[0], batches), None
    return jax.tree.map(lambda leaf: leaf[which], batches), 0


def _update(rule: Optimizer, numbers: dict[str, Array], slope: Any, state: Any, params: Any) -> tuple[Any, Any]:
    """Apply the rule with these numbers; it is built anew in every step because its learning rate may change."""
    return rule.with_numbers(numbers).transform().update(slope, state, params)


def _path_record(plan: Plan, traced: dict[str, Any], carry: Any, iterates: Any) -> dict[str, Any]:
    """Measure the iterates of a chunk, all at once after the scan.

    Returns:
        Per group `path` (S + 1, n, 2) with the chunk's first iterate, `loss` and `grad_norm` (S + 1, n) of the true
        loss there, `finite` (S + 1, n), `step_norm` (S, n), and each slot of the state (S, n, 2).
    """
    groups: list[dict[str, Any]] = []
    for index, rows in enumerate(_slices(plan)):
        points, states = iterates[index]
        path = jnp.concatenate([carry[index][0][None], points])
        numbers = jax.tree.map(lambda leaf, rows=rows: leaf[rows], traced["problem"])

        def measure(numbers: dict[str, Array], point: Array) -> tuple[Array, Array]:
            loss, slope = gradient(plan.problem.with_numbers(numbers), point, None)
            return loss, jnp.hypot(slope[0], slope[1])

        loss, norm = jax.vmap(jax.vmap(measure), in_axes=(None, 0))(numbers, path)
        slots = slot_values(states, tuple(plan.groups[index][0].slots))
        moved = jnp.diff(path, axis=0)
        finite = _finite(path, loss, norm, list(slots.values()))
        step_norm = jnp.hypot(moved[..., 0], moved[..., 1])
        groups.append(slots | {"path": path, "loss": loss, "grad_norm": norm, "step_norm": step_norm, "finite": finite})
    return {"groups": tuple(groups)}


def _finite(path: Array, loss: Array, norm: Array, slots: list[Array]) -> Array:
    """Say of each iterate, shape (S + 1, n), whether all that is recorded of it can be drawn."""
    finite = (jnp.abs(path) < DIVERGED_BEYOND).all(axis=-1)  # NaN compares false
    finite &= jnp.isfinite(loss) & jnp.isfinite(norm)
    for slot in slots:
        finite = finite.at[1:].min(jnp.isfinite(slot).all(axis=-1))
    return finite


@partial(jax.jit, static_argnames="plan")
def _evaluate(plan: Plan, traced: dict[str, Any], carry: Any) -> dict[str, Any]:
    """Measure the parameters of every run, and flatten them: `evaluation` (runs,) each, `params` (runs, P)."""

    def measure(numbers: dict[str, Array], params: Any) -> tuple[dict[str, Array], Array]:
        return plan.problem.with_numbers(numbers).evaluate(params), ravel_pytree(params)[0]

    params = jax.tree.map(lambda *parts: jnp.concatenate(parts), *(part for part, _ in carry))
    evaluation, flat = jax.vmap(measure)(traced["problem"], params)
    return {"evaluation": evaluation, "params": flat}


class _Recorder:
    """Turns what the program returns into chunks, in the comparison's order, cut where runs diverge."""

    def __init__(self, plan: Plan, setting: Setting, total: int) -> None:
        self._plan = plan
        self._setting = setting
        self._total = total
        count = len(setting.order)
        self._status = [Outcome.OK] * count
        self._steps = [0] * count
        self._measured: list[tuple[int, dict[str, Any]]] = []
        self._params: list[NDArray[np.float32]] = []

    def all_diverged(self) -> bool:
        """Say whether there is nothing left to run."""
        return all(status is Outcome.DIVERGED for status in self._status)

    def measure(self, record: dict[str, Any]) -> None:
        """Keep the evaluation and the parameters at step 0 for the first chunk."""
        self._measured = [(0, jax.tree.map(np.asarray, record["evaluation"]))]
        self._params = [np.array(record["params"])]

    def cut(self, first: int, taken: int, record: dict[str, Any]) -> Chunk:
        """Return the chunk of steps first … first + taken."""
        record = jax.tree.map(np.asarray, record)
        if "evaluation" in record:
            self._measured.append((first + taken, record["evaluation"]))
        frames: dict[int, RunFrame] = {}
        for rows, group in zip(_slices(self._plan), record["groups"], strict=True):
            for column in range(rows.stop - rows.start):
                row = rows.start + column
                arrays = {name: values[:, column] for name, values in group.items()}
                arrays["lr"] = self._setting.lr[first : first + taken, row]
                frames[self._setting.order[row]] = self._frame(row, first, taken, arrays)
        params = self._snapshots(record["params"]) if "params" in record else None
        self._measured = []
        runs = tuple(frames[index] for index in range(len(frames)))
        return Chunk(first, first + taken, self._total, runs, params)

    def _frame(self, row: int, first: int, taken: int, arrays: Arrays) -> RunFrame:
        """Cut one run where it stops being finite."""
        on_path = "path" in arrays
        alive = self._status[row] is Outcome.OK
        finite: Any = arrays.pop("finite", None)
        good = (_finite_iterates(finite, taken) if on_path else self._finite_steps(row, arrays, taken)) if alive else -1
        if alive and good < taken:
            self._status[row] = Outcome.DIVERGED
        if alive:
            self._steps[row] = first + max(good, 0)
        cut = _cut_path(arrays, first, good) if on_path else self._cut_snapshots(row, first, arrays, good)
        return RunFrame(cut, self._status[row], self._steps[row])

    def _finite_steps(self, row: int, arrays: Arrays, taken: int) -> int:
        """Return how many steps of a network are finite, its evaluation at the chunk's end included."""
        finite = np.isfinite(arrays["batch_loss"][:taken]) & np.isfinite(arrays["step_norm"][:taken])
        finite &= np.isfinite(arrays["grad_norm"][:taken])
        ended = all(np.isfinite(values[row]) for values in self._measured[-1][1].values())
        good = int(np.argmin(finite)) if not finite.all() else taken
        return good if ended else min(good, taken - 1)

    def _cut_snapshots(self, row: int, first: int, arrays: Arrays, good: int) -> Arrays:
        good = max(good, 0)
        cut = {name: np.ascontiguousarray(values[:good], np.float32) for name, values in arrays.items()}
        kept = [(at, values) for at, values in self._measured if self._steps[row] >= at and (good or at == 0)]
        kept = [(at, values) for at, values in kept if at == 0 or at > first]
        cut["at"] = np.array([at for at, _ in kept], np.float32)
        for name in self._measured[0][1]:
            cut[name] = np.array([values[name][row] for _, values in kept], np.float32)
        return cut

    def _snapshots(self, params: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the snapshots due, in the comparison's order; a diverged run keeps its last finite one."""
        kept = np.array(params)
        for row, status in enumerate(self._status):
            if status is Outcome.DIVERGED:
                kept[row] = self._params[-1][row]
        due = [*self._params, kept] if self._measured[0][0] == 0 else [kept]
        self._params = [kept]
        return np.stack(due)[:, np.argsort(self._setting.order)]


def _finite_iterates(finite: NDArray[np.bool_], taken: int) -> int:
    """Return the last iterate of the chunk before the first that is not finite; −1 if not even the first is."""
    finite = finite[: taken + 1]
    return taken if finite.all() else int(np.argmin(finite)) - 1


def _cut_path(arrays: Arrays, first: int, good: int) -> Arrays:
    """Keep the finite iterates; the first chunk's row 0 is the start, which is always kept."""
    low = 0 if first == 0 else 1
    high = max(max(good, 0) + 1, low)
    taken = max(good, 0)
    cut = {name: values[:taken] for name, values in arrays.items() if name not in _PER_ITERATE}
    cut |= {name: arrays[name][low:high] for name in _PER_ITERATE}
    if good < 0 and first == 0:  # the loss at the start itself overflows: the largest float stands for it
        cut = {name: np.nan_to_num(values) for name, values in cut.items()}
    return {name: np.ascontiguousarray(values, np.float32) for name, values in cut.items()}


_PER_ITERATE = ("path", "loss", "grad_norm")
