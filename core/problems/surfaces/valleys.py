"""Valleys: a curved or flat floor that has to be followed to the one minimum."""

from typing import ClassVar, Literal

from core.definition import parameter
from core.problems.expression import Expression
from core.problems.surfaces.base import Guess, Surface


class Rosenbrock(Surface):
    """The banana valley: finding its floor is easy, following it is not."""

    title = "Rosenbrock"
    order = 20
    formula = (r"f = (1 - x)^2 + b \, (y - x^2)^2",)
    source = "Rosenbrock, An automatic method for finding the greatest or least value of a function, 1960"
    teaches = "A curved valley with a nearly flat floor: the direction that was good a moment ago no longer is."
    domain = ((-2.0, 2.0), (-1.0, 3.0))
    start = (-1.5, 2.0)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.0008, "momentum": 0.0008, "nesterov": 0.0008, "adagrad": 0.5, "rmsprop": 0.03, "adam": 0.1,
    }  # fmt: skip
    expression = Expression("(1 - x)^2 + steepness*(y - x^2)^2", ("steepness",))

    name: Literal["rosenbrock"] = "rosenbrock"
    steepness: float = parameter(100.0, "b", "Steepness of the walls", slider=(1.0, 100.0), scale="log", gt=0)

    def guesses(self) -> tuple[Guess, ...]:
        """Return the end of the floor."""
        return ((1.0, 1.0),)


class Beale(Surface):
    """Flat middle, steep corners: gradients differ by a factor of thousands."""

    title = "Beale"
    order = 120
    formula = (r"f = (1.5 - x + x y)^2 + (2.25 - x + x y^2)^2 + (2.625 - x + x y^3)^2",)
    source = "Beale, On an iterative method for finding a local minimum, 1958"
    teaches = "Flat in the middle and steep at the corners: one learning rate can hardly suit both."
    domain = ((-4.5, 4.5), (-4.5, 4.5))
    start = (1.0, 1.6)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.01, "momentum": 0.002, "nesterov": 0.002, "adagrad": 0.5, "rmsprop": 0.03, "adam": 0.1,
    }  # fmt: skip
    expression = Expression("(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2")

    name: Literal["beale"] = "beale"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the one minimum."""
        return ((3.0, 0.5),)


class GoldsteinPrice(Surface):
    """Heights from 3 to a million within a few units."""

    title = "Goldstein–Price"
    order = 210
    formula = (
        r"f = \left(1 + (x + y + 1)^2 (19 - 14 x + 3 x^2 - 14 y + 6 x y + 3 y^2)\right)",
        r"\quad \cdot \left(30 + (2 x - 3 y)^2 (18 - 32 x + 12 x^2 + 48 y - 36 x y + 27 y^2)\right)",
    )
    source = "Goldstein & Price, On descent from local minima, 1971"
    teaches = (
        "Gradients of a million beside gradients of one: a step that is safe at the start is far too short at the end."
    )
    domain = ((-2.0, 2.0), (-3.0, 1.0))
    start = (-0.9, -0.2)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.0002, "momentum": 0.0002, "nesterov": 0.0002, "adagrad": 0.1, "rmsprop": 0.2, "adam": 0.2,
    }  # fmt: skip
    expression = Expression(
        "(1 + (x + y + 1)^2*(19 - 14*x + 3*x^2 - 14*y + 6*x*y + 3*y^2))"
        "*(30 + (2*x - 3*y)^2*(18 - 32*x + 12*x^2 + 48*y - 36*x*y + 27*y^2))"
    )

    name: Literal["goldstein_price"] = "goldstein_price"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the global minimum and three local ones."""
        return ((0.0, -1.0), (-0.6, -0.4), (1.8, 0.2), (1.2, 0.8))


class McCormick(Surface):
    """A wavy slope along the diagonal."""

    title = "McCormick"
    order = 220
    formula = (r"f = \sin(x + y) + (x - y)^2 - 1.5 \, x + 2.5 \, y + 1",)
    source = "McCormick, Computability of global solutions to factorable nonconvex programs, 1976"
    teaches = "A channel that goes down in waves: steep across, and its first trough holds whoever comes without speed."
    domain = ((-1.5, 4.0), (-3.0, 4.0))
    start = (3.2, 3.6)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.3, "momentum": 0.03, "nesterov": 0.2, "adagrad": 0.5, "rmsprop": 0.05, "adam": 0.3,
    }  # fmt: skip
    expression = Expression("sin(x + y) + (x - y)^2 - 1.5*x + 2.5*y + 1")

    name: Literal["mccormick"] = "mccormick"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the two minima within the domain."""
        return ((-0.55, -1.55), (2.59, 1.59))


class Cube(Surface):
    """A valley along y = x³: it bends twice, and is level in between."""

    title = "Cube"
    order = 125
    formula = (r"f = (1 - x)^2 + 100 \, (y - x^3)^2",)
    source = "Leon, A comparison among eight known optimizing procedures, 1966"
    teaches = "The valley bends, is level, and bends the other way: speed gathered before a bend is wrong behind it."
    domain = ((-1.5, 1.5), (-2.0, 2.0))
    start = (-1.2, 1.0)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.0003, "momentum": 0.0003, "nesterov": 0.00018, "adagrad": 0.7, "rmsprop": 0.012, "adam": 0.22,
    }  # fmt: skip
    expression = Expression("(1 - x)^2 + 100*(y - x^3)^2")

    name: Literal["cube"] = "cube"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the end of the valley."""
        return ((1.0, 1.0),)


class DixonPrice(Surface):
    """A valley along x = 2 y² with a minimum on either arm."""

    title = "Dixon–Price"
    order = 127
    formula = (r"f = (x - 1)^2 + 2 \, (2 y^2 - x)^2",)
    source = "Dixon & Price, Truncated Newton method for sparse unconstrained optimization, 1989"
    teaches = "Two equal minima and a saddle between them: whoever comes fast ends on the other side."
    domain = ((-10.0, 10.0), (-3.0, 3.0))
    start = (9.0, 1.2)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.005, "momentum": 0.0032, "nesterov": 0.0018, "adagrad": 0.46, "rmsprop": 0.046, "adam": 0.8,
    }  # fmt: skip
    expression = Expression("(x - 1)^2 + 2*(2*y^2 - x)^2")

    name: Literal["dixon_price"] = "dixon_price"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the two."""
        return ((1.0, 0.707), (1.0, -0.707))


class FreudensteinRoth(Surface):
    """Two valleys, of which only one ends at zero."""

    title = "Freudenstein–Roth"
    order = 128
    formula = (
        r"f = \left(x - 13 + ((5 - y) \, y - 2) \, y\right)^2",
        r"\quad + \left(x - 29 + ((y + 1) \, y - 14) \, y\right)^2",
    )
    source = "Freudenstein & Roth, Numerical solution of systems of nonlinear equations, 1963"
    teaches = "A classical trap: the start is in the valley whose end is not the lowest point, and nothing tells so."
    domain = ((-5.0, 20.0), (-4.0, 6.0))
    start = (0.5, -2.0)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.001, "momentum": 0.0005, "nesterov": 0.0005, "adagrad": 1.1, "rmsprop": 0.05, "adam": 0.3,
    }  # fmt: skip
    expression = Expression("(x - 13 + ((5 - y)*y - 2)*y)^2 + (x - 29 + ((y + 1)*y - 14)*y)^2")

    name: Literal["freudenstein_roth"] = "freudenstein_roth"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the end of either valley."""
        return ((5.0, 4.0), (11.41, -0.9))
