"""Many minima: where one ends depends on the start, the steps and the noise."""

from itertools import product
from typing import ClassVar, Literal

import numpy as np

from core.problems.expression import Expression
from core.problems.surfaces.base import Guess, Minimum, Surface, lattice


class Himmelblau(Surface):
    """Four minima of the same depth."""

    title = "Himmelblau"
    order = 70
    formula = (r"f = (x^2 + y - 11)^2 + (x + y^2 - 7)^2",)
    source = "Himmelblau, Applied Nonlinear Programming, 1972"
    teaches = "Four equal minima: from one start, different optimizers find different ones."
    domain = ((-5.0, 5.0), (-5.0, 5.0))
    start = (-0.3, -0.6)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.01, "momentum": 0.01, "nesterov": 0.005, "adagrad": 0.5, "rmsprop": 0.05, "adam": 0.3,
    }  # fmt: skip
    expression = Expression("(x^2 + y - 11)^2 + (x + y^2 - 7)^2")

    name: Literal["himmelblau"] = "himmelblau"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the four."""
        return ((3.0, 2.0), (-2.8, 3.1), (-3.8, -3.3), (3.6, -1.8))


class Rastrigin(Surface):
    """A bowl under a regular egg box: 121 minima, one of them global."""

    title = "Rastrigin"
    order = 80
    formula = (r"f = 20 + x^2 - 10 \cos(2 \pi x) + y^2 - 10 \cos(2 \pi y)",)
    source = "Rastrigin, Systems of Extremal Control, 1974"
    teaches = "A minimum in every cell: plain descent stays in its own, momentum crosses some."
    domain = ((-5.12, 5.12), (-5.12, 5.12))
    start = (-3.4, 1.4)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.002, "momentum": 0.005, "nesterov": 0.002, "adagrad": 1.0, "rmsprop": 0.03, "adam": 0.1,
    }  # fmt: skip
    expression = Expression("20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)")

    name: Literal["rastrigin"] = "rastrigin"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the integer points: in each cell the minimum lies just inside."""
        return lattice(1.0, self.domain)


class Ackley(Surface):
    """A funnel with ripples; its tip is a cone, without a derivative."""

    title = "Ackley"
    order = 90
    formula = (r"f = 20 + e - 20 \, e^{-0.2 \sqrt{(x^2 + y^2) / 2}} - e^{(\cos 2 \pi x + \cos 2 \pi y) / 2}",)
    source = "Ackley, A Connectionist Machine for Genetic Hillclimbing, 1987"
    teaches = "Almost level outside and rippled all over: only who carries speed over the ripples finds the funnel."
    domain = ((-5.0, 5.0), (-5.0, 5.0))
    start = (-4.3, 3.3)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.05, "momentum": 0.02, "nesterov": 0.02, "adagrad": 1.0, "rmsprop": 0.03, "adam": 0.7,
    }  # fmt: skip
    expression = Expression("20 + e - 20*exp(-0.2*sqrt((x^2 + y^2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2)")

    name: Literal["ackley"] = "ackley"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the integer points but for the tip, which Newton's method cannot find."""
        return tuple(point for point in lattice(1.0, self.domain) if point != (0.0, 0.0))

    def minima(self) -> tuple[Minimum, ...]:
        """Return the tip of the funnel, then the ripples' minima."""
        return ((0.0, 0.0, 0.0), *super().minima())


class StyblinskiTang(Surface):
    """Four basins, each coordinate with a good and a bad one."""

    title = "Styblinski–Tang"
    order = 95
    formula = (r"f = \frac{1}{2} (x^4 - 16 x^2 + 5 x + y^4 - 16 y^2 + 5 y)",)
    source = "Styblinski & Tang, Experiments in nonconvex optimization, Neural Networks 3, 1990"
    teaches = "Four basins of three depths: the coordinates decide apart, and momentum may carry one of them across."
    domain = ((-5.0, 5.0), (-5.0, 5.0))
    start = (4.4, 0.9)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.01, "momentum": 0.008, "nesterov": 0.008, "adagrad": 0.5, "rmsprop": 0.05, "adam": 0.3,
    }  # fmt: skip
    expression = Expression("(x^4 - 16*x^2 + 5*x + y^4 - 16*y^2 + 5*y)/2")

    name: Literal["styblinski_tang"] = "styblinski_tang"

    def guesses(self) -> tuple[Guess, ...]:
        """Return a point in each basin."""
        return ((-2.9, -2.9), (-2.9, 2.75), (2.75, -2.9), (2.75, 2.75))


class ThreeHumpCamel(Surface):
    """Three basins in a row, the middle one the deepest."""

    title = "Three-hump camel"
    order = 140
    formula = (r"f = 2 x^2 - 1.05 \, x^4 + \frac{x^6}{6} + x y + y^2",)
    source = "Branin, Widely convergent method for finding multiple solutions, 1972"
    teaches = "The outer basins catch whoever starts there and is slow; the goal is in the middle."
    domain = ((-2.6, 2.6), (-2.6, 2.6))
    start = (-2.1, 2.0)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.3, "momentum": 0.1, "nesterov": 0.1, "adagrad": 2.0, "rmsprop": 0.05, "adam": 0.5,
    }  # fmt: skip
    expression = Expression("2*x^2 - 1.05*x^4 + x^6/6 + x*y + y^2")

    name: Literal["three_hump_camel"] = "three_hump_camel"

    def guesses(self) -> tuple[Guess, ...]:
        """Return a point in each of the three basins."""
        return ((0.0, 0.0), (-1.75, 0.87), (1.75, -0.87))


class SixHumpCamel(Surface):
    """Six basins in mirrored pairs."""

    title = "Six-hump camel"
    order = 150
    formula = (r"f = \left(4 - 2.1 \, x^2 + \frac{x^4}{3}\right) x^2 + x y + (4 y^2 - 4) \, y^2",)
    source = "Dixon & Szegö, Towards Global Optimisation 2, 1978"
    teaches = "Three pairs of minima of three depths: a little speed decides between neighbours."
    domain = ((-2.1, 2.1), (-1.3, 1.3))
    start = (-1.9, 0.3)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.05, "momentum": 0.05, "nesterov": 0.05, "adagrad": 1.0, "rmsprop": 0.05, "adam": 0.5,
    }  # fmt: skip
    expression = Expression("(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (4*y^2 - 4)*y^2")

    name: Literal["six_hump_camel"] = "six_hump_camel"

    def guesses(self) -> tuple[Guess, ...]:
        """Return a point in each of the six basins."""
        return ((0.09, -0.71), (-0.09, 0.71), (1.7, -0.8), (-1.7, 0.8), (1.6, 0.57), (-1.6, -0.57))


class Levy13(Surface):
    """Ripples over a bowl, finer along y than along x."""

    title = "Lévy N. 13"
    order = 160
    formula = (
        r"f = \sin^2(3 \pi x) + (x - 1)^2 \left(1 + \sin^2(3 \pi y)\right)",
        r"\quad + (y - 1)^2 \left(1 + \sin^2(2 \pi y)\right)",
    )
    source = "Lévy & Montalvo, The tunneling algorithm for the global minimization of functions, 1985"
    teaches = "A bowl seen from afar, ripples from near: what looks like progress depends on the length of the step."
    domain = ((-4.0, 4.0), (-4.0, 4.0))
    start = (-2.9, -2.4)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.005, "momentum": 0.001, "nesterov": 0.002, "adagrad": 2.0, "rmsprop": 0.05, "adam": 0.3,
    }  # fmt: skip
    expression = Expression("sin(3*pi*x)^2 + (x - 1)^2*(1 + sin(3*pi*y)^2) + (y - 1)^2*(1 + sin(2*pi*y)^2)")

    name: Literal["levy13"] = "levy13"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the global minimum; its many local ones are not listed."""
        return ((1.0, 1.0),)


class Griewank(Surface):
    """A very flat bowl with a regular pattern of dents."""

    title = "Griewank"
    order = 170
    formula = (r"f = 1 + \frac{x^2 + y^2}{4000} - \cos x \cos\frac{y}{\sqrt{2}}",)
    source = "Griewank, Generalized descent for global optimization, 1981"
    teaches = "The bowl is too flat to feel: only the dents have a slope."
    domain = ((-10.0, 10.0), (-10.0, 10.0))
    start = (-8.2, 6.1)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 1.0, "momentum": 0.1, "nesterov": 1.0, "adagrad": 1.0, "rmsprop": 0.05, "adam": 0.5,
    }  # fmt: skip
    expression = Expression("1 + (x^2 + y^2)/4000 - cos(x)*cos(y/sqrt(2))")

    name: Literal["griewank"] = "griewank"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the crests of the product of cosines."""
        return tuple(
            (np.pi * i, np.sqrt(2.0) * np.pi * j) for i, j in product(range(-3, 4), range(-2, 3)) if (i + j) % 2 == 0
        )


class Branin(Surface):
    """Three equal minima in a curved trough."""

    title = "Branin"
    order = 180
    formula = (
        r"f = \left(y - \frac{5.1 \, x^2}{4 \pi^2} + \frac{5 x}{\pi} - 6\right)^2",
        r"\quad + 10 \left(1 - \frac{1}{8 \pi}\right) \cos x + 10",
    )
    source = "Branin, Widely convergent method for finding multiple solutions, 1972"
    teaches = "Three equal minima: which one is found says more about start and step than about the optimizer."
    domain = ((-5.0, 10.0), (0.0, 15.0))
    start = (5.4, 13.0)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.1, "momentum": 0.02, "nesterov": 0.1, "adagrad": 3.0, "rmsprop": 0.2, "adam": 3.0,
    }  # fmt: skip
    expression = Expression("(y - 5.1*x^2/(4*pi^2) + 5*x/pi - 6)^2 + 10*(1 - 1/(8*pi))*cos(x) + 10")

    name: Literal["branin"] = "branin"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the three."""
        return ((-3.14, 12.28), (3.14, 2.28), (9.42, 2.47))


class Bohachevsky1(Surface):
    """A bowl with waves of different length along x and y."""

    title = "Bohachevsky 1"
    order = 190
    formula = (r"f = x^2 + 2 y^2 - 0.3 \cos(3 \pi x) - 0.4 \cos(4 \pi y) + 0.7",)
    source = "Bohachevsky, Johnson & Stein, Generalized simulated annealing for function optimization, 1986"
    teaches = "Waves matter only near the bottom, where the bowl itself has become flat."
    domain = ((-2.0, 2.0), (-2.0, 2.0))
    start = (-1.7, 1.2)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.05, "momentum": 0.005, "nesterov": 0.02, "adagrad": 1.0, "rmsprop": 0.05, "adam": 0.5,
    }  # fmt: skip
    expression = Expression("x^2 + 2*y^2 - 0.3*cos(3*pi*x) - 0.4*cos(4*pi*y) + 0.7")

    name: Literal["bohachevsky1"] = "bohachevsky1"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the middle and the dents around it."""
        return ((0.0, 0.0), *product((-0.62, 0.0, 0.62), (-0.47, 0.0, 0.47)))


class DropWave(Surface):
    """Rings around a drop, ever lower outwards."""

    title = "Drop wave"
    order = 200
    formula = (r"f = -\frac{1 + \cos\left(12 \sqrt{x^2 + y^2}\right)}{0.5 \, (x^2 + y^2) + 2}",)
    source = "Surjanovic & Bingham, Virtual Library of Simulation Experiments, 2013"
    teaches = "Ring-shaped valleys: the gradient points across them, never along, and each is a trap."
    domain = ((-2.0, 2.0), (-2.0, 2.0))
    start = (-1.2, 0.9)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.02, "momentum": 0.005, "nesterov": 0.02, "adagrad": 0.5, "rmsprop": 0.005, "adam": 0.02,
    }  # fmt: skip
    expression = Expression("-(1 + cos(12*sqrt(x^2 + y^2)))/(0.5*(x^2 + y^2) + 2)")

    name: Literal["drop_wave"] = "drop_wave"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the middle; the rings' floors are circles, not points."""
        return ((0.0, 0.0),)


class Eggholder(Surface):
    """Steep, uneven dunes; the lowest point lies on the edge of the domain."""

    title = "Eggholder"
    order = 240
    formula = (r"f = -(y + 47) \sin\sqrt{\left|\frac{x}{2} + y + 47\right|} - x \sin\sqrt{\left|x - y - 47\right|}",)
    source = "Whitley et al., Evaluating evolutionary algorithms, Artificial Intelligence 85, 1996"
    teaches = "No two basins alike and the best one at the edge: what is found is a matter of where one starts."
    domain = ((-512.0, 512.0), (-512.0, 512.0))
    start = (300.0, 200.0)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.5, "momentum": 3.0, "nesterov": 1.0, "adagrad": 50.0, "rmsprop": 0.3, "adam": 50.0,
    }  # fmt: skip
    expression = Expression("-(y + 47)*sin(sqrt(abs(x/2 + y + 47))) - x*sin(sqrt(abs(x - y - 47)))")
    minimum_on_boundary = True

    name: Literal["eggholder"] = "eggholder"

    def minima(self) -> tuple[Minimum, ...]:
        """Return the lowest point, on the right edge; the many local minima are not listed."""
        x, y = 512.0, 404.231805
        return ((x, y, float(self.expression.evaluate_numpy(x=x, y=y))),)


class Schwefel(Surface):
    """Waves that grow outwards: the best basin is far from the second best."""

    title = "Schwefel"
    order = 242
    formula = (r"f = 837.9658 - x \sin\sqrt{|x|} - y \sin\sqrt{|y|}",)
    source = "Schwefel, Numerical Optimization of Computer Models, 1981"
    teaches = "The middle is no guide: basins grow deeper towards the corners, and the next best is on the other side."
    domain = ((-500.0, 500.0), (-500.0, 500.0))
    start = (-50.0, 330.0)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 1.0, "momentum": 1.4, "nesterov": 1.0, "adagrad": 11.0, "rmsprop": 1.0, "adam": 20.0,
    }  # fmt: skip
    expression = Expression("837.9658 - x*sin(sqrt(abs(x))) - y*sin(sqrt(abs(y)))")

    name: Literal["schwefel"] = "schwefel"

    def guesses(self) -> tuple[Guess, ...]:
        """Return all pairs of the seven places at which one coordinate is best."""
        places = (420.97, 203.81, 65.55, 5.24, -25.88, -124.83, -302.52)
        return tuple(product(places, places))


class HolderTable(Surface):
    """A table on four legs: ripples whose depth grows towards the corners."""

    title = "Hölder table"
    order = 244
    formula = (r"f = -\left| \sin x \, \cos y \; e^{\left| 1 - \sqrt{x^2 + y^2} / \pi \right|} \right|",)
    source = "Mishra, Some new test functions for global optimization, 2006"
    teaches = "Four equal goals in the corners: the ripples on the way hold whoever follows the slope alone."
    domain = ((-10.0, 10.0), (-10.0, 10.0))
    start = (4.4, 5.6)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.05, "momentum": 0.1, "nesterov": 0.05, "adagrad": 0.4, "rmsprop": 0.02, "adam": 0.7,
    }  # fmt: skip
    expression = Expression("-abs(sin(x)*cos(y)*exp(abs(1 - sqrt(x^2 + y^2)/pi)))")

    name: Literal["holder_table"] = "holder_table"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the four legs; the ripples' minima are not listed."""
        return tuple(product((8.055, -8.055), (9.6646, -9.6646)))


class Schaffer2(Surface):
    """A cross of hyperbolic ridges around the goal."""

    title = "Schaffer no. 2"
    order = 235
    formula = (r"f = \frac{1}{2} + \frac{\sin^2(x^2 - y^2) - 0.5}{(1 + 0.001 \, (x^2 + y^2))^2}",)
    source = "Schaffer et al., A study of control parameters affecting online performance, 1989"
    teaches = "Trenches that are nearly level along: it takes speed to follow one, and only some lead to the goal."
    domain = ((-3.0, 3.0), (-3.0, 3.0))
    start = (2.3, 0.9)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.03, "momentum": 0.1, "nesterov": 0.03, "adagrad": 0.3, "rmsprop": 0.01, "adam": 0.2,
    }  # fmt: skip
    expression = Expression("0.5 + (sin(x^2 - y^2)^2 - 0.5)/(1 + 0.001*(x^2 + y^2))^2")

    name: Literal["schaffer2"] = "schaffer2"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the middle of the cross; the floors of the trenches are curves, not points."""
        return ((0.0, 0.0),)


class Shubert(Surface):
    """A product of two sums of waves: hundreds of minima, eighteen of them the lowest."""

    title = "Shubert"
    order = 246
    formula = (r"f = a(x) \, a(y)", r"a(z) = \sum_{i = 1}^5 i \cos((i + 1) z + i)")
    source = "Shubert, A sequential method seeking the global maximum of a function, 1972"
    teaches = "Deep holes in pairs among shallow ones: a step a little longer ends in another of them."
    domain = ((-5.0, 2.0), (-1.0, 6.0))
    start = (-2.9, 2.4)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.001, "momentum": 0.0018, "nesterov": 0.001, "adagrad": 0.4, "rmsprop": 0.013, "adam": 0.7,
    }  # fmt: skip
    expression = Expression(
        "(cos(2*x + 1) + 2*cos(3*x + 2) + 3*cos(4*x + 3) + 4*cos(5*x + 4) + 5*cos(6*x + 5))"
        "*(cos(2*y + 1) + 2*cos(3*y + 2) + 3*cos(4*y + 3) + 4*cos(5*y + 4) + 5*cos(6*y + 5))"
    )

    name: Literal["shubert"] = "shubert"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the eighteen lowest: one coordinate at one of three places, the other at one of three others."""
        ones, others = (-7.0835, -0.8003, 5.4829), (-7.7083, -1.4251, 4.8581)
        return (*product(ones, others), *product(others, ones))


class Bird(Surface):
    """Folded ground with two deep nests."""

    title = "Bird"
    order = 238
    formula = (r"f = \sin x \; e^{(1 - \cos y)^2} + \cos y \; e^{(1 - \sin x)^2} + (x - y)^2",)
    source = "Mishra, Some new test functions for global optimization, 2006"
    teaches = "Gentle at first, then a fall: the slope grows a hundredfold, and one learning rate has to do for both."
    domain = ((-6.283, 6.283), (-6.283, 6.283))
    start = (1.2, 5.2)
    rates: ClassVar[dict[str, float]] = {
        "sgd": 0.003, "momentum": 0.002, "nesterov": 0.002, "adagrad": 0.5, "rmsprop": 0.03, "adam": 0.3,
    }  # fmt: skip
    expression = Expression("sin(x)*exp((1 - cos(y))^2) + cos(y)*exp((1 - sin(x))^2) + (x - y)^2")

    name: Literal["bird"] = "bird"

    def guesses(self) -> tuple[Guess, ...]:
        """Return the two nests; the folds' minima are not listed."""
        return ((4.70104, 3.15294), (-1.58214, -3.13024))
