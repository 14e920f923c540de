"""Optimizers in PyTorch: the library's own where its rule is ours to the last term, written out where it is not."""

from typing import Any

from core.code.form import Dialect, Forms, Needs, Rate, Walk, call, number
from core.optimizers.adadelta import Adadelta
from core.optimizers.adagrad import AdaGrad
from core.optimizers.adam import Adam
from core.optimizers.adamw import AdamW
from core.optimizers.momentum import Momentum
from core.optimizers.nesterov import Nesterov
from core.optimizers.rmsprop import RMSProp
from core.optimizers.sgd import SGD


def _library(name: str, rate: Rate, **settings: float | str) -> str:
    """Write an optimizer of `torch.optim`."""
    return call(f"torch.optim.{name}", "[x]", lr=rate.text, **settings)


def _betas(optimizer: Any) -> str:
    return f"({number(optimizer.beta1)}, {number(optimizer.beta2)})"


def _nesterov(optimizer: Nesterov, rate: Rate) -> str | None:
    """Write it out under a schedule, where α must be inside the velocity, and at ρ = 0, which PyTorch refuses."""
    if optimizer.form == "look_ahead" or rate.changes or rate.forks or not optimizer.rho:
        return None
    return _library("SGD", rate, momentum=optimizer.rho, nesterov="True")


def _momentum(optimizer: Momentum, rate: Rate) -> str | None:
    """Write it out where it forks: at ρ = 0 PyTorch remembers no velocity that another ρ could go on with."""
    return None if rate.forks else _library("SGD", rate, momentum=optimizer.rho)


def _adam(optimizer: Adam, rate: Rate) -> str | None:
    return _library("Adam", rate, betas=_betas(optimizer), eps=optimizer.eps) if optimizer.bias_correction else None


FORMS: Forms = {
    SGD: lambda o, rate: _library("SGD", rate),
    Momentum: _momentum,
    Nesterov: _nesterov,
    AdaGrad: lambda o, rate: _library("Adagrad", rate, eps=o.eps),
    RMSProp: lambda o, rate: _library("RMSprop", rate, alpha=o.decay, eps=o.eps),
    Adam: _adam,
    AdamW: lambda o, rate: _library("AdamW", rate, betas=_betas(o), eps=o.eps, weight_decay=o.weight_decay),
    Adadelta: lambda o, rate: _library("Adadelta", rate, rho=o.rho, eps=o.eps),
}

_WRITTEN = '''\
zeros = torch.zeros(2)


class Written(torch.optim.Optimizer):
    """An optimizer of a rule that is written out above."""

    def __init__(self, point, rule, lr, *kept, **settings):
        super().__init__([point], {"lr": lr})
        self.point, self.rule, self.settings = point, rule, settings
        self.state.update(t=0, kept=kept)

    @torch.no_grad()
    def step(self):
        lr, t = self.param_groups[0]["lr"], self.state["t"] + 1
        x = self.point.detach().clone()
        added, *kept = self.rule(x, self.point.grad, t, lr, *self.state["kept"], **self.settings)
        self.state.update(t=t, kept=kept)
        self.point += added
'''


_LOOKING = '''\
class Looking(Written):
    """An optimizer of a rule above that looks at the loss f in other places too."""

    def __init__(self, point, rule, lr, *kept, **settings):
        super().__init__(point, lambda *given, **named: rule(self.f, *given, **named), lr, *kept, **settings)
'''
_FORKED = '''\
class Forked:
    """An optimizer that goes on with other numbers after `at` steps, with the state that it has by then."""

    def __init__(self, at, before, after):
        self.at, self.before, self.after, self.t = at, before, after, 0
        self.param_groups, self.zero_grad = before.param_groups, before.zero_grad

    def step(self):
        now = self.before if self.t < self.at else self.after
        now.state, now.param_groups[0]["lr"] = self.before.state, self.param_groups[0]["lr"]
        now.f = getattr(self, "f", None)
        now.step()
        self.t += 1
'''
_DRAW = '''\
def {kind}():
    """Draw as PyTorch does: other numbers than Ravine's, so another path of the same kind."""
    return {sample}
'''
_SAMPLES = {"gaussian": "torch.randn(2)", "uniform": "2 * torch.rand(2) - 1"}


_BATCHES = '''\
def batches(size):
    """Yield each step's rows, in an order of PyTorch's: other rows than Ravine's, so another path of the same kind."""
    while True:
        order = torch.randperm(len(rows))
        for first in range(0, len(rows) - size + 1, size):
            yield order[first : first + size]
'''
_WALK = '''\
def walk({arguments}):
    """Take all steps, say where they end, and keep the path."""
    point = torch.tensor(start, requires_grad=True)
    optimizer = make(point)
    paths[name] = [point.detach().clone()]
    {seeded}for t in range(steps):
        if rates is not None:
            optimizer.param_groups[0]["lr"] = rates[t]
        optimizer.zero_grad()
        {step}
        optimizer.step()
        paths[name].append(point.detach().clone())
    print(f"{{name}}: ({{point[0]:.6g}}, {{point[1]:.6g}}), loss {{loss(point):.6g}}")
'''
_SEEDED = "torch.manual_seed(seed)\n    "
_DRAWN = "drawn = batches(size)\n    "


def walk(needs: Needs) -> str:
    """Write the function that takes all steps of a run."""
    arguments = ", ".join(["name", "make", "rates=None", *(f"{one}={one}" for one in needs.arguments)])
    here, there = ("loss(point, batch)", "loss(x, batch)") if needs.batched else ("loss(point)", "loss(x)")
    lines = [f"{here}.backward()", *(["point.grad += sigma * draw()"] if needs.noisy else [])]
    if needs.looks:
        plain = f"f = lambda x: {there}" if needs.batched else "f = loss"
        tilted = ["noise = sigma * draw()", f"f = lambda x: {there} + noise @ x"] if needs.noisy else [plain]
        lines = [*tilted, "f(point).backward()", "optimizer.f = f"]
    step = "\n        ".join([*(["batch = rows[next(drawn)]"] if needs.batched else []), *lines])
    seeded = _SEEDED if needs.noisy or needs.batched else ""
    return _WALK.format(arguments=arguments, seeded=seeded + (_DRAWN if needs.batched else ""), step=step)


def run(walked: Walk) -> str:
    """Write the call of a run."""
    rates = {"rates": "rates"} if walked.changes else {}
    return call("walk", walked.name, f"lambda x: {walked.made}", **rates, **walked.own)


DIALECT = Dialect(
    packages="torch numpy",
    imports=("torch",),
    names={"np": "torch", "grad": "torch.func.grad", "hessian": "torch.func.hessian", "array": "torch.tensor"},
    forms=FORMS,
    scheduled="",
    helper=("", ""),
    draws={kind: _DRAW.format(kind=kind, sample=sample) for kind, sample in _SAMPLES.items()},
    batches=_BATCHES,
    written=("Written", _WRITTEN),
    given=("x",),
    looking=("Looking", _LOOKING),
    forked=("Forked", _FORKED),
    walk=walk,
    run=run,
)
