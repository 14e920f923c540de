"""Optimizers in optax: the library's own where its rule is ours to the last term, written out where it is not."""

from typing import Any

from core.code.form import Dialect, Forms, Needs, Rate, Walk, call
from core.optimizers.adabelief import AdaBelief
from core.optimizers.adadelta import Adadelta
from core.optimizers.adam import Adam
from core.optimizers.adamw import AdamW
from core.optimizers.amsgrad import AMSGrad
from core.optimizers.lamb import LAMB
from core.optimizers.lars import LARS
from core.optimizers.lion import Lion
from core.optimizers.momentum import Momentum
from core.optimizers.nadam import Nadam
from core.optimizers.nesterov import Nesterov
from core.optimizers.prodigy import Prodigy
from core.optimizers.radam import RAdam
from core.optimizers.rmsprop import RMSProp
from core.optimizers.sgd import SGD
from core.optimizers.yogi import Yogi

_EXACT_RHO = 0.999
"""Up to this β₂, the ρ that optax.radam computes in 32 bits is right about which step is the first adaptive one."""


def _moments(name: str, optimizer: Any, rate: Rate, **more: float) -> str:
    """Write one of Adam's kin."""
    return call(f"optax.{name}", rate.text, b1=optimizer.beta1, b2=optimizer.beta2, eps=optimizer.eps, **more)


def _nesterov(optimizer: Nesterov, rate: Rate) -> str | None:
    """Scale before the velocity under a schedule: behind it, as in optax.sgd, that would scale old gradients anew."""
    if optimizer.form == "look_ahead":
        return None
    if not rate.changes:
        return call("optax.sgd", rate.text, momentum=optimizer.rho, nesterov=True)
    scaled = call("optax.scale_by_learning_rate", rate.text)
    return f"optax.chain({scaled}, optax.trace({optimizer.rho!r}, nesterov=True))"


def _amsgrad(optimizer: AMSGrad, rate: Rate) -> str:
    if optimizer.bias_correction:
        return _moments("amsgrad", optimizer, rate)
    return _moments("amsgrad", optimizer, rate, bias_correction_mu=False, bias_correction_nu=False)


def _radam(optimizer: RAdam, rate: Rate) -> str | None:
    if optimizer.beta2 > _EXACT_RHO or rate.forks:  # optax's rho is that of a beta2 which never changes
        return None
    return _moments("radam", optimizer, rate)


def _yogi(optimizer: Yogi, rate: Rate) -> str:
    """Take optax.yogi apart: whole, it starts its moments at 1e-6."""
    start = {"initial_accumulator_value": 0.0}
    scale = call("optax.scale_by_yogi", b1=optimizer.beta1, b2=optimizer.beta2, eps=optimizer.eps, **start)
    return f"optax.chain({scale}, optax.scale_by_learning_rate({rate.text}))"


def _prodigy(optimizer: Prodigy, rate: Rate) -> str | None:
    if rate.forks:  # optax keeps the distance itself, which another first one would not change
        return None
    betas = f"({optimizer.beta1!r}, {optimizer.beta2!r})"
    return call("optax.contrib.prodigy", rate.text, betas=betas, eps=optimizer.eps, estim_lr0=optimizer.first)


FORMS: Forms = {
    SGD: lambda o, rate: call("optax.sgd", rate.text),
    Momentum: lambda o, rate: call("optax.sgd", rate.text, momentum=o.rho),
    Nesterov: _nesterov,
    RMSProp: lambda o, rate: call("optax.rmsprop", rate.text, decay=o.decay, eps=o.eps, eps_in_sqrt=False),
    Adam: lambda o, rate: _moments("adam", o, rate) if o.bias_correction else None,
    AdamW: lambda o, rate: _moments("adamw", o, rate, weight_decay=o.weight_decay),
    Nadam: lambda o, rate: _moments("nadam", o, rate),
    AMSGrad: _amsgrad,
    RAdam: _radam,
    AdaBelief: lambda o, rate: _moments("adabelief", o, rate, eps_root=0.0),
    Adadelta: lambda o, rate: call("optax.adadelta", rate.text, rho=o.rho, eps=o.eps),
    Lion: lambda o, rate: call("optax.lion", rate.text, b1=o.beta1, b2=o.beta2, weight_decay=0.0),
    Yogi: _yogi,
    LARS: lambda o, rate: call("optax.lars", rate.text, weight_decay=0.0, trust_coefficient=o.trust, momentum=o.rho),
    LAMB: lambda o, rate: _moments("lamb", o, rate, weight_decay=o.weight_decay),
    Prodigy: _prodigy,
}

_WRITTEN = '''\
zeros = jnp.zeros(2)


def written(rule, lr, *kept, **settings):
    """Make an optax optimizer of a rule that is written out above."""

    def update(gradient, state, point):
        t, kept = state
        rate = lr(t) if callable(lr) else lr
        added, *kept = rule(point, gradient, t + 1, rate, *kept, **settings)
        return added, (t + 1, tuple(kept))

    return optax.GradientTransformation(lambda point: (0, kept), update)
'''
_LOOKING = '''\
def looking(rule, lr, *kept, **settings):
    """Make an optax optimizer of a rule above that looks at the loss f in other places too."""

    def update(gradient, state, point, *, f, **_):
        t, kept = state
        rate = lr(t) if callable(lr) else lr
        added, *kept = rule(f, point, gradient, t + 1, rate, *kept, **settings)
        return added, (t + 1, tuple(kept))

    return optax.GradientTransformationExtraArgs(lambda point: (0, kept), update)
'''
_FORKED = '''\
def forked(at, before, after):
    """Make an optimizer that goes on with other numbers after `at` steps, with the state that it has by then."""
    first, second = (optax.with_extra_args_support(one).update for one in (before, after))

    def update(gradient, state, point, **more):
        t, kept = state
        ways = first(gradient, kept, point, **more), second(gradient, kept, point, **more)
        added, kept = jax.tree.map(lambda a, b: jnp.where(t < at, a, b), *ways)
        return added, (t + 1, kept)

    return optax.GradientTransformationExtraArgs(lambda point: (0, before.init(point)), update)
'''
_FOLLOW = '''\
def follow(rates):
    """Make a schedule of an array of learning rates, one per step."""
    rates = jnp.array(rates, jnp.float32)
    return lambda step: rates[step]
'''
_DRAW = '''\
def {kind}(seed, t):
    """Draw what Ravine draws: the numbers depend on the seed and the step alone."""
    key = jax.random.fold_in(jax.random.fold_in(jax.random.key(seed), 2), t)
    return {sample}
'''
_SAMPLES = {
    "gaussian": "jax.random.normal(key, (2,))",
    "uniform": "jax.random.uniform(key, (2,), minval=-1.0, maxval=1.0)",
}


_BATCHES = '''\
def mixed(bits):
    """Return 32 bits each of which hangs on all of those given."""
    bits = (bits ^ (bits >> 16)) * np.uint32(0x7FEB352D)
    bits = (bits ^ (bits >> 15)) * np.uint32(0x846CA68B)
    return bits ^ (bits >> 16)


def batches(seed, size):
    """Yield each step's rows, the same as in Ravine: an epoch's order is twelve rounds of swaps of any two or not."""
    key = jax.random.fold_in(jax.random.key(seed), 1)
    seeds = np.array(jax.random.bits(key, (2, 12), jnp.uint32))
    count, epoch = len(rows), np.zeros(1, np.uint32)
    while True:
        epoch += np.uint32(1)
        order = np.arange(count, dtype=np.uint32)
        pivots, flips = mixed(seeds ^ mixed(epoch))
        for pivot, flip in zip(pivots % np.uint32(count), flips) if size < count else ():
            partner = np.where(pivot >= order, pivot - order, pivot + np.uint32(count) - order)
            swapped = mixed(np.maximum(order, partner) ^ flip) >> 31 == 1
            order = np.where(swapped, partner, order)
        for first in range(0, count - size + 1, size):
            yield order[first : first + size]
'''
_WALK = '''\
def walk({arguments}):
    """Take all steps, say where they end, and keep the path."""

    @jax.jit
    def step(t, point, state{given}):
        {update}
        return optax.apply_updates(point, added), state

    point = jnp.array(start)
    state = optimizer.init(point)
    paths[name] = [point]
    {drawn}for t in range(steps):
        point, state = step(t, point, state{chosen})
        paths[name].append(point)
    print(f"{{name}}: ({{point[0]:.6g}}, {{point[1]:.6g}}), loss {{loss(point):.6g}}")
'''


def walk(needs: Needs) -> str:
    """Write the function that takes all steps of a run."""
    arguments = ", ".join(["name", "optimizer", *(f"{one}={one}" for one in needs.arguments)])
    noise = "sigma * draw(seed, t)"
    lines = [
        f"gradient = jax.grad(loss)(point{', batch' if needs.batched else ''}){f' + {noise}' if needs.noisy else ''}",
        "added, state = optimizer.update(gradient, state, point)",
    ]
    if needs.looks:
        there = "loss(x, batch)" if needs.batched else "loss(x)"
        plain = f"f = lambda x: {there}" if needs.batched else "f = loss"
        tilted = [f"noise = {noise}", f"f = lambda x: {there} + noise @ x"] if needs.noisy else [plain]
        update = "optax.with_extra_args_support(optimizer).update"
        lines = [*tilted, "gradient = jax.grad(f)(point)", f"added, state = {update}(gradient, state, point, f=f)"]
    given, chosen, drawn = (
        (", batch", ", rows[next(drawn)]", "drawn = batches(seed, size)\n    ") if needs.batched else ("", "", "")
    )
    return _WALK.format(arguments=arguments, update="\n        ".join(lines), given=given, chosen=chosen, drawn=drawn)


def run(walked: Walk) -> str:
    """Write the call of a run."""
    return call("walk", walked.name, walked.made, **walked.own)


DIALECT = Dialect(
    packages="optax",
    imports=("jax", "jax.numpy as jnp", "optax"),
    names={"np": "jnp", "grad": "jax.grad", "hessian": "jax.hessian", "array": "jnp.array"},
    forms=FORMS,
    scheduled="follow(rates)",
    helper=("follow", _FOLLOW),
    draws={kind: _DRAW.format(kind=kind, sample=sample) for kind, sample in _SAMPLES.items()},
    batches=_BATCHES,
    written=("written", _WRITTEN),
    given=(),
    looking=("looking", _LOOKING),
    forked=("forked", _FORKED),
    walk=walk,
    run=run,
)
