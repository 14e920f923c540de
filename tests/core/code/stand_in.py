"""What the scripts use of PyTorch, in float64 NumPy: rules as in PyTorch's manual, derivatives by dual numbers.

It stands in for `torch` where that is not installed, and is a second opinion where it is.
"""

from types import ModuleType, SimpleNamespace

import numpy as np

pi, e = np.pi, np.e


class Tensor:
    """A value, its derivatives by the two coordinates of a point (along a last axis), and that point."""

    def __init__(self, value, slope=None, point=None) -> None:
        self.value, self.slope, self.point, self.grad = np.array(value, np.float64), slope, point, None

    # Derivatives

    def _made(self, value, *parts) -> "Tensor":
        """Make a value of (tensor, derivative by it) pairs."""
        inner = [(one, by) for one, by in parts if isinstance(one, Tensor) and one.slope is not None]
        if not inner:
            return Tensor(value)
        with np.errstate(all="ignore"):
            slope = sum(np.asarray(by)[..., None] * one.slope for one, by in inner)
        return Tensor(value, slope, inner[0][0].point)

    def backward(self) -> None:
        assert self.value.shape == ()
        self.point.grad = Tensor(self.slope)

    # Arithmetic

    def __add__(self, other):
        return self._made(self.value + raw(other), (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        return self._made(self.value * raw(other), (self, raw(other)), (other, self.value))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -1.0 * other if isinstance(other, Tensor) else self + -other

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * other**-1.0

    def __rtruediv__(self, other):
        return self**-1.0 * other

    def __pow__(self, other):
        base, power = self.value, raw(other)
        with np.errstate(all="ignore"):
            value = base**power
            by_power = value * np.log(base) if isinstance(other, Tensor) else 0.0
            return self._made(value, (self, power * base ** (power - 1.0)), (other, by_power))

    def __rpow__(self, other):
        return Tensor(other) ** self

    __radd__, __rmul__ = __add__, __mul__

    def __iadd__(self, other):
        self.value = self.value + raw(other)
        return self

    def __isub__(self, other):
        return self.__iadd__(-1.0 * other)

    def __eq__(self, other):
        return self.value == raw(other)

    def __gt__(self, other):
        return self.value > raw(other)

    def __ge__(self, other):
        return self.value >= raw(other)

    def __le__(self, other):
        return self.value <= raw(other)

    __hash__ = None

    def __matmul__(self, other):
        """Multiply two vectors."""
        both = [*zip(self, raw(other), strict=True), *zip(other, self.value, strict=True)]
        return self._made(self.value @ raw(other), *both)

    def sum(self):
        return Tensor(self.value.sum())

    @property
    def T(self) -> "Tensor":  # noqa: N802  (as PyTorch has it)
        return Tensor(self.value.T)

    def __len__(self) -> int:
        return len(self.value)

    # Access

    def __iter__(self):
        return (self[place] for place in range(len(self.value)))

    def __getitem__(self, place) -> "Tensor":
        place = raw(place).astype(int) if isinstance(place, Tensor) else place
        slope = None if self.slope is None else self.slope[place]
        return Tensor(self.value[place], slope, self.point)

    def __format__(self, how: str) -> str:
        return format(float(self.value), how)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.value, dtype)

    def detach(self) -> "Tensor":
        return Tensor(self.value)

    clone = detach


def raw(value):
    return value.value if isinstance(value, Tensor) else value


def tensor(value, requires_grad: bool = False) -> Tensor:
    made = Tensor(value)
    if requires_grad:
        made.slope, made.point = np.eye(2), made
    return made


def mean(x: Tensor) -> Tensor:
    return Tensor(x.value.mean(), None if x.slope is None else x.slope.mean(axis=0), x.point)


def logaddexp(first: Tensor, second: Tensor) -> Tensor:
    share = 1 / (1 + np.exp(second.value - first.value))
    return first._made(np.logaddexp(first.value, second.value), (first, share), (second, 1 - share))


def zeros_like(x: Tensor) -> Tensor:
    return Tensor(np.zeros_like(x.value))


def zeros(*shape) -> Tensor:
    return Tensor(np.zeros(*shape))


def ones(*shape) -> Tensor:
    return Tensor(np.ones(*shape))


def eye(size: int) -> Tensor:
    return Tensor(np.eye(size))


def stack(parts) -> Tensor:
    return Tensor(np.stack([part.value for part in parts]))


def concatenate(parts) -> Tensor:
    return Tensor(np.concatenate([part.value for part in parts]))


def where(condition, first, second) -> Tensor:
    one = Tensor(0.0)
    return one._made(
        np.where(condition, raw(first), raw(second)),
        (first, condition * 1.0),
        (second, np.logical_not(condition) * 1.0),
    )


def maximum(first: Tensor, second: Tensor) -> Tensor:
    share = np.where(raw(first) == raw(second), 0.5, raw(first) > raw(second))
    return first._made(np.maximum(raw(first), raw(second)), (first, share), (second, 1.0 - share))


def minimum(first: Tensor, second: Tensor) -> Tensor:
    return -maximum(-first, -second)


def unary(value, derivative):
    def applied(x: Tensor) -> Tensor:
        with np.errstate(all="ignore"):
            return x._made(value(x.value), (x, derivative(x.value)))

    return applied


sin, cos = unary(np.sin, np.cos), unary(np.cos, lambda x: -np.sin(x))
tan, arctan = unary(np.tan, lambda x: 1 / np.cos(x) ** 2), unary(np.arctan, lambda x: 1 / (1 + x * x))
sinh, cosh = unary(np.sinh, np.cosh), unary(np.cosh, np.sinh)
tanh = unary(np.tanh, lambda x: 1 / np.cosh(x) ** 2)
exp, log = unary(np.exp, np.exp), unary(np.log, lambda x: 1 / x)
sqrt = unary(np.sqrt, lambda x: 0.5 / np.sqrt(x))
abs = unary(np.abs, np.sign)
sign = unary(np.sign, np.zeros_like)

linalg = SimpleNamespace(norm=lambda x: Tensor(np.linalg.norm(x.value)))


def grad(f):
    """Return the gradient of a function of a point."""

    def slope(x: Tensor) -> Tensor:
        point = tensor(x.value, requires_grad=True)
        f(point).backward()
        return point.grad

    return slope


def hessian(f, h: float = 1e-5):
    """Return the Hessian of a function of a point, by central differences of the gradient."""

    def bent(x: Tensor) -> Tensor:
        ends = [[grad(f)(Tensor(x.value + sign * h * axis)).value for sign in (1, -1)] for axis in np.eye(2)]
        return Tensor(np.array([(ahead - behind) / (2 * h) for ahead, behind in ends]))

    return bent


func = SimpleNamespace(grad=grad, hessian=hessian)

_random = np.random.default_rng(0)


def manual_seed(seed: int) -> None:
    global _random
    _random = np.random.default_rng(seed)


def randn(*shape: int) -> Tensor:
    return Tensor(_random.standard_normal(shape))


def randperm(count: int) -> Tensor:
    return Tensor(_random.permutation(count))


def rand(*shape: int) -> Tensor:
    return Tensor(_random.random(shape))


def no_grad():
    return lambda function: function


class Optimizer:
    """A rule for one tensor; `added` returns what is added to it."""

    def __init__(self, params, defaults) -> None:
        (self.x,) = params
        self.param_groups = [{"params": list(params)} | defaults]
        self.state = {}

    def zero_grad(self) -> None:
        self.x.grad = None

    def mean(self, name: str, decay: float, value):
        """Return a running mean from 0 after one more value."""
        self.state[name] = decay * self.state.get(name, 0.0) + (1 - decay) * value
        return self.state[name]

    def step(self) -> None:
        self.state["t"] = self.state.get("t", 0) + 1
        self.x.value = self.x.value + self.added(self.x.value, self.x.grad.value, self.param_groups[0]["lr"])


class SGD(Optimizer):
    def __init__(self, params, lr, momentum=0.0, nesterov=False) -> None:
        assert momentum > 0 or not nesterov
        super().__init__(params, {"lr": lr})
        self.momentum, self.nesterov = momentum, nesterov

    def added(self, x, g, lr):
        if not self.momentum:
            return -lr * g
        b = self.state["b"] = self.momentum * self.state["b"] + g if "b" in self.state else g
        return -lr * (g + self.momentum * b if self.nesterov else b)


class Adagrad(Optimizer):
    def __init__(self, params, lr, eps=1e-10) -> None:
        super().__init__(params, {"lr": lr})
        self.eps = eps

    def added(self, x, g, lr):
        self.state["sum"] = self.state.get("sum", 0.0) + g * g
        return -lr * g / (np.sqrt(self.state["sum"]) + self.eps)


class RMSprop(Optimizer):
    def __init__(self, params, lr, alpha=0.99, eps=1e-8) -> None:
        super().__init__(params, {"lr": lr})
        self.alpha, self.eps = alpha, eps

    def added(self, x, g, lr):
        return -lr * g / (np.sqrt(self.mean("v", self.alpha, g * g)) + self.eps)


class Adam(Optimizer):
    def __init__(self, params, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0) -> None:
        super().__init__(params, {"lr": lr})
        self.betas, self.eps, self.weight_decay = betas, eps, weight_decay

    def added(self, x, g, lr):
        first, second = self.betas
        m = self.mean("m", first, g) / (1 - first ** self.state["t"])
        v = self.mean("v", second, g * g) / (1 - second ** self.state["t"])
        return -lr * self.weight_decay * x - lr * m / (np.sqrt(v) + self.eps)


class Adadelta(Optimizer):
    def __init__(self, params, lr, rho=0.9, eps=1e-6) -> None:
        super().__init__(params, {"lr": lr})
        self.rho, self.eps = rho, eps

    def added(self, x, g, lr):
        v, u = self.mean("v", self.rho, g * g), self.state.get("u", 0.0)
        delta = np.sqrt(u + self.eps) / np.sqrt(v + self.eps) * g
        self.mean("u", self.rho, delta * delta)
        return -lr * delta


optim = SimpleNamespace(
    Optimizer=Optimizer, SGD=SGD, Adagrad=Adagrad, RMSprop=RMSprop, Adam=Adam, AdamW=Adam, Adadelta=Adadelta
)


def module() -> ModuleType:
    """Return all of it as a module called `torch`."""
    made = ModuleType("torch")
    made.__dict__.update({name: value for name, value in globals().items() if not name.startswith("_")})
    return made
