"""Optimizers in PyTorch: the library's own where its rule is ours to the last term, written out where it is not."""

from typing import Any

from core.code import rules
from core.code.form import Dialect, Form, Forms, Needs, Rate, Rule, Walk, call, number
from core.optimizers.adabelief import AdaBelief
from core.optimizers.adadelta import Adadelta
from core.optimizers.adagrad import AdaGrad
from core.optimizers.adam import Adam
from core.optimizers.adamax import Adamax
from core.optimizers.adamw import AdamW
from core.optimizers.amsgrad import AMSGrad
from core.optimizers.lion import Lion
from core.optimizers.momentum import Momentum
from core.optimizers.nadam import Nadam
from core.optimizers.nesterov import Nesterov
from core.optimizers.radam import RAdam
from core.optimizers.rmsprop import RMSProp
from core.optimizers.sgd import SGD
from core.optimizers.yogi import Yogi


def _library(name: str, rate: Rate, **settings: float | str) -> Form:
    """Return the form of an optimizer of `torch.optim`."""
    return Form(call(f"torch.optim.{name}", "[x]", lr=rate.text, **settings))


def _written(rule: Rule, optimizer: Any, rate: Rate) -> Form:
    settings = {name: value for name, value in optimizer.numbers().items() if name != "lr"}
    return Form(call("Written", "x", rule.name, rate.text, *rule.kept, **settings), rule)


def _betas(optimizer: Any) -> str:
    return f"({number(optimizer.beta1)}, {number(optimizer.beta2)})"


def _nesterov(optimizer: Nesterov, rate: Rate) -> Form:
    """Write it out under a schedule, where α must be inside the velocity, and at ρ = 0, which PyTorch refuses."""
    if rate.changes or not optimizer.rho:
        return _written(rules.NESTEROV, optimizer, rate)
    return _library("SGD", rate, momentum=optimizer.rho, nesterov="True")


def _adam(optimizer: Adam, rate: Rate) -> Form:
    if not optimizer.bias_correction:
        return _written(rules.PLAIN_ADAM, optimizer, rate)
    return _library("Adam", rate, betas=_betas(optimizer), eps=optimizer.eps)


def _amsgrad(optimizer: AMSGrad, rate: Rate) -> Form:
    return _written(rules.AMSGRAD if optimizer.bias_correction else rules.PLAIN_AMSGRAD, optimizer, rate)


FORMS: Forms = {
    SGD: lambda o, rate: _library("SGD", rate),
    Momentum: lambda o, rate: _library("SGD", rate, momentum=o.rho),
    Nesterov: _nesterov,
    AdaGrad: lambda o, rate: _library("Adagrad", rate, eps=o.eps),
    RMSProp: lambda o, rate: _library("RMSprop", rate, alpha=o.decay, eps=o.eps),
    Adam: _adam,
    AdamW: lambda o, rate: _library("AdamW", rate, betas=_betas(o), eps=o.eps, weight_decay=o.weight_decay),
    Nadam: lambda o, rate: _written(rules.NADAM, o, rate),
    AMSGrad: _amsgrad,
    RAdam: lambda o, rate: _written(rules.RADAM, o, rate),
    AdaBelief: lambda o, rate: _written(rules.ADABELIEF, o, rate),
    Adamax: lambda o, rate: _written(rules.ADAMAX, o, rate),
    Adadelta: lambda o, rate: _library("Adadelta", rate, rho=o.rho, eps=o.eps),
    Lion: lambda o, rate: _written(rules.LION, o, rate),
    Yogi: lambda o, rate: _written(rules.YOGI, o, rate),
}

_WRITTEN = '''\
zeros = torch.zeros(2)


class Written(torch.optim.Optimizer):
    """An optimizer of a rule that is written out above."""

    def __init__(self, point, rule, lr, *kept, **settings):
        super().__init__([point], {"lr": lr})
        self.point, self.rule, self.kept, self.settings = point, rule, kept, settings
        self.t = 0

    @torch.no_grad()
    def step(self):
        self.t += 1
        lr = self.param_groups[0]["lr"]
        added, *self.kept = self.rule(self.point, self.point.grad, self.t, lr, *self.kept, **self.settings)
        self.point += added
'''


_DRAW = '''\
def {kind}():
    """Draw as PyTorch does: other numbers than Ravine's, so another path of the same kind."""
    return {sample}
'''
_SAMPLES = {"gaussian": "torch.randn(2)", "uniform": "2 * torch.rand(2) - 1"}


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
        loss(point).backward()
        {noise}optimizer.step()
        paths[name].append(point.detach().clone())
    print(f"{{name}}: ({{point[0]:.6g}}, {{point[1]:.6g}}), loss {{loss(point):.6g}}")
'''
_SEEDED = "torch.manual_seed(seed)\n    "
_NOISE = "point.grad += sigma * draw()\n        "


def walk(needs: Needs) -> str:
    """Write the function that takes all steps of a run."""
    arguments = ", ".join(["name", "make", "rates=None", *(f"{one}={one}" for one in needs.arguments)])
    seeded, noise = (_SEEDED, _NOISE) if needs.noisy else ("", "")
    return _WALK.format(arguments=arguments, seeded=seeded, noise=noise)


def run(walked: Walk) -> str:
    """Write the call of a run."""
    rates = {"rates": "rates"} if walked.changes else {}
    return call("walk", walked.name, f"lambda x: {walked.made}", **rates, **walked.own)


DIALECT = Dialect(
    packages="torch numpy",
    imports=("torch",),
    namespace="torch",
    forms=FORMS,
    scheduled="",
    helper=("", ""),
    draws={kind: _DRAW.format(kind=kind, sample=sample) for kind, sample in _SAMPLES.items()},
    adapter=("Written", _WRITTEN),
    walk=walk,
    run=run,
)
