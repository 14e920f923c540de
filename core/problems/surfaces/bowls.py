"""Bowls: one minimum, convex everywhere. What makes one hard is its condition number alone."""

from typing import ClassVar, Literal

from core.definition import parameter
from core.problems.expression import Expression
from core.problems.surfaces.base import Guess, Surface


class Ravine(Surface):
    """A quadratic valley at an angle: steep across, flat along.

    The steep curvature is 2 for every condition number, so plain SGD is stable for learning rates below 1.
    """

    title = "Ravine"
    order = 10
    formula = (
        r"f = u^2 / \kappa + v^2",
        r"u = x \, \cos\theta + y \, \sin\theta",
        r"v = y \, \cos\theta - x \, \sin\theta",
    )
    teaches = (
        "Steep across and flat along: to get along the floor SGD needs so large a rate that it zigzags between the "
        "walls. Momentum gathers speed along the floor, so a fifth of that rate is enough, and there is little zigzag."
    )
    domain = ((-9.2, 3.2), (-3.9, 2.4))
    start = (-7.35, -1.55)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.95, "momentum": 0.2, "nesterov": 0.2, "adagrad": 0.6, "rmsprop": 0.04, "adam": 0.25,
    }  # fmt: skip
    expression = Expression(
        "(x*cos(angle*pi/180) + y*sin(angle*pi/180))^2/condition + (y*cos(angle*pi/180) - x*sin(angle*pi/180))^2",
        ("condition", "angle"),
    )

    name: Literal["ravine"] = "ravine"
    condition: float = parameter(
        50.0, r"\kappa", "Condition number: how many times steeper across than along",
        slider=(1.0, 1000.0), scale="log", ge=1,
    )  # fmt: skip
    angle: float = parameter(
        20.0, r"\theta", "Angle: direction of the valley, in degrees", slider=(-90.0, 90.0), ge=-360, le=360
    )

    def guesses(self) -> tuple[Guess, ...]:
        """Return the origin."""
        return ((0.0, 0.0),)


class Booth(Surface):
    """A quadratic bowl of condition number 9, its axes at 45 degrees."""

    title = "Booth"
    order = 100
    formula = (r"f = (x + 2 y - 7)^2 + (2 x + y - 5)^2",)
    source = "Jamil & Yang, A literature survey of benchmark functions, 2013, no. 17"
    teaches = "An easy bowl: with a fitting learning rate every optimizer arrives, and the detours are theirs alone."
    domain = ((-10.0, 10.0), (-10.0, 10.0))
    start = (-7.0, 4.0)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.1, "momentum": 0.01, "nesterov": 0.01, "adagrad": 1.0, "rmsprop": 0.2, "adam": 0.5,
    }  # fmt: skip
    expression = Expression("(x + 2*y - 7)^2 + (2*x + y - 5)^2")

    name: Literal["booth"] = "booth"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the one minimum."""
        return ((1.0, 3.0),)


class Matyas(Surface):
    """A quadratic bowl of condition number 25, its floor along the diagonal."""

    title = "Matyas"
    order = 110
    formula = (r"f = 0.26 \, (x^2 + y^2) - 0.48 \, x \, y",)
    source = "Jamil & Yang, A literature survey of benchmark functions, 2013, no. 71"
    teaches = "A long diagonal floor: optimizers that scale each coordinate by itself cannot see that it is narrow."
    domain = ((-10.0, 10.0), (-10.0, 10.0))
    start = (-9.0, -3.0)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 1.8, "momentum": 0.3, "nesterov": 0.3, "adagrad": 2.0, "rmsprop": 0.2, "adam": 0.5,
    }  # fmt: skip
    expression = Expression("0.26*(x^2 + y^2) - 0.48*x*y")

    name: Literal["matyas"] = "matyas"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the origin."""
        return ((0.0, 0.0),)


class Sphere(Surface):
    """A round bowl: curvature 2 in every direction."""

    title = "Sphere"
    order = 105
    formula = (r"f = x^2 + y^2",)
    source = "De Jong, An Analysis of the Behavior of a Class of Genetic Adaptive Systems, 1975"
    teaches = (
        "The gradient points at the goal, so SGD walks straight. Momentum overshoots all the same, and who scales each "
        "coordinate leaves the straight line."
    )
    domain = ((-5.12, 5.12), (-5.12, 5.12))
    start = (-4.4, 1.6)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.1, "momentum": 0.02, "nesterov": 0.02, "adagrad": 0.65, "rmsprop": 0.05, "adam": 0.3,
    }  # fmt: skip
    expression = Expression("x^2 + y^2")

    name: Literal["sphere"] = "sphere"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the origin."""
        return ((0.0, 0.0),)


class Zakharov(Surface):
    """A bowl with a quartic term along one diagonal: gentle inside, walls outside."""

    title = "Zakharov"
    order = 115
    formula = (r"f = x^2 + y^2 + u^2 + u^4, \quad u = \frac{x}{2} + y",)
    source = "Surjanovic & Bingham, Virtual Library of Simulation Experiments, 2013"
    teaches = (
        "Convex, but its curvature grows a hundredfold outwards: a learning rate that is safe on the walls crawls on "
        "the floor."
    )
    domain = ((-5.0, 10.0), (-5.0, 10.0))
    start = (8.0, -1.0)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.004, "momentum": 0.0018, "nesterov": 0.0018, "adagrad": 0.95, "rmsprop": 0.05, "adam": 0.3,
    }  # fmt: skip
    expression = Expression("x^2 + y^2 + (x/2 + y)^2 + (x/2 + y)^4")

    name: Literal["zakharov"] = "zakharov"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the origin."""
        return ((0.0, 0.0),)
