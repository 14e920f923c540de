"""Test surfaces, by family: a class each, in the order in which the page offers them."""

import sys

from core.problems.surfaces.base import Surface
from core.registry import collect

SURFACES: tuple[type[Surface], ...] = collect(sys.modules[__name__], Surface, "ravine.surfaces")
